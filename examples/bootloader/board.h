/* SPDX-License-Identifier: BSD-2-Clause */
/* The one board of this example: QEMU's virt, arm and arm64. A port changes this file. */
#ifndef BOARD_H
#define BOARD_H

/* Registers of the console, a PL011 that needs no setup here. */
#define BOARD_UART 0x09000000ul
/* Where the kernel was put: QEMU's -device loader stands in for reading it from a disk. */
#define BOARD_KERNEL 0x42000000ul
/* CPUs that PSCI is asked for, by MPIDR 0 and up: one cluster. */
#define BOARD_CPUS 8
/* With virtualization=on QEMU's PSCI answers SMC: HVC is free for a resident. */
#define BOARD_PSCI HR_CONDUIT_SMC

#endif
