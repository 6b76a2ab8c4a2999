#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs the steps of docs/migrate.md in QEMU and judges their TAP.
# Usage: migrate_test.sh arm|arm64 IMAGE CONSOLE
set -euo pipefail
image=$2 console=$3
qemu=(qemu-system-arm -M "virt,virtualization=on" -cpu cortex-a15)
[ "$1" = arm ] || qemu=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3" -cpu cortex-a57)

: >"$console"
status=0
timeout --kill-after=5 60 "${qemu[@]}" -m 256 -nographic -nic none -no-reboot -monitor none \
  -serial "file:$console" -kernel "$image" </dev/null || status=$?
cat "$console"
plan=$(sed -n 's/^1\.\.\([0-9]*\)\r*$/\1/p' "$console")
passed=$(grep -c '^ok ' "$console" || true)
if [ $status != 0 ] || [ -z "$plan" ] || [ "$passed" != "$plan" ] || ! grep -q '^# all passed' "$console"; then
  echo "planned ${plan:-nothing}, passed $passed, status $status"
  exit 1
fi
