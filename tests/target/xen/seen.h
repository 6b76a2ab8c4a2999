/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the resident of these tests has seen of the last hypercall, for assembly and C++: words of
 * hr_xen_seen.
 */
#ifndef HR_TARGET_XEN_SEEN_H
#define HR_TARGET_XEN_SEEN_H

#define HR_SEEN_ANSWER 0    /* what it shall answer, by the test */
#define HR_SEEN_CALLS 1     /* how many there were */
#define HR_SEEN_IMMEDIATE 2 /* of the HVC */
#define HR_SEEN_PREEMPT 3   /* how often it still sends the caller back to its HVC, by the test */
#define HR_SEEN_REGISTERS 4 /* r0 to r12; x0 to x30 */
#ifdef __arm__
#define HR_SEEN_COUNT 13
#define HR_SEEN_NUMBER 12
#else
#define HR_SEEN_COUNT 31
#define HR_SEEN_NUMBER 16
#endif
#define HR_SEEN_WORDS (HR_SEEN_REGISTERS + HR_SEEN_COUNT)

/* Hypercalls of the test, which Xen does not have: this one and the next five have 0 to 5
 * arguments. */
#define HR_SEEN_TEST_CALL 48

#endif /* HR_TARGET_XEN_SEEN_H */
