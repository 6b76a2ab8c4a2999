/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A panic of a program without an OS, told to Hyper-V: what the host writes to its log when a Linux
 * guest panics. arm64 at EL1, either endianness.
 *
 *   if (reporter_begin(my_id) == 0)
 *     "msr vbar_el1, reporter_vectors";
 *
 * From then on the first exception that nobody expects is reported, and reporter_end() is called.
 */
#ifndef REPORTER_H
#define REPORTER_H

/*
 * Says who runs here, and asks whether the host takes a message. guest_id: HR_HYPERV_GUEST_ID() of
 * compat/hr_hyperv.h. Returns 0, or the status with which Hyper-V refused.
 * Only where Hyper-V is known to be (its id in ACPI's FADT): elsewhere an HVC is not harmless.
 */
unsigned long reporter_begin(unsigned long guest_id);

/* For VBAR_EL1: every slot reports. An exception uses 2 KiB of memory here and no stack of yours.
 */
extern const unsigned char reporter_vectors[];

/* What the vectors call; call it yourself for a panic that is no exception. Later ones are not
 * reported: the host would lose the first. Ends in reporter_end(). */
_Noreturn void reporter_panic(unsigned long syndrome, unsigned long pc, unsigned long sp,
                              unsigned long address);

/* Yours: what happens then. A reset by PSCI, or a halt. */
_Noreturn void reporter_end(void);

#endif
