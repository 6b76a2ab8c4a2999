/* SPDX-License-Identifier: BSD-2-Clause */
/* Run anywhere: hr_below_header moves the pointers. All memory is in the file, as in hyp-check. */
#include "tests/below/layout.h"

ENTRY(hr_below_header)
PHDRS
{
  all PT_LOAD FLAGS(7);
}
SECTIONS
{
  . = HR_BELOW_LINKED;
  .text : { KEEP(*(.head)) *(.text .text.*) } :all
  .rodata : { *(.rodata .rodata.*) }
  .data : ALIGN(64) {
    LONG(0) . = ALIGN(8);
    hr_below_pointers = .;
    *(.got .got.* .igot .igot.*)
    hr_tests_begin = .;
    KEEP(*(hr_tests))
    hr_tests_end = .;
    hr_below_pointers_end = .;
    . = ALIGN(16);
    *(.data.hr_target_exit)
    *(.bss .bss.* COMMON)
  }
  hr_below_end = .;
  /* To the size that the header says. */
  . = HR_BELOW_LINKED + HR_BELOW_SIZE - 4;
  .fill : { LONG(0) }

  /* Position dependence would show here. */
  .rel : { *(.rel .rel.* .rela .rela.*) }
  .plt : { *(.plt .iplt) }
  .pointers : { *(.data .data.*) }
  .init_array : { *(.preinit_array .init_array .init_array.* .ctors .fini_array .dtors) }
  /DISCARD/ : { *(.comment .ARM.attributes .ARM.exidx* .ARM.extab* .eh_frame* .note.*) }

  ASSERT(hr_below_end <= HR_BELOW_LINKED + HR_BELOW_SIZE - 4, "below: larger than its header says")
  ASSERT(SIZEOF(.rel) == 0, "below: a dynamic relocation is left")
  ASSERT(SIZEOF(.plt) == 0, "below: a function that is not in the image")
  ASSERT(SIZEOF(.pointers) == 0, "below: initialised data, or a table of pointers")
  ASSERT(SIZEOF(.init_array) == 0, "below: a constructor that nobody would run")
}
