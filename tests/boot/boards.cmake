# SPDX-License-Identifier: BSD-2-Clause
# Boards in QEMU, one handoff each: what comes up again, and what is refused in which words (docs/boards.md).
# ./x test boards runs all of them; the ordinary run leaves out those that are IN_CI not, by their label by_name.

# hr_board_test(name BOARD b KERNEL k [IN_CI] ARGS ... EXPECT ... SAYS ... NEVER ... [EXIT n])
function(hr_board_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "IN_CI" "BOARD;KERNEL;EXIT" "ARGS;EXPECT;SAYS;NEVER")
  set(exit "")
  if(arg_EXIT)
    set(exit EXIT ${arg_EXIT})
  endif()
  hr_boot_test(boards.${name} ${exit}
    ARGS --board ${arg_BOARD} --from @${arg_KERNEL} --to @${arg_KERNEL} ${arg_ARGS}
    EXPECT board=${arg_BOARD} ${arg_EXPECT} SAYS ${arg_SAYS} NEVER ${arg_NEVER})
  set(labels boards)
  if(NOT arg_IN_CI)
    list(APPEND labels by_name)
  endif()
  set_tests_properties(boot.boards.${name} PROPERTIES LABELS "${labels}")
endfunction()

set(up ok=true kernels.*.initrd_intact=true relay.segments_verified=4)
# Nothing is loaded, and the board runs on.
set(refused ok=false failure.code=REHEARSE_FAILED failure.guest_exit=12 kernels_started=1)

hr_board_test(orangepi-pc BOARD orangepi-pc KERNEL armmp EXPECT ${up} ${in_hyp} kernels.*.cpus=4)
hr_board_test(xlnx-zcu102 IN_CI BOARD xlnx-zcu102 KERNEL arm64 EXPECT ${up} ${at_el2} kernels.*.cpus=4)
hr_board_test(raspi3b IN_CI BOARD raspi3b KERNEL arm64 EXIT 14
  EXPECT ${refused} kernels.0.mode=EL2 kernels.0.cpus=4
  SAYS "[E412]" "spin-table")
hr_board_test(raspi3b-tfa IN_CI BOARD raspi3b-tfa KERNEL arm64
  EXPECT ${up} ${at_el2} kernels.0.cpus=4 kernels.1.cpus=1)

hr_board_test(raspi3b.nr_cpus BOARD raspi3b KERNEL arm64 ARGS --append nr_cpus=1
  EXPECT ${up} ${at_el2} kernels.*.cpus=1)
hr_board_test(raspi2b BOARD raspi2b KERNEL armmp EXIT 14
  EXPECT ${refused} kernels.0.mode=SVC kernels.0.cpus=4 SAYS "[E412]")
# The CPUs that are left out would poll their mailbox all the time, in QEMU's code.
hr_board_test(raspi2b.nr_cpus BOARD raspi2b KERNEL armmp
  ARGS --append nr_cpus=1 --qemu-arg -global --qemu-arg bcm2836.enabled-cpus=1 --patience 600
  EXPECT ${up} kernels.*.mode=SVC kernels.*.cpus=1)
hr_board_test(sabrelite BOARD sabrelite KERNEL armmp ARGS --patience 600
  EXPECT ${up} kernels.*.mode=SVC kernels.*.cpus=4)
hr_board_test(vexpress-a15 BOARD vexpress-a15 KERNEL armmp EXIT 14
  EXPECT ${refused} kernels.0.mode=HYP kernels.0.cpus=2 SAYS "[E412]")
hr_board_test(vexpress-a15.nr_cpus BOARD vexpress-a15 KERNEL armmp ARGS --append nr_cpus=1
  EXPECT ${up} ${in_hyp} kernels.*.cpus=1)
hr_board_test(mcimx7d-sabre BOARD mcimx7d-sabre KERNEL armmp EXPECT ${up} ${in_hyp} kernels.*.cpus=2)
# Debian 12's QEMU has no raspi4b; need_qemu10 of scripts/fetch.sh fetches one that has.
execute_process(COMMAND dpkg --print-architecture OUTPUT_VARIABLE host OUTPUT_STRIP_TRAILING_WHITESPACE)
set(qemu10 "${HYPRELAY_CACHE}/sysroot/${host}-bookworm-backports/usr/bin/qemu-system-aarch64")
hr_board_test(raspi4b-tfa BOARD raspi4b-tfa KERNEL arm64 ARGS --qemu ${qemu10} --patience 600
  EXPECT ${up} ${at_el2} kernels.0.cpus=4 kernels.1.cpus=1)
# U-Boot's own PSCI starts the CPUs; those that it stops QEMU takes to run on.
hr_board_test(orangepi-pc-u-boot BOARD orangepi-pc-u-boot KERNEL armmp ARGS --patience 600
  EXPECT ${up} ${in_hyp} kernels.0.cpus=4 kernels.1.cpus=1 SAYS "U-Boot SPL 20" "Starting kernel ...")
