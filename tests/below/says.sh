#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# says.sh CONSOLE TEXT... -- COMMAND...: runs the command, which writes what a machine says on its serial port to CONSOLE,
# and passes when it passes and each text is a line of that, once.
console=$1
shift
texts=$(mktemp) || exit 1
trap 'rm -f "$texts"' EXIT
while [ "$1" != -- ]; do
  printf '%s\n' "$1" >>"$texts"
  shift
done
shift
rm -f "$console"
"$@"
status=$?
[ -s "$texts" ] || { echo "# no text to look for"; status=1; }
while IFS= read -r text; do
  count=$(tr -d '\r' <"$console" | grep -cxF -- "$text")
  [ "$count" = 1 ] || { echo "# said $count times on the serial port: $text"; status=1; }
done <"$texts"
exit $status
