// SPDX-License-Identifier: BSD-2-Clause
// Built with a frame pointer: r7 in T32, r11 in A32, x29.
#include "tests/target/xen/calls.hpp"

HR_XEN_TEST_CALLS(hr_frame_call)
