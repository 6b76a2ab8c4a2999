# SPDX-License-Identifier: BSD-2-Clause
# The one flag list for code that runs with nothing below it: the stub, the relay, target tests.
#
# Position independent without relocations: -fpie with hidden symbols; the linker scripts assert
# that no dynamic relocation is left. No floating-point register is touched (-mgeneral-regs-only):
# the state of the FPU belongs to whoever runs next. Strict alignment is correctness, not taste:
# with the MMU off every access is to Device or Strongly-ordered memory, which faults when unaligned.
set(HR_FREESTANDING_FLAGS
    -ffreestanding -fno-common -fno-stack-protector -fpie -fvisibility=hidden
    -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections
    -mgeneral-regs-only -Os -g)
set(HR_FREESTANDING_CXX_FLAGS -fno-exceptions -fno-rtti -fno-threadsafe-statics)
if(HR_ARCH STREQUAL "arm")
  # softfp: with -mgeneral-regs-only no float can be passed in FPU registers. The cross libc has
  # hard-float headers only; cmake/include stands in for the one it lacks.
  list(APPEND HR_FREESTANDING_FLAGS
       -marm -march=armv7ve+fp -mfloat-abi=softfp -mno-unaligned-access
       -isystem "${PROJECT_SOURCE_DIR}/cmake/include")
else()
  # cmake/include: the header that the cross libc lacks for big endian.
  list(APPEND HR_FREESTANDING_FLAGS -march=armv8-a -mstrict-align -mno-outline-atomics
       -isystem "${PROJECT_SOURCE_DIR}/cmake/include")
endif()

# The build type must not add -O2 or drop NDEBUG: libstdc++ assertions call printf.
foreach(type DEBUG MINSIZEREL RELEASE RELWITHDEBINFO)
  set(CMAKE_C_FLAGS_${type} "-DNDEBUG")
  set(CMAKE_CXX_FLAGS_${type} "-DNDEBUG")
  set(CMAKE_ASM_FLAGS_${type} "")
endforeach()

add_compile_options(
  "$<$<COMPILE_LANGUAGE:C,CXX>:${HR_FREESTANDING_FLAGS}>"
  "$<$<COMPILE_LANGUAGE:CXX>:${HR_FREESTANDING_CXX_FLAGS}>")
if(HR_ARCH STREQUAL "arm")
  add_compile_options("$<$<COMPILE_LANGUAGE:ASM>:-marm;-march=armv7ve+fp;-mfloat-abi=softfp>")
endif()

# hr_image(name SCRIPT script SOURCES ...): name.elf, linked by a linker script (run through the
# preprocessor) against nothing, and name.bin, its bytes.
function(hr_image name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCRIPT" "SOURCES;LIBRARIES;DEFINITIONS;LINK_OPTIONS")
  set(script "${CMAKE_CURRENT_BINARY_DIR}/${name}.ld")
  add_custom_command(
    OUTPUT "${script}"
    COMMAND ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp -DHR_LINKER_SCRIPT
            "-I${PROJECT_SOURCE_DIR}" ${arg_DEFINITIONS} -o "${script}" "${arg_SCRIPT}"
    DEPENDS "${arg_SCRIPT}" VERBATIM)
  add_custom_target(${name}_script DEPENDS "${script}")
  add_executable(${name}.elf ${arg_SOURCES})
  add_dependencies(${name}.elf ${name}_script)
  set_target_properties(${name}.elf PROPERTIES LINK_DEPENDS "${script}")
  target_compile_definitions(${name}.elf PRIVATE ${arg_DEFINITIONS})
  target_link_options(${name}.elf PRIVATE
    -nostdlib -static -Wl,-T,${script} -Wl,--build-id=none -Wl,--gc-sections -Wl,--fatal-warnings
    -Wl,--no-undefined -Wl,-z,noexecstack ${arg_LINK_OPTIONS})
  target_link_libraries(${name}.elf PRIVATE ${arg_LIBRARIES})
  add_custom_command(
    OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.bin"
    COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${name}.elf>
            "${CMAKE_CURRENT_BINARY_DIR}/${name}.bin"
    DEPENDS ${name}.elf VERBATIM)
  add_custom_target(${name}_bin ALL DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/${name}.bin")
endfunction()
