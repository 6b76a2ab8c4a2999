#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails on a C or C++ source that clang-format would change and on a shell script that shellcheck
# finds fault with. Usage: format.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
git ls-files -co --exclude-standard -- '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format --dry-run -Werror
{
  git ls-files -co --exclude-standard -- '*.sh' x .ci/run
  # What a package installs has no suffix.
  git ls-files -co --exclude-standard -- packaging | xargs -r grep -lE -m1 '^(#!/bin/(ba)?sh|# -\*- shell-script)'
} | sort -u | xargs -r shellcheck
