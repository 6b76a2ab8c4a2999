#!/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
# A CPU that runs nothing but one loop is a panic after two times the threshold, in seconds. This CPU alone is
# watched: on a busy host another one may be late too, and one that panics second writes no note of itself
# [linux v6.1 arch/arm/kernel/smp.c panic_smp_self_stop, arch/arm64/kernel/smp.c local_cpu_stop].
set -eu
/busybox sed -n 's/^Cpus_allowed_list:[^0-9]*//p' /proc/self/status >/proc/sys/kernel/watchdog_cpumask
echo 1 >/proc/sys/kernel/softlockup_panic
echo 2 >/proc/sys/kernel/watchdog_thresh
exec /busybox insmod /hr_panic.ko how=spin
