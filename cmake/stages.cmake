# SPDX-License-Identifier: BSD-2-Clause
# The other stages, as external projects on this same source tree, rebuilt when they are stale.
include(ExternalProject)

# hr_stage(name STAGE stage [ARCH arch] [DEPENDS ...] [TARGETS ...] [PRODUCTS ...]): all of the
# stage, or these targets of it, which make these files.
function(hr_stage name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "STAGE;ARCH;DIR" "DEPENDS;PRODUCTS;TARGETS")
  set(arguments
      "-DHYPRELAY_STAGE=${arg_STAGE}" "-DHYPRELAY_CACHE=${HYPRELAY_CACHE}"
      "-DHYPRELAY_IMAGES=${HYPRELAY_IMAGES}" "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}")
  if(arg_ARCH)
    list(APPEND arguments
         "-DCMAKE_TOOLCHAIN_FILE=${PROJECT_SOURCE_DIR}/cmake/toolchain-${arg_ARCH}.cmake")
  endif()
  set(build "${CMAKE_COMMAND}" --build "${arg_DIR}")
  if(arg_TARGETS)
    list(APPEND build --target ${arg_TARGETS})
  endif()
  ExternalProject_Add(${name}
    SOURCE_DIR "${PROJECT_SOURCE_DIR}" BINARY_DIR "${arg_DIR}" PREFIX "${arg_DIR}.prefix"
    CMAKE_ARGS ${arguments} BUILD_ALWAYS ON BUILD_COMMAND ${build} INSTALL_COMMAND "" TEST_COMMAND ""
    BUILD_BYPRODUCTS ${arg_PRODUCTS} DEPENDS ${arg_DEPENDS} EXCLUDE_FROM_ALL FALSE)
endfunction()

foreach(arch arm arm64)
  # What hyprelay carries, and then the rest: the stub and target tests are for no other stage.
  hr_stage(carried_${arch} STAGE images ARCH ${arch} DIR "${HYPRELAY_IMAGES}/${arch}"
           TARGETS relay_bin hyp_check_bin hyp_check_stripped
           PRODUCTS "${HYPRELAY_IMAGES}/${arch}/relay/relay.bin"
                    "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check.bin"
                    "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check_stripped.elf")
  add_custom_target(images_${arch} ALL COMMAND "${CMAKE_COMMAND}" --build "${HYPRELAY_IMAGES}/${arch}"
                    DEPENDS carried_${arch} VERBATIM)
endforeach()
foreach(arch arm arm64)
  hr_stage(tools_${arch} STAGE tools ARCH ${arch} DIR "${PROJECT_BINARY_DIR}/tools/${arch}"
           DEPENDS carried_arm carried_arm64)
endforeach()
hr_stage(checked STAGE checked DIR "${PROJECT_BINARY_DIR}/checked" DEPENDS carried_arm carried_arm64)
