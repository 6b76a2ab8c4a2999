#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# opened.sh JUDGE HYPRELAY DISK CONSOLE SYSROOT FLAVOUR: gets the dump off the disk that a rehearsal of
# a panic on CPU 1 wrote, as a user would, and opens it with other people's programs and Debian's symbols.
#   gdb     gdb-multiarch: the CPU that panicked, its registers, its task, and what panic() was given
#   crash   crash(8) by qemu-user: besides, the way into the panic, the log, the process list, and the page
#           that a process had filled, by the address on the rehearsal's console
# Needs zstd, readelf and the judge; the symbols are below SYSROOT.
set -euo pipefail
judge=$1 hyprelay=$2 disk=$3 console=$4 sysroot=$5 flavour=$6
work=$(mktemp -d -p "$(dirname "$disk")")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C TERM=dumb

die() { echo "opened.sh: $*" >&2; exit 1; }
expect() { # PATTERN: what it found must be among what the judge said
  grep -qE -- "$1" "$work/said" && return
  cat "$work/said" >&2
  die "$judge did not say: $1"
}

symbols=$(find "$sysroot/usr/lib/debug/boot" -name "vmlinux-*-$flavour" 2>/dev/null | sort -V | tail -1)
[ -n "$symbols" ] || die "no vmlinux of $flavour below $sysroot: ./x fetch gets Debian's"
release=${symbols##*/vmlinux-}

"$hyprelay" capture --from-device "$disk" --to "$work"
dump=$(find "$work" -mindepth 1 -maxdepth 1 -type d)
(cd "$dump" && sha256sum --quiet -c SHA256SUMS)
grep -q 'Kernel panic - not syncing: sysrq triggered crash' "$dump/dmesg.txt" || die "dmesg.txt lacks the panic"
zstd -q -d "$dump/vmcore.zst" -o "$work/vmcore"
rm "$dump/vmcore.zst"
readelf -h "$work/vmcore" | grep -q 'Type: *CORE' || die "no core"

# Where the kernel shuffled itself to; 32-bit ones do not.
head -c 1M "$work/vmcore" >"$work/notes"
offset=$(grep -a -o -m1 '^KERNELOFFSET=[0-9a-f]*' "$work/notes" || true)
offset=0x${offset#*=}
[ "$offset" != 0x ] || offset=0

# shellcheck disable=SC2016 # the variables are gdb's
open_gdb() {
  gdb-multiarch -q -batch -nx -ex "core-file $work/vmcore" -ex "symbol-file -o $offset $symbols" \
    -ex 'printf "release %s\n", init_uts_ns.name.release' \
    -ex 'printf "panic %s\n", panic::buf' -ex 'printf "panic on CPU %d\n", panic_cpu.counter' \
    -ex 'set $task = (struct task_struct *)((char *)init_task.tasks.next - (long)&((struct task_struct *)0)->tasks)' \
    -ex 'printf "task %d is %s\n", $task->pid, $task->comm' \
    -ex 'info threads' >"$work/said" 2>&1
  expect "^release $release\$"
  expect '^panic sysrq triggered crash$'
  expect '^panic on CPU 1$'
  expect '^task 1 is init$'
  # The note of the CPU whose process is number 1.
  expect 'LWP 1 .*(crash_setup_regs|__crash_kexec)'
}

open_crash() {
  local marker
  marker=$(grep -o 'hyprelay-rehearse.marker=[^ "\\]*' "$console" | tail -1 | cut -d= -f2)
  [ -n "$marker" ] || die "no marker on $console"
  printf '%s\n' sys bt log ps "rd -a -p ${marker%,*} 32" q >"$work/commands"
  qemu-aarch64 -L "$sysroot" "$sysroot/usr/bin/crash" -s --no_kmem_cache --no_modules --no_ikconfig --no_scroll \
    --no_crashrc -i "$work/commands" "$symbols" "$work/vmcore" </dev/null >"$work/said" 2>&1 || true
  expect "RELEASE: $release"
  expect '^PID: 1 .* CPU: 1 .*COMMAND: "init"'
  expect '#[0-9]+ .* sysrq_handle_crash at'
  expect '#[0-9]+ .* write_sysrq_trigger at'
  expect 'Kernel panic - not syncing: sysrq triggered crash'
  expect '^> +1 .* init$'
  expect "^ *[0-9a-f]+: .*${marker#*,}"
}

"open_$judge"
echo "$judge opened the dump of $release"
