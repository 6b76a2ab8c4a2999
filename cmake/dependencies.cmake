# SPDX-License-Identifier: BSD-2-Clause
# Libraries, all from Debian packages. Cross builds take the header-only ones from the host,
# libfdt and libzstd from the packages that ./x unpacked below HYPRELAY_CACHE.

# Header-only libraries are the same for every architecture, but /usr/include as a whole must not
# be seen by a cross compiler: a folder with links to just these.
set(hr_header_links "${PROJECT_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${hr_header_links}")
foreach(library boost nlohmann)
  if(EXISTS "/usr/include/${library}" AND NOT EXISTS "${hr_header_links}/${library}")
    file(CREATE_LINK "/usr/include/${library}" "${hr_header_links}/${library}" SYMBOLIC)
  endif()
endforeach()
include_directories(SYSTEM "${hr_header_links}")

# hr_static_library(target name headers...): the imported target of lib<name>.a. A cross build
# sees only those headers, through a folder with links to them, for the same reason as above.
function(hr_static_library target name)
  if(CMAKE_CROSSCOMPILING)
    set(root "${HYPRELAY_CACHE}/sysroot/${HR_DEBIAN_ARCH}/usr")
    set(hints PATHS "${root}/lib/${HR_DEBIAN_TRIPLET}" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    set(include "${PROJECT_BINARY_DIR}/include-${name}")
    file(MAKE_DIRECTORY "${include}")
    foreach(header ${ARGN})
      if(NOT EXISTS "${include}/${header}")
        file(CREATE_LINK "${root}/include/${header}" "${include}/${header}" SYMBOLIC)
      endif()
    endforeach()
  else()
    set(hints "")
  endif()
  string(TOUPPER "HR_LIB${name}" found)
  find_library(${found} NAMES lib${name}.a ${hints} REQUIRED)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${found}}")
  if(CMAKE_CROSSCOMPILING)
    target_include_directories(${target} SYSTEM INTERFACE "${include}")
  endif()
endfunction()

# The imported targets libfdt and hr_zstd, static.
function(hr_find_libfdt)
  hr_static_library(libfdt fdt fdt.h libfdt.h libfdt_env.h)
endfunction()
function(hr_find_zstd)
  hr_static_library(hr_zstd zstd zstd.h)
endfunction()
