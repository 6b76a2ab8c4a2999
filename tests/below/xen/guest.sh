#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# guest.sh XEN IMAGE QEMU -M MACHINE ARGS...: Xen without a dom0, which starts IMAGE as its only guest, with 128 MiB and one
# CPU: the machine's own tree, and the guest in /chosen [xen/docs/misc/arm/device-tree/booting.txt].
set -eu
xen=$1 image=$2 qemu=$3 machine=$5
shift 5
where=0x50000000
size=$(stat -c %s "$image")
tree=$(mktemp)
trap 'rm -f "$tree"' EXIT
"$qemu" -M "$machine,dumpdtb=$tree" "$@" >/dev/null 2>&1
guest=/chosen/guest
module=$guest/module@${where#0x}
fdtput -p -c "$tree" "$module"
fdtput -t s "$tree" "$guest" compatible xen,domain
fdtput -t x "$tree" "$guest" '#address-cells' 2
fdtput -t x "$tree" "$guest" '#size-cells' 2
fdtput -t x "$tree" "$guest" memory 0 20000 # KiB
fdtput -t x "$tree" "$guest" cpus 1
fdtput -t s "$tree" "$module" compatible multiboot,kernel multiboot,module
fdtput -t x "$tree" "$module" reg 0 "$where" 0 "$(printf %x "$size")"
fdtput -t s "$tree" /chosen xen,xen-bootargs "console=dtuart dtuart=/pl011@9000000 noreboot guest_loglvl=all"
status=0
"$qemu" -M "$machine" "$@" -kernel "$xen" -dtb "$tree" -device "loader,file=$image,addr=$where,force-raw=on" || status=$?
exit $status
