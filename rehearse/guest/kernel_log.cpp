// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/kernel_log.hpp"

#include "base/bytes.hpp"

#include <algorithm>

namespace hyprelay::rehearse::guest {

std::string oops_in(std::string_view log) {
  constexpr std::string_view kStarts[] = {
      "Unable to handle kernel", "Internal error:", "kernel BUG at", "BUG:", "Unhandled fault"};
  constexpr std::string_view kEnd = "---[ end trace";
  std::string oops;
  bool inside = false;
  while (!log.empty()) {
    const std::string_view line = base::take_line(log);
    const bool starts = std::ranges::any_of(
        kStarts, [line](std::string_view start) { return line.starts_with(start); });
    if (starts && !inside) {
      oops.clear();
    }
    inside = inside || starts;
    if (inside) {
      oops.append(line).append("\n");
    }
    inside = inside && !line.starts_with(kEnd);
  }
  return oops;
}

std::string line_with(std::string_view log, std::string_view text) {
  const std::size_t hit = log.find(text);
  if (hit == std::string_view::npos) {
    return {};
  }
  const std::size_t start = log.rfind('\n', hit);
  const std::size_t from = start == std::string_view::npos ? 0 : start + 1;
  return std::string(log.substr(from, log.find('\n', hit) - from));
}

}  // namespace hyprelay::rehearse::guest
