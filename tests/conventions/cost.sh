#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# cost.sh IMAGES SYSROOTS PAGE [--write]: the table "cost" of docs/conventions.md: bytes and instructions of clients, inline and out of
# line, beside what Debian's kernels have for the same call (measure.sh). Fails when the page has other figures of ours, and when a
# client is larger or slower than the kernel's.
set -eu
images=$1
sysroots=$2
page=$3
here=$(dirname "$0")
# shellcheck source=tests/conventions/page.sh
. "$here/page.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is measured: ours inline (cost.c), ours out of line, and the kernel's on arm and on arm64; "-" where there is none.
cat >"$work/rows" <<'ROWS'
inline_xen_version hr_xen_version HYPERVISOR_xen_version HYPERVISOR_xen_version
inline_xen_console_io hr_xen_console_io HYPERVISOR_console_io HYPERVISOR_console_io
inline_xen_multicall hr_xen_multicall HYPERVISOR_multicall HYPERVISOR_multicall
- hr_privcmd_call privcmd_call privcmd_call
inline_smccc_1_0_hvc - __arm_smccc_hvc __arm_smccc_hvc
inline_smccc_1_1_hvc - __arm_smccc_hvc __arm_smccc_hvc
- hr_smccc_hvc+hr_smccc_store __arm_smccc_hvc arm_smccc_1_2_hvc
- hr_smccc_smc+hr_smccc_store __arm_smccc_smc arm_smccc_1_2_smc
inline_set_vectors - __hyp_set_vectors __hyp_set_vectors
inline_reset_vectors - __hyp_reset_vectors __hyp_reset_vectors
inline_hyperv_call - - hv_do_hypercall
inline_hyperv_fast8 - - hv_do_fast_hypercall8
inline_hyperv_set_register - - hv_set_vpreg
inline_hyperv_get_register - - hv_get_vpreg_128
ROWS
# measured NAME TOOLS FILE COLUMN: these columns of the rows in this file, as "SYMBOL BYTES INSTRUCTIONS".
measured() {
  [ -e "$3" ] || { echo "$3 is missing"; exit 1; }
  # shellcheck disable=SC2046 # symbols have no blanks
  "$here/measure.sh" "$2-objdump" "$2-nm" "$3" $(awk -v c="$4" '$c != "-" { print $c }' "$work/rows" | sort -u) >"$work/$1"
}
arm="arm-linux-gnueabihf"
arm64="aarch64-linux-gnu"
measured a32.inline $arm "$images/arm/tests/conventions/libhr_cost.a" 1
measured t32.inline $arm "$images/arm/tests/conventions/libhr_cost_t32.a" 1
measured a64.inline $arm64 "$images/arm64/tests/conventions/libhr_cost.a" 1
measured a32.out $arm "$images/arm/compat/libhr_client.a" 2
measured t32.out $arm "$images/arm/compat/libhr_client_t32.a" 2
measured a64.out $arm64 "$images/arm64/compat/libhr_client.a" 2
measured a32.linux $arm "$(find "$sysroots/armhf/usr/lib/debug/boot" -name 'vmlinux-*-armmp')" 3
measured a64.linux $arm64 "$(find "$sysroots/arm64/usr/lib/debug/boot" -name 'vmlinux-*-arm64')" 4

status=0
awk -v work="$work" '
  function load(name,    line, field) {
    while ((getline line < (work "/" name)) > 0) {
      split(line, field, " ")
      bytes[name, field[1]] = field[2]
      steps[name, field[1]] = field[3]
    }
  }
  function text(name, symbol) {
    if (symbol == "-" || bytes[name, symbol] == "-" || bytes[name, symbol] == "") return ""
    return bytes[name, symbol] ", " steps[name, symbol]
  }
  function compare(ours, symbol, theirs, other) {
    if (text(ours, symbol) == "" || text(theirs, other) == "") return
    ++compared
    if (bytes[ours, symbol] > bytes[theirs, other] + 0 || steps[ours, symbol] > steps[theirs, other] + 0) {
      print ours " " symbol ": " text(ours, symbol) ", but " other " " text(theirs, other) > "/dev/stderr"
      bad = 1
    }
  }
  BEGIN {
    n = split("a32.inline t32.inline a64.inline a32.out t32.out a64.out a32.linux a64.linux", names, " ")
    for (i = 1; i <= n; ++i) load(names[i])
    print "| client | A32 | T32 | A64 | Linux, A32 | Linux, A64 |"
    print "| --- | --- | --- | --- | --- | --- |"
  }
  {
    for (form = 1; form <= 2; ++form) {
      if ($form == "-") continue
      kind = form == 1 ? "inline" : "out"
      name = $form
      sub(/\+.*/, "", name)
      sub(/^inline_/, "", name)
      printf "| %s | %s | %s | %s | %s | %s |\n", form == 1 ? name ", inline" : "`" name "`", text("a32." kind, $form), \
        text("t32." kind, $form), text("a64." kind, $form), text("a32.linux", $3), text("a64.linux", $4)
      compare("a32." kind, $form, "a32.linux", $3)
      compare("t32." kind, $form, "a32.linux", $3)
      compare("a64." kind, $form, "a64.linux", $4)
    }
  }
  END {
    if (compared < 28) { print "compared only " compared > "/dev/stderr"; bad = 1 }
    exit bad
  }' "$work/rows" >"$work/table" || status=1
if [ "${4:-}" = --write ]; then
  write_table "$page" cost "$work/table"
  exit $status
fi
# A kernel of tomorrow may have other figures: then the page only tells how it was, but ours must still not be larger or slower.
ours() { awk -F '|' '{ print $2 "|" $3 "|" $4 "|" $5 }' "$@"; }
ours "$work/table" >"$work/ours"
table_of "$page" cost | ours | diff - "$work/ours" ||
  { echo "$page is stale: run tests/conventions/cost.sh $images $sysroots $page --write"; exit 1; }
exit $status
