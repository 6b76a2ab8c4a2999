// SPDX-License-Identifier: BSD-2-Clause
// Where the report goes: the UART that /chosen/stdout-path names, or Xen's console.
#pragma once

#include "bare/console.hpp"
#include "hyp-check/core/tree.hpp"

#include <optional>
#include <span>

namespace hyprelay::hyp_check {

// A UART as the tree describes it; kind HR_CONSOLE_NONE: none that can be driven.
struct UartFacts {
  std::uint32_t kind = HR_CONSOLE_NONE;
  std::uint64_t base = 0;
  std::uint32_t shift = 0;
  std::uint32_t width = 1;
};
// The same answers as fdt/console.cpp, whose table it shares; a malformed node is none.
UartFacts find_uart(const Tree& tree);

// One line at a time: it is composed in memory and leaves as a whole.
class Output {
 public:
  constexpr Output() = default;
  // Xen: by console_io of the hypervisor that the tree names, for a domain without a UART.
  Output(bare::Uart uart, bool xen) : uart_(uart), xen_(xen) {}

  // An empty line to write into; not more than kLineMax characters are kept.
  bare::Voice& line();
  // Sends it.
  void end_line();
  void drain() { uart_.drain(); }

 private:
  static constexpr std::size_t kLineMax = 512;

  bare::Uart uart_;
  bool xen_ = false;
  bare::Voice voice_;
  char text_[kLineMax] = {};
};

}  // namespace hyprelay::hyp_check
