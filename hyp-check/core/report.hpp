// SPDX-License-Identifier: BSD-2-Clause
// TAP: numbered lines, diagnostics behind "# ", the plan last, when it is known.
// [TAP specification, version 14]
#pragma once

#include "hyp-check/core/console.hpp"

namespace hyprelay::hyp_check {

class Report {
 public:
  constexpr Report() = default;
  explicit Report(const Output& output) : output_(output) {}

  void begin();
  // Each begins a line to write into, which end() sends: a diagnostic; a result with its number.
  bare::Voice& note();
  bare::Voice& test(bool holds);
  void end() { output_.end_line(); }

  // The plan, and the last line of all.
  void finish();
  // Instead of finish: nothing that follows could be believed. The reason follows, then end().
  bare::Voice& bail_out();

 private:
  Output output_;
  std::uint64_t tests_ = 0;
};

}  // namespace hyprelay::hyp_check
