#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# table.sh ROWS PAGE [--write]: the table "ran" of docs/conventions.md, made from what ran.
#
# ROWS is a folder with what the programs printed: "# row: CONVENTION ISA ENDIAN FORM WHO CALLS" in *.rows
# (tests/target/harness/tap.hpp note_row). not_run.txt beside this script says for what is missing why it cannot be. Fails
# when the page has another table, when something is missing without a reason, and when a reason is for nothing.
# --write puts the table into the page.
set -eu
rows=$1
page=$2
here=$(dirname "$0")
# shellcheck source=tests/conventions/page.sh
. "$here/page.sh"
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
status=0
cat "$rows"/*.rows | sort -u | awk -v reasons="$here/not_run.txt" '
  function fits(pattern, word) { return pattern == "*" || index("," pattern ",", "," word ",") > 0 }
  # The reason why this cannot run; empty if there is none.
  function reason_of(c, isa, endian, form, kind,    i) {
    for (i = 1; i <= wishes; ++i)
      if (fits(convention[i], c) && fits(isas[i], isa) && fits(endians[i], endian) && fits(forms[i], form) && fits(kinds[i], kind)) {
        used[i] = 1
        return why[i]
      }
    return ""
  }
  function commas(words) { gsub(/ /, ", ", words); return words }
  function sorted_in(list, word,    n, parts, i, text, put) {
    n = split(list, parts, " ")
    for (i = 1; i <= n; ++i) {
      if (parts[i] == word) return list
      if (!put && word < parts[i]) { text = text " " word; put = 1 }
      text = text " " parts[i]
    }
    return substr(put ? text : text " " word, 2)
  }
  BEGIN {
    while ((getline line < reasons) > 0) {
      if (line ~ /^#/ || line == "") continue
      ++wishes
      split(line, field, " ")
      convention[wishes] = field[1]; isas[wishes] = field[2]; endians[wishes] = field[3]
      forms[wishes] = field[4]; kinds[wishes] = field[5]
      sub(/^([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)([^ ]+ +)/, "", line)
      why[wishes] = line
      text_of[wishes] = line
    }
  }
  $1 == "#" && $2 == "row:" {
    if (NF != 8 || $8 + 0 < 1) { print "not a row: " $0 > "/dev/stderr"; bad = 1; next }
    kind = $7 == "ours" ? "ours" : "real"
    who = $7
    sub(/^real:/, "", who)
    cell = $3 " " $4 " " $5 " " $6
    ran[cell, kind] = 1
    list[cell] = sorted_in(list[cell], who)
  }
  END {
    n = split("xen smccc psci trng hyper-v levand-v15 jailhouse gunyah kvm-vendor", conventions, " ")
    m = split("a32:le t32:le a32:be t32:be a64:le a64:be", builds, " ")
    f = split("inline out-of-line", all_forms, " ")
    k = split("ours real", all_kinds, " ")
    print "| convention | form | builds | answered by | not run |"
    print "| --- | --- | --- | --- | --- |"
    for (i = 1; i <= n; ++i) for (j = 1; j <= m; ++j) for (g = 1; g <= f; ++g) {
      split(builds[j], b, ":")
      cell = conventions[i] " " b[1] " " b[2] " " all_forms[g]
      missing = ""
      split("", texts)
      none = list[cell] == ""
      for (h = 1; h <= k; ++h) {
        if ((cell, all_kinds[h]) in ran) continue
        text = reason_of(conventions[i], b[1], b[2], all_forms[g], all_kinds[h])
        if (text == "") { print "nothing ran, and no reason: " cell " " all_kinds[h] > "/dev/stderr"; bad = 1; continue }
        texts[all_kinds[h]] = text
      }
      known[cell] = 1
      # A convention that an architecture does not have needs no lines of its own.
      if (none && texts["ours"] != "" && texts["ours"] == texts["real"]) {
        if (!(text in left_out)) skipped[++skips] = text
        if (index(left_out[text], conventions[i]) == 0) left_out[text] = left_out[text] (left_out[text] == "" ? "" : ", ") conventions[i]
        continue
      }
      for (h = 1; h <= k; ++h) {
        text = texts[all_kinds[h]]
        if (text == "") continue
        if (!(text in number)) { number[text] = ++notes; note[notes] = text }
        missing = missing (missing == "" ? "" : ", ") all_kinds[h] " (" number[text] ")"
      }
      # Builds with the same answer share a line.
      line = conventions[i] " | " all_forms[g] " | " list[cell] " | " missing
      if (!(line in builds_of)) order[++lines] = line
      builds_of[line] = builds_of[line] (builds_of[line] == "" ? "" : ", ") b[1] " " b[2]
    }
    for (i = 1; i <= lines; ++i) {
      who = order[i]
      split(who, part, " \\| ")
      printf "| %s | %s | %s | %s | %s |\n", part[1], part[2], builds_of[who], commas(part[3]), part[4]
    }
    print ""
    for (i = 1; i <= notes; ++i) print i ". " note[i]
    if (skips) print ""
    for (i = 1; i <= skips; ++i) print "In no other builds: " left_out[skipped[i]] ", because " skipped[i] "."
    for (cell in list) if (!(cell in known)) { print "an unknown row: " cell > "/dev/stderr"; bad = 1 }
    for (i = 1; i <= wishes; ++i) if (!used[i]) { print "a reason for nothing: " why[i] > "/dev/stderr"; bad = 1 }
    exit bad
  }' >"$fresh" || status=1
if [ "${3:-}" = --write ]; then
  write_table "$page" ran "$fresh"
  exit $status
fi
table_of "$page" ran | diff - "$fresh" ||
  { echo "$page is stale: run tests/conventions/table.sh $rows $page --write"; exit 1; }
exit $status
