/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel image that runs wherever it is loaded. */
ENTRY(hr_witness_start)
PHDRS
{
  all PT_LOAD FLAGS(7);
}
SECTIONS
{
  . = 0;
  .text : { KEEP(*(.head)) *(.text .text.*) } :all
  .rodata : { *(.rodata .rodata.*) }
  hr_witness_image_end = .;
  .stack (NOLOAD) : ALIGN(64) { . += 0x1000; hr_witness_stack = .; }
  hr_witness_end = .;
  .rel : { *(.rel .rel.* .rela .rela.*) }
  .got : { *(.got .got.* .plt .iplt .igot .igot.*) }
  .data : { *(.data .data.* .bss .bss.* COMMON) }
  /DISCARD/ : { *(.comment .note.* .ARM.attributes .ARM.exidx* .ARM.extab* .eh_frame*) }
  ASSERT(SIZEOF(.rel) == 0 && SIZEOF(.got) == 0 && SIZEOF(.data) == 0, "the witness would need a loader")
}
