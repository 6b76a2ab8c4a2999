// SPDX-License-Identifier: BSD-2-Clause
// Result<T>: a value or an Error. Environment: everywhere, also freestanding.
#pragma once

#include "base/error.hpp"

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/base.hpp>
#include <boost/outcome/try.hpp>

namespace hyprelay::base {

// Taking the value of an error, or the error of a value, is a bug of ours: stop at once.
struct TrapPolicy : BOOST_OUTCOME_V2_NAMESPACE::policy::base {
  template <class Impl>
  static constexpr void wide_value_check(Impl&& self) {
    if (!_has_value(self)) {
      __builtin_trap();
    }
  }
  template <class Impl>
  static constexpr void wide_error_check(Impl&& self) {
    if (!_has_error(self)) {
      __builtin_trap();
    }
  }
};

template <class T>
using Result = BOOST_OUTCOME_V2_NAMESPACE::basic_result<T, Error, TrapPolicy>;

inline auto success() {
  return BOOST_OUTCOME_V2_NAMESPACE::success();
}

}  // namespace hyprelay::base

// HR_TRY(name, expression): declares name as the value of the Result, or returns its Error.
// HR_TRYV(expression): the same for Result<void>.
#define HR_TRY(name, ...) BOOST_OUTCOME_TRY(name, __VA_ARGS__)
#define HR_TRYV(...) BOOST_OUTCOME_TRYV(__VA_ARGS__)
