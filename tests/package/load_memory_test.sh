#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What is read whole with too little memory for it ends with an error that names the file. No sanitizer runs here,
# so that the memory can be limited.
# Usage: load_memory_test.sh HYPRELAY
set -euo pipefail
hyprelay=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "load_memory: $1"; cat "$work/said"; exit 1; }

# The header of an arm64 Image [linux/Documentation/arch/arm64/booting.rst section 4], and nothing behind it.
{ head -c 56 /dev/zero; printf 'ARM\x64'; head -c 4 /dev/zero; } >"$work/Image"
truncate -s 900M "$work/Image"

# said FILE KIB COMMAND...: with that much address space.
said() {
  local file=$1 kib=$2
  (ulimit -v "$kib"; shift 2; exec "$@") >"$work/said" 2>&1 && fault "it went well with $kib KiB"
  grep -q "file: $file: hyprelay itself got too little memory" "$work/said" || fault "$file is not named"
}
said "$work/Image" 200000 "$hyprelay" crashkernel estimate --kernel "$work/Image"
mkfifo "$work/pipe"
cat "$work/Image" >"$work/pipe" 2>/dev/null &
writer=$!
said "$work/pipe" 200000 "$hyprelay" crashkernel estimate --kernel "$work/pipe"
wait "$writer" || true
echo "load_memory: the file is named"
