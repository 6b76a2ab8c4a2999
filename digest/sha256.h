/* SPDX-License-Identifier: BSD-2-Clause */
/* How a CPU can compute SHA-256, for assembly and C++: what hr_sha256_kind answers. */
#ifndef HYPRELAY_DIGEST_SHA256_H
#define HYPRELAY_DIGEST_SHA256_H

#define HR_SHA256_PLAIN 0        /* base/sha256.cpp only */
#define HR_SHA256_SIMD 1         /* the message schedule by Advanced SIMD: hr_sha256_simd */
#define HR_SHA256_INSTRUCTIONS 2 /* the CPU's own instructions: hr_sha256_instructions */

#endif
