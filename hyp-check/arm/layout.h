/* SPDX-License-Identifier: BSD-2-Clause */
/* struct Registers (core/arch.hpp): every register of a call, before and after it, in words. */
#ifndef HYP_CHECK_ARM_LAYOUT_H
#define HYP_CHECK_ARM_LAYOUT_H

#define HR_CHECK_NUMBERED 13 /* r0 to r12 */
#define HR_CHECK_R_LR 13
#define HR_CHECK_R_LR_USR 14
#define HR_CHECK_R_SPSR 15
#define HR_CHECK_R_FLAGS 16
#define HR_CHECK_REGISTERS 17

#endif
