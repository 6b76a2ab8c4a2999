# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The tables of docs/conventions.md that are made of what ran: between "<!-- table NAME -->" and "<!-- end NAME -->". Sourced.

# table_of PAGE NAME: the table as it stands there.
table_of() { sed -n "/^<!-- table $2 -->/,/^<!-- end $2 -->/p" "$1" | sed '1d;$d'; }

# write_table PAGE NAME FILE: puts the file in its place.
write_table() {
  awk -v name="$2" -v fresh="$3" '
    $0 == "<!-- table " name " -->" { print; while ((getline line < fresh) > 0) print line; skip = 1; next }
    $0 == "<!-- end " name " -->" { skip = 0 }
    !skip' "$1" >"$1.new"
  mv "$1.new" "$1"
}
