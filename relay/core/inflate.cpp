// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/inflate.hpp"

#include "bare/system.hpp"
#include "base/lz4_block.hpp"
#include "digest/sha256.h"
#include "relay/core/arch.hpp"
#include "relay/core/baton.hpp"

namespace hyprelay::relay {

bool inflate_kernel(const hr_baton& baton, bool cached) {
  const hr_baton_segment& to = baton.inflated;
  const base::ByteView block(
      reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(loaded_kernel(baton).start)),
      static_cast<std::size_t>(baton.packed_bytes));
  const std::span out(reinterpret_cast<std::byte*>(static_cast<std::uintptr_t>(to.start)),
                      static_cast<std::size_t>(to.size));
  if (!cached) {
    // A line that the old kernel left dirty would be written over what memory gets now.
    hr_cache_flush(static_cast<std::uintptr_t>(to.start), static_cast<std::size_t>(to.size));
  }
  const std::uint64_t saved = hr_simd_begin();
  // With the MMU off all memory is Strongly-ordered or Device, where an unaligned access faults.
  const bool wide = cached && hr_sha256_kind() != HR_SHA256_PLAIN;
  const bool whole = wide ? inflate_wide(block, out) : base::lz4_inflate_bytes(block, out);
  hr_simd_end(saved);
  // Out of the caches: what is verified next is what memory holds, and the kernel is entered with
  // them off. With the caches off it is only a line from before that could hide what was written.
  hr_cache_flush(static_cast<std::uintptr_t>(to.start), static_cast<std::size_t>(to.size));
  return whole;
}

}  // namespace hyprelay::relay
