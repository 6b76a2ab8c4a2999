/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel image that runs wherever it is loaded, and is followed by a table (below.hpp). */
ENTRY(hr_below_start)
PHDRS
{
  all PT_LOAD FLAGS(7);
}
SECTIONS
{
  . = 0;
  .text : { KEEP(*(.head)) *(.text .text.*) } :all
  .rodata : { *(.rodata .rodata.*) }
  /* In the file: the image is copied as a whole, stack and all. */
  .stack : ALIGN(64) { BYTE(0) . += 0xfff; . = ALIGN(4096); hr_below_stack = .; }
  hr_below_table = .;
#include "tests/target/residents/image_end.ld.S"
