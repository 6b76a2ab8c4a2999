/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel that is about to leave: low memory, and its resident on a page of its own. */
#include "tests/target/residents/layout.h"

ENTRY(hr_resident_start)
PHDRS
{
  all PT_LOAD FLAGS(7);
}
SECTIONS
{
  . = HR_RESIDENT_PROGRAM;
  .text : { KEEP(*(.head)) *(.text.hr_resident_start) } :all
  .resident HR_RESIDENT_VECTORS : { KEEP(*(.text.hr_resident_vectors .text.hr_stub_vectors)) *(.text.hr_resident* .text.hr_stub*) }
  ASSERT(SIZEOF(.resident) <= 0x1000, "the resident needs more than its page")
  .data : ALIGN(4096) { *(.data .data.*) *(.text .text.* .rodata .rodata.*) }
  ASSERT(. <= HR_RESIDENT_NEXT, "the program reaches what its loader writes")
  /DISCARD/ : { *(.comment .note.* .ARM.attributes .ARM.exidx* .eh_frame*) }
}
