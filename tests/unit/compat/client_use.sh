#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# client_use.sh ROOT ARCH COMPILER FLAGS...: client_use.c as C11 and as C++20, at -O0, at -Os and with calls out of line, and the
# .S files of compat/ARCH, for one target, without a warning, linked together without anything else. Then client_calls.c under
# checkers that watch memory or comparisons by function calls: none may take a register of an HVC.
set -euo pipefail
root=$1
arch=$2
shift 2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags=(-I"$root" -Wall -Wextra -Wundef -Wshadow -Wconversion -Werror -ffreestanding
  -fno-stack-protector -mgeneral-regs-only)
for file in client shim smccc xen; do
  "$@" "${flags[@]}" -c -o "$out/$file.o" "$root/compat/$arch/$file.S"
done
for language in 'c -std=c11 -pedantic' 'c++ -std=c++20 -Wold-style-cast -fno-exceptions'; do
  for optimisation in -O0 -Os '-Os -DHR_OUT_OF_LINE'; do
    # shellcheck disable=SC2086 # several words on purpose
    "$@" "${flags[@]}" $optimisation -x $language -c -o "$out/use.o" \
      "$root/tests/unit/compat/client_use.c" -x none
    # memset and memcpy are the compiler's own wish at -O0.
    "$@" -nostdlib -static -Wl,--entry=0 -Wl,--defsym=memset=0 -Wl,--defsym=memcpy=0 \
      -o "$out/use.elf" "$out"/*.o
  done
done

saved=8
[ "$arch" != arm ] || saved=4
for checker in '-fsanitize=kernel-address --param asan-instrumentation-with-call-threshold=0' -fsanitize=thread \
  -fsanitize-coverage=trace-pc,trace-cmp; do
  # shellcheck disable=SC2086 # several words on purpose
  "$@" "${flags[@]}" -std=c11 -O2 $checker -S -o "$out/calls.s" "$root/tests/unit/compat/client_calls.c"
  grep -qE '\b(bl|b)[[:space:]].*__(asan|tsan|sanitizer)_' "$out/calls.s" || { echo "$checker watches nothing"; exit 1; }
  awk -v saved=$saved -f "$root/tests/unit/compat/client_calls.awk" "$out/calls.s"
done

# Assembly that includes the headers and defines nothing, and the lines that hr_hvc.h says to write.
# The assembler begins in A32 whatever the compiler makes.
state=()
[[ " $* " != *" -mthumb "* ]] || state=("-Wa,-mthumb")
"$@" "${flags[@]}" "${state[@]}" -c -o "$out/assembly.o" "$root/tests/unit/compat/assembly_use.S"
example() { sed -n "s/^ \*   $1: *//p" "$root/compat/hr_hvc.h"; }
[ -n "$(example C)" ] && [ -n "$(example assembly)" ]
printf '#include "compat/hr_hvc.h"\n%s\n' "$(example assembly)" >"$out/example.S"
printf '#include "compat/hr_hvc.h"\nunsigned long call(unsigned long r0);\nunsigned long call(unsigned long r0) {\n%s\nreturn r0; }\n' \
  "$(example C)" >"$out/example.c"
for file in example.S example.c; do
  "$@" "${flags[@]}" "${state[@]}" -std=c11 -c -o "$out/example.o" "$out/$file"
done

# compiles SOURCE COMPILER...: whether these lines are accepted.
compiles() { local text=$1; shift; printf '%s\n' "$text" | "$@" -I"$root" -ffreestanding -fsyntax-only -x c - 2>"$out/said"; }

# C behind the server must not touch the caller's FP registers: A64 compilers tell whether it may.
if [ "$arch" = arm64 ]; then
  server='#include "compat/hr_server.h"'
  compiles "$server" "$@" -mgeneral-regs-only
  compiles "$server" "$@" -DHR_SERVER_FP_IS_KEPT
  ! compiles "$server" "$@" || { echo "hr_server.h lets C use FP registers"; exit 1; }
  grep -q 'build it with -mgeneral-regs-only' "$out/said"

  # Hypercalls that Gunyah cannot have.
  gunyah=$'#include "compat/hr_gunyah.h"\nHR_DEFINE_GUNYAH'
  compiles "$gunyah(f, 0x1ff)" "$@"
  for n in -1 0x200; do
    ! compiles "$gunyah(f, $n)" "$@" || { echo "HR_DEFINE_GUNYAH takes $n"; exit 1; }
    grep -q 'no hypercall of Gunyah' "$out/said"
  done
fi
