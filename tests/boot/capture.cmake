# SPDX-License-Identifier: BSD-2-Clause
# hyprelay capture in the crash kernel of a rehearsal: the log and all of the memory of the kernel that
# panicked.

# To a folder in the crash kernel's own memory, half of which a copy may take.
hr_boot_test(capture.armmp-lpae
  ARGS ${arm} --from @armmp-lpae --to @armmp-lpae --memory 768M --crashkernel 384M --panic --cpus 2
       --capture-run "/hyprelay-rehearse/hyprelay capture --to /crash --format zstd --json"
  EXPECT ok=true kernels.*.initrd_intact=true vmcore.readable=true vmcore.saved_by=hyprelay ${in_hyp}
  SAYS_AFTER "log of the dead kernel saved: /crash/" "{\"complete\":true,\"to\":\"/crash\"")

# To a disk, which the rehearsal opens and others do after it: what their own programs find there is in
# opened.sh.
# hr_opened_test(TEST FLAVOUR DEBIAN-ARCH JUDGE...): what the boot test of that name left.
function(hr_opened_test test flavour debian)
  foreach(judge IN LISTS ARGN)
    set(name boot.opened.${judge}.${test})
    add_test(NAME ${name}
      COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/opened.sh" ${judge} $<TARGET_FILE:hyprelay>
              "${CMAKE_CURRENT_BINARY_DIR}/${test}.disk"
              "${CMAKE_CURRENT_BINARY_DIR}/${test}.console"
              "${HYPRELAY_CACHE}/sysroot/${debian}" ${flavour})
    set_tests_properties(${name} PROPERTIES LABELS boot TIMEOUT 900 FIXTURES_REQUIRED dump.${test})
  endforeach()
  set_tests_properties(boot.${test} PROPERTIES FIXTURES_SETUP dump.${test})
endfunction()

set(to_disk --panic --cpus 2 --panic-cpu 1
    --capture-run "/hyprelay-rehearse/hyprelay capture --to-device /dev/vda --format zstd --json")
set(on_disk ok=true kernels.*.initrd_intact=true vmcore.readable=true vmcore.saved_by=hyprelay
    vmcore.saved.image=vmcore.zst vmcore.saved.opened=true vmcore.saved.marker_found=true
    vmcore.saved.cpu_notes=2)
set(said_on_disk "log of the dead kernel saved: /dev/vda" "{\"complete\":true,\"to\":\"device:/dev/vda\"")
hr_boot_test(capture.armmp
  ARGS ${arm} --from @armmp --to @armmp --memory 640M ${to_disk}
  INITRD_FILE "${CMAKE_CURRENT_BINARY_DIR}/capture.armmp.cpio"
  DISK_FILE "${CMAKE_CURRENT_BINARY_DIR}/capture.armmp.disk" DISK_DRIVER armmp
  EXPECT ${on_disk} ${in_hyp} SAYS_AFTER ${said_on_disk})
hr_boot_test(capture.arm64
  ARGS ${arm64} --memory 1G ${to_disk}
  INITRD_FILE "${CMAKE_CURRENT_BINARY_DIR}/capture.arm64.cpio"
  DISK_FILE "${CMAKE_CURRENT_BINARY_DIR}/capture.arm64.disk" DISK_DRIVER arm64
  EXPECT ${on_disk} ${at_el2} SAYS_AFTER ${said_on_disk})
# crash(8) reads dumps of the machine that it was built for, or of one like it: Debian's for arm64 runs by
# qemu-user, which takes it half a minute.
hr_opened_test(capture.armmp armmp armhf gdb)
hr_opened_test(capture.arm64 arm64 arm64 gdb crash)
