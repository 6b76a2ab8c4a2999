# SPDX-License-Identifier: BSD-2-Clause
# From SVC/EL1 back to HYP/EL2: a program of tests/target/residents is entered by QEMU, makes a resident
# of the field resident, drops, and enters the relay of a bundle. The next kernel is a witness that
# compares HYP/EL2 with docs/boot-law.md (about a second each), or Debian's with the rehearsal's init.
add_executable(climb_test climb_test.cpp expect.cpp tap.cpp)
target_link_libraries(climb_test PRIVATE hr_rehearse hr_fdt)
target_sources(climb_test PRIVATE chain.cpp)

# hr_climb_test(name (RESIDENT program | LEFT_BY @flavour) [KERNEL @flavour] [PANIC] [EXIT n] [CPU name] [CPUS n]
#               BUNDLE ... [SAYS ...] [NEVER ...] [EXPECT ...]), name begins with the architecture.
function(hr_climb_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PANIC" "RESIDENT;LEFT_BY;KERNEL;EXIT;CPU;CPUS" "BUNDLE;SAYS;NEVER;EXPECT")
  string(REGEX MATCH "^[a-z0-9]+" arch "${name}")
  set(images "${HYPRELAY_IMAGES}/${arch}/tests/target/residents")
  set(judge --arch ${arch} --hyprelay $<TARGET_FILE:hyprelay> --cache "${HYPRELAY_CACHE}"
            --folder "${CMAKE_CURRENT_BINARY_DIR}/climb.${name}")
  if(arg_LEFT_BY)
    list(APPEND judge --left-by "${arg_LEFT_BY}" --below "${images}/below.bin")
  else()
    list(APPEND judge --resident "${images}/resident_${arg_RESIDENT}.elf")
  endif()
  if(arg_KERNEL)
    list(APPEND judge --kernel "${arg_KERNEL}")
  else()
    list(APPEND judge --witness "${images}/witness.bin")
  endif()
  if(arg_CPU)
    list(APPEND judge --cpu "${arg_CPU}")
  endif()
  if(arg_CPUS)
    list(APPEND judge --cpus "${arg_CPUS}")
  endif()
  if(arg_EXIT)
    list(APPEND judge --exit "${arg_EXIT}")
  endif()
  foreach(kind SAYS NEVER EXPECT)
    string(TOLOWER "${kind}" option)
    foreach(text IN LISTS arg_${kind})
      list(APPEND judge --${option} "${text}")
    endforeach()
  endforeach()
  if(arg_PANIC)
    list(APPEND judge --panic)
  endif()
  add_test(NAME boot.climb.${name} COMMAND climb_test ${judge} -- ${arg_BUNDLE})
  set_tests_properties(boot.climb.${name} PROPERTIES LABELS boot TIMEOUT 600 PROCESSORS 1)
endfunction()

# Where the residents lie (tests/target/residents/layout.h), physically, and for KVM virtually.
set(at --resident-vectors 0x40012000)
set(at_virtual --resident-vectors 0x40012000,0xc0012000)
set(elsewhere --resident-vectors 0x40014000)
set(up_arm "witness: entered in HYP, the boot law holds")
set(up_arm64 "witness: entered in EL2, the boot law holds")
set(down_arm "witness: entered in SVC, the boot law holds")
set(down_arm64 "witness: entered in EL1, the boot law holds")

# hr_climbs(arch resident dialect how BUNDLE-OPTIONS...): all the way up.
function(hr_climbs arch resident dialect how)
  hr_climb_test(${arch}.${resident}.as.${dialect} RESIDENT ${resident}
    BUNDLE --resident ${dialect} --require-hyp ${ARGN}
    SAYS "through ${dialect}: ${how}" "${up_${arch}}")
endfunction()
set(vectors "set own vectors, then called")
set(restart "soft restart")
set(takeover "took over the vectors of a captive KVM")
hr_climbs(arm stub_3_7 arm-stub-3.7 "${vectors}" ${at})
hr_climbs(arm stub_3_7_thumb arm-stub-3.7 "${vectors}" ${at})
hr_climbs(arm stub_3_7_be arm-stub-3.7 "${vectors}" ${at})
hr_climbs(arm stub_4_12 arm-stub-4.12 "${restart}")
hr_climbs(arm stub_5_7 arm-stub-5.7 "${restart}")
hr_climbs(arm stub_5_7_thumb arm-stub-5.7 "${restart}")
hr_climbs(arm kvm_3_9 arm-kvm-3.9 "${takeover}" ${at_virtual})
hr_climbs(arm kvm_3_14 arm-kvm-3.14 "${takeover}" ${at_virtual})
hr_climbs(arm kvm_3_14_thumb arm-kvm-3.14 "${takeover}" ${at_virtual})
hr_climbs(arm kvm_3_14 arm-kvm-4.8 "${takeover}" ${at_virtual})
hr_climbs(arm stub_3_7 arm-kvm-4.8 "${vectors}" --resident-vectors 0x40112000,0xc0112000)
hr_climbs(arm kvm_4_12 arm-kvm-4.12 "${restart}")
hr_climbs(arm kvm_4_12_thumb arm-kvm-4.12 "${restart}")
hr_climbs(arm stub_4_12 arm-kvm-4.12 "${restart}")
hr_climbs(arm common common "${restart}")
hr_climbs(arm64 stub_3_8 arm64-stub-3.8 "${vectors}" ${at})
hr_climbs(arm64 stub_3_8_be arm64-stub-3.8 "${vectors}" ${at})
hr_climbs(arm64 stub_4_8_be arm64-stub-4.8 "${restart}" ${at})
hr_climbs(arm64 stub_4_7 arm64-stub-4.7 "${vectors}" ${at})
hr_climbs(arm64 stub_4_8 arm64-stub-4.8 "${restart}" ${at})
hr_climbs(arm64 stub_4_12 arm64-stub-4.12 "${vectors}")
hr_climbs(arm64 stub_4_12 arm64-stub-5.12 "${vectors}")
hr_climbs(arm64 stub_4_12 arm64-kvm-4.12 "${vectors}")
hr_climbs(arm64 kvm_4_12 arm64-kvm-4.12 "${restart}")
hr_climbs(arm64 kvm_5_10 arm64-kvm-5.10 "${restart}")
# The wrong release, the right address: nothing was lost, and own vectors are in place.
hr_climbs(arm64 stub_3_8 arm64-stub-4.8 "${vectors}" ${at})
hr_climbs(arm64 common common "${restart}" ${at})

# hr_stays(arch resident dialect why BUNDLE-OPTIONS...): the loader is wrong, or does not know enough. Nothing
# is destroyed, the kernel starts below and the relay says why.
function(hr_stays arch resident dialect why)
  hr_climb_test(${arch}.${resident}.not.${dialect} RESIDENT ${resident}
    BUNDLE --resident ${dialect} ${ARGN}
    SAYS "warning: ${dialect}: ${why}" "${down_${arch}}" NEVER "climbed")
endfunction()
set(other "stopped: the resident is not the one that the loader named")
set(nowhere "stopped: the address of the resident's vectors is needed")
set(over "stopped: what was loaded lies over the resident")
hr_stays(arm stub_4_12 arm-stub-3.7 "${other}, answer 0xbadca11" ${at})
hr_stays(arm stub_3_7 arm-stub-4.12 "${other}, answer 0x40012000")
hr_stays(arm stub_3_7 arm-kvm-3.14 "${other}, answer 0x40012000" ${at_virtual})
hr_stays(arm kvm_3_14 arm-stub-3.7 "${other}, answer 0xc0012000" ${at})
hr_stays(arm kvm_3_14 arm-kvm-4.8 "${other}" --resident-vectors 0x40012000,0xb0012000)
hr_stays(arm kvm_3_14 arm-stub-5.7 "${other}")
hr_stays(arm kvm_3_9 arm-kvm-3.9 "${other}" --resident-vectors 0x40013000,0xc0013000)
hr_stays(arm stub_3_7 arm-kvm-3.9 "${nowhere}")
hr_stays(arm stub_3_7 common "${other}, answer 0x40012000")
hr_stays(arm stub_5_7 common "${other}, answer 0xbadca11")
hr_stays(arm stub_3_7 xen-4.10 "no way up through this resident is known")
# ARMv7 cannot disable HVC from HYP; an ARMv8 core in that state can.
hr_climb_test(arm.none.not.arm-stub-4.12 RESIDENT none CPU max BUNDLE --resident arm-stub-4.12
  SAYS "warning: arm-stub-4.12: stopped: HVC is undefined here" "${down_arm}" NEVER "climbed")
hr_stays(arm64 stub_3_8 arm64-stub-4.12 "${other}, answer 0x40012000")
hr_stays(arm64 stub_3_8 arm64-stub-3.8 "${other}, answer 0x40012000" ${elsewhere})
hr_stays(arm64 stub_4_8 arm64-stub-3.8 "${other}, answer 0x2" ${at})
hr_stays(arm64 stub_3_8 common "${other}, answer 0x40012000" ${elsewhere})
hr_stays(arm64 kvm_4_12 arm64-stub-3.8 "${other}, answer 0xbadca11" ${at})
hr_stays(arm64 stub_4_8 arm64-stub-4.8 "${nowhere}")
hr_stays(arm64 none arm64-stub-4.12 "stopped: HVC is undefined here")

# The same with --require-hyp: a sentence, and no kernel.
hr_climb_test(arm.stub_3_7.required RESIDENT stub_3_7
  BUNDLE --resident arm-stub-4.12 --require-hyp
  SAYS "${other}" "E502 " NEVER "witness")
hr_climb_test(arm64.stub_3_8.required RESIDENT stub_3_8
  BUNDLE --resident arm64-stub-4.12 --require-hyp
  SAYS "${other}" "E502 " NEVER "witness")

# Real kernels: the record tells the way, and the kernel says itself how it was started. One CPU climbs;
# firmware starts the other three, by SMC, and at HYP/EL2 as well.
function(hr_boots arch resident dialect flavour how)
  set(top HYP)
  set(low SVC)
  set(all "CPU: All CPU(s) started in HYP mode.")
  if(arch STREQUAL "arm64")
    set(top EL2)
    set(low EL1)
    set(all "CPU: All CPU(s) started at EL2")
  endif()
  hr_climb_test(${arch}.${resident}.as.${dialect}.boots.${flavour} RESIDENT ${resident} KERNEL "@${flavour}" CPUS 4
    BUNDLE --resident ${dialect} --require-hyp ${ARGN}
    SAYS "hyprelay relay: entered in ${low}" "${all}"
    EXPECT booted.mode=${top} booted.cpus=4 initrd.intact=true status.status.relay.entered=${low}
           status.status.relay.left=${top} "status.status.relay.climb=${how}"
           status.status.relay.resident=${dialect})
endfunction()
hr_boots(arm stub_3_7 arm-stub-3.7 armmp "${vectors}" ${at})
hr_boots(arm kvm_3_9 arm-kvm-3.9 armmp "${takeover}" ${at_virtual})
hr_boots(arm kvm_3_14 arm-kvm-3.14 armmp-lpae "${takeover}" ${at_virtual})
hr_boots(arm kvm_3_14 arm-kvm-4.8 armmp "${takeover}" ${at_virtual})
hr_boots(arm stub_3_7 arm-kvm-4.8 armmp-lpae "${vectors}"
         --resident-vectors 0x40112000,0xc0112000)
hr_boots(arm stub_4_12 arm-stub-4.12 armmp "${restart}")
hr_boots(arm kvm_4_12 arm-kvm-4.12 armmp "${restart}")
hr_boots(arm stub_5_7 arm-stub-5.7 armmp-lpae "${restart}")
hr_boots(arm common common armmp "${restart}")
hr_boots(arm64 stub_3_8 arm64-stub-3.8 arm64 "${vectors}" ${at})
hr_boots(arm64 stub_4_7 arm64-stub-4.7 arm64 "${vectors}" ${at})
hr_boots(arm64 stub_4_8 arm64-stub-4.8 arm64 "${restart}" ${at})
hr_boots(arm64 stub_4_12 arm64-stub-5.12 arm64 "${vectors}")
hr_boots(arm64 kvm_4_12 arm64-kvm-4.12 arm64 "${restart}")
hr_boots(arm64 kvm_5_10 arm64-kvm-5.10 arm64 "${restart}")
hr_boots(arm64 common common arm64 "${restart}" ${at})

# A resident that is real: QEMU's own PSCI on HVC, above guests without HYP/EL2. Named wrongly it is
# recognised by its answer, and left alone.
hr_boot_test(climb.arm.psci.not.arm-stub-5.7
  ARGS --arch arm --from @armmp --to @armmp --machine virtualization=off -- --resident arm-stub-5.7
  EXPECT ok=true kernels.*.initrd_intact=true relay.entered=SVC relay.left=SVC
         "relay.climb=${other}" relay.resident=arm-stub-5.7)
hr_boot_test(climb.arm64.psci.not.arm64-stub-4.12
  ARGS --arch arm64 --from @arm64 --to @arm64 --machine virtualization=off
       -- --resident arm64-stub-4.12
  EXPECT ok=true kernels.*.initrd_intact=true relay.entered=EL1 relay.left=EL1
         "relay.climb=${other}" relay.resident=arm64-stub-4.12)

# The real ones: the stub that Debian's kernel leaves in memory behind a kexec, on arm64 with KVM
# initialised and removed by that kexec. Its address is what hyprelay probe said there; hyprelay starts a
# program at HYP/EL2 that puts it back in place and goes below.
function(hr_climbs_left_by arch left_by dialect flavour how)
  set(top HYP)
  set(low SVC)
  if(arch STREQUAL "arm64")
    set(top EL2)
    set(low EL1)
  endif()
  hr_climb_test(${arch}.left.by.${left_by}.boots.${flavour} LEFT_BY "@${left_by}" KERNEL "@${flavour}" CPUS 2
    BUNDLE --resident ${dialect} --require-hyp
    SAYS "below: entered in ${top}" "hyprelay relay: entered in ${low}" "through ${dialect}: ${how}" ${ARGN}
    EXPECT probe.verdict.dialect=${dialect} booted.mode=${top} booted.cpus=2 initrd.intact=true
           status.status.relay.entered=${low} status.status.relay.left=${top}
           "status.status.relay.climb=${how}" status.status.relay.resident=${dialect})
endfunction()
hr_climbs_left_by(arm armmp arm-stub-5.7 armmp "${restart}")
# The loader is wrong about it: the first question tells, and nothing is lost.
hr_climb_test(arm.left.by.armmp.not.arm-stub-3.7 LEFT_BY "@armmp"
  BUNDLE --resident arm-stub-3.7 --resident-vectors 0x50000000
  SAYS "warning: arm-stub-3.7: ${other}, answer 0xbadca11" "${down_arm}" NEVER "climbed to")
hr_climbs_left_by(arm64 arm64 arm64-stub-5.12 arm64 "${vectors}" "Hyp mode initialized successfully")

# The same way up after a panic: Debian's kernel runs below the resident and dies there, as a legacy kernel does
# whose own KVM or stub holds HYP/EL2, and its crash kernel comes up at HYP/EL2 with all of the dump.
function(hr_climbs_from_panic arch resident dialect flavour how)
  set(top HYP)
  set(low SVC)
  set(below "CPU: All CPU(s) started in SVC mode.")
  if(arch STREQUAL "arm64")
    set(top EL2)
    set(low EL1)
    set(below "CPU: All CPU(s) started at EL1")
  endif()
  hr_climb_test(${arch}.${resident}.as.${dialect}.panics.${flavour} PANIC RESIDENT ${resident} KERNEL "@${flavour}"
    BUNDLE --resident ${dialect} --require-hyp ${ARGN}
    SAYS "${below}" "Kernel panic - not syncing: sysrq triggered crash" "hyprelay relay: entered in ${low}"
         "through ${dialect}: ${how}"
    EXPECT booted.hop=1 booted.mode=${top} initrd.intact=true status.status.relay.entered=${low}
           status.status.relay.left=${top} "status.status.relay.climb=${how}"
           status.status.relay.resident=${dialect} vmcore.readable=true vmcore.marker_found=true)
endfunction()
hr_climbs_from_panic(arm stub_3_7 arm-stub-3.7 armmp "${vectors}" ${at})
hr_climbs_from_panic(arm kvm_3_14 arm-kvm-4.8 armmp-lpae "${takeover}" ${at_virtual})
hr_climbs_from_panic(arm64 stub_4_8 arm64-stub-4.8 arm64 "${restart}" ${at})
hr_climbs_from_panic(arm64 kvm_4_12 arm64-kvm-4.12 arm64 "${restart}")
