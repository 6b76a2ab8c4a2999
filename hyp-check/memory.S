/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_check_stack_end, hr_exception_stack_end: tops of the two stacks. */
#include "bare/asm.h"
#include "hyp-check/layout.h"

        .section .bss.hr_check_stack, "aw", %nobits
        .balign 16
        .space  HR_CHECK_EXCEPTION_STACK_SIZE
        MARK    hr_exception_stack_end
        .space  HR_CHECK_STACK_SIZE
        MARK    hr_check_stack_end
