// SPDX-License-Identifier: BSD-2-Clause
// The rows of abi/dialect_op.def, for tests that hold other tables against them.
#pragma once

#include "compat/dialect.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::compat::testing {

struct OpRow {
  Dialect dialect;
  std::string_view op;
  std::int64_t number;
  int immediate;
  int where;
  std::string_view shown;
};
inline constexpr OpRow kOps[] = {
#define HR_DIALECT_OP(dialect, op, immediate, number, where, shown) \
  {Dialect::k##dialect, #op, number, immediate, where, #shown},
#include "abi/dialect_op.def"
#undef HR_DIALECT_OP
};

}  // namespace hyprelay::compat::testing
