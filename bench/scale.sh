#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# scale.sh [--json]: what planner, trees and JSON cost as their inputs grow, and ten edits of a tree beside ten calls of fdtput.
#   CASE, SIZE    microseconds of CPU by Google Benchmark, and the order of growth that it fits to all sizes, with the error of
#                 that fit (RMS)
#   CASE: growth  what one range (node, byte) more costs at the largest size, by what it cost a tenth or a quarter below, each
#                 divided by log n: 1 for n log n, 0.8 for n, and near 10 for n^2. Instructions counted by callgrind: the number
#                 is the same whatever else the machine does; more than 1.5 fails
#   tree edits    wall clock of ten properties set in Debian's largest device tree, paired: every round runs all of them
# Needs HYPRELAY_BUILD (a build tree with scale_bench and tree_edits), HYPRELAY_SYSROOT (where ./x unpacked the kernels), valgrind
# and fdtput.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# Where a disk is busy, writing 150 KB takes longer than all that is measured.
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$work"' EXIT
# shellcheck source=bench/rows.sh
. "$here/rows.sh"
json=false
[ "${1:-}" != --json ] || json=true
programs=$HYPRELAY_BUILD/bench/scale
tree=$(find "$HYPRELAY_SYSROOT"/arm*/usr/lib/linux-image-* -name '*.dtb' -printf '%s %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
status=0

# Times: name,iterations,real_time,cpu_time,time_unit of each case and size; of the fit the coefficient's unit and the error.
"$programs/scale_bench" "$tree" --benchmark_min_time=0.05 --benchmark_format=csv 2>"$work/errors" >"$work/times" ||
  { cat "$work/errors" >&2; exit 1; }
# Instructions: one dump for each case and size.
valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$work/counts" "$programs/scale_bench" "$tree" --count \
  >"$work/errors" 2>&1 || { cat "$work/errors" >&2; exit 1; }
for dump in "$work"/counts.*; do
  awk '/^desc: Trigger: Client Request: / { name = $5 " " $6 " " $7 } /^(totals|summary): / { total = $2 }
    END { if (name != "") print name, total }' "$dump"
done | sort -s -k 1,1 -k 3,3n >"$work/instructions"

# largest: "CASE UNIT SIZE GROWTH", a line for each case; "-" where there are not three sizes, or nothing grows.
largest() {
  awk '
    function end() {
      if (!n) return
      growth = "-"
      if (n > 2) {
        late = at[n] - at[n - 1]; early = at[n - 1] - at[n - 2]
        # Less than a hundredth more than before: it does not depend on the size.
        growth = late < at[n] / 100 ? 0 : (late / (x[n] - x[n - 1])) / (early / (x[n - 1] - x[n - 2]))
      }
      print last, unit, size, growth
    }
    $1 != last { end(); n = 0; last = $1; unit = $2 }
    { n++; size = $3; at[n] = $4; x[n] = $3 * log($3 < 2 ? 2 : $3) }
    END { end() }' "$work/instructions"
}
largest >"$work/largest"
[ -s "$work/largest" ] || { echo "scale.sh: nothing was counted" >&2; exit 1; }
while read -r name unit size growth; do
  read -r microseconds <<<"$(awk -F , -v name="\"$name/$size\"" '$1 == name { printf "%.1f", $4 }' "$work/times")"
  fit=$(awk -F , -v name="\"$name" '$1 == name "_BigO\"" { order = $5 } $1 == name "_RMS\"" { printf ", %s, RMS %.0f %%", order, $4 * 100 }' "$work/times")
  row "$name, $size $unit" host "$microseconds" - - "us$fit"
  [ "$growth" != - ] || continue
  row "$name: growth" host "$(printf '%.2f' "$growth")" 1 "n log n" "instructions of one more"
  awk -v growth="$growth" 'BEGIN { exit growth > 1.5 }' || { echo "scale.sh: $name grows faster than n log n: $growth" >&2; status=1; }
done <"$work/largest"

# now: microseconds.
now() { echo "${EPOCHREALTIME/./}"; }
# round: "OURS OUR-EDITS OUR-PROCESS FDTPUT NOTHING": ten edits in this program's own memory from file to file, those alone, by a
# process, ten calls of fdtput, and ten of it that only say its version.
round() {
  local before ours edits process fdtput name value
  read -r ours edits <<<"$("$programs/tree_edits" "$tree" "$work/ours.dtb" "$here/scale/edits" 10)"
  before=$(now)
  "$programs/tree_edits" "$tree" "$work/ours.dtb" "$here/scale/edits" >"$work/said"
  process=$(($(now) - before))
  cp "$tree" "$work/theirs.dtb"
  before=$(now)
  while read -r name value; do
    fdtput -t s "$work/theirs.dtb" /chosen "$name" "$value"
  done <"$here/scale/edits"
  fdtput=$(($(now) - before))
  before=$(now)
  while read -r name value; do
    fdtput -V >"$work/said"
  done <"$here/scale/edits"
  echo $((ours / 1000)) $((edits / 1000)) "$process" "$fdtput" $(($(now) - before))
}
for _ in $(seq 21); do round; done >"$work/rounds"
# The same tree must have come of it.
dtc -q -s -O dts "$work/ours.dtb" >"$work/ours.dts"
dtc -q -s -O dts "$work/theirs.dtb" >"$work/theirs.dts"
cmp "$work/ours.dts" "$work/theirs.dts" || { echo "scale.sh: the edited trees differ" >&2; status=1; }
# median COLUMN
median() { sort -n -k "$1,$1" "$work/rounds" | awk -v column="$1" '{ at[NR] = $column } END { print at[int((NR + 1) / 2)] }'; }
row "ten tree edits, file to file" host "$(median 1)" "$(median 4)" "ten calls of fdtput" us
row "ten tree edits in memory" host "$(median 2)" "$(median 4)" "ten calls of fdtput" us
row "a process that makes ten tree edits" host "$(median 3)" "$(median 4)" "ten calls of fdtput" us
row "ten processes that do nothing" host - "$(median 5)" "ten of fdtput -V" us
# Seen: 23 and 25. What a wall clock says of it is half as much at most when it is the machine's fault.
((10 * $(median 1) <= $(median 4))) || { echo "scale.sh: ten edits are not even 10 times faster than ten calls of fdtput" >&2; status=1; }

if $json; then object_of_rows ''; else table_of_rows; fi
exit $status
