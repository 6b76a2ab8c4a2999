// SPDX-License-Identifier: BSD-2-Clause
#define HR_OUT_OF_LINE
#include "tests/below/xen/grants.hpp"

namespace hyprelay::below {

unsigned ask_out_of_line() {
  constexpr char kText[] = "hyprelay below Xen: out of line\n";
  const unsigned asked = ask_all(false);
  ask_console(kText, sizeof kText - 1);
  return asked + 2;
}

}  // namespace hyprelay::below
