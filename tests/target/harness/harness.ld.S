/* SPDX-License-Identifier: BSD-2-Clause */
/* Where QEMU's virt machine has memory, and where a kernel would be loaded. */
#include "tests/target/harness/cpu.h"

ENTRY(hr_target_start)

PHDRS
{
        code PT_LOAD FLAGS(5);
        data PT_LOAD FLAGS(6);
}

SECTIONS
{
#ifdef __arm__
        . = 0x40010000;
#else
        . = 0x40080000;
#endif
        .text : { *(.text .text.*) } : code
        .rodata : { *(.rodata .rodata.*) }
        .tests : ALIGN(8) {
                hr_tests_begin = .;
                KEEP(*(hr_tests))
                hr_tests_end = .;
        }
        .data : ALIGN(16) { *(.data .data.*) } : data
        .bss (NOLOAD) : ALIGN(16) {
                hr_target_bss_begin = .;
                *(.bss .bss.*)
                . = ALIGN(16);
                hr_target_bss_end = .;
        }
        .stacks (NOLOAD) : ALIGN(4096) {
                hr_target_stacks = .;
                . += HR_TARGET_CPUS_MAX * 2 * HR_TARGET_STACK_SIZE;
        }
        hr_target_end = .;
        /DISCARD/ : { *(.comment .note.* .ARM.attributes .ARM.exidx* .eh_frame*) }
        .init_array : { *(.init_array .init_array.*) }
}

ASSERT(SIZEOF(.init_array) == 0, "nobody runs constructors here: make the object constinit")
