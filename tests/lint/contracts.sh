#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails on a global assembly label without its contract: a comment block above it that names the
# label and, for code, says In, Out and Clobbers. Usage: contracts.sh [ROOT]
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
# shellcheck disable=SC2016 # awk's own variables
git ls-files -co --exclude-standard -- '*.S' | grep -v '\.ld\.S$' | xargs -r awk '
  FNR == 1 { block = ""; inside = 0 }
  # A block is kept until the next one begins: a label may follow a few directives.
  /\/\*/ { if (!inside) block = ""; inside = 1 }
  inside { block = block $0 "\n" }
  /\*\// { inside = 0; next }
  inside { next }
  function fault(label, text) { print FILENAME ":" FNR ": " label " " text; bad = 1 }
  function plain(word) { sub(/,$/, "", word); return word }
  function named(label) {
    if (index(block, label) == 0) fault(label, "has no comment that names it")
  }
  function contract(label) {
    if (index(block, label) == 0 || block !~ /In:/ || block !~ /Out:/ || block !~ /Clobbers:/)
      fault(label, "has no contract (a comment with In:, Out:, Clobbers:)")
  }
  # A word with a backslash is a parameter of the macro that is being defined.
  $1 == "FUNC" || $1 == "TABLE" || ($1 == ".type" && $3 ~ /function/ && $2 !~ /\\/) { contract(plain($2)) }
  $1 == ".globl" || $1 == ".global" {
    for (i = 2; i <= NF && $i !~ /^\/[*]/; i++) if ($i !~ /\\/) named(plain($i))
  }
  END { exit bad }'
