// SPDX-License-Identifier: BSD-2-Clause
#include "tests/fuzz/plan_worlds.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::fuzz {
namespace {

using base::PhysAddr;
using base::PhysRange;

constexpr Number kMega = Number{1} << 20;
constexpr Number kGiga = Number{1} << 30;

PhysRange range_of(const Span& span) {
  return PhysRange::from_bounds(PhysAddr(span.start), PhysAddr(span.end)).value_or(PhysRange());
}

std::vector<PhysRange> ranges_of(const std::vector<Span>& spans) {
  std::vector<PhysRange> ranges;
  std::ranges::transform(spans, std::back_inserter(ranges), range_of);
  return ranges;
}

// Where banks begin: anywhere in pages, at and beside the decompressor's windows, around 4 GiB, and
// at the ends of what addresses can say.
Number bank_start(Choice& choice, bool arm) {
  switch (choice.below(6)) {
    case 0:
      return choice.below(arm ? 0x100000 : 0x10000000) << 12;
    case 1:
      return choice.below(64) * 64 * kMega;
    case 2:
      return choice.below(32) * 128 * kMega + choice.below(64) * 2 * kMega;
    case 3:
      return 4 * kGiga - choice.below(1024) * kMega;
    case 4:
      return arm ? choice.below(16) * kGiga / 4
                 : (Number{1} << (36 + choice.below(14))) - choice.below(1024) * kMega;
    default:
      return kGiga;
  }
}

std::vector<Span> banks(Choice& choice, bool arm) {
  std::vector<Span> all;
  Number at = bank_start(choice, arm);
  for (Number n = 1 + choice.below(5); n > 0; --n) {
    const Number bytes = (1 + choice.below(Number{1} << (8 + choice.below(13)))) << 12;
    all.push_back({at, at + bytes});
    at += bytes + (choice.one_in(4) ? 0 : choice.below(0x20000) << 12);
    at = choice.one_in(3) ? std::max(at, bank_start(choice, arm)) : at;
  }
  // The order of /proc/iomem and of a tree is nobody's promise.
  if (choice.one_in(4)) {
    std::ranges::reverse(all);
  }
  return all;
}

std::vector<Span> pieces(Choice& choice, const std::vector<Span>& ram, Number most, Number bytes) {
  std::vector<Span> all;
  for (Number n = choice.below(most); n > 0; --n) {
    const Span& bank = ram[choice.below(ram.size())];
    // Also across the bank's end, and not aligned to anything.
    const Number start = bank.start + choice.below(bank.end - bank.start);
    all.push_back({start, start + choice.size(bytes)});
  }
  return all;
}

void keep(Case& c, const std::vector<Span>& spans, std::vector<handoff::NamedRange>& list,
          const char* name, bool may_hold_region) {
  for (const Span& span : spans) {
    list.push_back({range_of(span), name});
    const bool home = may_hold_region && c.world.region && span.start <= c.world.region->start &&
                      c.world.region->end <= span.end;
    if (!home) {
      c.world.kept.push_back(span);
    }
  }
}

void make_memory(Choice& choice, Case& c) {
  World& w = c.world;
  w.ram = banks(choice, w.arm);
  w.tree = w.ram;
  if (choice.one_in(6) && w.tree.size() > 1) {
    w.tree.erase(w.tree.begin() + static_cast<std::ptrdiff_t>(choice.below(w.tree.size())));
  }
  w.nodes = w.tree;
  if (choice.one_in(8)) {
    // Memory of the secure world: Linux skips its node, and it is no RAM.
    const Number start = choice.below(0x4000) * kMega;
    w.nodes.insert(w.nodes.begin(), {start, start + choice.size(64 * kMega)});
  }
  if (choice.one_in(3)) {
    const Span& bank = w.ram[choice.below(w.ram.size())];
    const Number unit = choice.one_in(2) ? 128 * kMega : Number{0x10000};
    const Number start = (bank.start + choice.below(bank.end - bank.start)) / unit * unit;
    const Number bytes = choice.one_in(2) ? 256 * kMega : (1 + choice.below(0x1000)) << 16;
    const Span region{std::max(start, bank.start), std::min(start + bytes, bank.end)};
    if (region.start < region.end) {
      c.machine.crash_regions = {range_of(region)};
      if (choice.one_in(2)) {
        w.region = region;
      } else {
        w.kept.push_back(region);
      }
    }
  }
  w.tree_tells_region = w.region.has_value() && !choice.one_in(4);
  keep(c, pieces(choice, w.ram, 5, 64 * kMega), c.machine.reserved, "reserved", true);
  keep(c, pieces(choice, w.ram, 4, 64 * kMega), c.request.tree_reserved, "tree", false);
  w.needed = pieces(choice, w.ram, 2, 0x4000);
  for (const Span& span : w.needed) {
    c.request.needed_by_relay.push_back({range_of(span), "resident"});
  }
  c.machine.ram = ranges_of(w.ram);
  c.request.tree_memory = ranges_of(w.tree);
  c.request.early_memory = ranges_of(w.nodes);
  if (w.region) {
    c.request.within = range_of(*w.region);
    c.request.tree_limits_memory = w.tree_tells_region;
  }
}

void make_zimage(Choice& choice, Case& c) {
  Kernel& k = c.kernel;
  k.bytes = 0x1000 + choice.size(12 * kMega);
  k.inflated = choice.one_in(16) ? choice.size(kGiga) : k.bytes + choice.size(40 * kMega);
  k.bss = choice.size(4 * kMega);
  k.malloc = choice.one_in(4) ? choice.size(kMega) : 0x10000;
  k.stack = 0x1000 + choice.below(0x7000);
  k.mover = 0x400 + choice.below(0xe000);
  k.restart = choice.below(8) << 9;
  k.reads_nodes = !choice.one_in(3);
  k.reads_region = k.reads_nodes && !choice.one_in(3);
  constexpr std::array<Number, 5> kOffsets{0x8000, 0x108000, 0x208000, 0x308000, 0x408000};
  k.text_offset = kOffsets[choice.below(kOffsets.size())];
  const bool told = !choice.one_in(6);
  c.image.zimage = {.size_bytes = k.bytes,
                    .inflated_bytes = k.inflated,
                    .bss_bytes = k.bss,
                    .malloc_bytes = k.malloc,
                    .text_offset = told ? k.text_offset : kOffsets.front(),
                    .text_offset_max = told ? k.text_offset : kOffsets.back(),
                    .reads_memory_nodes = k.reads_nodes,
                    .reads_usable_range = k.reads_region};
}

// The kernel out of that zImage, of before and after the release that lets memory begin anywhere.
void make_bare(Choice& choice, Case& c) {
  Kernel& k = c.kernel;
  const bool fine = choice.one_in(2);
  k.bare = true;
  k.lead = 0x5000;
  k.unit = (fine ? 2 : 16) * kMega;
  k.bytes = k.lead + k.inflated;
  c.image.zimage.text_offset = c.image.zimage.text_offset_max = k.text_offset;
  c.image.bare =
      handoff::BareKernel{.lead_bytes = k.lead,
                          .size_bytes = k.bytes,
                          .major = fine && choice.one_in(2) ? 6U : 5U,
                          .minor = fine ? 11U + static_cast<unsigned>(choice.below(9)) : 10U};
}

void make_image(Choice& choice, Case& c) {
  Kernel& k = c.kernel;
  k.bytes = 0x1000 + choice.size(60 * kMega);
  k.image = k.bytes + choice.below(choice.one_in(8) ? kGiga / 2 : 8 * kMega);
  k.text_offset = choice.one_in(2) ? 0 : choice.below(32) << (choice.one_in(4) ? 12 : 16);
  k.anywhere = !choice.one_in(3);
  c.image.image = {.size_bytes = k.bytes,
                   .image_size = k.image,
                   .text_offset = k.text_offset,
                   .page_size_code = 0,
                   .anywhere = k.anywhere};
}

// Keystone 2: by the tree, /proc/iomem and what follows from them, memory lies higher than where
// kernels are loaded and start. The model's world stays by those lower addresses, but for what the
// decompressor reads.
void raise(Case& c) {
  constexpr Number kBy = 0x780000000;
  const auto up = [](base::PhysRange& range) {
    range = range_of({range.start().raw() + kBy, range.end().raw() + kBy});
  };
  c.machine.boot_alias = c.machine.ram;
  c.request.early_memory.reset();
  for (std::vector<base::PhysRange>* list :
       {&c.machine.ram, &c.machine.crash_regions, &c.request.tree_memory}) {
    std::ranges::for_each(*list, up);
  }
  for (std::vector<handoff::NamedRange>* list : {&c.machine.reserved, &c.request.tree_reserved}) {
    std::ranges::for_each(*list, [&](handoff::NamedRange& one) { up(one.range); });
  }
  if (c.request.within) {
    up(*c.request.within);
  }
  c.world.nodes.clear();
}

}  // namespace

Number Choice::word(int bytes) {
  Number value = 0;
  for (int i = 0; i < bytes && !bytes_.empty(); ++i) {
    value = value << 8 | bytes_.front();
    bytes_ = bytes_.subspan(1);
  }
  return value;
}

Case case_from(Choice& choice) {
  Case c;
  World& w = c.world;
  w.arm = choice.one_in(2);
  constexpr std::array<std::uint32_t, 4> kPages{4096, 4096, 16384, 65536};
  w.page = w.arm ? 4096 : kPages[choice.below(kPages.size())];
  c.machine.arch = c.image.arch = w.arm ? handoff::Arch::kArm : handoff::Arch::kArm64;
  c.machine.page_size_bytes = static_cast<std::uint32_t>(w.page);
  w.arm ? make_zimage(choice, c) : make_image(choice, c);
  if (w.arm && choice.one_in(3)) {
    make_bare(choice, c);
  }
  c.sizes.initrd = choice.one_in(3) ? 0 : choice.size(256 * kMega);
  c.sizes.tree = std::min(choice.size(2 * kMega), 2 * kMega);
  c.sizes.relay = choice.size(kMega);
  make_memory(choice, c);
  if (w.arm && choice.one_in(8) &&
      std::ranges::all_of(w.ram, [](const Span& bank) { return bank.end <= 4 * kGiga; })) {
    raise(c);
  }
  c.sizes.header = w.region && w.tree_tells_region ? choice.size(0x40000) : 0;
  c.request.initrd_bytes = c.sizes.initrd;
  c.request.tree_bytes = c.sizes.tree;
  c.request.relay_bytes = c.sizes.relay;
  c.request.elfcorehdr_bytes = c.sizes.header;
  return c;
}

}  // namespace hyprelay::fuzz
