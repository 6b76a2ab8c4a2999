#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# containers.sh CACHE FOLDER arm|arm64 HYP-CHECK: puts Debian's kernels into containers, each by its own program, for the boot
# tests to hand over to. Beside each file NAME stands NAME.release, the release of the kernel in it.
#   arm    uimage (of several files), fit, android (version 2), vmlinux (gzip)
#   arm64  uimage (gzip), fit (gzip), uki, vmlinux (gzip), android and vendor_boot (version 4)
# Each brings a device tree along where it can: that of QEMU's virt with two CPUs, with a model that tells where it came from.
# vmlinux is Debian's own, of the package with the symbols, without them. program is HYP-CHECK, an ELF file, with the entry
# of its image: that of QEMU's loader of ELF files expects no registers.
set -euo pipefail
cache=$1 folder=$2 arch=$3 program=$4
case $arch in
  arm) debian=armhf flavour=armmp cross=arm-linux-gnueabihf- qemu=(qemu-system-arm -cpu cortex-a15) gic='' ;;
  arm64) debian=arm64 flavour=arm64 cross=aarch64-linux-gnu- qemu=(qemu-system-aarch64 -cpu cortex-a57) gic=,gic-version=3 ;;
esac
# Debian 13's programs; they are Python of the machine's own.
programs=$cache/sysroot/arm64-trixie/usr
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
mkdir work

die() { echo "containers.sh: $*" >&2; exit 1; }
kernel_of() { # SYSROOT FLAVOUR
  local file
  file=$(find "$cache/sysroot/$1/boot" -name "vmlinuz-*-$2" 2>/dev/null | sort -V | tail -1)
  [ -n "$file" ] || die "no kernel of $2 in $1: ./x fetch gets Debian's"
  echo "$file"
}
made_of() { echo "${2##*/vmlinu[xz]-}" >"$1.release"; } # NAME KERNEL
tree() { # NAME MODEL
  cp work/virt.dtb "work/$1.dtb"
  fdtput -t s "work/$1.dtb" / model "$2"
}
fit() { # KERNEL-FILE COMPRESSION
  cat >work/overlay.dtso <<'DTS'
/dts-v1/;
/plugin/;
&{/} { model = "out of a FIT"; };
DTS
  dtc -q -@ -I dts -O dtb -o work/overlay.dtbo work/overlay.dtso
  cat >work/fit.its <<DTS
/dts-v1/;
/ {
	description = "Debian's kernel, a ramdisk that a rehearsal leaves out, a tree and an overlay";
	#address-cells = <1>;
	images {
		kernel { data = /incbin/("$1"); type = "kernel"; arch = "$arch"; os = "linux"; compression = "$2";
			load = <0x40008000>; entry = <0x40008000>; hash-1 { algo = "sha256"; }; };
		ramdisk { data = /incbin/("ramdisk"); type = "ramdisk"; arch = "$arch"; os = "linux"; compression = "none";
			hash-1 { algo = "crc32"; }; };
		virt { data = /incbin/("virt.dtb"); type = "flat_dt"; arch = "$arch"; compression = "none"; hash-1 { algo = "sha1"; }; };
		model { data = /incbin/("overlay.dtbo"); type = "flat_dt"; arch = "$arch"; compression = "none"; hash-1 { algo = "sha512"; }; };
	};
	configurations {
		default = "virt";
		virt { kernel = "kernel"; ramdisk = "ramdisk"; fdt = "virt", "model"; };
	};
};
DTS
  (cd work && mkimage -E -f fit.its ../fit >/dev/null)
}
vmlinux() {
  local symbols
  symbols=$(find "$cache/sysroot/$debian/usr/lib/debug/boot" -name "vmlinux-*-$flavour" 2>/dev/null | sort -V | tail -1)
  [ -n "$symbols" ] || die "no vmlinux of $flavour below $cache/sysroot/$debian: ./x fetch gets Debian's"
  "${cross}objcopy" --strip-all "$symbols" work/vmlinux
  gzip -1 -n -c work/vmlinux >vmlinux
  made_of vmlinux "$symbols"
}
android() { /usr/bin/python3 "$programs/bin/mkbootimg" "$@" >/dev/null; }

"${qemu[@]}" -nodefaults -machine "virt,virtualization=on$gic,dumpdtb=work/virt.dtb" -smp 2 -m 1G -display none 2>work/said ||
  die "$(cat work/said)"
echo 070701 >work/ramdisk
own=$(kernel_of "$debian" "$flavour")
next=$(kernel_of "$debian-trixie" "$flavour")

if [ "$arch" = arm ]; then
  lpae=$(kernel_of "$debian" armmp-lpae)
  tree uimage "out of a uImage"
  mkimage -A arm -O linux -T multi -C none -n "Debian's" -d "$lpae:work/ramdisk:work/uimage.dtb" uimage >/dev/null
  made_of uimage "$lpae"
  fit "$next" none
  made_of fit "$next"
  tree android "out of an Android boot image"
  android --header_version 2 --pagesize 2048 --kernel "$own" --ramdisk work/ramdisk --dtb work/android.dtb --output android
  made_of android "$own"
else
  gzip -1 -n -c "$own" >work/Image.gz
  mkimage -A arm64 -O linux -T kernel -C gzip -n "Debian's" -d work/Image.gz uimage >/dev/null
  made_of uimage "$own"
  fit Image.gz gzip
  made_of fit "$own"
  tree uki "out of a UKI"
  /usr/bin/python3 "$programs/bin/ukify" build --efi-arch=aa64 --stub="$programs/lib/systemd/boot/efi/linuxaa64.efi.stub" \
    --linux="$next" --initrd=work/ramdisk --devicetree=work/uki.dtb --cmdline="of the UKI" --uname="${next##*/vmlinuz-}" \
    --output=uki >/dev/null 2>work/said || die "ukify: $(cat work/said)"
  made_of uki "$next"
  tree vendor "out of vendor_boot"
  android --header_version 4 --kernel work/Image.gz --ramdisk work/ramdisk --output android
  made_of android "$own"
  android --header_version 4 --dtb work/vendor.dtb --ramdisk_type PLATFORM --ramdisk_name '' \
    --vendor_ramdisk_fragment work/ramdisk --vendor_boot vendor_boot
fi
vmlinux
"${cross}objcopy" --set-start=0x40200000 "$program" program
rm -rf work
