#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# stub.sh [--json]: what a call of the stub costs, in guest instructions from the caller's HVC to its
# next instruction, beside the residents of Debian's kernels measured in the same way: their own bytes,
# cut out of the kernel's image, in place of ours below the same caller (tests/target/stub/count_test.cpp).
# Needs HYPRELAY_BUILD (a build tree) and HYPRELAY_SYSROOT (where ./x unpacked the kernels).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
: "${HYPRELAY_BUILD:?}" "${HYPRELAY_SYSROOT:?}"
images=${HYPRELAY_IMAGES:-$HYPRELAY_BUILD/images}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=bench/rows.sh
. "$here/rows.sh"

die() { echo "stub.sh: $*" >&2; exit 1; }

# offsets FILE REGEX: where the bytes match.
offsets() { grep -abo -P "(?s)$2" "$1" | cut -d: -f1 || true; }

# cut_peer FILE OFFSET NAME: 8 KiB with the table 2 KiB inside, as HVBAR and VBAR_EL2 want it aligned.
cut_peer() { tail -c +$(($2 - 2048 + 1)) "$1" | head -c 8192 >"$work/$3" || true; }

# Eight slots, each a branch to itself but for +14 (and in a decompressor that EFI may enter, +08).
arm_table='(\xfe\xff\xff\xea){2}...\xea(\xfe\xff\xff\xea){2}...\xea(\xfe\xff\xff\xea){2}\x11\xca\xad\x0b'
# cmp x0, #0; b.ne; msr vbar_el2, x1: the first instructions behind the table of 2 KiB.
arm64_code='\x1f\x00\x00\xf1...\x54\x01\xc0\x1c\xd5'

newest() { find "$HYPRELAY_SYSROOT/$1/boot" -name "$2" | sort -V | tail -1; }

peers_arm() {
  local zimage position
  zimage=$(newest armhf 'vmlinuz-*-armmp')
  [ -n "$zimage" ] || die "no armhf kernel: ./x fetch"
  # The payload of a zImage is XZ; its magic also occurs as a constant of the decompressor.
  for position in $(offsets "$zimage" '\xfd7zXZ\x00'); do
    tail -c +$((position + 1)) "$zimage" | xz -dc --single-stream -q >"$work/image" 2>/dev/null || true
    [ "$(stat -c %s "$work/image")" -lt 1000000 ] || break
  done
  position=$(offsets "$work/image" "$arm_table" | head -1)
  [ -n "$position" ] || die "no hyp-stub found in $zimage"
  cut_peer "$work/image" "$position" kernel
  position=$(offsets "$zimage" "$arm_table" | head -1)
  [ -n "$position" ] || die "no hyp-stub found in the decompressor of $zimage"
  cut_peer "$zimage" "$position" decompressor
}

peers_arm64() {
  local image position
  image=$(newest arm64 'vmlinuz-*-arm64')
  [ -n "$image" ] || die "no arm64 kernel: ./x fetch"
  # A copy of the table for kexec has other code behind it: the branch at +400 tells.
  for position in $(offsets "$image" "$arm64_code"); do
    ((position % 2048 == 0)) || continue
    [ "$(od -An -tx4 -j $((position - 1024)) -N 4 "$image" | tr -d ' ')" = 14000100 ] || continue
    cut_peer "$image" $((position - 2048)) kernel
  done
  [ -s "$work/kernel" ] || die "no hyp-stub found in $image"
}

# counts ARCH PROGRAM: lines "who personality op count", from the program's own.
counts() {
  local program=$images/$1/tests/target/stub/target_$2.elf qemu loaded=()
  [ -e "$program" ] || die "$program is not built"
  case $1 in
    arm) qemu='qemu-system-arm -M virt,virtualization=on -cpu cortex-a15' ;;
    arm64) qemu='qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a57' ;;
  esac
  [ ! -e "$work/kernel" ] || loaded+=(-device "loader,file=$work/kernel,addr=0x48000000,force-raw=on")
  [ ! -e "$work/decompressor" ] || loaded+=(-device "loader,file=$work/decompressor,addr=0x48010000,force-raw=on")
  # shellcheck disable=SC2086 # words
  sh "$root/tests/target/harness/run.sh" 20 $qemu -smp 4 -m 256 -icount shift=0,sleep=off "${loaded[@]}" \
    -kernel "$program" >"$work/log" || { cat "$work/log" >&2; die "the counts are not those of stub_golden.def"; }
  sed -n 's/^# count \(.*\): 0x\(.*\)$/\1 \2/p' "$work/log" |
    while read -r who personality op hex; do echo "$who $personality $op $((16#$hex))"; done
}

# word FILE OFFSET: an instruction as a number.
word() { od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '; }

# peer_bytes ARCH NAME: the table and the code behind it, without what is not ours to compare: the
# functions of the kernel that call the stub, and the switch to VHE.
peer_bytes() {
  local start offset
  [ -e "$work/$2" ] || { echo -; return; }
  if [ "$1" = arm ]; then
    # The code lies before the table: the slot at +14 says where, the first function that calls ends it
    # (mov r1, r0). Behind the table is one literal.
    start=$((2048 + 20 + 8 + 4 * (($(word "$work/$2" 2068) & 0xffffff) - 0x1000000)))
    offset=$start
    while [ "$(word "$work/$2" "$offset")" != $((0xe1a01000)) ] && ((offset < 2048)); do offset=$((offset + 4)); done
    echo $((36 + offset - start))
  else
    # Behind the table; the branch of its sixth instruction leads to the switch, which ends it.
    echo $((2048 + 20 + 4 * (($(word "$work/$2" $((4096 + 20))) >> 5) & 0x7ffff)))
  fi
}

size() { sed -n "s/^HR_GOLDEN_SIZE($1, $2, \([0-9]*\))/\1/p" "$here/stub_golden.def"; }
# of_linux BUILD: the bytes of ours that do what Linux's of the zImage does too.
of_linux() { sed -n "s/^HR_GOLDEN_ITEM($1, \([0-9]*\), 1, .*/\1/p" "$here/stub_golden.def" | awk '{ sum += $1 } END { print sum }'; }

# rows BUILD ARCH LIBRARY PROGRAM: "build library personality op ours syndrome more kernel decompressor", "-" for none.
rows() {
  rm -f "$work/kernel" "$work/decompressor"
  "peers_$2"
  counts "$2" "$4" >"$work/counts"
  sed -n "s/^HR_GOLDEN_COUNT($3, $1, \([A-Z0-9_]*\), \([A-Z0-9_]*\),.* \([0-9]*\), \([0-9]*\))/\1 \2 \3 \4/p" \
    "$here/stub_golden.def" >"$work/parts"
  awk -v build="$1" -v library="$3" '
    FILENAME ~ /parts$/ { syndrome[$1, $2] = $3; more[$1, $2] = $4; next }
    $1 != tolower(library) { peer[$1, $3] = $4; next }
    { ours[++n] = $0 }
    function of(who, op) { return (who, op) in peer ? peer[who, op] : "-" }
    END {
      for (i = 1; i <= n; i++) {
        split(ours[i], f, " ")
        op = f[3]
        print build, library, f[2], op, f[4], syndrome[f[2], op], more[f[2], op], of("kernel", op), of("decompressor", op)
      }
    }' "$work/parts" "$work/counts"
  if [ "$3" = FULL ]; then
    echo "$1 FULL SIZE ALL $(size FULL "$1") 0 0 - -"
  else
    echo "$1 MINIMAL SIZE ALL $(size MINIMAL "$1") 0 0 $(peer_bytes "$2" kernel) $(peer_bytes "$2" decompressor)"
    [ "$2" = arm64 ] || echo "$1 MINIMAL SIZE WHAT_LINUX_HAS $(of_linux "$1") 0 0 - $(peer_bytes "$2" decompressor)"
  fi
}

{
  rows A32 arm MINIMAL stub_count
  rows T32 arm MINIMAL stub_count_t32
  rows A64 arm64 MINIMAL stub_count
  rows A32 arm FULL stub_count_full
  rows T32 arm FULL stub_count_full_t32
  rows A64 arm64 FULL stub_count_full
} >"$work/calls"

# Those that a peer has too: each peer of a number is a row.
while read -r build library personality op ours _ _ kernel decompressor; do
  what="HVC $op, $library, $personality" unit=instructions
  [ "$personality" != SIZE ] || what="size, $library, $op" unit=bytes
  [ "$kernel" = - ] || row "$what" "$build" "$ours" "$kernel" "Linux's hyp-stub" "$unit"
  [ "$decompressor" = - ] || row "$what" "$build" "$ours" "$decompressor" "the zImage's hyp-stub" "$unit"
done <"$work/calls"

if [ "${1:-}" = --json ]; then
  # How each number of ours is made up.
  object_of_rows "\"calls\":[$(awk '{
      printf "%s{\"build\":\"%s\",\"library\":\"%s\",\"personality\":\"%s\",\"op\":\"%s\",\"ours\":%d,\"syndrome\":%d,\"more\":%d}",
        (NR > 1 ? "," : ""), $1, $2, $3, $4, $5, $6, $7 }' "$work/calls")],"
else
  awk 'BEGIN {
      print "Guest instructions from the caller'\''s HVC to its next instruction (SIZE: bytes of the resident)."
      print "Linux does not do: syndrome, telling an HVC from a trap; more, telling GET_VECTORS and the extension ops,"
      print "the state that SOFT_RESTART writes, in FULL the lock and the personality. rest: ours without both; what"
      print "is more than twice a peer'\''s is marked."
      printf "%-4s %-8s %-12s %-21s %6s %9s %5s %5s | %6s %12s\n", "", "library", "personality", "op", "ours", "syndrome", "more", "rest", "Linux", "decompressor"
    }
    {
      rest = $5 - $6 - $7
      mark = ($3 != "SIZE" && $8 != "-" && rest > 2 * $8 ? "  over twice Linux" : "") ($3 != "SIZE" && $9 != "-" && rest > 2 * $9 ? "  over twice its decompressor" : "")
      printf "%-4s %-8s %-12s %-21s %6d %9d %5d %5d | %6s %12s%s\n", $1, $2, $3, $4, $5, $6, $7, rest, $8, $9, mark
    }' "$work/calls"
  echo
  echo "What the bytes of MINIMAL are for (*: what Linux's of the zImage does too, WHAT_LINUX_HAS):"
  sed -n 's/^HR_GOLDEN_ITEM(\([A-Z0-9]*\), \([0-9]*\), \([01]\), "\(.*\)")/\1 \2 \3 \4/p' "$here/stub_golden.def" |
    while read -r build bytes linux what; do
      printf '%-4s %6d %s %s\n' "$build" "$bytes" "$([ "$linux" = 1 ] && echo '*' || echo ' ')" "$what"
    done
fi
