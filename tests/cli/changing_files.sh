#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# hyprelay load of files that become others while it works: it is stopped in a system call after it has opened the file,
# somebody cuts, extends, overwrites or replaces it, and it goes on. strace stops it, and once more in kexec_load, which is
# answered with 0 and not let through: what it was given is read from the process's memory then. That is all of the file as it was or
# all of what it has become, or nothing was loaded and a sentence says why. Who writes is not kept waiting (O_NONBLOCK), so that a
# lease shows in its failure.
# Usage: changing_files.sh HYPRELAY BOOT-FOLDER TESTS/DATA. Exit 77: nobody may trace here, or read another's memory.
set -euo pipefail
tool=$1 boot=$2 data=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "changing_files.sh: $*"; cat "$work/said" "$work/trace"; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
strace -qq -o "$work/trace" -e inject=uname:retval=0 true 2>"$work/said" || skip "strace cannot trace here: $(head -n 1 "$work/said")"
[ "$(id -u)" = 0 ] || skip "not root"

{
  sed '$d' "$data/resident/arm-4.9-idle.json"
  echo ", \"device_tree\": \"$(base64 -w 0 "$data/linux/armmp/sys/firmware/fdt")\" }"
} >"$work/machine.json"
# Two of each that cannot be mistaken for one another, of one size where only the content is to change.
cp "$(find "$boot" -name 'vmlinuz-*-armmp' | head -n 1)" "$work/old.kernel"
{ head -c 4096 "$work/old.kernel"; tail -c +4097 "$work/old.kernel" | tr '\000-\377' '\001-\377\000'; } >"$work/new.kernel"
for which in old new; do
  head -c 300000 /dev/zero | tr '\0' "${which:0:1}" >"$work/file"
  (cd "$work" && echo file | cpio -o -H newc --quiet) >"$work/$which.initrd"
  cp "$data/linux/armmp/sys/firmware/fdt" "$work/$which.tree"
  fdtput -t s "$work/$which.tree" / model "$which tree"
done

# change HOW KIND: of the file that is being loaded.
change() {
  local file=$work/$2
  case $1 in
    cut) truncate -s 3000 "$file" ;;
    extend) dd if="$work/new.$2" of="$file" bs=1M conv=notrunc oflag=append,nonblock ;;
    overwrite) dd if="$work/new.$2" of="$file" bs=16M conv=notrunc,nocreat oflag=nonblock ;;
    replace) cp "$work/new.$2" "$file.part" && mv "$file.part" "$file" ;;
  esac >/dev/null 2>&1
}
# stopped N: waits until the process was stopped N times; its number is in pid. False: it has ended.
stopped() {
  local try
  for ((try = 0; try < 1000; try++)); do
    if [ "$(grep -c -- '--- stopped by SIGSTOP' "$work/trace" || true)" -ge "$1" ]; then
      pid=$(sed -n 's/^\([0-9]*\) .*stopped by SIGSTOP.*/\1/p' "$work/trace" | tail -n 1)
      return 0
    fi
    kill -0 "$tracer" 2>/dev/null || return 1
    sleep 0.02
  done
  fault "neither stopped nor ended"
}
model_of() { fdtget "$1" / model 2>/dev/null || echo "none in $1"; }
# is_whole KIND: of the kexec_load that the process is stopped in, a segment is the file as it was, or as it has become. The tree
# is one that hyprelay has written: its model tells of which it was made.
is_whole() {
  local place size file
  while read -r place size; do
    dd if="/proc/$pid/mem" bs=64K iflag=skip_bytes,count_bytes skip=$((place)) count="$size" of="$work/segment" 2>/dev/null
    for file in "$work/old.$1" "$work/$1"; do
      case $1 in
        tree) [ "$(model_of "$work/segment")" != "$(model_of "$file")" ] || return 0 ;;
        *) ! cmp -s "$work/segment" "$file" || return 0 ;;
      esac
    done
  done < <(grep 'kexec_load(0x' "$work/trace" | tail -n 1 | grep -oE 'buf=0x[0-9a-f]+, bufsz=[0-9]+' | sed 's/buf=//; s/, bufsz=/ /')
  return 1
}

words=(load "$work/kernel" --machine "$work/machine.json" --initrd "$work/initrd" --dtb "$work/tree" --trust-dtb --keep-zimage)
# one KIND HOW NAME N: that file is changed so, while the program is in its Nth call of that name.
one() {
  local kind=$1 how=$2 name=$3 n=$4 stops=1 status=0 loads=0 changed=
  for file in kernel initrd tree; do cp "$work/old.$file" "$work/$file"; done
  : >"$work/trace"
  strace -f -qq -o "$work/trace" -e trace="$name,kexec_load" -e "inject=$name:signal=STOP:when=$n" -e inject=kexec_load:retval=0:signal=STOP \
    "$tool" "${words[@]}" >"$work/said" 2>&1 &
  tracer=$!
  while stopped "$stops"; do
    if grep 'kexec_load(0x' "$work/trace" >/dev/null; then
      loads=1
      is_whole "$kind" || fault "$kind, $how in $name $n: what was loaded is neither what it was nor what it has become"
    elif grep -v -- ' --- ' "$work/trace" | tail -n 1 | grep -q "^[0-9]* *$name("; then
      changed=yes
      change "$how" "$kind" || changed=no
    fi
    kill -CONT "$pid"
    stops=$((stops + 1))
  done
  wait "$tracer" || status=$?
  case $changed in
    yes) ! cmp -s "$work/$kind" "$work/old.$kind" || fault "$kind, $how in $name $n: it was not changed" ;;
    no) kept_out=$((kept_out + 1)) ;;
    *) fault "$kind, $how in $name $n: there was no such call" ;;
  esac
  runs=$((runs + 1))
  case $status:$loads in
    0:1) loaded=$((loaded + 1)) ;;
    [2-9]:0 | 1[0-6]:0)
      grep -q '^  remedy: ' "$work/said" || fault "$kind, $how in $name $n: exit code $status without a reason"
      refused=$((refused + 1))
      ;;
    *) fault "$kind, $how in $name $n: exit code $status, loaded $loads" ;;
  esac
}

for file in kernel initrd tree; do cp "$work/old.$file" "$work/$file"; done
strace -f -qq -o "$work/all" -e inject=kexec_load:retval=0 "$tool" "${words[@]}" >"$work/said" 2>&1 || fault "the load by itself fails"
printf '%-8s %-10s %5s %8s %7s %9s\n' file change runs refused loaded 'kept out'
for kind in kernel initrd tree; do
  # The call that opens it, the next one, and some further off.
  sed -n 's/^[0-9]* *\([a-z0-9_]*\)(\(.*\)/\1 \2/p' "$work/all" | awk -v file="\"$work/$kind\"" '
    { ++count[$1] }
    index($0, file) && $1 == "openat" { at = NR }
    at && $1 !~ /exit|kexec_load/ && (NR - at) ~ /^(0|1|3|9)$/ { print $1, count[$1] }' >"$work/places"
  for how in cut extend overwrite replace; do
    runs=0 refused=0 loaded=0 kept_out=0
    while read -r name n; do one "$kind" "$how" "$name" "$n"; done <"$work/places"
    printf '%-8s %-10s %5s %8s %7s %9s\n' "$kind" "$how" $runs $refused $loaded $kept_out
  done
done
