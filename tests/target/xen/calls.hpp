// SPDX-License-Identifier: BSD-2-Clause
// HR_XEN_TEST_CALLS(prefix): hr_xen_callN as functions prefix0 to prefix5, with numbers that the
// resident knows to have so many arguments, and prefix_twice, which makes the call of five twice
// with arguments that must live through the first one.
#pragma once

#include "compat/hr_xen.h"
#include "tests/target/xen/seen.h"

// clang-format off
#define HR_XEN_TEST_CALLS(prefix)                                                                 \
  extern "C" hr_word prefix##0() { return hr_xen_call0(HR_SEEN_TEST_CALL); }                      \
  extern "C" hr_word prefix##1(hr_word a) { return hr_xen_call1(HR_SEEN_TEST_CALL + 1, a); }      \
  extern "C" hr_word prefix##2(hr_word a, hr_word b) {                                            \
    return hr_xen_call2(HR_SEEN_TEST_CALL + 2, a, b);                                             \
  }                                                                                               \
  extern "C" hr_word prefix##3(hr_word a, hr_word b, hr_word c) {                                 \
    return hr_xen_call3(HR_SEEN_TEST_CALL + 3, a, b, c);                                          \
  }                                                                                               \
  extern "C" hr_word prefix##4(hr_word a, hr_word b, hr_word c, hr_word d) {                      \
    return hr_xen_call4(HR_SEEN_TEST_CALL + 4, a, b, c, d);                                       \
  }                                                                                               \
  extern "C" hr_word prefix##5(hr_word a, hr_word b, hr_word c, hr_word d, hr_word e) {           \
    return hr_xen_call5(HR_SEEN_TEST_CALL + 5, a, b, c, d, e);                                    \
  }                                                                                               \
  extern "C" hr_word prefix##_twice(hr_word number, hr_word a, hr_word b, hr_word c, hr_word d,   \
                                    hr_word e) {                                                  \
    (void)hr_xen_call5(number, a, b, c, d, e);                                                    \
    return hr_xen_call5(number, a, b, c, d, e);                                                   \
  }
