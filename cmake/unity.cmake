# SPDX-License-Identifier: BSD-2-Clause
# Each library of the hosted stages is one translation unit: four fifths of what a file costs are the
# headers it shares with its neighbours (nlohmann-json, Boost.Outcome) and what they instantiate. The
# checked stage takes every file by itself, so that a file that leans on its neighbour's includes is
# found there, and a change of one file is compiled as one.

# Files that name something of their own, in an anonymous namespace, as a neighbour does.
# Those of handoff go together in two more units: the planner's twins have the same labels.
set(hr_second_hr_handoff image_zimage.cpp json_machine.cpp plan_arm.cpp)
set(hr_third_hr_handoff kernel_file.cpp plan_arm64.cpp plan_check.cpp)
set(hr_alone_hr_capture dmesg_ring.cpp)
set(hr_alone_hr_capture_linux ssh_target.cpp)
set(hr_alone_hr_cli parser.cpp)

function(hr_unity)
  foreach(library hr_base hr_compat hr_acpi hr_fdt hr_os hr_handoff hr_handoff_linux hr_capture hr_capture_linux
          hr_rehearse hr_rehearse_guest hr_cli)
    if(NOT TARGET ${library})
      continue()
    endif()
    get_target_property(folder ${library} SOURCE_DIR)
    set_target_properties(${library} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
    list(TRANSFORM hr_alone_${library} PREPEND "${folder}/" OUTPUT_VARIABLE alone)
    if(hr_second_${library})
      set_target_properties(${library} PROPERTIES UNITY_BUILD_MODE GROUP)
      get_target_property(sources ${library} SOURCES)
      foreach(source ${sources})
        set(group first)
        foreach(other second third)
          if(source IN_LIST hr_${other}_${library})
            set(group ${other})
          endif()
        endforeach()
        set_source_files_properties("${folder}/${source}" TARGET_DIRECTORY ${library}
                                    PROPERTIES UNITY_GROUP ${group})
      endforeach()
    endif()
    if(alone)
      set_source_files_properties(${alone} TARGET_DIRECTORY ${library}
                                  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()
