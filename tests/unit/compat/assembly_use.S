/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers that are for assembly too, as a user's file has them: nothing is defined before. */
#include "compat/hr_hvc.h"
#include "compat/hr_server.h"
#include "stub/hr_stub.h"
#include "abi/hr_abi.h"
        .text
        HR_HVC(HR_XEN_IMMEDIATE)
/*
 * hr_server_foreign: the stub answers immediates of others too.
 * In:       HYP/EL2, registers as at the HVC.
 * Out:      in hr_server_stub.
 * Clobbers: nothing.
 */
        .globl  hr_server_foreign
hr_server_foreign:
        b       hr_server_stub
        .data
        .word   HR_FUNCTION_FAST, HR_FUNCTION_OWNER, HR_SERVER_LEAVES
        .word   HR_STUB_STATE, HR_STUB_ALIGNMENT
        .word   HR_OP_QUERY, HR_BATON_MAGIC, HR_PSCI_CPU_ON, HR_XEN_VERSION
        .section .note.GNU-stack, "", %progbits
