// SPDX-License-Identifier: BSD-2-Clause
// What the tests of plans share.
#pragma once

#include "base/error_text.hpp"
#include "handoff/plan.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff::testing {

inline Plan must_plan(const Machine& machine, const ImageView& kernel, const PlanRequest& request) {
  const auto plan = make_plan(machine, kernel, request);
  EXPECT_TRUE(plan.has_value()) << base::describe(plan.error());
  if (!plan.has_value()) {
    return {};
  }
  const auto check = check_plan(machine, kernel, request, plan.value());
  EXPECT_TRUE(check.has_value()) << base::describe(check.error()) << "\n" << to_text(plan.value());
  return plan.value();
}

inline base::Error must_refuse(const Machine& machine, const ImageView& kernel,
                               const PlanRequest& request) {
  const auto plan = make_plan(machine, kernel, request);
  EXPECT_FALSE(plan.has_value()) << to_text(plan.value());
  return plan.has_value() ? base::Error() : plan.error();
}

}  // namespace hyprelay::handoff::testing
