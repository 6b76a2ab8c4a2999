// SPDX-License-Identifier: BSD-2-Clause
// An address does not become a number, and so no size, by accident.
// Expect: cannot convert .*PhysAddr.* to
#include "base/address.hpp"

using hyprelay::base::PhysAddr;

std::uint64_t size_of(PhysAddr start, PhysAddr end) {
#ifdef HR_MISTAKE
  const std::uint64_t size_bytes = end;
  return size_bytes - start.raw();
#else
  return end - start;
#endif
}
