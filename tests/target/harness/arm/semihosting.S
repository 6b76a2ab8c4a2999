/* SPDX-License-Identifier: BSD-2-Clause */
/* Semihosting [arm/semihosting], which QEMU serves in every mode but User mode, wherever the code runs. */
#include "bare/asm.h"

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

#ifdef __ARMEB__
/* Semihosting reads its block little endian. */
#define REV(register) rev register, register
#define LITTLE_ENDIAN_EXIT 0x26000200
#else
#define REV(register)
#define LITTLE_ENDIAN_EXIT ADP_STOPPED_APPLICATION_EXIT
#endif

/*
 * void hr_target_write(const char *text)
 * In:       r0 = text, ends with a zero byte.
 * Out:      the text is on QEMU's console.
 * Clobbers: r0, r1.
 */
FUNC hr_target_write, .text.hr_target_write
        mov     r1, r0
        mov     r0, #SYS_WRITE0
        svc     #0x123456
        bx      lr
END hr_target_write

/*
 * [[noreturn]] void hr_target_exit(unsigned code)
 * In:       r0 = exit status of QEMU.
 * Out:      does not return.
 * Clobbers: everything.
 */
FUNC hr_target_exit, .text.hr_target_exit
        ldr     r1, .Lto_exit_block
        add     r1, pc, r1
.Lat_exit:
        REV(r0)
        str     r0, [r1, #4]
        mov     r0, #SYS_EXIT_EXTENDED
        svc     #0x123456
        b       .
.Lto_exit_block:
        .word   .Lexit_block - .Lat_exit - 4
END hr_target_exit

        .section .data.hr_target_exit, "aw", %progbits
        .balign 4
.Lexit_block:
        .word   LITTLE_ENDIAN_EXIT
        .word   0
