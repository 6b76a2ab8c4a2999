/* SPDX-License-Identifier: BSD-2-Clause */
/* The baton's place at the end of the image, and the memory behind the image. */
#include "bare/asm.h"
#include "relay/layout.h"

/* hr_baton_bytes: HR_BATON_SIZE zero bytes that the loader replaces. */
        .section .baton, "a", %progbits
        .globl  hr_baton_bytes
        .hidden hr_baton_bytes
        .type   hr_baton_bytes, %object
hr_baton_bytes:
        .space  HR_BATON_SIZE
        .size   hr_baton_bytes, HR_BATON_SIZE

        RESERVE hr_tables, HR_RELAY_TABLES * HR_RELAY_TABLE_SIZE, 4096
        RESERVE hr_log, HR_RELAY_LOG_SIZE, 4096
        RESERVE hr_state, HR_RELAY_STATE_SIZE, 64
        RESERVE hr_stack, HR_RELAY_STACK_SIZE, 64
        RESERVE hr_exception_stack, HR_RELAY_EXCEPTION_STACK_SIZE, 64
        MARK    hr_exception_stack_end
