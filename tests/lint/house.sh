#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when a top-level folder has no README, when twins (arm, arm64) do not hold the same files, and when the
# change log does not know the version. What the map says is checked by map.sh. Usage: house.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
bad=0
fault() { echo "$1"; bad=1; }
for folder in $(git ls-files -co --exclude-standard | sed -n 's|^\([^./][^/]*\)/.*|\1|p' | sort -u); do
  [ -f "$folder/README.md" ] || fault "$folder/: has no README.md"
done
for twin in $(git ls-files -co --exclude-standard | sed -n 's|^\(.*\)/arm64/.*|\1|p' | sort -u); do
  [ -d "$twin/arm" ] || continue
  diff <(cd "$twin/arm" && ls) <(cd "$twin/arm64" && ls) >/dev/null ||
    fault "$twin: arm/ and arm64/ do not hold the same files: $(diff <(cd "$twin/arm" && ls) <(cd "$twin/arm64" && ls) | grep '^[<>]' | tr '\n' ' ')"
done
version=$(sed -n 's/^project(hyprelay VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
grep -qF "## [$version]" CHANGELOG.md || fault "CHANGELOG.md: has nothing of version $version"
exit $bad
