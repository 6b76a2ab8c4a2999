# SPDX-License-Identifier: BSD-2-Clause
# What kernels die of and what they are doing meanwhile: an oops in an interrupt, a soft lockup, the
# second CPU, a disk with requests in flight, a running KVM guest; and the crash kernel panics in its turn.

# hr_panic_module(flavour): the module that makes Debian's kernel die, and the drivers of the disk, where
# the tests of the fixture module_<flavour> find them.
function(hr_panic_module flavour)
  add_test(NAME boot.module.${flavour}
           COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/module/build.sh" "${HYPRELAY_CACHE}" ${flavour}
                   "${CMAKE_CURRENT_BINARY_DIR}/module.${flavour}")
  set_tests_properties(boot.module.${flavour} PROPERTIES LABELS boot TIMEOUT 300
                       FIXTURES_SETUP module_${flavour})
endfunction()
foreach(flavour armmp armmp-lpae arm64)
  hr_panic_module(${flavour})
endforeach()

# The disk has no end of patience: each request takes 20 ms.
set(disk --qemu-arg -blockdev
         --qemu-arg driver=null-co,node-name=disk,size=1073741824,latency-ns=20000000,read-zeroes=on
         --qemu-arg -device --qemu-arg virtio-blk-pci,drive=disk
         --before-panic "/busybox sh /disk.sh busy")
set(disk_says "disk.sh: busy, ")
set(oops --panic-run "/busybox insmod /hr_panic.ko how=oops")
# The first words differ with the fault that the architecture makes of it.
set(oops_says "Internal error: " "write_nowhere")
set(soft_lockup --panic-run "/busybox sh /soft_lockup.sh")
set(soft_lockup_says "Kernel panic - not syncing: softlockup: hung tasks")
set(twice_says "Rebooting in 1 seconds..")

# hr_panic_cause_test(name KERNEL k FORMAT f CPUS n [NOTES n] ARGS ... [EXPECT ...] [SAYS ...] [SAYS_AFTER ...]
#                     [NEVER ...]): NOTES is the number of CPUs that stopped, if not all did.
function(hr_panic_cause_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "KERNEL;FORMAT;CPUS;NOTES" "ARGS;EXPECT;SAYS;SAYS_AFTER;NEVER")
  set(debian armhf)
  set(arch arm)
  set(top ${in_hyp})
  set(own "")
  set(memory 768M)
  if(arg_KERNEL STREQUAL "arm64")
    set(debian arm64)
    set(arch arm64)
    set(memory 1G)
    set(top ${at_el2})
    set(own "${PROJECT_BINARY_DIR}/tools/arm64/tests/boot/guest/kvm_guest=kvm_guest")
  endif()
  if(NOT arg_NOTES)
    set(arg_NOTES ${arg_CPUS})
  endif()
  set(module "${CMAKE_CURRENT_BINARY_DIR}/module.${arg_KERNEL}")
  hr_boot_test(panic.${name}
    ARGS --arch ${arch} --from @${arg_KERNEL} --to @${arg_KERNEL} --panic --cpus ${arg_CPUS} --memory ${memory} ${arg_ARGS}
    INITRD_FILE "${CMAKE_CURRENT_BINARY_DIR}/panic.${name}.cpio" FIXTURE module_${arg_KERNEL}
    ADD "${HYPRELAY_CACHE}/sysroot/${debian}/bin/busybox=busybox" "${module}/hr_panic.ko=hr_panic.ko"
        "${module}/drivers=drivers" "${CMAKE_CURRENT_SOURCE_DIR}/guest/disk.sh=disk.sh"
        "${CMAKE_CURRENT_SOURCE_DIR}/guest/soft_lockup.sh=soft_lockup.sh"
        "${CMAKE_CURRENT_SOURCE_DIR}/guest/deaf_cpu.sh=deaf_cpu.sh" ${own}
    EXPECT ${dumped} ${top} vmcore.format=${arg_FORMAT} vmcore.cpu_notes=${arg_NOTES} ${arg_EXPECT}
    SAYS ${arg_SAYS} SAYS_AFTER ${arg_SAYS_AFTER} NEVER ${arg_NEVER})
endfunction()

# highmem=off: armmp reaches no PCI above 4 GiB.
hr_panic_cause_test(armmp.oops KERNEL armmp FORMAT ELF32 CPUS 2
  ARGS --machine highmem=off --panic-cpu 1 ${disk} ${oops} --panic-twice
  SAYS "${disk_says}" ${oops_says} SAYS_AFTER "${twice_says}"
  EXPECT "panics.1=Kernel panic - not syncing: sysrq triggered crash")
hr_panic_cause_test(lpae.soft_lockup KERNEL armmp-lpae FORMAT ELF32 CPUS 4
  ARGS --panic-cpu 2 ${disk} ${soft_lockup}
  EXPECT "panics.0=${soft_lockup_says}" SAYS "${disk_says}")
hr_panic_cause_test(arm64.gic2.oops KERNEL arm64 FORMAT ELF64 CPUS 4
  ARGS --machine gic-version=2 --panic-cpu 3 ${disk} ${oops} --panic-twice
  SAYS "${disk_says}" ${oops_says} SAYS_AFTER "${twice_says}"
  EXPECT "panics.1=Kernel panic - not syncing: sysrq triggered crash")

# The crash kernel uses the disk through the same ITS, and KVM through the EL2 that it was given. One CPU
# runs in a loop of the dead kernel for ever, and nothing else was ever put on it. (Linux for arm does not
# start a crash kernel then: a BUG_ON in its machine_kexec.)
set(guest_stays "kvm_guest: the guest goes on on CPU")
set(guest_ran "kvm_guest: a guest wrote 1000 times")
hr_panic_cause_test(arm64.its.kvm KERNEL arm64 FORMAT ELF64 CPUS 4 NOTES 3
  ARGS --panic-cpu 1 --append isolcpus=3 ${disk} --before-panic "/kvm_guest --stay 2"
       --before-panic "/busybox sh /deaf_cpu.sh 8"
       --capture-run "/busybox sh /disk.sh read" --capture-run /kvm_guest
  SAYS "${disk_says}" "${guest_stays} 2" "failed to stop secondary CPUs" NEVER "Booted with LPIs enabled"
  SAYS_AFTER "ITS-MSI" "${guest_ran}")
hr_panic_cause_test(arm64.e2h.kvm KERNEL arm64 FORMAT ELF64 CPUS 2
  ARGS --cpu max,pauth-impdef=on --panic-cpu 1 --before-panic "/kvm_guest --stay 0" ${soft_lockup}
       --capture-run /kvm_guest
  EXPECT "panics.0=${soft_lockup_says}" SAYS "${guest_stays} 0"
  SAYS_AFTER "VHE mode initialized successfully" "${guest_ran}")

# Protected KVM does not give EL2 back, and the load says so. (Nor does it let anybody read its own memory: the
# crash kernel dies of the first of those pages.)
hr_boot_test(panic.arm64.protected_kvm EXIT 14
  ARGS ${arm64} --panic --append kvm-arm.mode=protected
  EXPECT ok=false failure.code=REHEARSE_MODE kernels.*.initrd_intact=true relay.entered=EL1 relay.left=EL1
         "kernels.1.load.no_climb=no way up through arm64-pkvm-5.16 is known to be safe"
  SAYS "Protected nVHE mode initialized successfully")
