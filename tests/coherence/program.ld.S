/* SPDX-License-Identifier: BSD-2-Clause */
/* Where QEMU's virt machine has memory. */
ENTRY(test_start)

PHDRS
{
        code PT_LOAD FLAGS(5);
        data PT_LOAD FLAGS(6);
}

SECTIONS
{
        . = 0x40080000;
        .text : { KEEP(*(.text.test_start)) KEEP(*(.text.*)) } : code
        .rodata : {
                *(.rodata)
                test_cases = .;
                KEEP(*(.cases))
                test_cases_end = .;
        }
        .bss (NOLOAD) : ALIGN(4096) { *(.bss.*) } : data
        /DISCARD/ : { *(.comment .note.* .ARM.attributes .ARM.exidx* .eh_frame*) }
}
