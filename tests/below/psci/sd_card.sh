#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# sd_card.sh SYSROOT ZIMAGE QEMU ARGS...: QEMU with an SD card, @CARD@ in its arguments, from which an Allwinner H3 starts
# U-Boot, and U-Boot ZIMAGE with the device tree of an Orange Pi. Debian has no U-Boot for the PC of QEMU's board; that of
# the Plus, with the same chip, boots there.
set -euo pipefail
sysroot=$1
zimage=$2
shift 2
PATH=$PATH:/usr/sbin:/sbin # sfdisk, who is not root
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
card=$work/card
trees=("$sysroot"/usr/lib/linux-image-*/sun8i-h3-orangepi-pc.dtb)
# The boot ROM loads from 8 KiB on [linux-sunxi.org/Bootable_SD_card]; the partition begins behind U-Boot.
truncate -s 16M "$card"
printf '4096,,c,*\n' | sfdisk -q "$card"
dd if="$sysroot/usr/lib/u-boot/orangepi_plus/u-boot-sunxi-with-spl.bin" of="$card" bs=1024 seek=8 conv=notrunc status=none
mformat -i "$card@@2M" -T $((14 * 2048)) -h 16 -s 32 ::
mmd -i "$card@@2M" ::extlinux
printf 'default test\nlabel test\n kernel /zImage\n fdt /tree.dtb\n' | mcopy -i "$card@@2M" - ::extlinux/extlinux.conf
mcopy -i "$card@@2M" "$zimage" ::zImage
mcopy -i "$card@@2M" "${trees[0]}" ::tree.dtb
"${@//@CARD@/$card}"
