# SPDX-License-Identifier: BSD-2-Clause
# Libraries, all from Debian packages. Cross builds take the header-only ones from the host,
# libfdt, libzstd and the decompressors from the packages that ./x unpacked below HYPRELAY_CACHE.

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
# sees only those headers, or folders of them, through a folder with links to them, for the same reason as above.
function(hr_static_library target name)
  if(CMAKE_CROSSCOMPILING)
    set(root "${HYPRELAY_CACHE}/sysroot/${HR_DEBIAN_ARCH}/usr")
    set(hints PATHS "${root}/lib/${HR_DEBIAN_TRIPLET}" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    set(include "${PROJECT_BINARY_DIR}/include-${name}")
    file(MAKE_DIRECTORY "${include}")
    foreach(header ${ARGN})
      set(source "${root}/include/${header}")
      if(EXISTS "${root}/include/${HR_DEBIAN_TRIPLET}/${header}")
        set(source "${root}/include/${HR_DEBIAN_TRIPLET}/${header}")
      endif()
      if(NOT EXISTS "${include}/${header}")
        file(CREATE_LINK "${source}" "${include}/${header}" SYMBOLIC)
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
# What Linux decompresses an initrd with, besides zstd: hr_z, hr_bz2, hr_lzma, hr_lzo2, hr_lz4.
function(hr_find_decoders)
  hr_static_library(hr_z z zlib.h zconf.h)
  hr_static_library(hr_bz2 bz2 bzlib.h)
  hr_static_library(hr_lzma lzma lzma.h lzma)
  hr_static_library(hr_lzo2 lzo2 lzo)
  hr_static_library(hr_lz4 lz4 lz4.h)
endfunction()
# What checks signatures: hr_sodium.
function(hr_find_sodium)
  hr_static_library(hr_sodium sodium sodium.h sodium)
endfunction()
# What FITs have their parts' checksums of, besides CRC-32: hr_md.
function(hr_find_sums)
  hr_static_library(hr_md md md5.h sha1.h sha2.h)
endfunction()
