#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# xen_layout.sh ROOT HEADERS COMPILER FLAGS...: xen_layout.c compiles, and does not with a row that is wrong. HEADERS has
# Xen's public ones in xen/.
set -euo pipefail
root=$1 headers=$2
shift 2
[ -e "$headers/xen/xen.h" ] || { echo "no $headers/xen: ./x fetch"; exit 1; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Xen's names of the rows: as ours, but small letters behind these prefixes.
printf '%s\n' '#define HR_XEN_CALL(name, number, ...) HR_ROW call name number' \
  '#define HR_XEN_COMMAND(shape, call, name, value, ...) HR_ROW row name value' \
  '#define HR_XEN_VALUE(name, value) HR_ROW row name value' '#include "abi/xen.def"' |
  "$1" -E -P -I"$root" -xc - | tr '\n' ' ' | sed 's/HR_ROW /\n/g' | awk '
  $1 == "call" {
    theirs = "__HYPERVISOR_" ($2 == "VERSION" ? "xen_version" : tolower($2))
    printf "_Static_assert(HR_XEN_%s == %s, \"%s\");\n", $2, theirs, theirs
  }
  $1 == "row" {
    theirs = $2
    if (match($2, /^(XENVER|XENMEM|SCHEDOP|EVTCHNOP|GNTTABOP|VCPUOP|PHYSDEVOP|HVMOP|CONSOLEIO|XENMAPSPACE|SHUTDOWN|EVTCHNSTAT|GTF|GNTCOPY|GNTMAP|XENFEAT)_/))
      theirs = substr($2, 1, RLENGTH) tolower(substr($2, RLENGTH + 1))
    sub(/arm_smccc/, "ARM_SMCCC", theirs)
    printf "_Static_assert(HR_%s == (int)(%s), \"%s\");\n", $2, theirs, theirs
  }' >"$out/xen_numbers.h"
[ "$(wc -l <"$out/xen_numbers.h")" -gt 100 ] || { echo "no numbers were compared"; exit 1; }

# compiles DEFINITION...: by the newest interface of Xen 4.17.
compiles() {
  "${compiler[@]}" "$@" -std=c11 -Wall -Wextra -Werror -Wno-pedantic -ffreestanding -fsyntax-only -I"$out" -I"$root" \
    -isystem "$headers" -D__XEN_INTERFACE_VERSION__=0x00040e00 "$root/tests/unit/compat/xen_layout.c"
}
compiler=("$@")
compiles
# A field that moved, one that grew, and a number that is another.
for mistake in 's/evtchn_status, hr_le32, port, 4/evtchn_status, hr_le32, port, 8/' \
  's/sched_watchdog, 8/sched_watchdog, 12/' 's/GNTTABOP_COPY, 5/GNTTABOP_COPY, 6/'; do
  mkdir -p "$out/wrong/abi"
  for table in xen.def xen_struct.def; do
    sed "$mistake" "$root/abi/$table" >"$out/wrong/abi/$table"
  done
  ! compiles -I"$out/wrong" >"$out/log" 2>&1 || { echo "not found: $mistake"; exit 1; }
  grep -q 'static assertion failed' "$out/log" || { cat "$out/log"; exit 1; }
done
