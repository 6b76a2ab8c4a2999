// SPDX-License-Identifier: BSD-2-Clause
// The same tests once more, with clients whose calls go through hr_issue().
#define HR_OUT_OF_LINE
#include "tests/target/vendor/jailhouse_test.cpp"
#include "tests/target/vendor/kvm_guest_test.cpp"
#ifdef __aarch64__
#include "tests/target/vendor/gunyah_test.cpp"
#include "tests/target/vendor/hyperv_test.cpp"
#endif
