# SPDX-License-Identifier: BSD-2-Clause
# find_package(hyprelay): the stub, clients, shim and server of hyprelay, freestanding, for arm and arm64.
# find_package(hyprelay COMPONENTS handoff): hyprelay::handoff alone, for programs on Linux (docs/library.md);
# COMPONENTS bare handoff for both.
#
#   hyprelay::stub        the resident with the common ABI, and its installer: <stub/hr_stub.h>
#   hyprelay::stub_full   the same with LOCK and the personalities
#   hyprelay::client      hr_issue() and what is built on it: <compat/hr_client.h>
#   hyprelay::shim        RESET_VECTORS for a hypervisor: <compat/hr_shim.h>
#   hyprelay::server      answers to SMCCC and PSCI on top of one of the stubs: <compat/hr_server.h>
#   hyprelay::headers     the include path alone: the inline clients need no library
#
# Each also by the name of its build, hyprelay::stub_t32: a32, t32, a32be, t32be, a64, a64be. The ones
# without are those of hyprelay_BUILD; unless the caller set it, it is what the C compiler (or else C++) makes with
# CMAKE_C_FLAGS and the machine options (-m...) that add_compile_options() has been given so far.
# hyprelay_SOURCES is the folder of the sources, for who compiles them himself.

get_filename_component(_hyprelay_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(hyprelay_SOURCES "${_hyprelay_prefix}/share/hyprelay")
if("handoff" IN_LIST hyprelay_FIND_COMPONENTS)
  include("${CMAKE_CURRENT_LIST_DIR}/hyprelayHandoff.cmake")
  if(NOT hyprelay_handoff_FOUND)
    set(hyprelay_FOUND FALSE)
    return()
  endif()
  if(NOT "bare" IN_LIST hyprelay_FIND_COMPONENTS)
    return()
  endif()
endif()
set(_hyprelay_builds a32 t32 a32be t32be a64 a64be)

# _hyprelay_detect(variable): the build that fits the compiler, or a sentence.
function(_hyprelay_detect variable)
  set(language C)
  if(NOT CMAKE_C_COMPILER)
    set(language CXX)
  endif()
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_${language}_FLAGS}")
  if(CMAKE_${language}_COMPILER_TARGET)
    list(APPEND flags "--target=${CMAKE_${language}_COMPILER_TARGET}")
  endif()
  get_property(options DIRECTORY PROPERTY COMPILE_OPTIONS)
  list(FILTER options INCLUDE REGEX "^-m[a-z]")
  execute_process(
    COMMAND "${CMAKE_${language}_COMPILER}" ${flags} ${options} -dM -E -x c /dev/null
    OUTPUT_VARIABLE macros ERROR_VARIABLE errors RESULT_VARIABLE status)
  set(build "")
  if(NOT status EQUAL 0)
    set(build "it fails with: ${errors}")
  elseif(macros MATCHES "__aarch64__ ")
    set(build a64)
  elseif(macros MATCHES "__thumb2__ ")
    set(build t32)
  elseif(macros MATCHES "__thumb__ ")
    set(build "it makes Thumb-1, which has no HVC: add -march=armv7ve, or -marm")
  elseif(macros MATCHES "__arm__ ")
    set(build a32)
  else()
    set(build "it builds for neither arm nor arm64")
  endif()
  if(macros MATCHES "__(ARMEB|AARCH64EB)__ ")
    string(APPEND build be)
  endif()
  set(${variable} "${build}" PARENT_SCOPE)
endfunction()

if(NOT hyprelay_BUILD)
  _hyprelay_detect(hyprelay_BUILD)
endif()
if(NOT hyprelay_BUILD IN_LIST _hyprelay_builds)
  set(hyprelay_FOUND FALSE)
  set(hyprelay_NOT_FOUND_MESSAGE
      "no build of hyprelay for this compiler: ${hyprelay_BUILD}. Use a cross compiler, or set hyprelay_BUILD to one of: ${_hyprelay_builds}")
  unset(hyprelay_BUILD)
  return()
endif()

if(NOT TARGET hyprelay::headers)
  add_library(hyprelay::headers INTERFACE IMPORTED)
  set_target_properties(hyprelay::headers PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_hyprelay_prefix}/include/hyprelay")
  foreach(_hyprelay_name stub stub_full client shim server)
    foreach(_hyprelay_build IN LISTS _hyprelay_builds)
      set(_hyprelay_target hyprelay::${_hyprelay_name}_${_hyprelay_build})
      add_library(${_hyprelay_target} STATIC IMPORTED)
      set_target_properties(${_hyprelay_target} PROPERTIES
        IMPORTED_LOCATION
          "${_hyprelay_prefix}/lib/hyprelay/${_hyprelay_build}/libhr_${_hyprelay_name}.a"
        INTERFACE_LINK_LIBRARIES hyprelay::headers)
      if(_hyprelay_name STREQUAL "stub_full")
        set_target_properties(${_hyprelay_target} PROPERTIES
          INTERFACE_COMPILE_DEFINITIONS HR_STUB_FULL)
      elseif(_hyprelay_name STREQUAL "server")
        set_property(TARGET ${_hyprelay_target} APPEND PROPERTY
          INTERFACE_LINK_LIBRARIES hyprelay::shim_${_hyprelay_build})
      endif()
    endforeach()
    add_library(hyprelay::${_hyprelay_name} INTERFACE IMPORTED)
    set_target_properties(hyprelay::${_hyprelay_name} PROPERTIES
      INTERFACE_LINK_LIBRARIES hyprelay::${_hyprelay_name}_${hyprelay_BUILD})
  endforeach()
endif()
