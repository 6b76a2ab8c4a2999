// SPDX-License-Identifier: BSD-2-Clause
// Which words in r0 (w0) of an hvc #0 are function ids, said another way than compat/hr_server.h
// does: the whole range of 32 bits in pieces, each with who gets it and why.
#pragma once

#include <cstdint>

namespace hyprelay::function_ids {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
  bool is_function;
  const char* why;
};

constexpr Range kRanges[] = {
    {0x00000000, 0x0100ffff, false,
     "existing APIs [arm/den0028 table 6-2]: the ops, Linux's stubs"},
    {0x01010000, 0x01ffffff, false, "reserved beside them"},
    {0x02000000, 0x1fffffff, true, "yielding calls of trusted OSes"},
    {0x20000000, 0x3fffffff, true, "yielding calls, to come"},
    {0x40000000, 0x40ffffff, false,
     "neither fast nor of an owner: RAM of many boards, legacy addresses"},
    {0x41000000, 0x46000000, true, "yielding calls of 64 bits"},
    {0x46000001, 0x46000001, true, "Hyper-V"},
    {0x46000002, 0x4851ffff, true, "yielding calls of 64 bits"},
    {0x48520000, 0x4852ffff, false, "extension ops of the common ABI"},
    {0x48530000, 0x7fffffff, true, "yielding calls of 64 bits"},
    {0x80000000, 0xbfffffff, true, "fast calls of 32 bits"},
    {0xc0000000, 0xfffffffe, true, "fast calls of 64 bits"},
    {0xffffffff, 0xffffffff, false, "GET_VECTORS of Linux up to 4.11"},
};

constexpr bool is_function(std::uint32_t id) {
  for (const Range& range : kRanges) {
    if (id >= range.first && id <= range.last) {
      return range.is_function;
    }
  }
  return false;
}

}  // namespace hyprelay::function_ids
