#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# judge.sh ARCH LEVEL ELF: runs the cases and prints a table: of each kind, how many faults there are, were found, and how many right
# ones were called faults. Fails unless all are found, each as the kind that it is named for, and none is called one.
set -euo pipefail
arch=$1 level=$2 elf=$3
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
case $arch in
  arm) qemu=(qemu-system-arm -cpu cortex-a7) ;;
  arm64) qemu=(qemu-system-aarch64 -cpu cortex-a53) ;;
esac
machine=virt
((level == 1)) || machine=virt,virtualization=on
status=0
"$here/../../coherence/run" -e "$elf" -l "$log" -t 60 "${qemu[@]}" -M "$machine" -m 128 -kernel "$elf" -display none -nic none -no-reboot \
  -monitor none -serial none -semihosting-config enable=on,target=native </dev/null || status=$?
((status == 0 || status == 3)) || { cat "$log"; echo "QEMU's status is $status"; exit 1; }
# Names of the cases, then the findings.
{ nm "$elf" | awk '$3 ~ /^(fault|right)_.*__/ && $3 !~ /_page$/ { print "case", $3 }'; cat "$log"; } | awk -v who="$arch EL$level" '
  $1 == "case" { cases[$2]; next }
  $1 != "coherence:" || $2 == "total:" || $2 == "watched" || $2 == "done," { next }
  {
    kind = substr($2, 1, length($2) - 1)
    gsub(/-/, "_", kind)
    # In which case: the place itself, or what was before it.
    line = $0
    while (match(line, /<(fault|right)_[a-z0-9_]+/)) {
      name = substr(line, RSTART + 1, RLENGTH - 1)
      line = substr(line, RSTART + RLENGTH)
      found[name, kind]; any[name] = $0
      if (name ~ /^fault/ && index(name, "fault_" kind "__") != 1) { bad = 1; print "another kind: " $0 }
    }
  }
  END {
    for (name in cases) {
      kind = name; sub(/^[a-z]+_/, "", kind); sub(/__.*/, "", kind)
      kinds[kind]
      if (name ~ /^right/) {
        right[kind]++
        if (name in any) { false_ones[kind]++; bad = 1; print "not a fault: " name ": " any[name] }
      } else {
        seeded[kind]++
        if ((name, kind) in found) hit[kind]++
        else { bad = 1; print "not found: " name (name in any ? ", but: " any[name] : "") }
      }
    }
    printf "%-10s %-20s %6s %6s %6s %6s\n", "", "kind", "faults", "found", "right", "false"
    for (kind in kinds) {
      printf "%-10s %-20s %6d %6d %6d %6d\n", who, kind, seeded[kind], hit[kind], right[kind], false_ones[kind] | "sort"
      s += seeded[kind]; h += hit[kind]; r += right[kind]; f += false_ones[kind]
    }
    close("sort")
    printf "%-10s %-20s %6d %6d %6d %6d\n", who, "all", s, h, r, f
    if (s < 40) { print "only " s " faults"; bad = 1 }
    exit bad
  }'
