/* SPDX-License-Identifier: BSD-2-Clause */
/* struct Registers (core/arch.hpp): every register of a call, before and after it, in words. */
#ifndef HYP_CHECK_ARM64_LAYOUT_H
#define HYP_CHECK_ARM64_LAYOUT_H

#define HR_CHECK_NUMBERED 31 /* x0 to x30 */
#define HR_CHECK_R_SP_EL0 31
#define HR_CHECK_R_ELR 32
#define HR_CHECK_R_SPSR 33
#define HR_CHECK_R_FLAGS 34
#define HR_CHECK_REGISTERS 35

#endif
