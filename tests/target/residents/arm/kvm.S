/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM of 32-bit ARM, of HR_RESIDENT_ERA 3009, 3014 or 4012: the MMU of HYP is on, and the text runs at kernel
 * virtual addresses. A host call is an HVC with VMID 0; its r0 is a function.
 */
#include "tests/target/residents/arm/resident.h"

#define HIGH(symbol) (symbol + HR_RESIDENT_OFFSET)
/* As the kernel's MAIR: 0 strongly ordered, 1 Device, 2 not cacheable, 3 write-back. */
#define KVM_HMAIR 0xff440400
#define KVM_HTCR 0x80803500
/* Access flag, inner shareable, AP[1], attribute 3. */
#define PAGE 0x74f
#define BLOCK 0x74d

/*
 * hr_resident_vectors: the table.
 * In:       Hyp mode at its virtual address; +14: HVC from the host: r0 = a function, r1 to r3 its
 *           arguments; 3014: r0 = -1 gets HVBAR; 4012: r0 < 3 are calls
 * Out:      to the caller, r0 = the result; or 4012, r0 = 1: at Hyp mode at r1, MMU off, r0 = 0
 * Clobbers: r0 to r3, r12
 */
TABLE hr_resident_vectors, 5
        SLOTS
.Lserve:
        push    {r0, r1, r2}
        mrc     HSR(r1)
        lsr     r1, r1, #HSR_EC_SHIFT
        cmp     r1, #0x12                       /* HVC */
        bne     .Lruined                        /* a trap: a guest's, of which there is none */
        mrrc    VTTBR(r0, r2)
        lsr     r2, r2, #16
        ands    r2, r2, #0xff                   /* VMID */
        bne     .Lruined
        pop     {r0, r1, r2}
#if HR_RESIDENT_ERA == 3014
        cmn     r0, #1
        mrceq   HVBAR(r0)
        beq     .Ldone
#elif HR_RESIDENT_ERA == 4012
        cmp     r0, #3
        bhs     .Lcall
        ldr     r12, =.Lhandle_stub_call        /* physical: that page is mapped to itself */
#ifdef __thumb__
        orr     r12, r12, #1
#endif
        bx      r12
.Lcall:
#endif
        push    {lr}
        mov     lr, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
#ifdef __thumb__
        orr     lr, lr, #1
#endif
        blx     lr
        pop     {lr}
.Ldone:
        eret

#if HR_RESIDENT_ERA == 4012
        /* At its physical address. */
.Lhandle_stub_call:
        cmp     r0, #0
        beq     .Lrefuse
        cmp     r0, #1
        bne     .Lreset
        msr     elr_hyp, r1                     /* bit 0 is not looked at */
        mrs     r0, cpsr
        bic     r0, r0, #(PSR_MODE | PSR_T)
#ifdef __thumb__
        orr     r0, r0, #PSR_T                  /* the state of this kernel, not of the function */
#endif
        orr     r0, r0, #PSR_MODE_HYP
        msr     spsr_cxsf, r0
.Lreset:
        mrc     HSCTLR(r0)
        movw    r1, #(SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_I)
        bic     r0, r0, r1
        ldr     r1, =hr_resident_stub
        mcr     HSCTLR(r0)
        mcr     HVBAR(r1)
        mov     r0, #0
        eret
.Lrefuse:
        ldr     r0, =HR_LINUX_STUB_ERROR
        eret
#endif
.Lruined:
        RUINED
        .ltorg
END hr_resident_vectors

/*
 * hr_resident_stub: the kernel's own table, which KVM puts back when it goes.
 * In:       Hyp mode
 * Out:      RUINED: nobody may need it here
 * Clobbers: everything
 */
        .section .text.hr_resident_vectors, "ax", %progbits
        .balign 32
        .globl  hr_resident_stub
        .hidden hr_resident_stub
        .type   hr_resident_stub, HR_TABLE_TYPE
hr_resident_stub:
        .rept   8
        BRANCH_WIDE .Lruined
        .endr
        .size   hr_resident_stub, . - hr_resident_stub

/*
 * hr_resident_enter: KVM's set-up of HYP in two phases.
 * In:       Hyp mode, MMU off, r4 = where to go
 * Out:      at SVC
 * Clobbers: r0 to r3, sp
 */
FUNC hr_resident_enter, .text.hr_resident_vectors
        ldr     r0, =KVM_HMAIR
        mcr     HMAIR0(r0)
        ldr     r0, =KVM_HTCR
        mcr     HTCR(r0)
        ldr     r0, =.Lboot_map
        mov     r1, #0
        mcrr    HTTBR(r0, r1)
        isb
        mcr     TLBIALLH(r1)
        dsb
        isb
        ldr     r0, =(HR_RESIDENT_HSCTLR | SCTLR_M | SCTLR_C | SCTLR_I)
        mcr     HSCTLR(r0)
        isb
        ldr     r0, =HIGH(.Lat_virtual_address)
#ifdef __thumb__
        orr     r0, r0, #1
#endif
        bx      r0
.Lat_virtual_address:
        ldr     r0, =.Lmap
        mcrr    HTTBR(r0, r1)
        isb
        mcr     TLBIALLH(r1)
        dsb
        isb
        ldr     r0, =HIGH(hr_resident_vectors)
        mcr     HVBAR(r0)
        isb
        ldr     r0, =HIGH(.Lstack_end)
        mov     sp, r0
        DROP
        .ltorg
END hr_resident_enter

        .section .data.hr_resident_maps, "aw", %progbits
        .balign 4096
.Lstack:
        .space  4096
.Lstack_end:
        /* Level 2 for the low gigabyte of memory, mapped to itself as one block. */
.Lboot_level2:
        .word   0x40000000 + BLOCK, 0
        .space  4096 - 8
        /* Level 2 and 3 for the page of the text and the page of the stack. */
.Llevel2:
        .word   .Llevel3 + 3, 0
        .space  4096 - 8
.Llevel3:
        .space  8 * ((HR_RESIDENT_VECTORS >> 12) & 0x1ff)
        .word   HR_RESIDENT_VECTORS + PAGE, 0
        .word   .Lstack + PAGE, 0
        .space  4096 - (. - .Llevel3)
#if HR_RESIDENT_ERA == 4012
        /* The page with the handlers of the stub's calls is mapped to itself too. */
.Lself_level2:
        .word   .Lself_level3 + 3, 0
        .space  4096 - 8
.Lself_level3:
        .space  8 * ((HR_RESIDENT_VECTORS >> 12) & 0x1ff)
        .word   HR_RESIDENT_VECTORS + PAGE, 0
        .space  4096 - (. - .Lself_level3)
#endif
.Lboot_map:
        .word   0, 0, .Lboot_level2 + 3, 0, 0, 0, .Llevel2 + 3, 0
.Lmap:
#if HR_RESIDENT_ERA == 4012
        .word   0, 0, .Lself_level2 + 3, 0, 0, 0, .Llevel2 + 3, 0
#else
        .word   0, 0, 0, 0, 0, 0, .Llevel2 + 3, 0
#endif
