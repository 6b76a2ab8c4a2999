/* SPDX-License-Identifier: BSD-2-Clause */
/* Giving HYP back to the stub: compat/hr_shim.h. */
#include "bare/asm.h"

/*
 * hr_shim_reset_vectors: RESET_VECTORS of the common ABI for a hypervisor.
 * In:       Hyp mode, every register the caller's; HTPIDR = the vectors to put back, physical;
 *           ELR_hyp and SPSR_hyp as the HVC left them; this code mapped at its physical address.
 * Out:      by ERET to the caller, every register preserved; MMU and caches of HYP off, its TLBs
 *           invalidated, HVBAR = the vectors.
 * Clobbers: HDFAR.
 */
FUNC hr_shim_reset_vectors
        /*
         * r0 waits in HDFAR: HTPIDR, where the stub lets it wait, has the vectors here, and the stack is
         * the hypervisor's. Only an abort to Hyp mode would write it, and until its value is taken back
         * nothing here accesses memory; what is fetched is mapped where it is physically, by contract.
         */
        mcr     HDFAR(r0)
        mrc     HSCTLR(r0)
        bic     r0, r0, #SCTLR_I
        bic     r0, r0, #SCTLR_M | SCTLR_A | SCTLR_C
        mcr     HSCTLR(r0)
        isb
        /* Entries of the hypervisor's translation would outlive it: the MMU of whoever comes next
         * would hit them. */
        mcr     TLBIALLH(r0)
        dsb
        mrc     HTPIDR(r0)
        mcr     HVBAR(r0)
        isb
        mrc     HDFAR(r0)
        eret
END hr_shim_reset_vectors
