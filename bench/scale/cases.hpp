// SPDX-License-Identifier: BSD-2-Clause
// What is measured, each for growing inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hyprelay::scale {

struct Case {
  std::string name;
  // What is counted by `sizes`: "ranges", "bytes".
  std::string unit;
  std::vector<std::int64_t> sizes;
  // Makes the input of that size; the function that comes back is measured, and ends the program
  // when the work fails.
  std::function<std::function<void()>(std::int64_t)> make;
};

// `board`: a device tree of a real board, of one size.
std::vector<Case> all_cases(const std::vector<std::byte>& board);

}  // namespace hyprelay::scale
