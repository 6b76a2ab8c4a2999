/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * The resident, A64, as a macro: RESIDENT assembles one whole table of 2 KiB, with the code that
 * serves it in the room between the slots. In it `lock` is 0, 1 (SET_VECTORS is refused) or 3
 * (SOFT_RESTART too). Labels end in \id, which tells the tables apart.
 */
#ifndef HR_STUB_ARM64_PERSONALITIES_H
#define HR_STUB_ARM64_PERSONALITIES_H

#include "stub/arm64/undefined.h"

#ifdef HR_STUB_FULL
#define FEATURES_OF_LIBRARY (HR_FEATURE_IMMEDIATE | HR_FEATURE_LOCK | HR_FEATURE_PERSONALITIES)
#else
#define FEATURES_OF_LIBRARY HR_FEATURE_IMMEDIATE
#endif
#ifdef __AARCH64EB__
#define HR_STUB_FEATURES (FEATURES_OF_LIBRARY | HR_FEATURE_BIG_ENDIAN)
#else
#define HR_STUB_FEATURES FEATURES_OF_LIBRARY
#endif

/* Tables of one state of the lock; the order is that of the numbers, without those of arm. */
#define TABLES_OF_LOCK 5
#define TABLE_SHIFT 11

        /* A slot that nothing should come through: stay in it, so that the PC tells which one. */
        .macro PARK offset
        SLOT \offset
        wfe
        b       . - 4
        .endm

        /*
         * At +400 with an HVC of any kind, or a trap. Falls through with an hvc #0. A rotation brings EC,
         * IL and a zero immediate into reach of an immediate operand.
         */
        .macro ENTER id
        msr     far_el2, x0
        mrs     x0, esr_el2
        ror     w0, w0, #24
        cmp     w0, #ESR_HVC64_TOP
        b.ne    .Ltake_other_\id
        .endm

        /* Sets the vectors to x1, if x0 is `op` and x1 aligned; x0 stays. */
        .macro SET_IF_OP op, otherwise
        tst     x1, #0x7ff
        ccmp    x0, #\op, #0, eq
        b.ne    \otherwise
        msr     vbar_el2, x1
        eret
        .endm

        /* Sets the vectors to `from`, if that is aligned; x0 stays. */
        .macro SET_OR_REFUSE id, lock, from, refuse
        .if \lock
        b       \refuse\()_\id
        .else
        tst     \from, #0x7ff
        b.ne    \refuse\()_\id
        msr     vbar_el2, \from
        eret
        .endif
        .endm

        /*
         * The common ABI; x0 is as the caller left it. The order is that of how soon an op should be done:
         * the restart of a kernel first, then its sets. The flags of the CCMP are `eq` only for SET_VECTORS
         * with an aligned address; a misaligned one is refused where RESET_VECTORS is told from it.
         */
        .macro SERVE_NATIVE id, lock
        cmp     x0, #HR_OP_SOFT_RESTART
        .if \lock & 2
        b.eq    .Lrefuse_\id
        .else
        b.eq    .Lsoft_restart_\id
        .endif
        .if \lock == 0
        SET_IF_OP HR_OP_SET_VECTORS, .Ltake_rest_\id
.Ltake_rest_\id:
        .endif
        cmp     x0, #HR_OP_RESET_VECTORS
        b.hi    .Ltake_unknown_\id
        cbz     x0, .Lget_vectors_\id
        b.ne    .Lrefuse_\id
        eret                            /* RESET_VECTORS: the stub answers, so its table is in place */
.Lget_vectors_\id:
        mrs     x0, vbar_el2
        eret
        .endm

        /* abi/personality_linux.def, in the slot. */
        .macro SERVE_LINUX id, lock
        mrs     x0, far_el2
        cmp     x0, #1
        .if \lock & 2
        b.eq    .Lanswer_error_\id
        .else
        b.eq    .Lsoft_restart_x1_\id
        .endif
        b.hi    .Ltake_above_restart_\id
        SET_OR_REFUSE \id, \lock, x1, .Lanswer_error           /* x0 = 0 already */
.Ltake_above_restart_\id:
        cmp     x0, #2
        b.ne    .Lanswer_error_\id
        mov     x0, #0
        eret
.Lanswer_error_\id:
        movz    w0, #(HR_LINUX_STUB_ERROR & 0xffff)
        movk    w0, #(HR_LINUX_STUB_ERROR >> 16), lsl #16
        eret
        .endm

        /* abi/personality_linux_4_7.def. */
        .macro SERVE_LINUX_4_7 id, lock
        mrs     x0, far_el2
        .if !(\lock & 2)
        cmp     x0, #2
        b.eq    .Lsoft_restart_x1_\id
        .endif
        .if \lock == 0
        SET_IF_OP 1, .Ltake_rest_of_4_7_\id
.Ltake_rest_of_4_7_\id:
        .endif
        cbz     x0, .Lget_vectors_of_4_7_\id
        mov     x0, #HR_LINUX_4_7_ERROR
        eret
.Lget_vectors_of_4_7_\id:
        mrs     x0, vbar_el2
        eret
        .endm

        /* abi/personality_linux_3_8.def. */
        .macro SERVE_LINUX_3_8 id, lock
        mrs     x0, far_el2
        cbz     x0, .Lget_\id
        SET_OR_REFUSE \id, \lock, x0, .Lrefuse
.Lget_\id:
        mrs     x0, vbar_el2
        eret
        .endm

        /*
         * abi/personality_levand.def; hvc #0 is one of its calls. A function of the caller, x0, at its
         * physical address, with x1, x2, x3 as its arguments: by the procedure call standard it keeps
         * x19-x29, and may lose x0-x17; x18 it keeps too. x30 waits in FAR_EL2, which stays as it is
         * while execution stays at EL2 without an abort. The stub has no stack to give: the function has
         * the SP_EL2 that it finds. Under a lock no function of a caller runs here.
         */
        .macro SERVE_LEVAND id, lock
.Lcall_function_\id:
        mrs     x0, far_el2
        .if \lock
        b       .Lrefuse_\id
        .else
        tst     x0, #3
        b.ne    .Lrefuse_\id
        msr     far_el2, x30
        mov     x16, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        blr     x16
        mrs     x30, far_el2
        eret
        .endif
        .endm

        /* Out of the way of .Ltake_other: w0 = ESR, rotated, minus the native immediate. */
        .macro TAKE_LEVAND_IMMEDIATE id, lock
        mrs     x0, esr_el2
        ror     w0, w0, #24
        sub     w0, w0, #ESR_HVC64_TOP
        cmp     w0, #(HR_LEVAND_SET_VECTORS << 8)
        b.eq    .Llevand_set_\id
        cmp     w0, #(HR_LEVAND_GET_VECTORS << 8)
        b.eq    .Llevand_get_\id
        cmp     w0, #(HR_LEVAND_CALL_FUNC << 8)
        b.eq    .Lcall_function_\id
        b       .Ltake_foreign_\id
.Llevand_get_\id:
        mrs     x0, vbar_el2
        eret
.Llevand_set_\id:
        mrs     x0, far_el2
        SET_OR_REFUSE \id, \lock, x0, .Lrefuse
        .endm

        /*
         * SOFT_RESTART. The ERET leaves the register of the target address, and with it every register,
         * free. SCTLR_EL2 is as the installer wrote it, since nothing here writes it and who had EL2 gives
         * it back so (RESET_VECTORS, compat/hr_shim.h).
         */
        .macro RESTART id, target, first, second, third
        tst     \target, #0x3
        b.ne    .Lrefuse_\id
        msr     elr_el2, \target
        mov     x0, #SPSR_EL2H_MASKED
        msr     spsr_el2, x0
        mov     x0, \first
        mov     x1, \second
        mov     x2, \third
        .endm

        /*
         * An op that is none of 0 to 3: QUERY and the other extensions, or nobody's. What does not share
         * the upper bits of the extensions is refused at once.
         */
        .macro SERVE_EXTENSION id, index, number, lock
.Ltake_unknown_\id:
        lsr     x0, x0, #20
        cmp     x0, #(HR_OP_QUERY >> 20)
        b.eq    .Ltake_extension_\id
        mov     x0, #-1
        eret
.Ltake_extension_\id:
        mrs     x0, far_el2
        sub     x0, x0, #(HR_OP_QUERY & 0xfff)
        sub     x0, x0, #(HR_OP_QUERY & 0xfff000)
        ror     x0, x0, #24
        cmp     x0, #(HR_OP_QUERY >> 24)
#ifdef HR_STUB_FULL
        b.ne    .Ltake_change_\id
#else
        b.ne    .Lrefuse_\id
#endif
        movz    w0, #(HR_QUERY_MAGIC & 0xffff)
        movk    w0, #(HR_QUERY_MAGIC >> 16), lsl #16
        mov     x1, #HR_ABI_VERSION
        mov     x2, #(HR_STUB_FEATURES | \lock * HR_FEATURE_SET_LOCKED)
        mov     x3, #\number
        eret
        .endm

        /* LOCK and SET_PERSONALITY; x0 is the op less QUERY, rotated: its low bits are bits 63:40. */
        .macro SERVE_CHANGE id, index, lock
.Ltake_change_\id:
        sub     x0, x0, #(HR_OP_QUERY >> 24)
        ror     x0, x0, #40
        cmp     x0, #(HR_OP_LOCK - HR_OP_QUERY)
        b.eq    .Llock_\id
        .if \lock
        b       .Lrefuse_\id
        .else
        cmp     x0, #(HR_OP_SET_PERSONALITY - HR_OP_QUERY)
        b.ne    .Lrefuse_\id
        b       .Lset_personality_\id
        .endif
.Llock_\id:
        cmp     x1, #HR_LOCK_RESTART
        b.hi    .Lrefuse_\id
        .if \lock == 0
        adr     x0, hr_stub_vectors + ((TABLES_OF_LOCK + \index) << TABLE_SHIFT)
        .endif
        .if \lock < 3
        cbz     x1, .Llock_set_\id
        adr     x0, hr_stub_vectors + ((2 * TABLES_OF_LOCK + \index) << TABLE_SHIFT)
        .else
        mrs     x0, vbar_el2
        .endif
        .if \lock == 1
        msr     vbar_el2, x0
.Llock_set_\id:
        .else
.Llock_set_\id:
        msr     vbar_el2, x0
        .endif
        movz    w0, #(HR_OP_LOCK & 0xffff)
        movk    w0, #(HR_OP_LOCK >> 16), lsl #16
        eret
        .endm

        .macro SERVE_SET_PERSONALITY id
.Lset_personality_\id:
        /* 0 and 1 are both architectures', 2 and 3 are arm's, 4 to 6 follow 1 in the row of tables. */
        adr     x0, hr_stub_vectors
        cmp     x1, #HR_PERSONALITY_LINUX
        b.ls    .Lset_table_\id
        cmp     x1, #HR_PERSONALITY_LINUX_3_8
        b.lo    .Lrefuse_\id
        cmp     x1, #HR_PERSONALITY_LEVAND
        b.hi    .Lrefuse_\id
        sub     x0, x0, #((HR_PERSONALITY_LINUX_3_8 - HR_PERSONALITY_LINUX - 1) << TABLE_SHIFT)
.Lset_table_\id:
        add     x0, x0, x1, lsl #TABLE_SHIFT
        msr     vbar_el2, x0
        movz    w0, #(HR_OP_SET_PERSONALITY & 0xffff)
        movk    w0, #(HR_OP_SET_PERSONALITY >> 16), lsl #16
        eret
        .endm

        /* Not hvc #0: the other immediate, a foreign one, or no HVC at all. w0 = ESR, rotated:
         * an HVC has 0x00iiii5a here. */
        .macro TAKE_OTHER id, number
.Ltake_other_\id:
        sub     w0, w0, #((HR_HVC_IMMEDIATE & 0xfff0) << 8)
        cmp     w0, #((HR_HVC_IMMEDIATE & 0xf) << 8 | ESR_HVC64_TOP)
        b.eq    .Ltake_native_\id
        .if \number == HR_PERSONALITY_LEVAND
        b       .Ltake_levand_\id
        .endif
.Ltake_foreign_\id:
        mrs     x0, esr_el2
        ubfx    x0, x0, #ESR_EC_SHIFT, #6
        cmp     x0, #ESR_EC_HVC64
        b.ne    .Linject_undefined_\id
.Lrefuse_\id:
        mov     x0, #-1
        eret
        .endm

        /* One table: its place in the row, the personality's number, the lock. */
        .macro RESIDENT id, index, number, lock
        .set    .Ltable, hr_stub_vectors + (((\lock + 1) / 2) * TABLES_OF_LOCK + \index) * 0x800
PARK 0x000
PARK 0x080
PARK 0x100
PARK 0x180
        .if \number == HR_PERSONALITY_LEVAND
.Ltake_levand_\id:
        TAKE_LEVAND_IMMEDIATE \id, \lock
        .endif
PARK 0x200
#ifdef HR_STUB_FULL
        SERVE_CHANGE \id, \index, \lock
#endif
PARK 0x280
#ifdef HR_STUB_FULL
        .if \lock == 0
        SERVE_SET_PERSONALITY \id
        .endif
#endif
PARK 0x300
        .if \number != HR_PERSONALITY_COMMON
.Ltake_native_\id:
        mrs     x0, far_el2
        SERVE_NATIVE \id, \lock
        .endif
PARK 0x380
        .if (\number == HR_PERSONALITY_LINUX || \number == HR_PERSONALITY_LINUX_4_7) && !(\lock & 2)
.Lsoft_restart_x1_\id:
        RESTART \id, x1, x2, x3, x4
        eret
        .endif
SLOT 0x400
        ENTER   \id
        .if \number == HR_PERSONALITY_COMMON
.Ltake_native_\id:
        mrs     x0, far_el2
        SERVE_NATIVE \id, \lock
        .elseif \number == HR_PERSONALITY_LINUX
        SERVE_LINUX \id, \lock
        .elseif \number == HR_PERSONALITY_LINUX_3_8
        SERVE_LINUX_3_8 \id, \lock
        .elseif \number == HR_PERSONALITY_LINUX_4_7
        SERVE_LINUX_4_7 \id, \lock
        .else
        SERVE_LEVAND \id, \lock
        .endif
PARK 0x480
        .if !(\lock & 2)
.Lsoft_restart_\id:
        RESTART \id, x3, x1, x2, xzr
        mov     x3, xzr
        eret
        .endif
PARK 0x500
        SERVE_EXTENSION \id, \index, \number, \lock
PARK 0x580
        TAKE_OTHER \id, \number
SLOT 0x600
        msr     far_el2, x0
        INJECT_UNDEFINED \id
PARK 0x700
PARK 0x780
SLOT 0x800
        .endm

#endif /* HR_STUB_ARM64_PERSONALITIES_H */
