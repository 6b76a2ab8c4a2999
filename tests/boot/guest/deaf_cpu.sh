#!/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
# deaf_cpu.sh MASK: the CPU of that mask takes no interrupt any more.
set -eu
/busybox taskset "$1" /busybox insmod /hr_panic.ko how=deaf &
until [ "$(/busybox cat /sys/module/hr_panic/parameters/deaf 2>/dev/null)" = 1 ]; do :; done
echo "deaf_cpu.sh: the CPU of mask $1 is deaf"
