#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The root filesystem is mounted.
[ ! -e /proc/vmcore ] || /usr/lib/hyprelay/capture-run with-root "${NEWROOT:-/sysroot}"
