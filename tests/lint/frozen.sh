#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fails when a number that others rely on changes its meaning. Programs of another build hold these: a
# bootloader the ops, a script the exit codes, a bundle its baton, the next kernel's hyprelay the record.
# abi/frozen.txt has them as they were given out, one "TABLE NAME = VALUE ..." a line. A row of abi/*.def or
# a constant of abi/hr_abi.h may be new; none may vanish, change, or take a number that is taken. Rows of the
# baton belong to one version, because its reader refuses every other: raise HR_BATON_VERSION to change one.
# Usage: frozen.sh [ROOT [--write]]   (--write appends what is new, and changes nothing that is there)
set -euo pipefail
root=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
cd "$root"
frozen=abi/frozen.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# rows: the tables, read by the compiler's own preprocessor.
rows() {
  {
    cat <<'ROWS'
#define HR_OP(name, value, ...) HR_ROW op name = value
#define HR_PERSONALITY(name, value, architectures, text, ...) HR_ROW personality name = value text
#define HR_DIALECT(name, value, text, ...) HR_ROW dialect name = value text
#define HR_MODE(name, value, ...) HR_ROW mode name = value
#define HR_CLIMB(name, value, ...) HR_ROW climb name = value
#define HR_SEGMENT(name, value, ...) HR_ROW segment name = value
#define HR_CONSOLE(name, value, ...) HR_ROW console name = value
#define HR_ERROR(name, value, exit, ...) HR_ROW error name = value exit
#define HR_EXIT(name, value, ...) HR_ROW exit name = value
#define HR_BATON_FIELD(type, name, count, offset, ...) HR_ROW baton name = offset type count
#define HR_BATON_SEGMENT_FIELD(type, name, count, offset, ...) HR_ROW baton_segment name = offset type count
#define HR_RECORD_FIELD(type, name, offset, ...) HR_ROW record name = offset type
ROWS
    for table in op personality dialect mode climb segment console error exit baton record; do
      [ ! -f abi/$table.def ] || echo "#include \"abi/$table.def\""
    done
  } | "${CC:-cc}" -E -P -I. -xc - | tr '\n' ' ' | sed 's/HR_ROW /\n/g' | sed '1d'
  echo
}

# constants: what hr_abi.h defines as a number. Versions are there to change, and the sizes of what a minor
# version may append to; numbers of other people's ABIs are facts, which their owners keep.
constants() {
  [ -f abi/hr_abi.h ] || return 0
  "${CC:-cc}" -E -dM -DHR_ASSEMBLY= -I. abi/hr_abi.h |
    sed -nE '/(_MAJOR|_MINOR|[A-Z]_VERSION|(BATON|RECORD)_SIZE) | HR_(FID|GUNYAH|JAILHOUSE|LEVAND|LINUX|PSCI|SMCCC|XEN)_/!s/^#define HR_([A-Z0-9_]+) (0x[0-9a-f]+|[0-9]+)$/constant \1 = \2/p' | sort
}

baton=$(sed -nE 's/^#define HR_BATON_VERSION (0x[0-9a-f]+).*/\1/p' abi/hr_abi.h)
# 0x002, 0x2 and 2 are one number.
{ rows; constants; } | while read -r table name equals value rest; do
  case $table in baton*) table=$table@$baton ;; esac
  printf '%s %s %s 0x%x%s\n' "$table" "$name" "$equals" "$value" "${rest:+ $rest}"
done >"$work/now"

touch "$work/before"
[ ! -f $frozen ] || grep -v '^#' $frozen >"$work/before" || true
awk -v baton="$baton" '
  # Of a version that nobody reads any more.
  $1 ~ /^baton/ && $1 !~ ("@" baton "$") { next }
  { key = $1 " " $2; number = $1 " " $4 }
  FILENAME == before { was[key] = $0; if ($1 != "constant") holder[number] = $2; next }
  { is[key] = 1 }
  key in was { if (was[key] != $0) { print "changed: " was[key] "   is now: " $0; bad = 1 } next }
  number in holder { print "taken: " $0 "   the number was given to " holder[number]; bad = 1; next }
  { if ($1 != "constant") holder[number] = $2; print >fresh }
  END {
    for (key in was) if (!(key in is)) { print "vanished: " was[key]; bad = 1 }
    exit bad
  }' before="$work/before" fresh="$work/fresh" "$work/before" "$work/now" || {
  echo "$frozen: other programs rely on these numbers. Give what is new a number of its own and keep the old row;"
  echo "a new major version of the ABI or the record is the one reason to edit $frozen by hand."
  exit 1
}
[ -s "$work/fresh" ] || exit 0
if [ "${2:-}" = --write ]; then
  cat "$work/fresh" >>$frozen
else
  sed 's/^/new: /' "$work/fresh"
  echo "$frozen: lacks these: ./x docs"
  exit 1
fi
