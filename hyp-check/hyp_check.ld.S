/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image: linked where QEMU's virt machine runs an ELF, behind the tree that it puts at the start of
 * memory; run anywhere. All memory that it uses is in the file, because not every loader of a zImage
 * keeps the memory behind it free.
 */
ENTRY(hr_check_start_elf)
PHDRS
{
  all PT_LOAD FLAGS(7);
}
SECTIONS
{
  . = 0x40200000;
  .text : { KEEP(*(.head)) *(.text .text.*) } :all
  .rodata : { *(.rodata .rodata.*) }
  .data : ALIGN(64) {
    LONG(0) . = ALIGN(8);
    hr_check_got = .;
    *(.got .got.* .igot .igot.*)
    hr_check_got_end = .;
    *(.bss .bss.* COMMON) . = ALIGN(64);
  }
  hr_check_image_size = . - ADDR(.text);

  /* Position dependence would show here. */
  .rel : { *(.rel .rel.* .rela .rela.*) }
  .plt : { *(.plt .iplt) }
  .pointers : { *(.data .data.*) }
  .init_array : { *(.preinit_array .init_array .init_array.* .ctors .fini_array .dtors) }
  /DISCARD/ : { *(.comment .ARM.attributes .ARM.exidx* .ARM.extab* .eh_frame* .note.*) }

  ASSERT(SIZEOF(.rel) == 0, "hyp-check: a dynamic relocation is left")
  ASSERT(SIZEOF(.plt) == 0, "hyp-check: a function that is not in the image")
  ASSERT(SIZEOF(.pointers) == 0, "hyp-check: initialised data, or a table of pointers")
  ASSERT(SIZEOF(.init_array) == 0, "hyp-check: a constructor that nobody would run")
}
