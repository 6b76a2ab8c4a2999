# SPDX-License-Identifier: BSD-2-Clause
# Kernel images and the plans made for them: small seeds with honest headers, written at build time.
add_executable(fuzz_image_seeds image_seeds.cpp)
target_link_libraries(fuzz_image_seeds PRIVATE hr_handoff)
target_compile_definitions(fuzz_image_seeds PRIVATE HR_CACHE="" HR_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
hr_fuzz_seeds(image NAMES zimage zimage_short image image_pe uimage fit uki android android_v4 elf zboot)
hr_fuzz_test(image SOURCES image_fuzz.cpp LIBRARIES hr_handoff SEEDS ${seeds})
add_dependencies(fuzz_image fuzz_image_seed_files)
# The same driver on text: a Machine that somebody sent.
set(machine "${CMAKE_CURRENT_BINARY_DIR}/machine.seed")
set(server "${CMAKE_CURRENT_BINARY_DIR}/server.seed")
add_custom_command(
  OUTPUT "${machine}" "${server}" COMMAND fuzz_image_seeds "${CMAKE_CURRENT_BINARY_DIR}" machine
  DEPENDS fuzz_image_seeds VERBATIM)
add_custom_target(fuzz_machine_seed_file ALL DEPENDS "${machine}" "${server}")
set(residents "${PROJECT_SOURCE_DIR}/tests/data/resident")
hr_fuzz_test(machine SOURCES machine_fuzz.cpp LIBRARIES hr_handoff
             SEEDS "${machine}" "${server}" "${residents}/arm-4.4-kvm.json" "${residents}/arm-4.9-idle.json")
add_dependencies(fuzz_machine fuzz_machine_seed_file)
target_compile_definitions(fuzz_machine PRIVATE HR_CACHE="")
