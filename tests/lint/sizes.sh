#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails on a source file above 400 lines. Usage: sizes.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
git ls-files -co --exclude-standard -- '*.c' '*.h' '*.cpp' '*.hpp' '*.S' '*.sh' '*.cmake' x '*CMakeLists.txt' |
  while read -r file; do
    lines=$(wc -l <"$file")
    ((lines <= 400)) || { echo "$file: $lines lines, 400 are the limit"; exit 1; }
  done
