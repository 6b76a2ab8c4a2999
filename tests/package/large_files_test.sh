#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The 32-bit program and files that it cannot hold: refused by their size, never planned from a part
# of them. Usage: large_files_test.sh ARMHF-HYPRELAY BOOT-FOLDER MACHINE.json
set -eu
program=$1
kernel=$(find "$2" -name 'vmlinuz-*-armmp' | head -n 1)
machine=$3
command -v qemu-arm >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 4 GiB and 5 MB begins with a kernel of 5 MB, as 32 bits would have it.
dd if="$kernel" of="$work/kernel" bs=1M count=5 2>/dev/null
for size in 3221225472 4300210176; do
  truncate -s "$size" "$work/kernel"
  cp "$kernel" "$work/good"
  for words in "$work/kernel" "$work/good --initrd $work/kernel" "$work/good --dtb $work/kernel"; do
    code=0
    # shellcheck disable=SC2086 # words are several
    qemu-arm "$program" plan $words --machine "$machine" >"$work/out" 2>"$work/errors" || code=$?
    if [ "$code" != 3 ] || ! grep -q "$work/kernel: .*the file is larger than any of its kind may be .*\[E00a\]" "$work/errors"; then
      echo "$size bytes: exit code $code for: $words"
      cat "$work/errors"
      exit 1
    fi
  done
done
