#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when a top-level folder has no README, when twins (arm, arm64) do not hold the same files, when the shared
# core/ beside them asks for the architecture, when a test is in no target, and when the change log does not know the version. What the map says is checked by map.sh. Usage: house.sh [ROOT]
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
# What differs between the architectures is a file of the twins, not an #if of the core that they share.
while IFS= read -r line; do
  fault "$line: belongs into the twins"
done < <(git ls-files -co --exclude-standard -- '*/core/*' | xargs -r grep -nE \
  '^[[:space:]]*#[[:space:]]*(el)?if.*(__arm__|__aarch64__|__thumb|__ARM|__AARCH64)' /dev/null)
# A test that nobody builds is green for ever.
built=$(git ls-files -co --exclude-standard -- 'tests/*CMakeLists.txt' 'tests/*.cmake' | xargs -r sed 's/#.*//')
while IFS= read -r test; do
  grep -qE "(^|[^a-z0-9_])$(basename "$test")" <<<"$built" || fault "$test: is in no target"
done < <(git ls-files -co --exclude-standard -- 'tests/*_test.cpp' 'tests/*_fuzz.cpp')
version=$(sed -n 's/^project(hyprelay VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
grep -qF "## [$version]" CHANGELOG.md || fault "CHANGELOG.md: has nothing of version $version"
exit $bad
