#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Boots the example xen-hello as dom0 of Debian's Xen in QEMU: it says what it shall, and its shutdown ends the machine.
# Usage: xen_hello_test.sh arm|arm64 XEN IMAGE CONSOLE
set -euo pipefail
xen=$2 image=$3 console=$4
qemu=(qemu-system-arm -M "virt,virtualization=on" -cpu cortex-a15)
kind=armv7l
if [ "$1" = arm64 ]; then
  qemu=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3" -cpu cortex-a57)
  kind=aarch64
fi
[ -e "$xen" ] || { echo "no $xen: ./x fetch"; exit 1; }
: >"$console"
status=0
timeout --kill-after=5 60 "${qemu[@]}" -m 1G -nographic -nic none -no-reboot -monitor none -serial "file:$console" \
  -kernel "$xen" -append "dom0_mem=128M dom0_max_vcpus=1 console=dtuart dtuart=/pl011@9000000 noreboot" \
  -device "guest-loader,addr=0x49000000,kernel=$image,bootargs=none" </dev/null || status=$?
bad=0
for line in "hello: below Xen 4\.17, for .*xen-3\.0-$kind.*" "hello: this domain has 128 MiB" "hello: good night"; do
  if tr -d '\r' <"$console" | grep -aqxE "$line"; then echo "ok: $line"; else echo "not ok: $line"; bad=1; fi
done
! grep -aq "hello: still here" "$console" || { echo "not ok: it was not shut down"; bad=1; }
[ $status = 0 ] || { echo "not ok: the machine did not go off: status $status"; bad=1; }
[ $bad = 0 ] || tail -n 20 "$console"
exit $bad
