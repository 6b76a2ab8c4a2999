/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM without VHE, of HR_RESIDENT_ERA 4012 or 5010: the MMU of EL2 is on, and the text runs at HYP's
 * virtual addresses. Linux's restart and reset are answered at the physical address of their page.
 */
#include "tests/target/residents/arm64/resident.h"

#define HIGH(symbol) (symbol + HR_RESIDENT_OFFSET)
#define KVM_MAIR 0xff440400
/* 39 bits, so that walks begin at level 1; 4 KiB, inner shareable, write-back; RES1 bits. */
#define KVM_TCR (0x80803500 | 25)
/* Access flag, inner shareable, attribute 3; AP[1] is RES1 at EL2. */
#define PAGE 0x74f
#define BLOCK 0x74d

/*
 * hr_resident_vectors: the table.
 * In:       EL2 at its virtual address; +400: HVC from the host: x0 < 3 are Linux's stub calls; 4012:
 *           else x0 is a function, x1 to x3 its arguments; 5010: else it is an SMCCC function
 * Out:      to the caller, x0 = the result; or x0 = 1: at EL2 at x1, MMU off, x0 to x2 from x2 to x4,
 *           but 4012: x0 = 0
 * Clobbers: x0 to x17, x30
 */
TABLE hr_resident_vectors, 11
        SLOTS
.Lserve:
        stp     x0, x1, [sp, #-16]!
        mrs     x1, esr_el2
        lsr     x1, x1, #ESR_EC_SHIFT
        cmp     x1, #ESR_EC_HVC64
        b.ne    .Lruined
        mrs     x1, vttbr_el2
        ubfx    x1, x1, #48, #8                 /* VMID */
        cbnz    x1, .Lruined
        ldp     x0, x1, [sp], #16
        cmp     x0, #3
        b.hs    .Lcall
        ldr     x5, =.Lhandle_stub_call
        br      x5
.Lcall:
#if HR_RESIDENT_ERA == 4012
        stp     x29, x30, [sp, #-16]!
        mov     x30, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        blr     x30
        ldp     x29, x30, [sp], #16
#else
        mov     x0, #-1
#endif
        eret

        /* At its physical address. */
.Lhandle_stub_call:
        cbz     x0, .Lrefuse
        cmp     x0, #1
        b.ne    .Lreset
        msr     elr_el2, x1
        mov     x0, #SPSR_EL2H_MASKED
        msr     spsr_el2, x0
        mov     x0, x2
        mov     x1, x3
        mov     x2, x4
.Lreset:
        mrs     x5, sctlr_el2
        mov     x6, #(SCTLR_M_A_C | SCTLR_I)
        bic     x5, x5, x6
        msr     sctlr_el2, x5
        isb
        ldr     x5, =hr_kvm_stub
        msr     vbar_el2, x5
#if HR_RESIDENT_ERA == 4012
        mov     x0, xzr
#endif
        eret
.Lrefuse:
        ldr     w0, =HR_LINUX_STUB_ERROR
        eret
.Lruined:
        RUINED
        .ltorg
END hr_resident_vectors

/*
 * hr_resident_enter: KVM's set-up of EL2.
 * In:       EL2, MMU off, x19 = where to go
 * Out:      at EL1
 * Clobbers: x0 to x3, sp
 */
FUNC hr_resident_enter, .text.hr_resident_vectors
        ldr     x0, =KVM_MAIR
        msr     mair_el2, x0
        ldr     x0, =KVM_TCR
        msr     tcr_el2, x0
        ldr     x0, =.Lboot_map
        msr     ttbr0_el2, x0
        isb
        tlbi    alle2
        dsb     sy
        isb
        mrs     x0, sctlr_el2
        ldr     x1, =(SCTLR_I | 5)
        orr     x0, x0, x1
        msr     sctlr_el2, x0
        isb
        ldr     x0, =HIGH(.Lat_virtual_address)
        br      x0
.Lat_virtual_address:
        ldr     x0, =.Lmap
        msr     ttbr0_el2, x0
        isb
        tlbi    alle2
        dsb     sy
        isb
        ldr     x0, =HIGH(hr_resident_vectors)
        msr     vbar_el2, x0
        isb
        ldr     x0, =HIGH(.Lstack_end)
        mov     sp, x0
        DROP
        .ltorg
END hr_resident_enter

/*
 * hr_kvm_stub: the kernel's own table, which KVM puts back when it goes.
 * In:       EL2
 * Out:      ends the test: nobody may need it here
 * Clobbers: everything
 */
TABLE hr_kvm_stub, 11
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        b       .
        .endr
        SLOT    0x800
END hr_kvm_stub

        .section .data.hr_resident_maps, "aw", %progbits
        .balign 4096
.Lstack:
        .space  4096
.Lstack_end:
.Lboot_level2:
        .quad   0x40000000 + BLOCK
        .space  4096 - 8
.Llevel2:
        .quad   .Llevel3 + 3
        .space  4096 - 8
.Llevel3:
        .space  8 * ((HR_RESIDENT_VECTORS >> 12) & 0x1ff)
        .quad   HR_RESIDENT_VECTORS + PAGE
        .quad   .Lstack + PAGE
        .space  4096 - (. - .Llevel3)
.Lself_level2:
        .quad   .Lself_level3 + 3
        .space  4096 - 8
.Lself_level3:
        .space  8 * ((HR_RESIDENT_VECTORS >> 12) & 0x1ff)
        .quad   HR_RESIDENT_VECTORS + PAGE
        .space  4096 - (. - .Lself_level3)
.Lboot_map:
        .quad   0, .Lboot_level2 + 3, 0, .Llevel2 + 3
        .space  4096 - (. - .Lboot_map)
.Lmap:
        .quad   0, .Lself_level2 + 3, 0, .Llevel2 + 3
        .space  4096 - (. - .Lmap)
