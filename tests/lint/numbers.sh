#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when a number of abi/ is written once more outside of it: there it has a name. Looked for are the
# numbers that cannot be anything else: hexadecimal constants of abi/hr_abi.h, ops of abi/op.def and functions
# of abi/smccc.def above 0xff that are no power of two, no size and no version. Comments may say them; tests and examples must, since
# they say it independently. Usage: numbers.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
{
  sed -nE '/(_SIZE|_VERSION|_HEADER_[A-Z_]+|_FEATURE_[A-Z_]+|_ALIGNMENT[A-Z0-9_]*) /!s/^#define (HR_[A-Z0-9_]+) 0x([0-9a-fA-F]+).*/NUMBER \1 \2/p' \
    abi/hr_abi.h
  sed -nE 's/^HR_OP\(([A-Z_]+), 0x([0-9a-fA-F]+).*/NUMBER HR_OP_\1 \2/p' abi/op.def
  sed -nE 's/^HR_FUNCTION\(([A-Z_]+), ([A-Z0-9_]+), 0x([0-9a-fA-F]+).*/NUMBER HR_FID(\1_\2) \3/p' abi/smccc.def
  git ls-files -co --exclude-standard -- '*.c' '*.h' '*.cpp' '*.hpp' '*.S' ':!abi' ':!tests' ':!examples' |
    xargs -r grep -niE "0x[0-9a-f']{3,}" /dev/null || true
} | awk '
  function plain(digits) {
    digits = tolower(digits)
    gsub(/\047/, "", digits)
    sub(/^0+/, "", digits)
    return digits
  }
  $1 == "NUMBER" {
    digits = plain($3)
    if (length(digits) > 2 && digits !~ /^[1248]0*$/) name[digits] = $2
    next
  }
  {
    line = $0
    code = line
    sub(/^[^:]*:[0-9]+:/, "", code)
    if (code ~ /^[ \t]*(\*|\/\*|\/\/)/) next
    sub(/\/\/.*/, "", code)
    gsub(/\/\*.*\*\//, "", code)
    while (match(code, /0[xX][0-9a-fA-F\047]+/)) {
      digits = plain(substr(code, RSTART + 2, RLENGTH - 2))
      before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
      after = substr(code, RSTART + RLENGTH)
      if (digits in name && before !~ /[0-9a-zA-Z_]/ && after !~ /^[g-km-tv-zG-KM-TV-Z_]/) {
        split(line, part, ":")
        print part[1] ":" part[2] ": writes " name[digits] " as a number"
        bad = 1
      }
      code = after
    }
  }
  END { exit bad }'
