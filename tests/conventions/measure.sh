#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# measure.sh OBJDUMP NM FILE SYMBOL...: for each symbol of an object, archive or kernel a line "SYMBOL BYTES INSTRUCTIONS".
# BYTES is the symbol's size: what it takes in memory, literals included. INSTRUCTIONS are those of the shortest way from the first
# one to one that returns, the return included; an HVC or SMC is one of four bytes in every instruction set. a+b is a function
# that goes on in another one. A symbol that is not there prints "SYMBOL - -".
set -eu
objdump=$1
nm=$2
file=$3
shift 3
for symbols in "$@"; do
  bytes=0
  for symbol in $(echo "$symbols" | tr + ' '); do
    size=$("$nm" -S "$file" 2>/dev/null | awk -v s="$symbol" '$4 == s { print $2; exit }')
    [ -n "$size" ] || { bytes=; break; }
    bytes=$((bytes + 0x$size))
  done
  [ -n "$bytes" ] || { echo "$symbols - -"; continue; }
  for symbol in $(echo "$symbols" | tr + ' '); do
    "$objdump" -d --no-show-raw-insn --disassemble="$symbol" "$file" | awk '/^ *[0-9a-f]+:\t/'
  done | awk -v symbol="$symbols" -v bytes="$bytes" '
    # A branch leads to an address that is written behind its name.
    {
      at = $1
      sub(":", "", at)
      place[at] = ++n
      name[n] = $2
      text[n] = $0
    }
    END {
      steps[1] = 1
      best = 0
      for (round = 0; round < 8; ++round) for (i = 1; i <= n; ++i) {
        if (!steps[i]) continue
        op = name[i]
        sub(/\.[wn]$/, "", op)
        if (op == "ret" || (op == "bx" && text[i] ~ /lr/) || (op ~ /^(pop|ldm|ldmfd|ldr|mov)$/ && text[i] ~ /pc/)) {
          if (!best || steps[i] < best) best = steps[i]
          continue
        }
        if (op ~ /^b(\.?(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le))?$/ || op ~ /^(cbz|cbnz|tbz|tbnz)$/) {
          target = text[i]
          sub(/ *<.*/, "", target)
          sub(/.*[ ,\t]/, "", target)
          t = place[target]
          if (t && (!steps[t] || steps[i] + 1 < steps[t])) steps[t] = steps[i] + 1
          if (op == "b") continue
        }
        if (i < n && (!steps[i + 1] || steps[i] + 1 < steps[i + 1])) steps[i + 1] = steps[i] + 1
      }
      print symbol, bytes, best ? best : "-"
    }'
done
