#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# privcmd.sh SYSROOTS: what docs/conventions.md says of Linux's privcmd_call, in the machine code of Debian's kernels: on arm one
# word is pushed, and then the fourth argument comes from where the procedure call standard has put the fifth, and the fifth
# from where it has put the fourth. On arm64 all come from the next register. The model that
# tests/target/xen judges is the same.
set -euo pipefail
sysroots=$1
# code_of TOOLS VMLINUX: the instructions of privcmd_call, one a line, with single blanks.
code_of() {
  local address
  [ -e "$2" ] || { echo "no vmlinux: ./x fetch" >&2; exit 1; }
  address=$("$1-nm" "$2" | awk '$3 == "privcmd_call" { print "0x" $1 }')
  [ -n "$address" ] || { echo "$2 has no privcmd_call" >&2; exit 1; }
  "$1-objdump" -d --no-show-raw-insn --start-address="$address" --stop-address=$((address + 64)) "$2" |
    sed -nE 's/^ *[0-9a-f]+:\t//p' | tr -s '\t ' ' '
}
arm=$(code_of arm-linux-gnueabihf "$(find "$sysroots/armhf/usr/lib/debug/boot" -name 'vmlinux-*-armmp' | head -n 1)")
arm64=$(code_of aarch64-linux-gnu "$(find "$sysroots/arm64/usr/lib/debug/boot" -name 'vmlinux-*-arm64' | head -n 1)")
# has CODE LINE
has() { grep -qxF -- "$2" <<<"$1"; }
bad=0
# One register is pushed before: the stack has the fourth argument at 4 and the fifth at 8.
head -n 1 <<<"$arm" | grep -qE '^(stmfd sp!, |push )\{r4\}' || { echo "not ok: arm pushes something else"; bad=1; }
if has "$arm" "ldr r3, [sp, #8]" && has "$arm" "ldr r4, [sp, #4]"; then
  echo "ok: arm exchanges the fourth and the fifth argument"
elif has "$arm" "ldr r3, [sp, #4]" && has "$arm" "ldr r4, [sp, #8]"; then
  # A kernel's update is no mistake of ours.
  echo "ok: arm does not exchange them any more; docs/conventions.md can say since when"
else
  echo "not ok: arm takes them from somewhere else"
  bad=1
fi
if has "$arm64" "mov x3, x4" && has "$arm64" "mov x4, x5"; then
  echo "ok: arm64 does not"
else
  echo "not ok: arm64 takes them from somewhere else"
  bad=1
fi
[ $bad = 0 ] || printf '%s\n' "--- arm" "$arm" "--- arm64" "$arm64"
exit $bad
