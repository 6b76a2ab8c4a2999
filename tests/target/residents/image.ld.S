/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel image that runs wherever it is loaded; below.bin is followed by a table (below.hpp). */
ENTRY(hr_image_start)
PHDRS
{
  all PT_LOAD FLAGS(7);
}
SECTIONS
{
  . = 0;
  .text : { KEEP(*(.head)) *(.text .text.*) } :all
  .rodata : { *(.rodata .rodata.*) }
  /* In the file: below.bin is copied as a whole, stack and all. */
  .stack : ALIGN(64) { BYTE(0) . += 0xfff; . = ALIGN(4096); hr_image_stack = .; }
  hr_image_end = .;
  .rel : { *(.rel .rel.* .rela .rela.*) }
  .got : { *(.got .got.* .plt .iplt .igot .igot.*) }
  .data : { *(.data .data.* .bss .bss.* COMMON) }
  /DISCARD/ : { *(.comment .note.* .ARM.attributes .ARM.exidx* .ARM.extab* .eh_frame*) }
  ASSERT(SIZEOF(.rel) == 0 && SIZEOF(.got) == 0 && SIZEOF(.data) == 0, "the image would need a loader")
}
