/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* The language of stub/asm.h, and what only the relay says in it. */
#ifndef HANDOFF_RELAY_ASM_H
#define HANDOFF_RELAY_ASM_H

#include "stub/asm.h"
#ifdef __arm__
#include "relay/arm/registers.h"
        .arm
#else
#include "relay/arm64/registers.h"
#endif

        /*
         * MOV32 reg, value: without a literal, which a big-endian kernel's SCTLR.EE would have swapped.
         */
        .macro MOV32 reg, value
#ifdef __arm__
        movw    \reg, #((\value) & 0xffff)
        movt    \reg, #((\value) >> 16)
#else
        movz    \reg, #((\value) & 0xffff)
        movk    \reg, #((\value) >> 16), lsl #16
#endif
        .endm

        /* RESERVE name, bytes, align: zeroed memory behind the image (relay.ld.S). */
        .macro RESERVE name, bytes, align
        .section .scratch, "aw", %nobits
        .balign \align
        .globl  \name
        .hidden \name
        .type   \name, %object
\name:
        .space  \bytes
        .size   \name, \bytes
        .endm

#endif
