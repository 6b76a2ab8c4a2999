#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# state.sh NM LIBRARY: every mapping symbol of the library says Thumb code: no A32 instruction, and no
# data, which would depend on the endianness of HYP.
symbols=$("$1" --special-syms "$2") || exit 1
echo "$symbols" | awk '
  $3 == "$t" || $3 ~ /^\$t\./ { thumb++ }
  $3 == "$a" || $3 ~ /^\$a\./ { print "A32 code: " $0; bad = 1 }
  $3 == "$d" || $3 ~ /^\$d\./ { print "data: " $0; bad = 1 }
  END { if (!thumb) { print "no Thumb code"; bad = 1 } exit bad }'
