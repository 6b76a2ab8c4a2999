# SPDX-License-Identifier: BSD-2-Clause
# Each library of the host and tools stages is one translation unit: four fifths of what a file costs are the
# headers it shares with its neighbours (nlohmann-json, Boost.Outcome) and what they instantiate. The checked
# stage, whose sanitizers make a unit long to compile and which is built again for each change, takes units of
# eight files; whether a file has all includes of its own is found by ./x lint, which takes each by itself.

# Files that name something of their own, in an anonymous namespace, as a neighbour does.
# Those of handoff go together in two more units: the planner's twins have the same labels.
set(hr_second_hr_handoff image_zimage.cpp json_machine.cpp plan_arm.cpp)
set(hr_third_hr_handoff kernel_file.cpp plan_arm64.cpp plan_check.cpp)
set(hr_alone_hr_capture dmesg_ring.cpp)
set(hr_alone_hr_capture_linux ssh_target.cpp)
set(hr_alone_hr_cli parser.cpp)

# hr_unity(most): units of so many files, 0: of all.
function(hr_unity most)
  foreach(library hr_base hr_compat hr_acpi hr_fdt hr_os hr_handoff hr_handoff_linux hr_capture hr_capture_linux
          hr_rehearse hr_rehearse_guest hr_cli)
    if(NOT TARGET ${library})
      continue()
    endif()
    get_target_property(folder ${library} SOURCE_DIR)
    set_target_properties(${library} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${most})
    list(TRANSFORM hr_alone_${library} PREPEND "${folder}/" OUTPUT_VARIABLE alone)
    if(most)
      list(TRANSFORM hr_second_${library} PREPEND "${folder}/" OUTPUT_VARIABLE second)
      list(TRANSFORM hr_third_${library} PREPEND "${folder}/" OUTPUT_VARIABLE third)
      list(APPEND alone ${second} ${third})
    elseif(hr_second_${library})
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
