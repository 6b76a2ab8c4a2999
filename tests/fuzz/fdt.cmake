# SPDX-License-Identifier: BSD-2-Clause
# Device trees: the seeds are compiled from tests/data/fdt.
find_program(HR_DTC dtc REQUIRED)
set(seeds "")
foreach(name board spintable)
  set(source "${PROJECT_SOURCE_DIR}/tests/data/fdt/${name}.dts")
  set(seed "${CMAKE_CURRENT_BINARY_DIR}/${name}.dtb")
  add_custom_command(
    OUTPUT "${seed}" COMMAND ${HR_DTC} -q -I dts -O dtb -o "${seed}" "${source}"
    DEPENDS "${source}" VERBATIM)
  list(APPEND seeds "${seed}")
endforeach()
add_custom_target(fuzz_fdt_seeds ALL DEPENDS ${seeds})
hr_fuzz_test(fdt SOURCES fdt_fuzz.cpp LIBRARIES hr_handoff hr_fdt SEEDS ${seeds})
add_dependencies(fuzz_fdt fuzz_fdt_seeds)
