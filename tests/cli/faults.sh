#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# hyprelay load and load --panic, once for each system call that they make: it fails, or the process is killed in it; and once for
# each allocation that fails, alone or as the first of all that follow. What reached the kernel is read from strace's trace,
# which answers kexec_load with 0 and does not let it through. Since the kernel swaps what it holds in that one call
# [linux/kernel/kexec.c do_kexec_load], what was loaded before stays, or all of the new one is there, if: it is made once at most,
# with every segment; whoever ends well has made it; whoever ends otherwise says why, and behind it also that it was made.
# Usage: faults.sh HYPRELAY FAILING_MEMORY.SO BOOT-FOLDER TESTS/DATA [EVERY [LOAD]]: every EVERYth of all faults (1: all), of
# LOAD alone (load, panic). Exit 77: nobody may trace here.
set -euo pipefail
tool=$1 shim=$2 boot=$3 data=$4 every=${5:-1} only=${6:-load panic}
kernel=$(find "$boot" -name 'vmlinuz-*-armmp' | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "faults.sh: $*"; cat "$work/out" "$work/err" "$work/trace"; exit 1; }

if ! strace -qq -o "$work/trace" -e inject=uname:retval=0 true 2>"$work/err"; then
  echo "skipped: strace cannot trace here: $(head -n 1 "$work/err")"
  exit 77
fi

# A machine with a crash region, and the tree of another one of its kind.
{
  sed '$d' "$data/resident/arm-4.9-idle.json"
  cat <<JSON
 ,"crash_regions": [{"start": 1610612736, "size_bytes": 134217728}],
 "reserved": [{"name": "Crash kernel", "start": 1610612736, "size_bytes": 134217728}],
 "crash": {"cpu_notes": [{"start": 2144342016, "size_bytes": 424}, {"start": 2144407552, "size_bytes": 424}],
  "vmcoreinfo": {"start": 1114914816, "size_bytes": 1024},
  "mappings": [{"start": 1073741824, "size_bytes": 1073741824, "virtual_start": 3221225472}]},
 "device_tree": "$(base64 -w 0 "$data/linux/armmp/sys/firmware/fdt")"
}
JSON
} >"$work/machine.json"
# An archive of one file, packed, which a crash kernel's plan unpacks.
echo content >"$work/file"
(cd "$work" && echo file | cpio -o -H newc --quiet | zstd -q) >"$work/initrd"

# run STRACE-OPTION...: into trace, out, err and status.
run() {
  status=0
  # The shell tells of each signal that ends what it started.
  { strace -f -qq -o "$work/trace" -e inject=kexec_load:retval=0 "$@" "$tool" "${words[@]}" >"$work/out" 2>"$work/err"; } 2>/dev/null || status=$?
}
# What was loaded, of each call but the question whether there is one: segments with their sizes.
loads() {
  grep 'kexec_load(' "$work/trace" | grep -v 'kexec_load(NULL, 65536' | grep ' = 0 (INJECTED' |
    grep -oE 'kexec_load\(0x[0-9a-f]+, [0-9]+|mem=0x[0-9a-f]+|memsz=[0-9]+' | tr '\n' ' ' || true
}
# judge NAME HOW N: of the last run, whether it did with that fault as it must.
judge() {
  local found
  found=$(loads)
  set -- "$what, $1 $2 $3" "$1" "$2"
  runs=$((runs + 1))
  [ -z "$found" ] || [ "$found" = "$whole" ] || fault "$1: loaded $found, and not $whole"
  case $3:$status in
    signal=KILL:137)
      killed=$((killed + 1))
      return
      ;;
    once:* | on:*) ;;
    *)
      # A call that there was none of this time.
      if ! grep -q "$2(.*INJECTED" "$work/trace"; then
        missed=$((missed + 1))
        return
      fi
      ;;
  esac
  case $status in
    0)
      [ -n "$found" ] || fault "$1: says that it has loaded, and has not"
      ! grep -q 'remedy:' "$work/err" || fault "$1: an error, and exit code 0"
      loaded=$((loaded + 1))
      ;;
    1) fault "$1: a fault is taken for an invariant of ours" ;;
    [2-9] | 1[0-6])
      grep -q '^hyprelay: .* \[E[0-9a-f]*\]$' "$work/err" || fault "$1: exit code $status without a reason"
      grep -q '^  remedy: ' "$work/err" || fault "$1: exit code $status without a remedy"
      if [ -n "$found" ]; then
        grep -q 'is loaded all the same' "$work/err" || fault "$1: exit code $status, and it is loaded"
        told=$((told + 1))
      else
        ! grep -q 'is loaded all the same' "$work/err" || fault "$1: says that it is loaded, and it is not"
        refused=$((refused + 1))
      fi
      ;;
    *) crashed=$((crashed + 1)) && echo "faults.sh: $1: ends with $status: $(head -n 1 "$work/err")" ;;
  esac
}

# faults_of_calls: name, number and kind of each, of those that the program itself makes: what the loader of libraries and libc
# do before is not ours, and ends the process before it begins (uname is its first). A call that is made often (/dev/kmsg is
# read line by line) counts 40 times, from the first to the last. brk has no errors: it answers with the end that was,
# here with none.
faults_of_calls() {
  strace -f -qq -o "$work/all" -e inject=kexec_load:retval=0 "$tool" "${words[@]}" >/dev/null
  sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' "$work/all" | awk '
    $1 == "uname" { ours = 1 }
    { ++count[$1] }
    !ours { before[$1] = count[$1] }
    END {
      split("error=EIO error=ENOMEM error=ENOSPC error=EINTR error=EINVAL signal=KILL", kinds)
      for (name in count) {
        if (name ~ /^(execve|exit|exit_group|rt_sigreturn|futex|set_robust_list|rseq)$/) continue
        step = int((count[name] - before[name] + 39) / 40)
        for (n = before[name] + 1; n <= count[name]; n += step)
          for (k in kinds) {
            if (name == "brk" && kinds[k] ~ /error/) { if (kinds[k] ~ /EIO/) print name, "retval=0", n; continue }
            if (name == "kexec_load") { if (n == 2 && kinds[k] ~ /error/) print name, kinds[k], "1+"; continue }
            print name, kinds[k], n
          }
        # The file is shorter than it was.
        if (name ~ /^p?read/) for (n = before[name] + 1; n <= count[name]; n += step) print name, "retval=0", n
      }
    }' | sort
}
faults_of_memory() {
  rm -f "$work/count"
  run -E LD_PRELOAD="$shim" -E HR_COUNT_TO="$work/count" -e trace=kexec_load
  local n count
  count=$(sort -n "$work/count" | tail -n 1)
  for ((n = 1; n <= count; n++)); do printf 'memory once %s\nmemory on %s+\n' "$n" "$n"; done
}

number=0 failed=0
printf '%-6s %7s %6s %8s %7s %6s %7s %7s %8s\n' load faults runs refused loaded told killed missed crashed
for what in $only; do
  words=(load "$kernel" --machine "$work/machine.json" --initrd "$work/initrd" --keep-zimage)
  [ "$what" = load ] || words+=(--panic)
  run -e trace=kexec_load
  whole=$(loads)
  [ "$status:${whole:+loaded}" = 0:loaded ] || fault "$what by itself: exit code $status, loaded $whole"
  faults_of_calls >"$work/faults"
  faults_of_memory >>"$work/faults"
  runs=0 refused=0 loaded=0 told=0 killed=0 missed=0 crashed=0
  while read -r name how n; do
    number=$((number + 1))
    ((number % every == 0)) || continue
    case $name:$how in
      memory:*) run -E LD_PRELOAD="$shim" -E HR_FAIL_AT="$n" -e trace=kexec_load ;;
      *) run -e trace="$name,kexec_load" -e inject="$name:$how:when=$n" ;;
    esac
    judge "$name" "$how" "$n"
  done <"$work/faults"
  printf '%-6s %7s %6s %8s %7s %6s %7s %7s %8s\n' "$what" "$(wc -l <"$work/faults")" $runs $refused $loaded $told $killed $missed $crashed
  ((refused && loaded && told && killed && missed * 4 < runs)) || fault "$what: the faults were none"
  failed=$((failed + crashed))
done
exit $((failed != 0))
