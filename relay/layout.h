/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes of the memory behind the relay's image, for assembly and C++. */
#ifndef HANDOFF_RELAY_LAYOUT_H
#define HANDOFF_RELAY_LAYOUT_H

/* Deepest use seen: 1440 bytes (a digest, arm64), and 416 for the report of an exception. */
#define HR_RELAY_STACK_SIZE 0x2000
#define HR_RELAY_EXCEPTION_STACK_SIZE 0x1000
#define HR_RELAY_LOG_SIZE 0x1000
#define HR_RELAY_STATE_SIZE 0x200
/*
 * Translation tables of 4 KiB: one per level above the last for each gigabyte that is touched, and
 * one for each 2 MiB that a segment covers only in part: two per segment at most.
 */
#define HR_RELAY_TABLES 32
#define HR_RELAY_TABLE_SIZE 0x1000

#endif
