/* SPDX-License-Identifier: BSD-2-Clause */
        .section .rodata
        .balign 8
/*
 * hr_hyp_check_arm_bin, hr_hyp_check_arm_elf, hr_hyp_check_arm64_bin, hr_hyp_check_arm64_elf, each with its _end: data, the
 * bytes of the program as the images stages built it. HR_HYP_CHECK_* are the paths.
 */
        .macro EMBED name, path
        .globl  \name, \name\()_end
\name:
        .incbin "\path"
\name\()_end:
        .balign 8
        .endm

        EMBED   hr_hyp_check_arm_bin, HR_HYP_CHECK_ARM_BIN
        EMBED   hr_hyp_check_arm_elf, HR_HYP_CHECK_ARM_ELF
        EMBED   hr_hyp_check_arm64_bin, HR_HYP_CHECK_ARM64_BIN
        EMBED   hr_hyp_check_arm64_elf, HR_HYP_CHECK_ARM64_ELF
        .section .note.GNU-stack, "", %progbits
