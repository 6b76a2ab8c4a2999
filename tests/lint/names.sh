#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails on a test that is not named in words_with_underscores, and on a suite that is not named as a type.
# Usage: names.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
# One "FILE: MACRO(SUITE, NAME" a line, also where the name stands on a line of its own.
git ls-files -co --exclude-standard -- 'tests/*.cpp' | while read -r file; do
  [ -f "$file" ] || continue
  tr '\n' ' ' <"$file" | grep -oE '\b(TEST|TEST_F|TEST_P|HR_TEST)\( *[A-Za-z0-9_]+, *[A-Za-z0-9_"]+' | sed "s|^|$file: |" || true
done | awk '
  { sub(/\( */, " "); sub(/, */, " ") }
  $2 == "HR_TEST" { if ($3 !~ /^[a-z][a-z0-9_]*$/) { print $1 " " $3 ": words_with_underscores"; bad = 1 } next }
  $3 !~ /^[A-Z][A-Za-z0-9]*$/ { print $1 " " $3 ": a suite is named as a type is"; bad = 1 }
  $4 !~ /^[a-z][a-z0-9_]*$/ { print $1 " " $3 ", " $4 ": words_with_underscores"; bad = 1 }
  END { exit bad }'
