# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What benchmarks that boot Debian's kernels have in common; sourced. Needs HYPRELAY_BUILD and
# HYPRELAY_SYSROOT; gives a folder $work, which goes away at the end.
: "${HYPRELAY_BUILD:?}" "${HYPRELAY_SYSROOT:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C
# shellcheck source=bench/rows.sh
. "$(dirname "${BASH_SOURCE[0]}")/../rows.sh"

die() { echo "${0##*/}: $*" >&2; exit 1; }
newest() { find "$HYPRELAY_SYSROOT/$1/boot" -name "$2" | sort -V | tail -1; }
archive() { (cd "$1" && find . -mindepth 1 | sort | cpio -o -H newc --quiet -R 0:0) >"$2"; }

# closure SYSROOT FILE: the shared libraries that it needs, and theirs.
closure() {
  local root=$1 name file
  for name in $(readelf -d "$2" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    # Since Debian 13 no package has a /lib.
    file=$(find "$root" -path "$root/*lib/*" -name "$name" -print -quit)
    [ -n "$file" ] || die "no $name below $root"
    grep -qxF "$file" "$work/closure" && continue
    echo "$file" >>"$work/closure"
    closure "$root" "$file"
  done
}

# add_kexec13 ROOT INTO: kexec-tools of Debian 13, whose root lies beside; it has its libraries, and so their loader, to itself.
add_kexec13() {
  local root=$1-trixie
  mkdir "$2/trixie"
  : >"$work/closure"
  closure "$root" "$root/usr/sbin/kexec"
  xargs -I{} cp -L {} "$root/usr/sbin/kexec" "$2/trixie" <"$work/closure"
  mv "$2"/trixie/ld-linux* "$2/trixie/ld.so"
}

# qemu ARCH WORD...: one CPU and a GICv2, which loses nothing that the one or the other could be blamed for;
# one instruction is one nanosecond. With a number in $cpus: as many, by the host's clock.
qemu() {
  local command=(qemu-system-arm -M "virt,virtualization=on" -cpu cortex-a15)
  [ "$1" = arm ] || command=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=2" -cpu cortex-a57)
  [ -z "${firmware:-}" ] || command+=(-bios "$firmware")
  local clock=(-smp 1 -icount "shift=0,sleep=off")
  [ -z "${cpus:-}" ] || clock=(-smp "$cpus")
  timeout 900 "${command[@]}" -m 1024 "${clock[@]}" -nographic -no-reboot -nic none "${@:2}" </dev/null
}

# measure_both: measure ARCH DEBIAN-ARCH TRIPLET KERNEL, which is the benchmark's own, for both machines.
measure_both() {
  measure arm armhf arm-linux-gnueabihf "$(newest armhf 'vmlinuz-*-armmp')"
  measure_arm64
}
measure_arm64() { measure arm64 arm64 aarch64-linux-gnu "$(newest arm64 'vmlinuz-*-arm64')"; }
