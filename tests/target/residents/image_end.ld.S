/* SPDX-License-Identifier: BSD-2-Clause */
/* How the linker script of an image ends that runs wherever it is loaded. */
  .rel : { *(.rel .rel.* .rela .rela.*) }
  .got : { *(.got .got.* .plt .iplt .igot .igot.*) }
  .data : { *(.data .data.* .bss .bss.* COMMON) }
  /DISCARD/ : { *(.comment .note.* .ARM.attributes .ARM.exidx* .ARM.extab* .eh_frame*) }
  ASSERT(SIZEOF(.rel) == 0 && SIZEOF(.got) == 0 && SIZEOF(.data) == 0, "the image would need a loader")
}
