// SPDX-License-Identifier: BSD-2-Clause
// A number does not become an address by accident.
// Expect: could not convert.*PhysAddr|cannot convert.*PhysAddr
#include "base/address.hpp"

using hyprelay::base::PhysAddr;

std::uint64_t page_of(PhysAddr address) {
  return address.raw() >> 12;
}

std::uint64_t first_page(std::uint64_t number) {
#ifdef HR_MISTAKE
  return page_of(number);
#else
  return page_of(PhysAddr(number));
#endif
}
