/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The relay's image: linked at 0, run anywhere at a multiple of 4 KiB. What the relay's own digest
 * covers comes first, then the baton that the loader fills in, then memory that is not in the file.
 */
ENTRY(hr_relay_header)
PHDRS
{
  image PT_LOAD FLAGS(5);
  scratch PT_LOAD FLAGS(6);
}
SECTIONS
{
  . = 0;
  .text : { KEEP(*(.head)) *(SORT_BY_ALIGNMENT(.text) SORT_BY_ALIGNMENT(.text.*)) } :image
  .rodata : { *(.rodata .rodata.*) }
  .baton : ALIGN(64) { KEEP(*(.baton)) }
  hr_image_end = .;

  .scratch ALIGN(4096) (NOLOAD) : { hr_scratch = .; *(.scratch) . = ALIGN(4096); } :scratch
  hr_memory_end = .;

  /* Position dependence and state in the image would show here. */
  .rel : { *(.rel .rel.* .rela .rela.*) }
  .got : { *(.got .got.* .plt .iplt .igot .igot.*) }
  .data : { *(.data .data.* .bss .bss.* COMMON) }
  .init_array : { *(.preinit_array .init_array .init_array.* .ctors .fini_array .dtors) }
  /DISCARD/ : { *(.comment .ARM.exidx* .ARM.extab* .eh_frame* .note.*) }

  ASSERT(SIZEOF(.rel) == 0, "relay: a dynamic relocation is left")
  ASSERT(SIZEOF(.got) == 0, "relay: something is reached through a global offset table")
  ASSERT(SIZEOF(.data) == 0, "relay: writable data in the image, or a table of pointers")
  ASSERT(SIZEOF(.init_array) == 0, "relay: a constructor that nobody would run")
}
