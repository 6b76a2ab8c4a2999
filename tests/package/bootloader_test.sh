#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Boots the example bootloader, and through it a kernel, in QEMU. Passes when the console said every
# one of the texts. Usage:
#   bootloader_test.sh KERNEL arm|arm64 CPUS IMAGE CONSOLE TEXT...
#   KERNEL  a folder of Debian kernels, or a hyprelay, whose hyp-check is the kernel then
set -euo pipefail
kernel=$1 arch=$2 cpus=$3 image=$4 console=$5
shift 5
flavour=armmp qemu=(qemu-system-arm -M "virt,virtualization=on" -cpu cortex-a15)
if [ "$arch" = arm64 ]; then
  flavour=arm64 qemu=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3" -cpu cortex-a57)
fi
if [ -d "$kernel" ]; then
  folder=$kernel
  kernel=$(find "$folder" -name "vmlinuz-*-$flavour" | sort -V | tail -n 1)
  [ -n "$kernel" ] || { echo "no $flavour kernel in $folder: ./x fetch"; exit 1; }
  # Without an initrd the kernel panics in the end; no earlycon: an arm kernel that prints while it
  # sets up its page tables hangs.
  words="console=ttyAMA0 panic=1 memblock=debug log_buf_len=4M"
else
  "$kernel" hyp-check --emit "$console.kernel" --arch "$arch"
  kernel=$console.kernel
  words="hyp-check.resident=common hyp-check.end=off"
fi

: >"$console"
timeout --kill-after=5 150 "${qemu[@]}" -smp "$cpus" -m 512 -nographic -nic none -no-reboot -monitor none \
  -serial "file:$console" -kernel "$image" -device "loader,file=$kernel,addr=0x42000000,force-raw=on" \
  -append "$words" </dev/null &
qemu_pid=$!
trap 'kill "$qemu_pid" 2>/dev/null || true' EXIT
# The kernel says the last text long before it ends; the bootloader may stop before it.
while kill -0 "$qemu_pid" 2>/dev/null && ! grep -aqE "${!#}|bootloader: .*, stopped|Kernel panic" "$console"; do
  sleep 0.2
done
bad=0
for text in "$@"; do
  if grep -aqE "$text" "$console"; then echo "ok: $text"; else echo "not ok: $text"; bad=1; fi
done
if grep -aq '^not ok' "$console"; then
  echo "not ok: the kernel found something"
  bad=1
fi
[ $bad = 0 ] || { echo "--- $console"; tail -n 30 "$console"; }
exit $bad
