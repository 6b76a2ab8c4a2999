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
#include "tests/target/residents/image_end.ld.S"
