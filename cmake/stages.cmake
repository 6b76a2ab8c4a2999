# SPDX-License-Identifier: BSD-2-Clause
# The other stages, as external projects on this same source tree, rebuilt when they are stale.
include(ExternalProject)

# hr_stage(name STAGE stage [ARCH arch] [DEPENDS ...] [PRODUCTS ...])
function(hr_stage name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "STAGE;ARCH;DIR" "DEPENDS;PRODUCTS")
  set(arguments
      "-DHYPRELAY_STAGE=${arg_STAGE}" "-DHYPRELAY_CACHE=${HYPRELAY_CACHE}"
      "-DHYPRELAY_IMAGES=${HYPRELAY_IMAGES}" "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}")
  if(arg_ARCH)
    list(APPEND arguments
         "-DCMAKE_TOOLCHAIN_FILE=${PROJECT_SOURCE_DIR}/cmake/toolchain-${arg_ARCH}.cmake")
  endif()
  ExternalProject_Add(${name}
    SOURCE_DIR "${PROJECT_SOURCE_DIR}" BINARY_DIR "${arg_DIR}" PREFIX "${arg_DIR}.prefix"
    CMAKE_ARGS ${arguments} BUILD_ALWAYS ON INSTALL_COMMAND "" TEST_COMMAND ""
    BUILD_BYPRODUCTS ${arg_PRODUCTS} DEPENDS ${arg_DEPENDS} EXCLUDE_FROM_ALL FALSE)
endfunction()

foreach(arch arm arm64)
  hr_stage(images_${arch} STAGE images ARCH ${arch} DIR "${HYPRELAY_IMAGES}/${arch}"
           PRODUCTS "${HYPRELAY_IMAGES}/${arch}/relay/relay.bin"
                    "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check.bin"
                    "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check_stripped.elf")
endforeach()
foreach(arch arm arm64)
  hr_stage(tools_${arch} STAGE tools ARCH ${arch} DIR "${PROJECT_BINARY_DIR}/tools/${arch}"
           DEPENDS images_arm images_arm64)
endforeach()
hr_stage(checked STAGE checked DIR "${PROJECT_BINARY_DIR}/checked" DEPENDS images_arm images_arm64)
