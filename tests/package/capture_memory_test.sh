#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# hyprelay capture with every amount of memory from what the system needs to start it up to plenty, of an
# image whose log would be a gigabyte if it were believed. Somewhere in between, each of its allocations is the
# one that fails. What comes after the dump is a shell, which says that it was reached.
# Usage: capture_memory_test.sh NEWLINE_CORE HYPRELAY
set -euo pipefail
make_core=$1 hyprelay=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "capture_memory: $1"; cat "$work/said"; exit 1; }
"$make_core" >"$work/core"
: >"$work/conf"

# capture KIB OPTION...: with that much address space. Makedumpfile is another program, and has limits of its own.
capture() {
  rm -rf "$work/out"
  (
    ulimit -v "$1"
    echo 'echo it is "over"' |
      exec "$hyprelay" capture --config "$work/conf" --vmcore "$work/core" --to "$work/out" --format zstd --after shell "${@:2}"
  ) >"$work/said" 2>&1 || true
}
# The image is there, whole.
saved() {
  local folder=$work/out/19700102T000000Z-6.1.0-test
  if [ -e "$folder/vmcore.zst" ]; then
    zstd -q -d -c "$folder/vmcore.zst" | cmp -s - "$work/core"
  else
    [ -e "$folder/vmcore" ] && cmp -s "$folder/vmcore" "$work/core"
  fi
}

dumps=0 alone=0
for ((kib = 6 << 10; kib <= 24 << 10; kib += 256)); do
  capture $kib
  if ! grep -q 'memory image of' "$work/said"; then
    ((dumps == 0)) || fault "with $kib KiB it says nothing, with less it did"
    continue
  fi
  grep -q 'it is over' "$work/said" || fault "with $kib KiB what comes after was not reached"
  if saved; then
    dumps=$((dumps + 1))
    compgen -G "$work/out/*/dmesg.txt" >/dev/null || alone=$((alone + 1))
  elif ((dumps != 0)); then
    fault "with $kib KiB there is no dump, with less there was one"
  fi
done
echo "$dumps dumps, $alone of them without the log"
((dumps > 30 && alone > 0)) || fault "too few dumps for so much memory, or none where the log was too much"
log=$(echo "$work"/out/*/dmesg.txt)
(($(stat -c %s "$log") < 1200000)) || fault "the log is larger than its ring allows"
tail -n 1 "$log" | grep -qx 'hyprelay: the log is damaged behind this line' || fault "the log does not say that it is damaged"
