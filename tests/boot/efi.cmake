# SPDX-License-Identifier: BSD-2-Clause
# Machines that boot by EFI: Debian's kernels through EDK2, with ACPI and with a tree, and through U-Boot. In every
# kernel the firmware's variables are listed and its clock is read, and a disk on PCI is read, whose interrupts the ITS
# brings, or the message frame of a GICv2.

# hr_efi_test(name [KERNEL k] MODE m DESCRIPTION d FIRMWARE f CHIP c [PANIC] ARGS ... [EXPECT ...] [SAYS_AFTER ...]):
# KERNEL: arm64, or armmp; CHIP: who brings the disk's interrupts.
function(hr_efi_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PANIC" "KERNEL;MODE;DESCRIPTION;FIRMWARE;CHIP;DUMP_TOOLS"
                        "ARGS;EXPECT;SAYS;SAYS_AFTER")
  set(flavour arm64)
  set(guest ${arm64})
  if(arg_KERNEL)
    set(flavour ${arg_KERNEL})
    set(guest ${arm} --from @${flavour} --to @${flavour})
  endif()
  # Below HYP/EL2 nobody can say who is there: what else the tests of SVC and EL1 look for.
  set(found ok=true kernels.*.initrd_intact=true relay.segments_verified>3)
  if(arg_MODE MATCHES "^(EL2|HYP)$")
    list(APPEND found relay.resident=none)
  endif()
  if(arg_PANIC)
    list(APPEND arg_ARGS --panic)
    list(APPEND found vmcore.readable=true vmcore.marker_found=true kernels.1.cpus=1
         kernels.1.status.relay.cached=true)
  endif()
  # U-Boot's runtime services have no clock, and on arm no variables: there it must be told that there is EFI at all.
  if(NOT arg_FIRMWARE STREQUAL "u-boot")
    list(APPEND arg_EXPECT kernels.*.efi.time_read=true kernels.*.efi.variables>0)
  elseif(arg_KERNEL)
    list(APPEND arg_EXPECT kernels.*.efi.time_read=false)
  else()
    list(APPEND arg_EXPECT kernels.*.efi.variables>0)
  endif()
  set(tools "")
  if(arg_DUMP_TOOLS)
    set(tools DUMP_TOOLS "${arg_DUMP_TOOLS}")
  endif()
  hr_boot_test(efi.${name}
    ARGS ${guest} --firmware ${arg_FIRMWARE} ${arg_ARGS}
    INITRD_FILE "${CMAKE_CURRENT_BINARY_DIR}/efi.${name}.cpio" ${tools}
    DISK_FILE "${CMAKE_CURRENT_BINARY_DIR}/efi.${name}.disk" DISK_DRIVER ${flavour}
    EXPECT ${found} firmware=${arg_FIRMWARE} kernels.*.mode=${arg_MODE} relay.entered=${arg_MODE}
           relay.left=${arg_MODE} kernels.*.description=${arg_DESCRIPTION}
           kernels.*.disk.read_bytes=1048576 kernels.*.disk.interrupts=${arg_CHIP} ${arg_EXPECT}
    SAYS ${arg_SAYS} SAYS_AFTER ${arg_SAYS_AFTER} NEVER "Booted with LPIs enabled")
  set_tests_properties(boot.efi.${name} PROPERTIES COST 80)
endfunction()

# Every value of description, mode, memory, CPUs and GIC with every other one of them, and with hop and panic: nine
# boots instead of 144.
set(vhe --cpu max,pauth-impdef=on)
hr_efi_test(acpi.chain MODE EL2 DESCRIPTION acpi FIRMWARE edk2 CHIP ITS-MSI
  ARGS --memory 1G --cpus 1 --hops 4 EXPECT kernels.4.hop=4 kernels.4.relay.entered=EL2)
hr_efi_test(tree.gic2.panic MODE EL2 DESCRIPTION tree FIRMWARE edk2 CHIP MSI PANIC
  ARGS --memory 2G --cpus 1 --machine acpi=off,gic-version=2)
# Its dump is read whole, which takes half of the test; no other one of this size is.
hr_efi_test(acpi.12G.panic MODE EL2 DESCRIPTION acpi FIRMWARE edk2 CHIP ITS-MSI PANIC
  ARGS --memory 12G --cpus 4 --crashkernel 512M,high --append crashkernel=128M,low
  EXPECT kernels.1.load.crash.region.start>4294967296 kernels.1.load.crash.region.size_bytes=536870912
         vmcore.read_bytes>12000000000
  SAYS_AFTER "Hyp mode initialized successfully")
hr_efi_test(tree.vhe.panic MODE EL2 DESCRIPTION tree FIRMWARE edk2 CHIP ITS-MSI PANIC
  ARGS --memory 1G --cpus 4 ${vhe} --machine acpi=off SAYS_AFTER "VHE mode initialized successfully")
hr_efi_test(acpi.vhe.gic2 MODE EL2 DESCRIPTION acpi FIRMWARE edk2 CHIP MSI
  ARGS --memory 2G --cpus 1 ${vhe} --machine gic-version=2)
hr_efi_test(u-boot.vhe.12G MODE EL2 DESCRIPTION tree FIRMWARE u-boot CHIP ITS-MSI
  ARGS --memory 12G --cpus 1 ${vhe})
hr_efi_test(acpi.el1.gic2 MODE EL1 DESCRIPTION acpi FIRMWARE edk2 CHIP MSI
  ARGS --memory 1G --cpus 1 --machine virtualization=off,gic-version=2)
# Its dump is what makedumpfile saves, and what crash(8) opens after it.
hr_efi_test(acpi.el1.panic MODE EL1 DESCRIPTION acpi FIRMWARE edk2 CHIP ITS-MSI PANIC DUMP_TOOLS arm64
  ARGS --memory 2G --cpus 4 --machine virtualization=off --panic-cpu 1
       --capture-run "/makedumpfile -c -d 31 /proc/vmcore /dump"
       --capture-run "/hyprelay-rehearse/hyprelay capture --to-device /dev/vda --format zstd"
  EXPECT vmcore.cpu_notes=4 vmcore.saved.opened=true vmcore.saved.marker_found=true)
hr_opened_test(efi.acpi.el1.panic arm64 arm64 crash)
hr_efi_test(tree.el1.12G MODE EL1 DESCRIPTION tree FIRMWARE edk2 CHIP MSI
  ARGS --memory 12G --cpus 4 --machine virtualization=off,acpi=off,gic-version=2)


# arm has trees alone, and the mode is what the firmware's build decides.
hr_efi_test(arm.u-boot KERNEL armmp MODE HYP DESCRIPTION tree FIRMWARE u-boot CHIP MSI
  ARGS --memory 1G --cpus 2 SAYS "EFI stub: Entering in HYP mode with MMU enabled")
hr_efi_test(arm.edk2 KERNEL armmp MODE SVC DESCRIPTION tree FIRMWARE edk2 CHIP MSI
  ARGS --memory 1G --cpus 1 SAYS "EFI stub: Entering in SVC mode with MMU enabled")

set_tests_properties(boot.efi.acpi.12G.panic PROPERTIES COST 100)
set_tests_properties(boot.efi.acpi.chain PROPERTIES COST 500)
