// SPDX-License-Identifier: BSD-2-Clause
// What the decompressor of a zImage writes, step by step as arch/arm/boot/compressed/head.S does
// it, written without a look at the planner: the oracle of the placement tests.
#pragma once

#include "base/range.hpp"

#include <optional>
#include <vector>

namespace hyprelay::handoff::testing {

struct Decompressor {
  std::uint64_t image_bytes;     // _edata - start
  std::uint64_t inflated_bytes;  // the word at the end of the payload
  std::uint64_t kernel_bss;
  std::uint64_t text_offset;
  std::uint64_t malloc_bytes;
  std::uint64_t stack_top;       // L_user_stack_end - _edata: the decompressor's bss and stack
  std::uint64_t restart_offset;  // where the part begins that moves
  std::uint64_t reloc_code = 0x900;
  bool checks_tree = true;
};

struct Run {
  std::uint64_t kernel_address = 0;
  bool moved = false;
  std::uint64_t top = 0;  // the highest byte written, exclusive
  std::vector<base::PhysRange> writes;

  void write(std::uint64_t start, std::uint64_t end) {
    writes.push_back(
        base::PhysRange::from_bounds(base::PhysAddr(start), base::PhysAddr(end)).value());
    top = top < end ? end : top;
  }
};

// AUTO_ZRELADDR and fdt_check_mem_start.
inline std::uint64_t start_of_memory(const Decompressor& d, std::uint64_t load,
                                     const std::vector<base::PhysRange>& tree_memory) {
  const std::uint64_t guess = load & 0xf8000000;
  std::optional<std::uint64_t> lowest;
  for (const base::PhysRange& bank : tree_memory) {
    if (!d.checks_tree || bank.empty() || bank.start().raw() > 0xffffffff) {
      continue;
    }
    if (bank.contains(base::PhysAddr(guess))) {
      return guess;
    }
    if (!lowest || bank.start().raw() < *lowest) {
      lowest = bank.start().raw();
    }
  }
  return lowest ? (*lowest + 0x1fffff) & ~std::uint64_t{0x1fffff} : guess;
}

inline Run run(const Decompressor& d, std::uint64_t load,
               const std::vector<base::PhysRange>& tree_memory) {
  Run r;
  const std::uint64_t r4 = start_of_memory(d, load, tree_memory) + d.text_offset;
  r.kernel_address = r4;
  // cache_on: 16 KiB of page tables; the kernel's own are up to 20 KiB below its text.
  r.write((r4 - 0x4000) & ~std::uint64_t{0x3fff}, r4);
  r.write(r4 - 0x5000, r4);
  // restart: bss, stack and malloc behind _edata, and a look at the word there.
  const std::uint64_t edata = load + d.image_bytes;
  const std::uint64_t stack_end = edata + d.stack_top;
  r.write(edata, stack_end + d.malloc_bytes);
  const std::uint64_t end_of_all = stack_end + d.malloc_bytes + 0x4000;
  const bool fits_below = r4 >= end_of_all;
  const bool fits_above = r4 + d.inflated_bytes <= load;
  if (!fits_below && !fits_above) {
    r.moved = true;
    const std::uint64_t to = (r4 + d.inflated_bytes + d.reloc_code) & ~std::uint64_t{0xff};
    const std::uint64_t from = (load + d.restart_offset) & ~std::uint64_t{0x1f};
    const std::uint64_t delta = to - from;
    r.write(to, ((edata + 0x1f) & ~std::uint64_t{0x1f}) + delta);
    r.write(edata + delta, stack_end + d.malloc_bytes + delta);
  }
  // decompress_kernel, and the bss that the kernel clears when it starts.
  r.write(r4, r4 + d.inflated_bytes + d.kernel_bss);
  return r;
}

}  // namespace hyprelay::handoff::testing
