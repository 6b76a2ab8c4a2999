/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "relay/layout.h"

/*
 * hr_relay_header: the image's header (HR_RELAY_HEADER_*), and its entry.
 * In:       nothing but the PC: ARM state, 4 KiB aligned image, HYP or a PL1 mode, MMU and
 *           D-cache off
 * Out:      does not return; hr_relay_main(image, mode, counter)
 * Clobbers: everything, and the memory behind the image
 */
FUNC hr_relay_header, .head
        b       .Lenter
        .word   HR_RELAY_MAGIC
        .word   HR_BATON_VERSION
        .word   hr_image_end
        .word   hr_baton_bytes
        .word   hr_memory_end
        .word   32
        .word   hr_log
.Lenter:
        cpsid   aif
        mrs     r0, cpsr
        tst     r0, #PSR_E
        beq     .Llittle_endian
        setend  le                              /* the kernel before was big endian */
.Llittle_endian:
        adr     r4, hr_relay_header             /* r4 := image */
        mov     r6, #0                          /* r6:r7 := counter */
        mov     r7, #0
        ldr     r1, =hr_vectors
        add     r1, r1, r4                      /* r1 := vectors: linked at 0 */
        isb
        mrs     r0, cpsr
        and     r0, r0, #PSR_MODE
        cmp     r0, #PSR_MODE_HYP
        beq     .Lenter_hyp

        mov     r5, #HR_MODE_SVC                /* r5 := mode */
        cps     #PSR_MODE_SVC
        MOV32   r0, SCTLR_OFF
        mcr     SCTLR(r0)
        isb
        mcr     ICIALLU(r0)
        mcr     BPIALL(r0)
        dsb
        isb
        orr     r0, r0, #SCTLR_I
        mcr     SCTLR(r0)
        mcr     VBAR(r1)
        isb
        b       .Lhave_mode

.Lenter_hyp:
        mov     r5, #HR_MODE_HYP
        MOV32   r0, HSCTLR_OFF
        mcr     HSCTLR(r0)
        isb
        mcr     ICIALLU(r0)
        mcr     BPIALL(r0)
        dsb
        isb
        /* Instruction fetches may be cached with the MMU off: without it every one goes to memory. */
        orr     r0, r0, #SCTLR_I
        mcr     HSCTLR(r0)
        mcr     HVBAR(r1)
        isb

.Lhave_mode:
        bl      hr_counter
        mov     r6, r0
        mov     r7, r1

        /*
         * Lines of this memory may still be cached from its last owner: they must be gone before
         * the first write past the caches, or they could be written back over it.
         */
        ldr     r8, =hr_memory_end
        mov     r0, r4
        mov     r1, r8
        bl      hr_cache_flush
        ldr     r0, =hr_scratch
        add     r0, r0, r4
        add     r8, r8, r4
        mov     r3, #0
        mov     r2, #0
.Lzero_scratch:
        strd    r2, r3, [r0], #8
        cmp     r0, r8
        blo     .Lzero_scratch

        ldr     r0, =hr_stack + HR_RELAY_STACK_SIZE
        add     sp, r0, r4
        mov     r0, r4
        mov     r1, r5
        mov     r2, r6
        mov     r3, r7
        mov     r11, #0
        mov     lr, #0
        b       hr_relay_main
        .ltorg
END hr_relay_header
