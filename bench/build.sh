#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a build from nothing costs: CPU seconds of each stage, and the ten files that cost most. No compiler cache.
# Usage: bench/build.sh [TARGET...]   (without: what ./x demo builds; checked, images_arm and so on)
set -euo pipefail
cd "$(dirname "$0")/.."
: "${HYPRELAY_CACHE:?}"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
(($#)) || set -- hyprelay tools_arm tools_arm64
# Each compilation says what it cost.
cat >"$tree/launch" <<TEXT
#!/bin/sh
exec /usr/bin/time -a -o "$tree/costs" -f '%U %S %C' "\$@"
TEXT
chmod +x "$tree/launch"
export CMAKE_C_COMPILER_LAUNCHER=$tree/launch CMAKE_CXX_COMPILER_LAUNCHER=$tree/launch CCACHE_DISABLE=1
cmake -G Ninja -B "$tree/build" -DCMAKE_BUILD_TYPE=MinSizeRel -DHYPRELAY_CACHE="$HYPRELAY_CACHE" >"$tree/log" 2>&1 ||
  { cat "$tree/log" >&2; exit 1; }
/usr/bin/time -o "$tree/all" -f '%U %S' ninja -C "$tree/build" "$@" >"$tree/log" 2>&1 ||
  { tail -n 40 "$tree/log" >&2; exit 1; }
# A compilation's stage is in the compiler's name and flags.
awk -v all="$tree/all" -v root="$PWD/" -v tree="$tree/build/" '
  function below(folder) { if (index(file, folder) == 1) file = substr(file, length(folder) + 1) }
  {
    file = $NF; stage = "hyprelay"
    if (/-ffreestanding/) stage = "images"; else if (/-fsanitize/) stage = "checked"
    else if (/arm-linux-gnueabihf-/) stage = "tools arm"; else if (/aarch64-linux-gnu-/) stage = "tools arm64"
    cost[stage] += $1 + $2
    rest += $1 + $2
    below(root)
    below(tree)
    printf "%7.1f  %s (%s)\n", $1 + $2, file, stage | "sort -rn | head -10 >&3"
  }
  END {
    close("sort -rn | head -10 >&3")
    for (stage in cost) printf "%7.1f  %s\n", cost[stage], stage
    getline line < all; split(line, spent, " ")
    printf "%7.1f  configure, assemble and link\n%7.1f  CPU seconds in all\n", spent[1] + spent[2] - rest, spent[1] + spent[2]
  }' "$tree/costs" 3>"$tree/slowest"
echo "the ten that cost most:"
cat "$tree/slowest"
