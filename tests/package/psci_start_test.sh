#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs the example psci-start in QEMU, below QEMU's PSCI by HVC and by SMC: it starts three CPUs, and its SYSTEM_OFF ends the
# machine. Usage: psci_start_test.sh arm|arm64 IMAGE CONSOLE
set -euo pipefail
image=$2 console=$3
bad=0
for virtualization in off on; do
  qemu=(qemu-system-arm -M "virt,virtualization=$virtualization" -cpu cortex-a15)
  level=SVC
  if [ "$1" = arm64 ]; then
    qemu=(qemu-system-aarch64 -M "virt,virtualization=$virtualization" -cpu cortex-a57)
    level=EL1
  fi
  [ $virtualization = off ] || level=$([ "$1" = arm64 ] && echo EL2 || echo HYP)
  : >"$console"
  status=0
  timeout --kill-after=5 30 "${qemu[@]}" -smp 4 -m 256 -nographic -nic none -no-reboot -monitor none \
    -serial "file:$console" -kernel "$image" </dev/null || status=$?
  cat >"$console.wanted" <<TEXT
psci-start: in $level, PSCI 1.1, SMCCC 1.0
psci-start: cpu 1 started, which says: in $level, then off
psci-start: cpu 2 started, which says: in $level, then off
psci-start: cpu 3 started, which says: in $level, then off
psci-start: good night
TEXT
  diff "$console.wanted" "$console" || bad=1
  [ $status = 0 ] || { echo "not ok: the machine did not go off: status $status"; bad=1; }
done
exit $bad
