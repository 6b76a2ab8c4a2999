/* SPDX-License-Identifier: BSD-2-Clause */
/* What tests/below keeps in memory: two stacks, and the words of below.hpp. All of it is in the file. */
#include "bare/asm.h"
#include "tests/below/layout.h"
#include "tests/target/harness/cpu.h"

/* hr_below_expect_undef, hr_below_undefs, hr_below_tree: words, the first two in this order. Data only. */
DATA hr_below_expect_undef, .bss.hr_below, aw, %nobits
        .skip   HR_WORD
        MARK    hr_below_undefs
        .skip   HR_WORD
        MARK    hr_below_tree
        .skip   HR_WORD
END hr_below_expect_undef

/* hr_below_secondary_report: words of layout.h. Data only. */
DATA hr_below_secondary_report, .bss.hr_below_secondary, aw, %nobits
        .skip   8 * HR_WORD
END hr_below_secondary_report

        .section .bss.hr_below_stack, "aw", %nobits
        .balign 16
        .space  2 * HR_BELOW_STACK_SIZE
        MARK    hr_below_stack_end
