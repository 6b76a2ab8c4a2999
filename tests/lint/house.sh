#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when the house and its description differ: every top-level folder has a README and is named
# in the top README; twins (arm, arm64) hold the same files; every link of a page leads somewhere. Usage: house.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
bad=0
fault() { echo "$1"; bad=1; }
for folder in $(git ls-files -co --exclude-standard | sed -n 's|^\([^./][^/]*\)/.*|\1|p' | sort -u); do
  [ -f "$folder/README.md" ] || fault "$folder/: has no README.md"
  grep -q "^$folder/ " README.md || fault "README.md: does not name $folder/"
done
for twin in $(git ls-files -co --exclude-standard | sed -n 's|^\(.*\)/arm64/.*|\1|p' | sort -u); do
  [ -d "$twin/arm" ] || continue
  diff <(cd "$twin/arm" && ls) <(cd "$twin/arm64" && ls) >/dev/null ||
    fault "$twin: arm/ and arm64/ do not hold the same files: $(diff <(cd "$twin/arm" && ls) <(cd "$twin/arm64" && ls) | grep '^[<>]' | tr '\n' ' ')"
done
while IFS=: read -r page link; do
  [ -e "$(dirname "$page")/$link" ] || fault "$page: links to $link, which is not there"
done < <(git ls-files -co --exclude-standard -- '*.md' |
  xargs grep -oHE '\]\([^)#:]+' | sed 's/:](/:/')
exit $bad
