#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails on a link of a page that leads nowhere: to a file that is not there, to a heading that its page does
# not have, or, as in [`seal()`](../handoff/seal.cpp), to a name that the file does not have.
# Usage: links.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
bad=0
fault() { echo "$1"; bad=1; }

# anchors PAGE: its headings, as GitHub makes them into anchors.
anchors() {
  sed -n 's/^##*  *//p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

while IFS=$'\t' read -r page text link; do
  case $link in http:* | https:* | mailto:*) continue ;; esac
  path=${link%%#*}
  target=$page
  [ -z "$path" ] || target=$(dirname "$page")/$path
  if [ ! -e "$target" ]; then
    fault "$page: links to $link, which is not there"
    continue
  fi
  case $link in
    *'#'*) anchors "$target" | grep -qxF -- "${link#*#}" || fault "$page: links to $link, but there is no such heading" ;;
  esac
  # A name in code style stands in the file, unless it is the file's own or a folder's.
  case $text in '`'*'`') ;; *) continue ;; esac
  name=${text//\`/}
  name=${name%()}
  name=${name##*::}
  if [ -f "$target" ] && [[ $target != *.md && $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ && ${target##*/} != "$name" ]]; then
    grep -qwF -- "$name" "$target" || fault "$page: $name is not in $path"
  fi
done < <(git ls-files -co --exclude-standard -- '*.md' | while read -r page; do
  # A link may go over the end of a line.
  tr '\n' ' ' <"$page" | grep -oE '\[[^]]*\]\([^) ]+\)' | sed -E "s|^\[([^]]*)\]\(([^)]*)\)$|$page\t\1\t\2|" || true
done)
exit $bad
