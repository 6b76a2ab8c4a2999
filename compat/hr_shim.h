/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_shim.h: answering the common ABI's RESET_VECTORS from a hypervisor that took HYP/EL2 over with
 * SET_VECTORS. The stub that was there before cannot: its vectors are not in place.
 *
 * Environment: Hyp mode or EL2 with its MMU on or off, the shim's code mapped at its physical
 * address (it turns the MMU off under its own feet), exceptions masked. It uses no stack and no
 * memory.
 *
 * Use: keep what GET_VECTORS answered before SET_VECTORS. In the handler of an HVC from below, when
 * r0 (x0) is HR_OP_RESET_VECTORS:
 *
 *   1. Give back what else is yours: second-stage translation, traps, timers, interrupts. Clean
 *      from the data cache what has to outlive you.
 *      MAIR_EL2 as you found it: hr_stub_full keeps personality and lock there (docs/stub.md).
 *   2. Put the kept address into HTPIDR (TPIDR_EL2), and restore every general register of the
 *      caller. ELR_hyp and SPSR_hyp are as the HVC left them.
 *   3. Branch to hr_shim_reset_vectors.
 */
#ifndef HR_COMPAT_HR_SHIM_H
#define HR_COMPAT_HR_SHIM_H

#ifdef __cplusplus
extern "C" {
#endif

/* No C function: see above. In assembly: b hr_shim_reset_vectors. */
extern const unsigned char hr_shim_reset_vectors[];

#ifdef __cplusplus
}
#endif

#endif /* HR_COMPAT_HR_SHIM_H */
