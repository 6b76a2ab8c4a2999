// SPDX-License-Identifier: BSD-2-Clause
// What a program of tests/below has beside the checks of the harness
// (tests/target/harness/tap.hpp). Environment: the mode that it was booted in, MMU and caches off,
// all exceptions masked, one CPU.
#pragma once

#include "tests/target/harness/tap.hpp"

namespace hyprelay::below {

using target::Word;

extern "C" {
// Not 0: an UNDEF at SVC/EL1 is counted in hr_below_undefs, and its instruction skipped.
extern volatile Word hr_below_expect_undef;
extern volatile Word hr_below_undefs;
// Where the boot stage has put the device tree.
extern Word hr_below_tree;
}

// How many UNDEFs there were while function() ran.
template <class Function>
Word undefs_of(Function function) {
  const Word before = hr_below_undefs;
  hr_below_expect_undef = 1;
  function();
  hr_below_expect_undef = 0;
  return hr_below_undefs - before;
}

}  // namespace hyprelay::below
