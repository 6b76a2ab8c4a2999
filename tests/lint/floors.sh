#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails on an include that points up a floor, and on a rule that does. Usage: floors.sh [ROOT]; the rules
# are in ROOT/tests/lint/floors.txt.
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
rules=tests/lint/floors.txt
cd "$root"
awk -F: '
  /^#/ || !/:/ { next }
  {
    n = split($2, rooms, " ")
    for (i = 1; i <= n; i++)
      if (rooms[i] != "*" && !(rooms[i] in above)) {
        print FILENAME ":" FNR ": " $1 " names " rooms[i] ", which stands nowhere above it"; bad = 1
      }
    above[$1]
  }
  END { exit bad }' $rules
# Also files that git does not track yet: an include is checked before it is committed. Examples stand
# outside of the house: they see the installed package, which tests/package checks.
git ls-files -co --exclude-standard -- '*.c' '*.h' '*.cpp' '*.hpp' '*.S' '*.def' ':!examples' |
  xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null |
  awk -v rules="$rules" '
    BEGIN {
      while ((getline line < rules) > 0) {
        if (line ~ /^#/ || line !~ /:/) continue
        split(line, half, ":")
        allowed[half[1]] = half[2] " "
      }
    }
    # The longest rule that is a prefix of the path.
    function room(path,    name, best) {
      best = ""
      for (name in allowed)
        if ((index(path, name "/") == 1 || index(path, name ".") == 1) && length(name) > length(best))
          best = name
      return best
    }
    {
      split($0, part, ":"); file = part[1]; line = part[2]
      match($0, /"[^"]+"/); target = substr($0, RSTART + 1, RLENGTH - 2)
      from = room(file); to = room(target)
      if (from == "") { print file ":" line ": in no room of " rules; bad = 1; next }
      if (to == "") { print file ":" line ": includes \"" target "\", which is not rooted at the tree"; bad = 1; next }
      if (from != to && index(allowed[from], " * ") == 0 && index(allowed[from], " " to " ") == 0) {
        print file ":" line ": " from " may not include \"" target "\" (" to ")"; bad = 1
      }
    }
    END { exit bad }'
