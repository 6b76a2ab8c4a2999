#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# run.sh SECONDS QEMU ARGS...: run a target test and judge its TAP. With HR_ROWS=FILE the rows that it prints go there.
# Passes when QEMU ends by itself with status 0, the plan is there, the results are exactly 1 to the
# end of the plan in order, each is "ok", and nothing bailed out.
limit=$1
shift
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
timeout --kill-after=5 "$limit" "$@" -nographic -nic none -no-reboot -monitor none -serial none \
  -chardev file,id=tap,path="$log" \
  -semihosting-config enable=on,target=native,chardev=tap </dev/null
status=$?
cat "$log"
if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
  echo "# the guest did not finish within $limit seconds"
fi
awk -v status="$status" '
  /^1\.\.[0-9]+$/ { plans++; plan = substr($0, 4) + 0 }
  /^ok / { if ($2 != ++seen) disorder = 1 }
  /^not ok / { seen++; failed++ }
  /^Bail out!/ { bailed = 1 }
  END {
    if (plans != 1) { print "# there is not one plan but " plans + 0; exit 1 }
    if (seen != plan || disorder) { print "# planned " plan ", seen " seen + 0; exit 1 }
    if (plan == 0) { print "# an empty plan proves nothing"; exit 1 }
    if (failed || bailed || status != 0) { print "# failed " failed + 0 ", status " status; exit 1 }
  }' "$log" || exit 1
[ -z "${HR_ROWS:-}" ] || grep '^# row:' "$log" >"$HR_ROWS" || { echo "# it prints no rows"; exit 1; }
