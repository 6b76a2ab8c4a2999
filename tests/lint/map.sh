#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when the map (docs/architecture.md) and the house differ: its picture and its table of rooms are made
# from tests/lint/floors.txt, every room is there, and every top-level entry of the tree is named. Nor may a
# page be missing in docs/README.md, or a boot test in the table of what was run through firmware, in docs/efi.md.
# Usage: map.sh [ROOT [--write]]   (--write makes picture and table anew)
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
rules=tests/lint/floors.txt
map=docs/architecture.md
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
bad=0
fault() { echo "$1"; bad=1; }

while IFS=: read -r room _; do
  # A room is a folder, or files of one name that stand on another floor than their folder.
  compgen -G "$room" >/dev/null || compgen -G "$room.*" >/dev/null || fault "$rules: there is no $room"
done < <(grep -vE '^(#|$)' $rules)

while read -r entry; do
  [ ! -d "$entry" ] || entry=$entry/
  grep -qF "\`$entry\`" $map || fault "$map: does not name $entry"
done < <(git ls-files -co --exclude-standard | cut -d/ -f1 | sort -u)

# shellcheck disable=SC2016 # backquotes of a page
while read -r folder; do
  [ -d "$folder" ] || fault "$map: names $folder, which is not there"
done < <(sed -nE 's/^\| `([a-z-]+\/)` \|.*/\1/p' $map)

while read -r page; do
  grep -qF "(${page#docs/})" docs/README.md || fault "docs/README.md: does not name $page"
done < <(git ls-files -co --exclude-standard -- 'docs/*.md' | grep -vE '/(README.md$|.*/)')

# shellcheck disable=SC2016 # backquotes of a page
if [ -e tests/boot/efi.cmake ]; then
  diff <(sed -nE 's/^hr_efi_test\(([^ ]+) .*/\1/p' tests/boot/efi.cmake | sort) \
    <(sed '1,/^## What was run/d; /^## /,$d' docs/efi.md | sed -nE '/`boot\./d; s/^\| `([^`]+)` \|.*/\1/p' | sort) ||
    fault "docs/efi.md: What was run: not the tests of tests/boot/efi.cmake"
fi

# The top floor is the first line of the picture, as in a house.
# shellcheck disable=SC2016 # awk's own variables, and backquotes of a page
awk -v rules=$rules '
  BEGIN {
    while ((getline line < rules) > 0) {
      if (line ~ /^# floor /) { floor = substr(line, 9); top = floor; continue }
      if (line ~ /^# /) { floor = "" }
      if (line ~ /^#/ || line !~ /:/) continue
      colon = index(line, ":"); room = substr(line, 1, colon - 1); may = substr(line, colon + 1)
      if (floor != "") names[floor] = names[floor] "   " room
      split(may, words, " "); cell = ""
      for (i = 1; i in words; i++) cell = cell (i > 1 ? ", " : "") (words[i] == "*" ? "all" : "`" words[i] "`")
      rows = rows "| " floor " | `" room "` | " cell " |\n"
    }
  }
  /^<!-- end / { inside = 0 }
  !inside { print }
  /^<!-- table house -->/ {
    inside = 1
    print "```"
    for (i = top; i >= 0; i--) print i names[i]
    print "```"
  }
  /^<!-- table floors -->/ { inside = 1; printf "| floor | room | may include |\n| --- | --- | --- |\n%s", rows }
' $map >"$fresh"
if ! cmp -s $map "$fresh"; then
  if [ "${2:-}" = --write ]; then
    cp "$fresh" $map
  else
    diff -u --label $map $map --label "$map as $rules has it" "$fresh" || true
    fault "$map: the rooms have changed: ./x docs"
  fi
fi
for table in house floors; do
  grep -q "^<!-- table $table -->\$" $map || fault "$map: has no place for the table $table"
done
exit $bad
