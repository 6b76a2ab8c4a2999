// SPDX-License-Identifier: BSD-2-Clause
// Where the next kernel will go, and what it will write on the way, computed from an address.
#include "handoff/plan_check.hpp"

#include <algorithm>

namespace hyprelay::handoff::check {
namespace {

using base::PhysAddr;
using base::PhysRange;

constexpr std::uint64_t kMega = 0x100000;
constexpr std::uint64_t kGiga = 0x40000000;
constexpr PhysAddr kNowhere(~std::uint64_t{0});

PhysRange between(PhysAddr start, PhysAddr end) {
  return PhysRange::from_bounds(start, end).value_or(PhysRange());
}

// [linux/arch/arm/boot/compressed/head.S "AUTO_ZRELADDR", fdt_check_mem_start.c]: the high bits of
// its own address; unless the tree has memory, but none there; and a crash kernel believes its
// usable range alone. `usable_end`: that range ends below the core header.
PhysAddr start_of_memory(const ZImage& zimage, const PlanRequest& request, PhysAddr entry,
                         PhysAddr usable_end) {
  const PhysAddr guess(entry.raw() & 0xf8000000);
  const auto in_32_bits = [](PhysAddr a) { return a.raw() >> 32 == 0; };
  const bool limited =
      zimage.reads_usable_range && request.tree_limits_memory && request.within.has_value();
  if (!zimage.reads_memory_nodes || (limited && !in_32_bits(request.within->start()))) {
    return guess;
  }
  const std::vector<PhysRange>& nodes =
      request.early_memory ? *request.early_memory : request.tree_memory;
  PhysAddr lowest = kNowhere;
  for (const PhysRange& node : nodes) {
    PhysAddr start = node.start();
    PhysAddr end = node.end();
    if (node.empty() || !in_32_bits(start)) {
      continue;
    }
    if (limited) {
      start = std::max(start, request.within->start());
      end = std::min({end, request.within->end(), usable_end});
      if (end <= start) {
        continue;
      }
    } else if (start <= guess && guess < end) {
      return guess;
    }
    lowest = std::min(lowest, start);
  }
  return lowest == kNowhere ? guess : lowest.align_up(2 * kMega);
}

// [linux/arch/arm/mm/mmu.c adjust_lowmem_bounds]: the linear mapping of a kernel with 3 GiB of user
// space and the default vmalloc area has 760 MiB.
PhysRange linear_mapping(PhysAddr memory_start, std::optional<PhysAddr> elfcorehdr) {
  return between(memory_start, std::min({memory_start + 760 * kMega, PhysAddr(4 * kGiga),
                                         elfcorehdr.value_or(kNowhere)}));
}

// A crash kernel's memory ends below its core header, so that text and bss must as well.
base::Result<void> ends_in_memory(PhysAddr end, std::optional<PhysAddr> elfcorehdr) {
  if (end > elfcorehdr.value_or(kNowhere)) {
    return base::Error(base::Code::PLAN_OUTSIDE_RAM, base::Stage::kPlan, "kernel: its memory")
        .with_at(end.raw())
        .with_limit(elfcorehdr->raw());
  }
  return base::success();
}

// [linux/arch/arm/kernel/head.S __fixup_pv_table, later phys2virt.S]: what is started without its
// decompressor stops when the start of memory that follows from its own address is no multiple of
// 16 MiB, since 5.11 of 2 MiB. It writes its page tables below its text (PG_DIR_SIZE is 20 KiB with
// LPAE) and clears its bss right behind what was loaded.
base::Result<NextKernel> bare_kernel(const ImageView& kernel, PhysAddr loaded,
                                     std::optional<PhysAddr> elfcorehdr) {
  const BareKernel& bare = *kernel.bare;
  const PhysAddr text = loaded + bare.lead_bytes;
  const std::uint64_t unit = bare.major * 1000 + bare.minor < 5011 ? 16 * kMega : 2 * kMega;
  if (text.raw() < kernel.zimage.text_offset ||
      (text.raw() - kernel.zimage.text_offset) % unit != 0) {
    return base::Error(base::Code::PLAN_UNALIGNED, base::Stage::kPlan,
                       "kernel: its start of memory")
        .with_at(text.raw())
        .with_limit(unit);
  }
  NextKernel next;
  next.text = text;
  next.memory_start = text - kernel.zimage.text_offset;
  const PhysAddr end = loaded + bare.size_bytes;
  next.writes = {{"page tables of the kernel", between(text - 0x5000, text)},
                 {"kernel and its bss", between(text, end + kernel.zimage.bss_bytes)}};
  next.for_initrd = next.for_tree = linear_mapping(next.memory_start, elfcorehdr);
  HR_TRYV(ends_in_memory(end + kernel.zimage.bss_bytes, elfcorehdr));
  return next;
}

base::Result<NextKernel> arm_kernel(const ZImage& zimage, const PlanRequest& request,
                                    PhysAddr entry, std::optional<PhysAddr> elfcorehdr) {
  // [linux/arch/arm/boot/compressed/head.S, vmlinux.lds.S]: behind the zImage lie its bss and a
  // stack of 4 KiB, less than 32 KiB together in every kernel, and then malloc's arena. It asks for
  // 16 KiB more before it believes that it ends below the kernel's place; a copy of itself begins
  // behind the inflated kernel and the code that moves it.
  constexpr std::uint64_t kBssAndStack = 0x8000;
  constexpr std::uint64_t kAsked = 0x4000;
  constexpr std::uint64_t kMover = 0x10000;
  NextKernel next;
  next.memory_start = start_of_memory(zimage, request, entry, elfcorehdr.value_or(kNowhere));
  next.text = next.memory_start + zimage.text_offset;
  const PhysAddr last_text =
      next.memory_start + std::max(zimage.text_offset, zimage.text_offset_max);
  const PhysAddr inflated = last_text + zimage.inflated_bytes;
  const std::uint64_t running = zimage.size_bytes + kBssAndStack + zimage.malloc_bytes;
  // The decompressor's table lies on 16 KiB; a kernel with LPAE has 20 KiB below its text
  // [linux/arch/arm/kernel/head.S PG_DIR_SIZE].
  const PhysAddr table((next.text.raw() - 0x4000) & ~std::uint64_t{0x3fff});
  next.writes = {
      {"page tables of the kernel", between(std::min(table, next.text - 0x5000), next.text)},
      {"inflated kernel and its bss", between(next.text, inflated + zimage.bss_bytes)},
      {"zImage with its stack and malloc arena", between(entry, entry + running)}};
  const bool ends_below = entry + running + kAsked <= next.text;
  if (inflated > entry && !ends_below) {
    next.writes.push_back(
        {"zImage after it moved", between(inflated, inflated + kMover + running)});
  }
  next.for_initrd = next.for_tree = linear_mapping(next.memory_start, elfcorehdr);
  HR_TRYV(ends_in_memory(inflated + zimage.bss_bytes, elfcorehdr));
  return next;
}

base::Result<NextKernel> arm64_kernel(const Arm64Image& image, PhysAddr entry, PhysAddr initrd) {
  // [linux/arm64/booting section 4]: text_offset from a multiple of 2 MiB; initrd and Image in one
  // aligned 1 GiB to 32 GiB; before 4.6 (flag bit 3) memory below the Image is lost, and before 4.2
  // the tree is within 512 MiB.
  const PhysAddr base = entry - image.text_offset;
  if (entry.raw() < image.text_offset || !base.is_aligned(2 * kMega)) {
    return base::Error(base::Code::PLAN_UNALIGNED, base::Stage::kPlan, "kernel: 2 MiB")
        .with_at(entry.raw())
        .with_limit(image.text_offset);
  }
  NextKernel next;
  next.text = entry;
  next.memory_start = image.anywhere ? PhysAddr(0) : base;
  const PhysAddr end = entry + image.image_size;
  next.writes = {{"image_size bytes of the kernel", between(entry, end)}};
  const PhysAddr window = std::min(entry, initrd).align_down(kGiga);
  // An initrd above decides by its end, one below by the Image's.
  next.for_initrd = end - window > 32 * kGiga
                        ? PhysRange()
                        : between(std::max(window, next.memory_start), window + 32 * kGiga);
  next.for_tree =
      image.anywhere ? between(PhysAddr(0), kNowhere) : between(base, base + 512 * kMega);
  return next;
}

// It was linked for one address. What it writes beside itself, and what it reads, is its own
// affair.
base::Result<NextKernel> placed_program(const ImageView& kernel, PhysAddr loaded) {
  const PhysAddr linked(kernel.program->start);
  const PhysAddr entry(kernel.program->entry);
  const PhysRange all = between(linked, linked + kernel.bytes.size());
  if (loaded != linked || !all.contains(between(entry, entry + 4))) {
    return base::Error(base::Code::SEAL_MISMATCH, base::Stage::kPlan,
                       "program: where it was linked, and its entry")
        .with_at(loaded.raw())
        .with_limit(linked.raw());
  }
  NextKernel next;
  next.text = entry;
  next.writes = {{"program and its bss", all}};
  next.for_initrd = next.for_tree = between(PhysAddr(0), kNowhere);
  return next;
}

}  // namespace

base::Result<NextKernel> next_kernel(const ImageView& kernel, const PlanRequest& request,
                                     PhysAddr entry, PhysAddr initrd,
                                     std::optional<PhysAddr> elfcorehdr) {
  if (kernel.program) {
    return placed_program(kernel, entry);
  }
  if (kernel.bare) {
    return bare_kernel(kernel, entry, elfcorehdr);
  }
  if (kernel.arch == Arch::kArm) {
    return arm_kernel(kernel.zimage, request, entry, elfcorehdr);
  }
  return arm64_kernel(kernel.image, entry, initrd);
}

}  // namespace hyprelay::handoff::check
