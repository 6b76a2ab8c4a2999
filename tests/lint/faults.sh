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
  mkdir -p "$tree"/{abi,base,docs,fdt,tests/lint}/ "$tree"/base/{arm,arm64}
  printf '# floor 0\nabi:\nbase: abi\n# floor 1\nfdt: abi base\n' >"$tree/tests/lint/floors.txt"
  printf '#include "abi/a.h"\n' >"$tree/base/b.hpp"
  printf '#include "base/b.hpp"\n' >"$tree/fdt/f.cpp"
  printf '/*\n * hr_f: does it.\n * In: nothing\n * Out: nothing\n * Clobbers: nothing\n */\nFUNC hr_f\nEND hr_f\n' |
    tee "$tree/base/arm/f.S" >"$tree/base/arm64/f.S"
  touch "$tree/abi/a.h" "$tree"/{abi,base,docs,fdt,tests}/README.md
  # shellcheck disable=SC2016 # backquotes of a page
  {
    printf '`abi/` `base/` `docs/` `fdt/` `tests/` `CHANGELOG.md` `CMakeLists.txt` `README.md`\n'
    printf '<!-- table house -->\n```\n1   fdt\n0   abi   base\n```\n<!-- end house -->\n<!-- table floors -->\n'
    printf '| floor | room | may include |\n| --- | --- | --- |\n| 0 | `abi` |  |\n| 0 | `base` | `abi` |\n'
    printf '| 1 | `fdt` | `abi`, `base` |\n<!-- end floors -->\n## A part\n[`abi`](../base/b.hpp)\n'
  } >"$tree/docs/architecture.md"
  printf 'project(hyprelay VERSION 0.2.0)\n' >"$tree/CMakeLists.txt"
  printf '## [0.2.0]\n' >"$tree/CHANGELOG.md"
  printf '[the map](architecture.md)\n' >"$tree/docs/README.md"
  printf '[the map](docs/architecture.md#a-part)\n' >"$tree/README.md"
  printf 'HR_OP(GET, 0x0, "1.0")\nHR_OP(SET, 0x1, "1.0")\n' >"$tree/abi/op.def"
  printf 'HR_FUNCTION(PSCI, CPU_ON, 0x84000003, BOTH, "0.1", "", "", "")\n' >"$tree/abi/smccc.def"
  printf '#define HR_MAGIC 0x12\n#define HR_ABI_VERSION 0x10000\n#define HR_BATON_VERSION 0x1\n' >"$tree/abi/hr_abi.h"
  printf 'HR_BATON_FIELD(uint32_t, magic, 1, 0x0, "")\n' >"$tree/abi/baton.def"
  printf 'op GET = 0x0\nop SET = 0x1\nbaton@0x1 magic = 0x0 uint32_t 1\nconstant MAGIC = 0x12\n' >"$tree/abi/frozen.txt"
}

# expect WORD LINT: the lint ends so on the tree as it is now.
expect() {
  local got=passes
  "$here/$2.sh" "$tree" >/dev/null 2>&1 || got=fails
  [ $got = "$1" ] || { echo "$2 $got, but should be: $1 ($3)"; failures=$((failures + 1)); }
}

sound_tree
for lint in floors sizes house map links frozen numbers names contracts format snippets; do expect passes $lint "sound tree"; done
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
touch "$tree"/tests/{a,bb_a}_test.cpp
echo 'add_executable(t bb_a_test.cpp)' >"$tree/tests/CMakeLists.txt"
expect fails house "a test that nobody builds"
printf 'add_executable(t bb_a_test.cpp) # a_test.cpp\n' >"$tree/tests/CMakeLists.txt"
expect fails house "a test that a comment alone names"
echo 'add_executable(t bb_a_test.cpp a_test.cpp)' >"$tree/tests/CMakeLists.txt"
expect passes house "tests that are built"
sound_tree
mkdir "$tree/tests/boot"
printf 'hr_efi_test(acpi.chain MODE EL2\n  ARGS)\n' >"$tree/tests/boot/efi.cmake"
# shellcheck disable=SC2016 # backquotes of a page
printf '| `none` |\n## What was run\n| `boot.efi.` |\n|---|\n| `acpi.chain` | EDK2 |\n## More\n' >"$tree/docs/efi.md"
printf '[efi](efi.md)\n' >>"$tree/docs/README.md"
expect passes map "a table of what was run"
printf 'hr_efi_test(acpi.12G MODE EL2)\n' >>"$tree/tests/boot/efi.cmake"
expect fails map "a test that is in no table"
sound_tree
mkdir -p "$tree/base/core" && printf '#ifdef __arm__\n#endif\n' >"$tree/base/core/c.cpp"
expect fails house "an #if of the architecture in a shared core"
sound_tree
mkdir "$tree/new" && touch "$tree/new/README.md"
expect fails map "a folder that the map does not name"
sound_tree
touch "$tree/x"
expect fails map "a file on top that the map does not name"
sound_tree
printf 'cli: abi base fdt\n' >>"$tree/tests/lint/floors.txt"
expect fails map "a room that is not there"
sound_tree
# shellcheck disable=SC2016 # backquotes of a page
printf '| `cellar/` | c |\n' >>"$tree/docs/architecture.md"
expect fails map "a folder in the map that is not there"
sound_tree
sed -i 's/^fdt: abi base/fdt: abi/' "$tree/tests/lint/floors.txt"
expect fails map "a rule that the map has otherwise"
sound_tree
touch "$tree/docs/lost.md"
expect fails map "a page that no list has"
sound_tree
rm "$tree/base/b.hpp"
expect fails links "a link to a file that is not there"
sound_tree
# shellcheck disable=SC2016 # backquotes of a page
sed -i 's/\[.abi.\]/[`seal()`]/' "$tree/docs/architecture.md"
expect fails links "a link to a function that is not in the file"
sound_tree
sed -i 's/## A part/## Another/' "$tree/docs/architecture.md"
expect fails links "a link to a heading that is not there"
sound_tree
sed -i 's/SET, 0x1/SET, 0x2/' "$tree/abi/op.def"
expect fails frozen "an op with another number"
sound_tree
sed -i 's/HR_OP(SET/HR_OP(PUT/' "$tree/abi/op.def"
expect fails frozen "a number with another name"
sound_tree
sed -i '/SET/d' "$tree/abi/op.def"
expect fails frozen "an op that vanished"
sound_tree
sed -i 's/0x12/0x13/' "$tree/abi/hr_abi.h"
expect fails frozen "a constant that changed"
sound_tree
sed -i 's/0x0/0x4/' "$tree/abi/baton.def"
expect fails frozen "a field of the baton that moved"
sed -i 's/BATON_VERSION 0x1/BATON_VERSION 0x2/' "$tree/abi/hr_abi.h"
"$here/frozen.sh" "$tree" --write
expect passes frozen "a field that moved with the version"
sound_tree
sed -i 's/0x10000/0x20000/' "$tree/abi/hr_abi.h"
expect passes frozen "a version that changed"
printf 'HR_OP(NEW, 1, "1.1")\n' >>"$tree/abi/op.def"
expect fails frozen "a new op with a number that is taken"
sed -i 's/NEW, 1/NEW, 2/' "$tree/abi/op.def"
expect fails frozen "a new op that is not in the snapshot"
"$here/frozen.sh" "$tree" --write
expect passes frozen "a new op after --write"
sed -i 's/NEW, 2/NEW, 3/' "$tree/abi/op.def"
"$here/frozen.sh" "$tree" --write >/dev/null && { echo "frozen --write took a changed number"; failures=$((failures + 1)); }
expect fails frozen "a changed number after --write"
sound_tree
printf 'TEST(Plan,\n     keeps_order) {\n}\n' >"$tree/tests/plan_test.cpp"
expect passes names "a name on a line of its own"
sed -i 's/keeps_order/KeepsOrder/' "$tree/tests/plan_test.cpp"
expect fails names "a test in another style"
sound_tree
touch "$tree/base/arm64/only.S"
expect fails house "twins that differ"
sound_tree
sed -i 's/0.2.0/0.3.0/' "$tree/CMakeLists.txt"
expect fails house "a version that the change log does not know"
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
printf '/* [part] */\n#ifdef F\nint f;\n#else\nint g;\n#endif\nint h;\n/* [end] */\n' >"$tree/base/f.c"
# shellcheck disable=SC2016 # backquotes of a page
printf '<!-- code base/f.c part without F -->\n```c\nint g;\nint h;\n```\n' >"$tree/base/README.md"
expect passes snippets "code as it is without a symbol"
sed -i 's/ part / other /' "$tree/base/README.md"
expect fails snippets "a part that is not in the file"
sound_tree
printf '#define HR_CALL 0x4a48 /* theirs */\n' >>"$tree/abi/hr_abi.h"
printf '// 0x4a48 is theirs\nint f = 0x4a480;\n' >"$tree/base/n.cpp"
expect passes numbers "a number of abi/ in a comment, and in a longer one"
printf "unsigned g = 0x4A'48u;\n" >>"$tree/base/n.cpp"
expect fails numbers "a number of abi/ outside of it"
printf 'unsigned g = 0x84000003;\n' >"$tree/base/n.cpp"
expect fails numbers "a function id outside of abi/"
exit $((failures != 0))
