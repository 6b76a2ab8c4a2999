#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# kexec.sh [--json] [--firmware edk2] [--pairs N]: what a load and a handoff cost beside kexec-tools of Debian 12 and of
# Debian 13, with the same kernel, initrd and command line in the same guest (one CPU). In guest instructions (QEMU with
# -icount shift=0):
#   load      from before the load until it is done; its phases by what hyprelay load --json says: one instruction is one
#             nanosecond there
#   handoff   from there until the next kernel starts its clocks: leaving, verifying the segments,
#             and on arm the decompressor; its phases by the counters of the relay's record:
#             program (hyprelay exec until reboot(KEXEC)), old-kernel (from there until the relay's first instruction:
#             shutdown, and the copy), start (memory, baton, climb, interrupt controllers), map (caches cleaned and on),
#             verify, inflate (a packed kernel), law (caches off, the last line) and next-kernel (from the jump until its
#             clocks start)
#   copied    with its caches off by the first kernel, per byte of the next one: ours by what hyprelay load --json says of
#             its travel, kexec-tools' by the segments that it names (-d); 0 where that kernel keeps its caches on
#   digest    of a byte: the relay's, beside sha256sum of coreutils in the same guest
# Peers marked -i are kexec-tools without its check of the digests, which its users switch off.
# And on the clock on the wall, without -icount: N pairs (3) of runs, ours and the unverified peer's in turn, the median.
# With --firmware EDK2 starts the first kernel, with ACPI and on arm64 alone.
# Needs HYPRELAY_BUILD (a build tree), HYPRELAY_SYSROOT (where ./x unpacked the kernels, both kexec-tools and coreutils)
# and cpio.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=bench/kexec/guest.sh
. "$here/kexec/guest.sh"

# guest ARCH DEBIAN-ARCH TRIPLET KERNEL: the first kernel's initrd, which carries the second's.
guest() {
  local root=$HYPRELAY_SYSROOT/$2 base=$work/$1/base first=$work/$1/first
  mkdir -p "$base"/{bin,proc,sys,dev} "$first"/{bin,lib}
  cp "$root/bin/busybox" "$base/bin"
  install -m 755 "$here/kexec/init" "$base/init"
  "$3-gcc" -O2 -static -o "$base/bin/ticks" "$here/kexec/ticks.c"
  # Like a real initrd: compressed already, so that nothing about it is cheap.
  head -c 16M /dev/urandom >"$work/$1/payload"
  cp "$work/$1/payload" "$base/payload"
  (cd "$work/$1" && sha256sum payload | sed 's# payload# /payload#') >"$base/payload.sha256"
  archive "$base" "$work/$1/second.img"
  rm "$base/payload" "$base/payload.sha256"
  cp -r "$base/." "$first"
  cp "$root/sbin/kexec" "$HYPRELAY_BUILD/tools/$1/cli/hyprelay" "$first/bin"
  cp "$root/usr/bin/sha256sum" "$first/bin/sha256sum.coreutils"
  : >"$work/closure"
  closure "$root" "$root/sbin/kexec"
  xargs -I{} cp -L {} "$first/lib" <"$work/closure"
  add_kexec13 "$root" "$first"
  cp "$4" "$first/kernel"
  cp "$work/$1/second.img" "$first/next.img"
  archive "$first" "$work/$1/first.img"
}

# run ARCH KERNEL WITH LOG: the guest's console in a file.
run() {
  local log=$work/$1/$4.log
  qemu "$1" -kernel "$2" -initrd "$work/$1/first.img" -append "console=ttyAMA0 panic=1 quiet bench.with=$3" 2>&1 |
    tr -d '\r' >"$log" || true
  if ! grep -q '^bench: intact' "$log"; then
    tail -n 20 "$log" >&2
    die "$1: the second kernel did not come up whole at HYP/EL2 with $3"
  fi
}

# costs ARCH LOG: "LOAD HANDOFF", from "ticks NAME COUNTER NANOSECONDS". 16 instructions are one tick, and 16 ns. False: the log
# lacks one of them.
costs() {
  awk '$1 == "ticks" { at[$2] = $3 * 16; up[$2] = $4 }
    END {
      if (!("load" in at && "loaded" in at && "leave" in at && "arrived" in at)) exit 1
      printf "%.0f %.0f\n", at["loaded"] - at["load"], at["arrived"] - up["arrived"] - at["leave"]
    }' "$work/$1/$2.log"
}
# between ARCH LOG FROM TO
between() { awk -v from="$3" -v to="$4" '$1 == "ticks" { at[$2] = $3 * 16 } END { print at[to] - at[from] }' "$work/$1/$2.log"; }

# field AT: eight bytes of the record, which is in hexadecimal.
field() { echo $((16#${record:$((2 * $1)):16} * 16)); }

# phases_of ARCH: "ARCH PHASE INSTRUCTIONS" of ours, one a line; nothing where the kernel shows no tree. Offsets: abi/record.def.
phases_of() {
  local record leaving loaded up at before name
  record=$(sed -n 's/^record //p' "$work/$1/hyprelay.log")
  [ -n "$record" ] || return 0
  read -r loaded at up <<<"$(awk '$1 == "ticks" { at[$2] = $3 * 16; up[$2] = $4 }
    END { printf "%.0f %.0f %.0f\n", at["leave"], at["arrived"], up["arrived"] }' "$work/$1/hyprelay.log")"
  leaving=$(($(sed -n 's/^hyprelay: leaving, counter \([0-9]*\) .*/\1/p' "$work/$1/hyprelay.log") * 16))
  echo "$1 program $((leaving - loaded))"
  before=$leaving
  for name in old-kernel:0x28 start:0x48 map:0x50 verify:0x30 inflate:0x58 law:0x38; do
    echo "$1 ${name%:*} $(($(field "${name#*:}") - before))"
    before=$(field "${name#*:}")
  done
  echo "$1 next-kernel $((at - up - before))"
}

json=false
firmware=''
pairs=3
while (($#)); do
  case $1 in
    --json) json=true ;;
    --pairs)
      pairs=${2:-}
      [[ $pairs =~ ^[0-9]+$ ]] || die "--pairs takes a number"
      shift
      ;;
    --firmware)
      [ "${2:-}" = edk2 ] || die "--firmware takes edk2"
      firmware=/usr/share/qemu-efi-aarch64/QEMU_EFI.fd
      [ -r "$firmware" ] || die "no $firmware: install qemu-efi-aarch64"
      shift
      ;;
    *) die "unknown: $1" ;;
  esac
  shift
done
# load_rows ARCH LOAD: the phases of ours; what is left is the program's start, its end, and the shell that called it.
load_rows() {
  local json rest=$2 phase spent
  json=$(sed -n 's/^load.json //p' "$work/$1/hyprelay.log")
  for phase in files inflate plan seal kexec_load; do
    spent=$(sed -n "s/.*\"phases_ns\":{[^}]*\"$phase\":\([0-9]*\).*/\1/p" <<<"$json")
    row "load: $phase" "$1" "$spent" - - instructions
    rest=$((rest - spent))
  done
  row "load: start and end of the program" "$1" "$rest" - - instructions
}
# handoff_rows ARCH: the phases of ours, and what verifying a byte costs.
handoff_rows() {
  local phase instructions verify=0 bytes
  phases_of "$1" >"$work/phases"
  while read -r _ phase instructions; do
    row "handoff: $phase" "$1" "$instructions" - - instructions
    [ "$phase" != verify ] || verify=$instructions
  done <"$work/phases"
  ((verify)) || return 0
  # Of each segment all of its memory, and of the relay less, which is 0.2 MB of 50.
  bytes=$(sed -n 's/^load.json .*"copied_bytes":\([0-9]*\).*/\1/p' "$work/$1/hyprelay.log")
  row digest "$1" "$(awk -v a="$verify" -v b="$bytes" 'BEGIN { printf "%.3f", a / b }')" \
    "$(awk -v a="$(between "$1" hyprelay sum summed)" -v b="$(stat -c %s "$work/$1/second.img")" 'BEGIN { printf "%.3f", a / b }')" \
    "sha256sum of coreutils" "instructions a byte"
}
# copied_row ARCH: what the first kernel copies with its caches off, per byte of the kernel that this brings.
copied_row() {
  local said peer=0 bytes
  said=$(sed -n 's/^load.json .*"travel":{\([^}]*\)}.*/\1,/p' "$work/$1/hyprelay.log")
  number() { sed -n "s/.*\"$1\":\([a-z0-9.]*\),.*/\1/p" <<<"$said"; }
  if [ "$(number uncached)" = true ]; then
    sed -n 's/^memsz //p' "$work/$1/kexec12_i.log" >"$work/segments"
    [ -s "$work/segments" ] || die "$1: kexec -d named no segments"
    while read -r bytes; do
      peer=$((peer + bytes))
    done <"$work/segments"
  fi
  row "copied with caches off" "$1" "$(awk -v a="$(number uncached_per_kernel_byte)" 'BEGIN { printf "%.3f", a }')" \
    "$(awk -v a="$peer" -v b="$(number kernel_bytes)" 'BEGIN { printf "%.3f", a / b }')" "kexec-tools 2.0.25" \
    "bytes per byte of kernel"
}
# middle COLUMN FILE: "MEDIAN LEAST MOST" of milliseconds, one of nanoseconds a line.
middle() {
  awk -v column="$1" '{ print $column / 1e6 }' "$2" | sort -n |
    awk '{ at[NR] = $1 } END { printf "%.0f %.0f %.0f\n", at[int((NR + 1) / 2)], at[1], at[NR] }'
}
# wall_rows ARCH KERNEL: in turn, so that what else this machine does hits both.
wall_rows() {
  local i with what column=0 ours least most peer peer_least peer_most cpus=1
  ((pairs)) || return 0
  for ((i = 0; i < pairs; i++)); do
    for with in hyprelay kexec12_i; do
      run "$1" "$2" "$with" "$with.wall"
      costs "$1" "$with.wall" >>"$work/$1/$with.ns"
    done
  done
  for what in load handoff; do
    column=$((column + 1))
    read -r ours least most <<<"$(middle $column "$work/$1/hyprelay.ns")"
    read -r peer peer_least peer_most <<<"$(middle $column "$work/$1/kexec12_i.ns")"
    row "$what on the wall clock" "$1" "$ours" "$peer" "kexec-tools 2.0.25 -i" \
      "ms of QEMU, median of $pairs ($least..$most, $peer_least..$peer_most)"
  done
}
measure() {
  local load handoff peer_load peer_handoff with name said
  guest "$@"
  run "$1" "$4" hyprelay hyprelay
  said=$(costs "$1" hyprelay) || die "$1: hyprelay: a tick is missing"
  read -r load handoff <<<"$said"
  for with in kexec12 kexec12_i kexec13 kexec13_i; do
    run "$1" "$4" "$with" "$with"
    said=$(costs "$1" "$with") || die "$1: $with: a tick is missing"
    read -r peer_load peer_handoff <<<"$said"
    name="kexec-tools 2.0.25"
    [[ $with != kexec13* ]] || name="kexec-tools 2.0.29"
    [[ $with != *_i ]] || name+=" -i"
    row load "$1" "$load" "$peer_load" "$name" instructions
    row handoff "$1" "$handoff" "$peer_handoff" "$name" instructions
  done
  load_rows "$1" "$load"
  handoff_rows "$1"
  copied_row "$1"
  wall_rows "$1" "$4"
}
if [ -n "$firmware" ]; then
  measure_arm64
else
  measure_both
fi
if $json; then object_of_rows ''; else table_of_rows; fi
