#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The rows that every benchmark gives, so that `./x bench` can print one table of all. Sourced by bench/NAME.sh:
#   row WHAT ARCH OURS PEER PEER_NAME UNIT   remembers one; "-" where there is none. OURS and PEER are plain numbers
#                                            (or a word, "no", where something does not come to an end at all)
#   table_of_rows                            prints those of this run, for people
#   object_of_rows MORE                      prints them as one JSON object; MORE are members of it, each ended by a comma, or empty
#   ratio                                    is ours / peer, of two numbers
# It needs a folder $work for them. Called by ./x: rows.sh table|json FILE, with the rows of many benchmarks, which HYPRELAY_ROWS collects in FILE.
set -euo pipefail
export LC_ALL=C
bench_name=$(basename "$0" .sh)
bench_rows=${work:-}/rows

row() {
  (($# == 6)) || { echo "row: six words, not $#: $*" >&2; exit 1; }
  # What a command in place of a word has not said: that it has failed nobody was told.
  local word
  for word; do [ -n "$word" ] || { echo "row: a word is empty: $*" >&2; exit 1; }; done
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$bench_name" "$@" >>"$bench_rows"
  [ -z "${HYPRELAY_ROWS:-}" ] || tail -n 1 "$bench_rows" >>"$HYPRELAY_ROWS"
}

# The columns: what, ours, peer, which peer, ratio, unit. Millions where a number has more than six digits.
rows_table() {
  awk -F '\t' '
    function is_number(x) { return x ~ /^-?[0-9]+(\.[0-9]+)?$/ }
    function shown(x) {
      if (!is_number(x)) return x
      if (x >= 1000000) return sprintf("%.1f M", x / 1e6)
      return x == int(x) ? sprintf("%d", x) : sprintf(x < 10 ? "%.3f" : "%.1f", x)
    }
    $1 != bench || $3 != arch { if (NR > 1) print ""; bench = $1; arch = $3; }
    NR == 1 { printf "%-7s %-6s %-42s %12s %12s  %-26s %7s  %s\n", "bench", "arch", "what", "ours", "peer", "which peer", "ratio", "unit" }
    {
      ratio = is_number($4) && is_number($5) && $5 > 0 ? sprintf("%.2f", $4 / $5) : "-"
      printf "%-7s %-6s %-42s %12s %12s  %-26s %7s  %s\n", $1, $3, $2, shown($4), shown($5), $6, ratio, $7
    }' "$1"
}

rows_json() {
  awk -F '\t' '
    function is_number(x) { return x ~ /^-?[0-9]+(\.[0-9]+)?$/ }
    function text(x) { gsub(/[\\"]/, "\\\\&", x); return "\"" x "\"" }
    function value(x) { return x == "-" ? "null" : is_number(x) ? x : text(x) }
    {
      ratio = is_number($4) && is_number($5) && $5 > 0 ? sprintf("%.4f", $4 / $5) : "null"
      printf "%s{\"bench\":%s,\"what\":%s,\"arch\":%s,\"ours\":%s,\"peer\":%s,\"peer_name\":%s,\"ratio\":%s,\"unit\":%s}", \
        (NR > 1 ? ",\n" : "\n"), text($1), text($2), text($3), value($4), value($5), $6 == "-" ? "null" : text($6), ratio, text($7)
    }' "$1"
}

table_of_rows() { rows_table "$bench_rows"; }
object_of_rows() {
  printf '{"bench":"%s",%s"rows":[' "$bench_name" "$1"
  rows_json "$bench_rows"
  printf ']}\n'
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  case ${1:-} in
    table) rows_table "$2" ;;
    json) printf '{"rows":[' && rows_json "$2" && printf ']}\n' ;;
    *) echo "usage: rows.sh table|json FILE" >&2; exit 2 ;;
  esac
fi
