// SPDX-License-Identifier: BSD-2-Clause
// How far a copy is, as a sentence. Environment: hosted. Pure: the caller brings the clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hyprelay::capture {

// "34 % of 768.0 MiB, 12.3 MiB/s, 41 s left"
class ProgressLine {
 public:
  // A serial console takes a while for a line: no more than one each `interval_ms`.
  ProgressLine(std::uint64_t total_bytes, std::uint64_t interval_ms = 5000);

  // `now_ms`: since the copy began. nullopt: it is not time for a line.
  std::optional<std::string> at(std::uint64_t now_ms, std::uint64_t done_bytes);

 private:
  std::uint64_t total_bytes_;
  std::uint64_t interval_ms_;
  std::uint64_t next_ms_;
};

}  // namespace hyprelay::capture
