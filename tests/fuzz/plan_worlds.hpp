// SPDX-License-Identifier: BSD-2-Clause
// Machines, kernels and requests out of any bytes, once as hyprelay sees them and once as the model
// does.
#pragma once

#include "handoff/image.hpp"
#include "handoff/machine.hpp"
#include "handoff/plan.hpp"
#include "tests/fuzz/plan_model.hpp"

#include <cstddef>
#include <span>

namespace hyprelay::fuzz {

// Numbers from bytes; zeroes when they are used up.
class Choice {
 public:
  explicit Choice(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  Number word(int bytes);
  Number below(Number limit) { return limit == 0 ? 0 : word(limit > 0xffff ? 8 : 2) % limit; }
  bool one_in(Number n) { return below(n) == n - 1; }
  // Of every magnitude up to the limit.
  Number size(Number limit) { return 1 + below(1 + (limit >> below(14))); }

 private:
  std::span<const std::uint8_t> bytes_;
};

struct Case {
  handoff::Machine machine;
  handoff::ImageView image;
  handoff::PlanRequest request;
  World world;
  Kernel kernel;
  Sizes sizes;
};
Case case_from(Choice& choice);

}  // namespace hyprelay::fuzz
