/* SPDX-License-Identifier: BSD-2-Clause */
/* What hr_climb_call returns, for assembly and C++. */
#ifndef HANDOFF_RELAY_CLIMB_H
#define HANDOFF_RELAY_CLIMB_H

#define HR_CALL_RETURNED 0  /* the resident answered */
#define HR_CALL_UNDEFINED 1 /* the HVC was an undefined instruction */
#define HR_CALL_AT_TOP 2    /* hr_climb_landing was reached: this is HYP/EL2 */

#endif
