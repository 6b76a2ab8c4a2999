// SPDX-License-Identifier: BSD-2-Clause
#include "tests/below/xen/grants.hpp"

namespace hyprelay::below {

unsigned ask_inline() {
  constexpr char kText[] = "hyprelay below Xen: inline\n";
  const unsigned asked = ask_all(true);
  ask_console(kText, sizeof kText - 1);
  return asked + 2;
}

}  // namespace hyprelay::below
