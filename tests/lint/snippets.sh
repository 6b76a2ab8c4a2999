#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when code on a page is not the code of the file that it names. On a page
#   <!-- code PATH NAME -->
# stands before a fenced block; in the file the lines are between the comments [NAME] and [end],
# whose indentation is taken off. <!-- code PATH NAME without SYMBOL --> leaves out what the
# preprocessor would without SYMBOL (#ifdef SYMBOL, #else, #endif; not nested). Usage: snippets.sh [ROOT [--write]]   (--write mends the pages)
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
page_now=$(mktemp)
trap 'rm -f "$page_now"' EXIT
bad=0

# render PAGE: the page with every quoted block as its file has it.
render() {
  # shellcheck disable=SC2016 # awk's own variables
  awk '
    function quote(file, name, symbol,    line, on, indent, lines, branch) {
      while ((getline line < file) > 0) {
        if (on && index(line, "/* [end] */")) on = 0
        # branch: 0 outside of the conditional, 1 where SYMBOL is defined, 2 where it is not
        if (symbol != "" && line == "#ifdef " symbol) { branch = 1; continue }
        if (branch && line == "#else") { branch = 2; continue }
        if (branch && line ~ /^#endif/) { branch = 0; continue }
        if (branch == 1) continue
        if (on) { print substr(line, 1, indent) ~ /^ *$/ ? substr(line, indent + 1) : line; lines++ }
        if (index(line, "/* [" name "] */")) { on = 1; indent = match(line, /[^ ]/) - 1 }
      }
      close(file)
      if (!lines) { print FILENAME ": " file " has no part " name >"/dev/stderr"; bad = 1 }
    }
    inside && /^```/ { inside = 0 }
    inside { next }
    { print }
    quoted && /^```/ { quote(file, name, symbol); quoted = 0; inside = 1; next }
    quoted { print FILENAME ": no block behind the mark of " file >"/dev/stderr"; bad = 1; quoted = 0 }
    /^<!-- code / { file = $3; name = $4; symbol = $5 == "without" ? $6 : ""; quoted = 1 }
    END { exit bad }' "$1"
}

while read -r page; do
  render "$page" >"$page_now" || bad=1
  cmp -s "$page" "$page_now" && continue
  if [ "${2:-}" = --write ]; then
    cp "$page_now" "$page"
  else
    diff -u --label "$page" "$page" --label "$page as its files have it" "$page_now" || true
    echo "$page: quotes code that has changed: ./x docs"
    bad=1
  fi
done < <(git ls-files -co --exclude-standard -- '*.md')
exit $bad
