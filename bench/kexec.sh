#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# kexec.sh [--json] [--firmware edk2]: what a load and a handoff cost beside kexec-tools, in guest instructions, with the
# same kernel, initrd and command line in the same guest (one CPU, QEMU with -icount shift=0).
#   load      from before the load until it is done
#   handoff   from there until the next kernel starts its clocks: leaving, verifying the segments,
#             and on arm the decompressor
#   phases    where ours goes, by the counters of the relay's record:
#             old-kernel (from hyprelay exec until the relay's first instruction: leaving, and the copy), start (memory,
#             baton, climb, interrupt controllers), map (caches cleaned and on), verify, law (caches off, the last line)
#             and next-kernel (from the jump until its clocks start)
# Rows -i are kexec-tools without its check of the digests, which its users switch off.
# With --firmware EDK2 starts the first kernel, with ACPI and on arm64 alone.
# Needs HYPRELAY_BUILD (a build tree), HYPRELAY_SYSROOT (where ./x unpacked the kernels and kexec-tools)
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
  : >"$work/closure"
  closure "$root" "$root/sbin/kexec"
  xargs -I{} cp -L {} "$first/lib" <"$work/closure"
  cp "$4" "$first/kernel"
  cp "$work/$1/second.img" "$first/next.img"
  archive "$first" "$work/$1/first.img"
}

# run ARCH KERNEL WITH: the guest's console in a file.
run() {
  qemu "$1" -kernel "$2" -initrd "$work/$1/first.img" -append "console=ttyAMA0 panic=1 quiet bench.with=$3" \
    >"$work/$1/$3.log" 2>&1 || true
  if ! grep -q '^bench: intact' "$work/$1/$3.log"; then
    tail -n 20 "$work/$1/$3.log" >&2
    die "$1: the second kernel did not come up whole at HYP/EL2 with $3"
  fi
}

# costs ARCH WITH: "LOAD HANDOFF", from "ticks NAME COUNTER NANOSECONDS". 16 instructions are one tick.
costs() {
  tr -d '\r' <"$work/$1/$2.log" | awk '$1 == "ticks" { at[$2] = $3 * 16; up[$2] = $4 }
    END { printf "%.0f %.0f\n", at["loaded"] - at["load"], at["arrived"] - up["arrived"] - at["loaded"] }'
}

# field AT: eight bytes of the record, which is in hexadecimal.
field() { echo $((16#${record:$((2 * $1)):16} * 16)); }

# phases_of ARCH: "ARCH PHASE INSTRUCTIONS" of ours, one a line; nothing where the kernel shows no tree. Offsets: abi/record.def.
phases_of() {
  local record loaded up at before name
  record=$(tr -d '\r' <"$work/$1/hyprelay.log" | sed -n 's/^record //p')
  [ -n "$record" ] || return 0
  read -r loaded at up <<<"$(tr -d '\r' <"$work/$1/hyprelay.log" | awk '$1 == "ticks" { at[$2] = $3 * 16; up[$2] = $4 }
    END { printf "%.0f %.0f %.0f\n", at["loaded"], at["arrived"], up["arrived"] }')"
  before=$loaded
  for name in old-kernel:0x28 start:0x48 map:0x50 verify:0x30 law:0x38; do
    echo "$1 ${name%:*} $(($(field "${name#*:}") - before))"
    before=$(field "${name#*:}")
  done
  echo "$1 next-kernel $((at - up - before))"
}

json=false
firmware=''
while (($#)); do
  case $1 in
    --json) json=true ;;
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
# phases_rows ARCH
phases_rows() {
  local phase instructions
  while read -r _ phase instructions; do
    row "handoff: $phase" "$1" "$instructions" - - instructions
  done < <(phases_of "$1")
}
measure() {
  local load handoff peer_load peer_handoff with name="kexec-tools 2.0.25"
  guest "$@"
  run "$1" "$4" hyprelay
  read -r load handoff <<<"$(costs "$1" hyprelay)"
  for with in kexec unchecked; do
    run "$1" "$4" "$with"
    read -r peer_load peer_handoff <<<"$(costs "$1" "$with")"
    [ "$with" = kexec ] || name+=" -i"
    row load "$1" "$load" "$peer_load" "$name" instructions
    row handoff "$1" "$handoff" "$peer_handoff" "$name" instructions
  done
  phases_rows "$1"
}
if [ -n "$firmware" ]; then
  measure_arm64
else
  measure_both
fi
if $json; then object_of_rows ''; else table_of_rows; fi
