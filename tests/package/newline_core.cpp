// SPDX-License-Identifier: BSD-2-Clause
// Writes the memory image of newline_core to stdout.
#include "tests/unit/capture/synthetic.hpp"

#include <cstdio>

int main() {
  const auto core = hyprelay::test::newline_core();
  return std::fwrite(core.data(), 1, core.size(), stdout) == core.size() ? 0 : 1;
}
