/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/below/psci/tf_a.S, flat, at 0. */
ENTRY(hr_tf_a_start)
SECTIONS
{
  . = 0;
  .text : { KEEP(*(.text .text.*)) }
  /DISCARD/ : { *(.comment .note.*) }
}
