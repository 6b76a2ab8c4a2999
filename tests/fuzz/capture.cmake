# SPDX-License-Identifier: BSD-2-Clause
# Memory images, their logs, packed copies, headers of devices, and the configuration of a capture. The seeds
# are what real kernels left (tests/data/capture), and small ones that a program writes.
add_executable(fuzz_capture_seeds capture_seeds.cpp ../unit/capture/synthetic.cpp)
target_link_libraries(fuzz_capture_seeds PRIVATE hr_capture_linux)
set(cores "${PROJECT_SOURCE_DIR}/tests/data/capture")
set(names vmcore_arm vmcore_arm64 vmcore_small vmcore_small64 dmesg dmesg64 dmesg_records zstd device targets)
hr_fuzz_seeds(capture NAMES ${names} WORDS "${cores}")
foreach(name ${names})
  set(${name} "${CMAKE_CURRENT_BINARY_DIR}/${name}.seed")
endforeach()
# As many as take some seconds each: a real image is of half a MiB, a header has four digests made of it.
hr_fuzz_test(vmcore SOURCES vmcore_fuzz.cpp LIBRARIES hr_capture ITERATIONS 1000
             SEEDS "${vmcore_small}" "${vmcore_small64}" "${vmcore_arm}" "${vmcore_arm64}")
hr_fuzz_test(dmesg SOURCES dmesg_fuzz.cpp ../unit/capture/synthetic.cpp LIBRARIES hr_capture ITERATIONS 8000
             SEEDS "${dmesg}" "${dmesg64}" "${dmesg_records}")
hr_fuzz_test(zstd SOURCES zstd_fuzz.cpp LIBRARIES hr_capture hr_zstd ITERATIONS 2000
             SEEDS "${zstd}" "${cores}/armmp.core.zst")
hr_fuzz_test(device SOURCES device_fuzz.cpp LIBRARIES hr_capture ITERATIONS 4000 SEEDS "${device}")
hr_fuzz_test(settings SOURCES settings_fuzz.cpp LIBRARIES hr_capture
             SEEDS "${targets}" "${PROJECT_SOURCE_DIR}/packaging/root/etc/hyprelay.conf")
foreach(name vmcore dmesg zstd device settings)
  add_dependencies(fuzz_${name} fuzz_capture_seed_files)
endforeach()
