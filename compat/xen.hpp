// SPDX-License-Identifier: BSD-2-Clause
// Xen's answers as Results: an error has Xen's own name. The hypercalls themselves are those of
// compat/hr_xen.h.
//
//   HR_TRY(pages, compat::xen::result_of(hr_xenmem_current_reservation(&domain)));
//   HR_TRYV(compat::xen::print("hello\n"));
//
// Environment: everywhere, also freestanding; what makes a call, below Xen (compat/hr_xen.h).
#pragma once

#include "base/result.hpp"
#include "compat/hr_xen.h"

#include <cstdint>
#include <string_view>

namespace hyprelay::compat::xen {

// "ENOSYS" for 38; empty for a number that is no row of abi/xen.def.
constexpr std::string_view error_name(std::uint64_t number) {
#define HR_XEN_CALL(...)
#define HR_XEN_COMMAND(...)
#define HR_XEN_VALUE(...)
#define HR_XEN_ERROR(name, value) \
  if (number == (value)) {        \
    return #name;                 \
  }
#include "abi/xen.def"
#undef HR_XEN_CALL
#undef HR_XEN_COMMAND
#undef HR_XEN_VALUE
#undef HR_XEN_ERROR
  return {};
}

// What a hypercall answered: a number, mostly 0, or that it failed. Error (stage relay):
// RESIDENT_REFUSED (subject: Xen's name of it; at: its number).
inline base::Result<std::uint64_t> result_of(std::int64_t answer) {
  if (answer >= 0) {
    return static_cast<std::uint64_t>(answer);
  }
  const auto number = ~static_cast<std::uint64_t>(answer) + 1;
  return base::Error(base::Code::RESIDENT_REFUSED, base::Stage::kRelay, error_name(number))
      .with_at(number);
}

// The status of one element of a grant table operation, GNTST_* of
// [xen/include/public/grant_table.h]: 0 is good. Error: RESIDENT_REFUSED (at: the number without
// its sign).
inline base::Result<void> status_of(hr_le16 status) {
  const auto number = static_cast<std::int16_t>(hr_le16_value(status));
  if (number == 0) {
    return base::success();
  }
  return base::Error(base::Code::RESIDENT_REFUSED, base::Stage::kRelay, "grant table")
      .with_at(static_cast<std::uint64_t>(number < 0 ? -number : number));
}

#if defined(__aarch64__) || defined(__arm__)

struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
};

// Errors: those of result_of.
inline base::Result<Version> version() {
  HR_TRY(answer, result_of(hr_xenver_version()));
  return Version{static_cast<std::uint32_t>(answer >> 16),
                 static_cast<std::uint32_t>(answer & 0xffff)};
}

// To Xen's console. Errors: those of result_of.
inline base::Result<void> print(std::string_view text) {
  HR_TRYV(result_of(hr_consoleio_write(text.data(), text.size())));
  return base::success();
}

#endif

}  // namespace hyprelay::compat::xen
