/* SPDX-License-Identifier: BSD-2-Clause */
/* Semihosting [arm/semihosting], which QEMU serves at every level but EL0, wherever the code runs. */
#include "bare/asm.h"

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

#ifdef __AARCH64EB__
/* Semihosting reads its block little endian. */
#define REV(register) rev register, register
#define LITTLE_ENDIAN_EXIT 0x2600020000000000
#else
#define REV(register)
#define LITTLE_ENDIAN_EXIT ADP_STOPPED_APPLICATION_EXIT
#endif

/*
 * void hr_target_write(const char *text)
 * In:       x0 = text, ends with a zero byte.
 * Out:      the text is on QEMU's console.
 * Clobbers: x0, x1.
 */
FUNC hr_target_write, .text.hr_target_write
        mov     x1, x0
        mov     w0, #SYS_WRITE0
        hlt     #0xf000
        ret
END hr_target_write

/*
 * [[noreturn]] void hr_target_exit(unsigned long code)
 * In:       x0 = exit status of QEMU.
 * Out:      does not return.
 * Clobbers: everything.
 */
FUNC hr_target_exit, .text.hr_target_exit
        adrp    x1, .Lexit_block
        add     x1, x1, :lo12:.Lexit_block
        REV(x0)
        str     x0, [x1, #8]
        mov     w0, #SYS_EXIT_EXTENDED
        hlt     #0xf000
        b       .
END hr_target_exit

        .section .data.hr_target_exit, "aw", %progbits
        .balign 8
.Lexit_block:
        .quad   LITTLE_ENDIAN_EXIT
        .quad   0
