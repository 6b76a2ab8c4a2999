// SPDX-License-Identifier: BSD-2-Clause
#include "capture/progress.hpp"

#include "base/number_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hyprelay::capture {

ProgressLine::ProgressLine(std::uint64_t total_bytes, std::uint64_t interval_ms)
    : total_bytes_(std::max<std::uint64_t>(total_bytes, 1)),
      interval_ms_(interval_ms),
      next_ms_(interval_ms) {}

std::optional<std::string> ProgressLine::at(std::uint64_t now_ms, std::uint64_t done_bytes) {
  if (now_ms < next_ms_ || now_ms == 0) {
    return std::nullopt;
  }
  next_ms_ = now_ms + interval_ms_;
  const double seconds = static_cast<double>(now_ms) / 1000.0;
  const double rate = static_cast<double>(done_bytes) / seconds;
  const std::uint64_t left = total_bytes_ - std::min(done_bytes, total_bytes_);
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), "%.0f %% of %s, %s/s, %.0f s left",
                100.0 * static_cast<double>(done_bytes) / static_cast<double>(total_bytes_),
                base::size_text(total_bytes_).c_str(),
                base::size_text(static_cast<std::uint64_t>(rate)).c_str(),
                rate > 0 ? static_cast<double>(left) / rate : 0.0);
  return text.data();
}

}  // namespace hyprelay::capture
