# SPDX-License-Identifier: BSD-2-Clause
# Libraries, all from Debian packages. Cross builds take the header-only ones from the host and
# libfdt from the packages that ./x unpacked below HYPRELAY_CACHE.

# Header-only libraries are the same for every architecture, but /usr/include as a whole must not
# be seen by a cross compiler: a folder with links to just these.
set(hr_header_links "${PROJECT_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${hr_header_links}")
foreach(library boost CLI nlohmann)
  if(EXISTS "/usr/include/${library}" AND NOT EXISTS "${hr_header_links}/${library}")
    file(CREATE_LINK "/usr/include/${library}" "${hr_header_links}/${library}" SYMBOLIC)
  endif()
endforeach()
include_directories(SYSTEM "${hr_header_links}")

# hr_find_libfdt(): the imported target libfdt, static.
function(hr_find_libfdt)
  if(CMAKE_CROSSCOMPILING)
    set(root "${HYPRELAY_CACHE}/sysroot/${HR_DEBIAN_ARCH}/usr")
    set(hints PATHS "${root}/lib/${HR_DEBIAN_TRIPLET}" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    # Only libfdt's own headers, for the same reason as above.
    set(include "${PROJECT_BINARY_DIR}/include-fdt")
    file(MAKE_DIRECTORY "${include}")
    foreach(header fdt.h libfdt.h libfdt_env.h)
      if(NOT EXISTS "${include}/${header}")
        file(CREATE_LINK "${root}/include/${header}" "${include}/${header}" SYMBOLIC)
      endif()
    endforeach()
  else()
    set(hints "")
    set(include "/usr/include")
  endif()
  find_library(HR_LIBFDT NAMES libfdt.a ${hints} REQUIRED)
  add_library(libfdt STATIC IMPORTED GLOBAL)
  set_target_properties(libfdt PROPERTIES IMPORTED_LOCATION "${HR_LIBFDT}")
  if(CMAKE_CROSSCOMPILING)
    target_include_directories(libfdt SYSTEM INTERFACE "${include}")
  endif()
endfunction()
