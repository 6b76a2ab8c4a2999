// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/xen/calls.hpp"

HR_XEN_TEST_CALLS(hr_plain_call)
