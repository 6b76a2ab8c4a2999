#!/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
# A CPU that runs nothing but one loop is a panic after two times the threshold, in seconds.
set -eu
echo 1 >/proc/sys/kernel/softlockup_panic
echo 2 >/proc/sys/kernel/watchdog_thresh
exec /busybox insmod /hr_panic.ko how=spin
