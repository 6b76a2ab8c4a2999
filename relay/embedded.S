/* SPDX-License-Identifier: BSD-2-Clause */
        .section .rodata
        .balign 8
/*
 * hr_relay_arm, hr_relay_arm_end, hr_relay_arm64, hr_relay_arm64_end: data, the bytes of relay.bin as
 * the images stages built it. HR_RELAY_ARM and HR_RELAY_ARM64 are their paths.
 */
        .globl  hr_relay_arm, hr_relay_arm_end, hr_relay_arm64, hr_relay_arm64_end
hr_relay_arm:
        .incbin HR_RELAY_ARM
hr_relay_arm_end:
        .balign 8
hr_relay_arm64:
        .incbin HR_RELAY_ARM64
hr_relay_arm64_end:
        .section .note.GNU-stack, "", %progbits
