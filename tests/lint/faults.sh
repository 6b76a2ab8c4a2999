#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every lint must be able to fail: a small tree that passes, then one planted fault for each.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

sound_tree() {
  rm -rf "${tree:?}"/* "$tree/.git"
  git -C "$tree" init -q
  mkdir -p "$tree"/{abi,base,fdt,tests/lint}/ "$tree"/base/{arm,arm64}
  printf '# floor 0\nabi:\nbase: abi\n# floor 1\nfdt: abi base\n' >"$tree/tests/lint/floors.txt"
  printf '#include "abi/a.h"\n' >"$tree/base/b.hpp"
  printf '#include "base/b.hpp"\n' >"$tree/fdt/f.cpp"
  printf '/*\n * hr_f: does it.\n * In: nothing\n * Out: nothing\n * Clobbers: nothing\n */\nFUNC hr_f\nEND hr_f\n' |
    tee "$tree/base/arm/f.S" >"$tree/base/arm64/f.S"
  touch "$tree/abi/a.h" "$tree"/{abi,base,fdt,tests}/README.md
  printf 'abi/  a\nbase/  b\nfdt/  f\ntests/  t\n' >"$tree/README.md"
}

# expect WORD LINT: the lint ends so on the tree as it is now.
expect() {
  local got=passes
  "$here/$2.sh" "$tree" >/dev/null 2>&1 || got=fails
  [ $got = "$1" ] || { echo "$2 $got, but should be: $1 ($3)"; failures=$((failures + 1)); }
}

sound_tree
for lint in floors sizes house contracts format snippets; do expect passes $lint "sound tree"; done
printf '#include "fdt/f.hpp"\n' >"$tree/base/up.hpp"
expect fails floors "an include that points up"
sound_tree
printf '#include "b.hpp"\n' >"$tree/base/c.cpp"
expect fails floors "an include that is not rooted"
sound_tree
printf 'base: abi fdt\nfdt: abi\nabi:\n' >"$tree/tests/lint/floors.txt"
expect fails floors "a rule that points up"
sound_tree
seq 401 >"$tree/base/long.cpp"
expect fails sizes "401 lines"
sound_tree
rm "$tree/fdt/README.md"
expect fails house "a folder without README"
sound_tree
mkdir "$tree/new" && touch "$tree/new/README.md"
expect fails house "a folder that the README does not name"
sound_tree
touch "$tree/base/arm64/only.S"
expect fails house "twins that differ"
sound_tree
printf '/* hr_g: In: nothing, Out: nothing */\nFUNC hr_g\n' >"$tree/base/arm/f.S"
expect fails contracts "no Clobbers"
sound_tree
printf '        .globl hr_h\nhr_h:\n' >>"$tree/base/arm/f.S"
expect fails contracts "a bare global label"
sound_tree
printf 'int f(void) {\n  /* [part] */\n  return 1;\n  /* [end] */\n}\n' >"$tree/base/f.c"
# shellcheck disable=SC2016 # backquotes of a page
printf '<!-- code base/f.c part -->\n```c\nreturn 1;\n```\n' >"$tree/base/README.md"
expect passes snippets "code on a page as it is in the file"
sed -i 's/return 1/return 2/' "$tree/base/README.md"
expect fails snippets "code on a page that differs from the file"
sed -i 's/ part / other /' "$tree/base/README.md"
expect fails snippets "a part that is not in the file"
exit $((failures != 0))
