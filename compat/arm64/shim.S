/* SPDX-License-Identifier: BSD-2-Clause */
/* Giving EL2 back to the stub: compat/hr_shim.h. */
#include "bare/asm.h"

/*
 * hr_shim_reset_vectors: RESET_VECTORS of the common ABI for a hypervisor.
 * In:       EL2, every register the caller's; TPIDR_EL2 = the vectors to put back, physical; ELR_EL2
 *           and SPSR_EL2 as the HVC left them; this code mapped at its physical address.
 * Out:      by ERET to the caller, every register preserved; MMU and caches of EL2 off, its TLBs
 *           invalidated, VBAR_EL2 = the vectors.
 * Clobbers: FAR_EL2.
 */
FUNC hr_shim_reset_vectors
        /*
         * x0 waits in FAR_EL2: TPIDR_EL2, where the stub lets it wait, has the vectors here, and the stack is
         * the hypervisor's. Only an abort to EL2 would write it, and until its value is taken back
         * nothing here accesses memory; what is fetched is mapped where it is physically, by contract.
         */
        msr     far_el2, x0
        mrs     x0, sctlr_el2
        bic     x0, x0, #SCTLR_I
        bic     x0, x0, #SCTLR_M_A_C
        msr     sctlr_el2, x0
        isb
        /* Entries of the hypervisor's translation would outlive it: the MMU of whoever comes next
         * would hit them. */
        tlbi    alle2
        dsb     nsh
        mrs     x0, tpidr_el2
        msr     vbar_el2, x0
        isb
        mrs     x0, far_el2
        eret
END hr_shim_reset_vectors
