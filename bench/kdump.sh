#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# kdump.sh [--json] [--wall]: the same panic with the crash kernel loaded by hyprelay and by kexec-tools, side by
# side, with the same Debian kernel, initrd and command line in the same guest (one CPU, QEMU with -icount
# shift=0): whether it came up at HYP/EL2, whether its initrd arrived, whether all of /proc/vmcore can be
# read, and whether makedumpfile gets the log and the memory out of it.
#   handoff   from before the panic until the crash kernel starts its clocks, in guest instructions
# And how fast a dump is saved, in MB of the dead kernel's memory in a second of the guest's clock, by hyprelay and by
# makedumpfile alone, into a tmpfs of the same crash kernel: one CPU, an instruction is a nanosecond. (No disk: while a
# guest waits for one, its clock runs as it likes.)
#   pages that are wanted   -d 31, by LZO, both by makedumpfile; ours with the log, the digest and what makes it last
#   every page              by zstd; by makedumpfile, whose Debian build has no zstd, by LZO. Another peer is a limit: the
#                           same library over the same memory, written nowhere
# --wall: the same on arm64 with two CPUs, by the host's clock, to a raw disk, whose limit is zeroes by dd; and every page
# with one of the CPUs off.
# Needs HYPRELAY_BUILD (a build tree), HYPRELAY_SYSROOT (where ./x unpacked the kernels, kexec-tools and
# makedumpfile) and cpio.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=bench/kexec/guest.sh
. "$here/kexec/guest.sh"

# add_program ROOT INTO FILE...: with the libraries that they are linked with.
add_program() {
  local root=$1 into=$2 file
  mkdir -p "$into/bin" "$into/lib"
  : >"$work/closure"
  for file in "${@:3}"; do
    cp "$root/$file" "$into/bin"
    closure "$root" "$root/$file"
  done
  xargs -I{} cp -L {} "$into/lib" <"$work/closure"
}

# guest ARCH DEBIAN-ARCH TRIPLET KERNEL: the first kernel's initrd, which carries the second's.
guest() {
  local root=$HYPRELAY_SYSROOT/$2 base=$work/$1/base first=$work/$1/first
  mkdir -p "$base"/{bin,proc,sys,dev,tmp} "$first/bin"
  cp "$root/bin/busybox" "$base/bin"
  install -m 755 "$here/kdump/init" "$base/init"
  "$3-gcc" -O2 -static -o "$base/bin/ticks" "$here/kexec/ticks.c"
  cp -r "$base/." "$first"
  add_program "$root" "$base" usr/bin/makedumpfile
  mkdir "$base/modules"
  find "$root/lib/modules/${4##*/vmlinuz-}" \( -name virtio_mmio.ko -o -name virtio_blk.ko \) -print0 |
    xargs -0 cp -t "$base/modules"
  "$3-gcc" -O2 -static -I "$root/usr/include" -o "$base/bin/zstd_alone" "$here/kdump/zstd_alone.c" \
    "$root/usr/lib/$3/libzstd.a"
  cp "$HYPRELAY_BUILD/tools/$1/cli/hyprelay" "$base/bin"
  head -c 16M /dev/urandom >"$base/payload"
  (cd "$base" && sha256sum payload | sed 's# payload# /payload#') >"$work/$1/payload.sha256"
  mv "$work/$1/payload.sha256" "$base"
  archive "$base" "$work/$1/second.img"
  add_program "$root" "$first" sbin/kexec
  add_kexec13 "$root" "$first"
  cp "$HYPRELAY_BUILD/tools/$1/cli/hyprelay" "$first/bin"
  cp "$4" "$first/kernel"
  cp "$work/$1/second.img" "$first/next.img"
  archive "$first" "$work/$1/first.img"
}

# run ARCH KERNEL WITH: the guest's console in a file.
run() {
  local region=384M
  [ "$1" = arm ] && region=256M
  echo "kdump.sh: $1 panics, the crash kernel loaded by $3" >&2
  qemu "$1" -kernel "$2" -initrd "$work/$1/first.img" \
    -append "console=ttyAMA0 panic=1 crashkernel=$region bench.with=$3" 2>&1 | tr -d '\r' >"$work/$1/$3.log" || true
  grep -q 'ticks panic' "$work/$1/$3.log" || { tail -n 20 "$work/$1/$3.log" >&2; die "$1: $3 loaded nothing"; }
}

# save ARCH KERNEL: saves the dump by each.
save() {
  echo "kdump.sh: $1 saves a dump${cpus:+, with $cpus CPUs}" >&2
  local to=memory
  [ -z "${cpus:-}" ] || to=disk
  truncate -s 1G "$work/disk"
  qemu "$1" -m 768 -kernel "$2" -initrd "$work/$1/first.img" -drive "file=$work/disk,if=none,id=disk,format=raw" \
    -device virtio-blk-device,drive=disk \
    -append "console=ttyAMA0 panic=1 crashkernel=320M bench.measure=$to" 2>&1 | tr -d '\r' >"$work/$1/save.log" || true
  grep -q 'ticks ours-0.end' "$work/$1/save.log" || { tail -n 20 "$work/$1/save.log" >&2; die "$1: not saved"; }
}
# rate ARCH NAME [BYTES]: MB of the dead kernel's memory, or of so many bytes, in a second.
rate() {
  awk -v name="$2" -v bytes="${3:-$(fact "$1" save bytes)}" -v clock="${cpus:+up}" '
    $1 == "ticks" { at[$2] = clock == "up" ? $4 : $3 * 16 }
    END {
      took = at[name ".end"] - at[name ".begin"]
      if (took > 0) printf "%.1f\n", bytes * 1000 / took; else print "-"
    }' "$work/$1/save.log"
}
# saved ARCH: rows of what the crash kernel has saved; a limit of ours is a peer, too.
saved() {
  local with=${cpus:+, $cpus CPUs} own="makedumpfile 1.7.2 alone"
  row "dump, pages that are wanted$with" "$1" "$(rate "$1" ours-31)" "$(rate "$1" theirs-31)" "$own" MB/s
  row "dump, every page$with" "$1" "$(rate "$1" ours-0)" "$(rate "$1" theirs-0)" "$own" MB/s
  row "dump, every page$with" "$1" "$(rate "$1" ours-0)" "$(rate "$1" zstd)" "libzstd alone" MB/s
  [ -z "${cpus:-}" ] || row "the disk$with" "$1" - "$(rate "$1" disk 67108864)" "dd" MB/s
}

# fact ARCH WITH NAME: what the crash kernel said about it; "no" when it did not come that far.
fact() {
  local said
  said=$(sed -n "s/^kdump: $3 //p" "$work/$1/$2.log" | tail -1)
  echo "${said:-no}"
}
# after_panic ARCH WITH: the console behind the panic that was asked for.
after_panic() { sed '1,/sysrq triggered crash/d' "$work/$1/$2.log"; }
# mode ARCH WITH: what the crash kernel says that it was started in.
mode() {
  if after_panic "$1" "$2" | grep -q 'started in HYP mode\|started at EL2'; then echo yes; else echo no; fi
}
# handoff ARCH WITH: instructions; "-" when nobody arrived.
handoff() {
  awk '$1 == "ticks" { at[$2] = $3 * 16; up[$2] = $4 }
    END { if ("arrived" in at) printf "%.0f\n", at["arrived"] - up["arrived"] - at["panic"]; else print "-" }' \
    "$work/$1/$2.log"
}
# What the crash kernel said against it.
last_words() {
  after_panic "$1" "$2" |
    grep -E 'Initramfs unpacking failed|Unable to handle|Internal error|Kernel panic|VFS: Cannot open' || true
}

json=false wall=false
for word in "$@"; do
  case $word in
    --json) json=true ;;
    --wall) wall=true ;;
    *) die "kdump.sh [--json] [--wall]" ;;
  esac
done
measure() {
  local peer with
  guest "$@"
  if $wall; then
    cpus=2 save "$1" "$4"
    cpus=2 saved "$1"
    row "dump, every page, one of them off" "$1" "$(cpus=2 rate "$1" ours-one)" "$(cpus=2 rate "$1" zstd-one)" "libzstd alone" MB/s
    return
  fi
  run "$1" "$4" hyprelay
  for with in kexec kexec13; do
    run "$1" "$4" "$with"
    peer="kexec-tools 2.0.25"
    [ "$with" = kexec ] || peer="kexec-tools 2.0.29"
    compared "$1" "$with" "$peer"
  done
  save "$1" "$4"
  saved "$1"
}
# compared ARCH WITH PEER: rows of ours and of a peer, which have run.
compared() {
  local peer=$3
  row "crash kernel at HYP/EL2" "$1" "$(mode "$1" hyprelay)" "$(mode "$1" "$2")" "$peer" yes/no
  row "its initrd" "$1" "$(fact "$1" hyprelay initrd)" "$(fact "$1" "$2" initrd)" "$peer" arrived
  row "/proc/vmcore" "$1" "$(fact "$1" hyprelay bytes)" "$(fact "$1" "$2" bytes)" "$peer" bytes
  row "all of it can be read" "$1" "$(fact "$1" hyprelay read)" "$(fact "$1" "$2" read)" "$peer" yes/no
  row "log by makedumpfile --dump-dmesg" "$1" "$(fact "$1" hyprelay dmesg)" "$(fact "$1" "$2" dmesg)" "$peer" yes/no
  row "saved by makedumpfile -c -d 31" "$1" "$(fact "$1" hyprelay saved)" "$(fact "$1" "$2" saved)" "$peer" "file"
  row "panic to the next kernel's clocks" "$1" "$(handoff "$1" hyprelay)" "$(handoff "$1" "$2")" "$peer" instructions
}
if $wall; then measure_arm64; else measure_both; fi

if $json; then
  object_of_rows ''
  exit
fi
table_of_rows
for arch in arm arm64; do
  $wall && continue
  for with in hyprelay kexec kexec13; do
    [ -z "$(last_words "$arch" "$with")" ] && continue
    printf '\n%s, loaded by %s, after the panic:\n' "$arch" "$with"
    last_words "$arch" "$with" | sed 's/^/  /'
  done
done
