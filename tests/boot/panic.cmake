# SPDX-License-Identifier: BSD-2-Clause
# The running kernel panics, and the crash kernel comes up at HYP/EL2 with its initrd intact and
# reads all of the memory of the one that died.
set(dumped ok=true kernels.*.initrd_intact=true relay.resident=none relay.segments_verified=5
    vmcore.readable=true vmcore.marker_found=true kernels.1.cpus=1 kernels.1.status.relay.cached=true)

# hr_panic_test(name ARCH a KERNEL k [CRASH_KERNEL k] FORMAT f [MEMORY m] [CPUS n] [MAKEDUMPFILE]
#               [ARGS ...] [EXPECT ...] [SAYS_AFTER ...])
# With MAKEDUMPFILE Debian's readelf and makedumpfile read and save the dump, and the dead kernel's last words are
# looked for and printed, which nobody may take for the crash kernel's own.
function(hr_panic_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MAKEDUMPFILE" "ARCH;KERNEL;CRASH_KERNEL;FORMAT;MEMORY;CPUS" "ARGS;EXPECT;SAYS_AFTER")
  set(more "")
  if(arg_MAKEDUMPFILE)
    if(arg_ARCH STREQUAL "arm")
      set(debian armhf)
    else()
      set(debian arm64)
    endif()
    set(more INITRD_FILE "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpio" DUMP_TOOLS ${debian})
    list(APPEND arg_ARGS
         --capture-run "/readelf -hlW /proc/vmcore"
         --capture-run "/makedumpfile --dump-dmesg /proc/vmcore /dmesg"
         --capture-run "/busybox grep Kernel.panic.-.not.syncing:.sysrq.triggered.crash /dmesg"
         --capture-run "/makedumpfile -c -d 31 /proc/vmcore /dump")
    list(APPEND arg_EXPECT vmcore.saved_by=makedumpfile)
    list(APPEND arg_SAYS_AFTER "CORE (Core file)")
  endif()
  if(arg_ARCH STREQUAL "arm")
    list(APPEND arg_EXPECT ${in_hyp})
  else()
    list(APPEND arg_EXPECT ${at_el2})
  endif()
  if(NOT arg_CRASH_KERNEL)
    set(arg_CRASH_KERNEL ${arg_KERNEL})
  endif()
  hr_boot_test(panic.${name} RELEASES
    ARGS --arch ${arg_ARCH} --from @${arg_KERNEL} --to @${arg_CRASH_KERNEL} --panic
         --memory ${arg_MEMORY} --cpus ${arg_CPUS} ${arg_ARGS}
    ${more}
    EXPECT ${dumped} ${arg_EXPECT} vmcore.format=${arg_FORMAT} vmcore.cpu_notes=${arg_CPUS}
    SAYS_AFTER ${arg_SAYS_AFTER})
endfunction()

# makedumpfile 1.7.2 cannot read the dump of a kernel with LPAE ("Can't get the kernel version"): it is
# only read here.
foreach(cpus 1 4)
  hr_panic_test(lpae.smp${cpus} ARCH arm KERNEL armmp-lpae FORMAT ELF32 MEMORY 1G CPUS ${cpus})
endforeach()
hr_panic_test(armmp.smp1 ARCH arm KERNEL armmp FORMAT ELF32 MEMORY 768M CPUS 1 MAKEDUMPFILE)
# Of another suite is the crash kernel here, and the one that dies there.
hr_panic_test(armmp.smp4 ARCH arm KERNEL armmp CRASH_KERNEL trixie/armmp FORMAT ELF32 MEMORY 1G CPUS 4)
hr_panic_test(arm64.a57.smp1 ARCH arm64 KERNEL arm64 FORMAT ELF64 MEMORY 1G CPUS 1 MAKEDUMPFILE)
hr_panic_test(arm64.a57.smp4 ARCH arm64 KERNEL trixie/arm64 CRASH_KERNEL arm64 FORMAT ELF64 MEMORY 1G CPUS 4)
hr_panic_test(lpae.3072M ARCH arm KERNEL armmp-lpae FORMAT ELF32 MEMORY 3072M CPUS 2)

# The panic comes from a CPU that is not the one the kernel was booted on.
hr_panic_test(armmp.cpu1 ARCH arm KERNEL bullseye/armmp CRASH_KERNEL armmp FORMAT ELF32 MEMORY 1G CPUS 2 ARGS --panic-cpu 1)
hr_panic_test(arm64.cpu1 ARCH arm64 KERNEL arm64 CRASH_KERNEL bullseye/arm64 FORMAT ELF64 MEMORY 1G CPUS 2 ARGS --panic-cpu 1)

# A flipped bit is found in the crash path too, and nothing boots.
foreach(segment kernel initrd)
  hr_boot_test(panic.flipped.${segment} EXIT 13
    ARGS ${arm64} --cpus 1 --panic --corrupt ${segment}
    EXPECT ok=false failure.code=RELAY_DIGEST kernels_started=1
    SAYS "hyprelay relay: E501 segment ${segment} at" NEVER "starting next kernel")
endforeach()

# Without memory for a crash kernel, or with too little, the load says so before anything happens.
hr_boot_test(panic.no_region EXIT 14
  ARGS ${arm64} --cpus 1 --panic --crashkernel 0
  EXPECT ok=false failure.code=REHEARSE_FAILED failure.guest_exit=7 kernels_started=1
  SAYS "has reserved no memory for a crash kernel")
hr_boot_test(panic.small_region EXIT 14
  ARGS ${arm64} --cpus 1 --panic --crashkernel 64M
  EXPECT ok=false failure.code=REHEARSE_FAILED failure.guest_exit=7 kernels_started=1
  SAYS "64 MiB at" "MiB needed")
