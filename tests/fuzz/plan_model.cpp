// SPDX-License-Identifier: BSD-2-Clause
#include "tests/fuzz/plan_model.hpp"

#include <algorithm>
#include <utility>

namespace hyprelay::fuzz {
namespace {

constexpr Number kMega = Number{1} << 20;
constexpr Number kGiga = Number{1} << 30;

bool meet(const Span& a, const Span& b) {
  return std::max(a.start, b.start) < std::min(a.end, b.end);
}

bool is_in(const Span& what, const Span& where) {
  return where.start <= what.start && what.end <= where.end;
}

// Every byte is in one of them or another.
bool all_in(const Span& what, const std::vector<Span>& where) {
  Number at = what.start;
  for (bool moved = true; moved && at < what.end;) {
    moved = false;
    for (const Span& one : where) {
      if (one.start <= at && at < one.end) {
        at = one.end;
        moved = true;
      }
    }
  }
  return at >= what.end;
}

Number up(Number value, Number unit) {
  return (value + unit - 1) / unit * unit;
}

struct Named {
  const char* name;
  Span span;
};

std::vector<Named> segments_of(const Layout& layout) {
  std::vector<Named> all;
  for (const Named& one :
       {Named{"kernel", layout.kernel}, Named{"initrd", layout.initrd}, Named{"tree", layout.tree},
        Named{"relay", layout.relay}, Named{"header", layout.header}}) {
    if (one.span.end != 0) {
      all.push_back(one);
    }
  }
  return all;
}

class Handover {
 public:
  Handover(const World& world, const Kernel& kernel, const Layout& layout)
      : world_(world), kernel_(kernel), layout_(layout) {}

  Outcome run() {
    load();
    if (world_.arm) {
      kernel_.bare ? start_bare() : decompress();
      boot_arm();
    } else {
      boot_arm64();
    }
    return outcome_;
  }

 private:
  void trouble(std::string what) {
    if (outcome_.trouble.empty()) {
      outcome_.trouble = std::move(what);
    }
  }

  void need(bool holds, const std::string& what) {
    if (!holds) {
      trouble(what);
    }
  }

  // kexec_load takes whole pages of memory, which do not meet, and for a panic its region alone.
  // The relay then reads them all, by addresses that it has.
  void load() {
    const std::vector<Named> all = segments_of(layout_);
    for (const Named& one : all) {
      const std::string name = one.name;
      need(one.span.start < one.span.end, name + " is empty");
      need(one.span.start % world_.page == 0 && one.span.end % world_.page == 0, name + ": page");
      need(all_in(one.span, world_.ram), name + " is not in memory");
      need(!world_.region || is_in(one.span, *world_.region), name + " leaves the region");
      need(one.span.end <= (world_.arm ? 4 * kGiga : Number{1} << 48), name + ": address");
      for (const Span& kept : world_.kept) {
        need(!meet(one.span, kept), name + " lies on what is reserved");
      }
      for (const Span& needed : world_.needed) {
        need(!meet(one.span, needed), name + " lies on what the relay needs");
      }
      for (const Named& other : all) {
        need(one.name == other.name || !meet(one.span, other.span), name + " meets a segment");
      }
    }
  }

  // The next kernel, or what unpacks it, writes without knowing what is reserved.
  void write(Number start, Number end, const char* what) {
    const Span span{start, end};
    if (start >= end) {
      return;
    }
    need(!world_.arm || end <= 4 * kGiga, std::string(what) + " wraps at 4 GiB");
    need(all_in(span, world_.ram) && all_in(span, world_.tree),
         std::string(what) + " is not in memory");
    need(!world_.region || is_in(span, *world_.region), std::string(what) + " leaves the region");
    for (const Span& kept : world_.kept) {
      need(!meet(span, kept), std::string(what) + " damages what is reserved");
    }
    for (const Named& one : segments_of(layout_)) {
      need(one.span.start == layout_.kernel.start || !meet(span, one.span),
           std::string(what) + " damages the " + one.name);
    }
  }

  // What a crash kernel may use: a 32-bit one ends below its header, in its tree or by mem=.
  Span allowed() const {
    Span span = world_.region.value_or(Span{0, ~Number{0}});
    if (world_.arm && layout_.header.end != 0) {
      span.end = layout_.header.start;
    }
    return span;
  }

  // The start of memory: the zImage's own 128 MiB, if the tree does not know better.
  Number start_of_memory() const {
    const Number own = layout_.kernel.start / (128 * kMega) * (128 * kMega);
    if (!kernel_.reads_nodes) {
      return own;
    }
    const bool tells = kernel_.reads_region && world_.tree_tells_region && world_.region;
    if (tells && world_.region->start >= 4 * kGiga) {
      return own;
    }
    std::optional<Number> lowest;
    for (Span node : world_.nodes) {
      if (node.start >= 4 * kGiga) {
        continue;
      }
      if (tells) {
        node = {std::max(node.start, allowed().start), std::min(node.end, allowed().end)};
      } else if (node.start <= own && own < node.end) {
        return own;
      }
      if (node.start < node.end) {
        lowest = std::min(lowest.value_or(node.start), node.start);
      }
    }
    return lowest ? up(*lowest, 2 * kMega) : own;
  }

  void decompress() {
    const Number load = layout_.kernel.start;
    outcome_.memory_start = start_of_memory();
    const Number text = outcome_.text = outcome_.memory_start + kernel_.text_offset;
    // Its table of 16 KiB, and the kernel's own of up to 20 KiB.
    write((text - 0x4000) / 0x4000 * 0x4000, text, "the decompressor's table");
    write(text - 0x5000, text, "the kernel's tables");
    const Number end = load + kernel_.bytes;
    const Number top = end + kernel_.stack + kernel_.malloc;
    write(load, top, "the zImage's stack and arena");
    const Number inflated = text + kernel_.inflated;
    if (top + 0x4000 > text && inflated > load) {
      // It is in the way: it moves behind, in whole 256 bytes, with its stack and arena.
      const Number to = (inflated + kernel_.mover) / 256 * 256;
      const Number by = to - (load + kernel_.restart) / 32 * 32;
      write(to, up(end, 32) + by, "the zImage while it moves");
      write(end + by, top + by, "the moved zImage's stack and arena");
    }
    write(text, inflated, "the inflated kernel");
    write(inflated, inflated + kernel_.bss, "the kernel's bss");
  }

  // Its own address less the offset that it was linked at is what it takes for the start of memory.
  void start_bare() {
    outcome_.text = layout_.kernel.start + kernel_.lead;
    outcome_.memory_start = outcome_.text - kernel_.text_offset;
    need(outcome_.text >= kernel_.text_offset && outcome_.memory_start % kernel_.unit == 0,
         "the kernel stops: its memory does not begin at a multiple");
    need(layout_.kernel.end >= outcome_.text + kernel_.inflated, "the kernel is cut off");
    write(outcome_.text - 0x5000, outcome_.text, "the kernel's tables");
    write(outcome_.text, outcome_.text + kernel_.inflated + kernel_.bss, "the kernel's bss");
  }

  void boot_arm() {
    const Number start = outcome_.memory_start;
    const Span text{outcome_.text, outcome_.text + kernel_.inflated + kernel_.bss};
    const Span mapped{start, std::min(start + 760 * kMega, 4 * kGiga)};
    need(is_in(text, allowed()), "the kernel is not in its memory");
    need(is_in(layout_.tree, mapped) && is_in(layout_.tree, allowed()), "the tree is not mapped");
    need(layout_.initrd.end == 0 ||
             (is_in(layout_.initrd, mapped) && is_in(layout_.initrd, allowed()) &&
              all_in(layout_.initrd, world_.tree)),
         "the initrd is not mapped");
    need(layout_.tree.end <= up(layout_.tree.start + 1, 2 * kMega), "the tree leaves its 2 MiB");
    need(layout_.tree.start != 0, "r2 = 0 says that there is no tree");
  }

  void boot_arm64() {
    const Number entry = layout_.kernel.start;
    const Number base = entry - kernel_.text_offset;
    outcome_.text = entry;
    outcome_.memory_start = kernel_.anywhere ? 0 : base;
    need(entry >= kernel_.text_offset && base % (2 * kMega) == 0, "the Image's base");
    write(entry, entry + kernel_.image, "the Image");
    const Span& tree = layout_.tree;
    const Number block = tree.start / (2 * kMega) * (2 * kMega);
    need(tree.end <= block + 2 * kMega, "the tree leaves its 2 MiB");
    need(tree.start != 0, "x0 = 0 says that there is no tree");
    for (const Span& kept : world_.kept) {
      need(!meet({block, block + 2 * kMega}, kept), "the tree's 2 MiB hold what is reserved");
    }
    if (layout_.initrd.end != 0) {
      const Number low = std::min(entry, layout_.initrd.start) / kGiga * kGiga;
      const Number high = std::max(entry + kernel_.image, layout_.initrd.end);
      need(high - low <= 32 * kGiga, "the initrd is too far away");
      need(all_in(layout_.initrd, world_.tree), "the initrd is not in the tree's memory");
    }
    need(all_in(tree, world_.tree), "the tree is not in the tree's memory");
    if (!kernel_.anywhere) {
      need(tree.start >= base && tree.end <= base + 512 * kMega, "the tree is too far away");
      need(layout_.initrd.end == 0 || layout_.initrd.start >= base, "the initrd is lost");
    }
  }

  const World& world_;
  const Kernel& kernel_;
  const Layout& layout_;
  Outcome outcome_;
};

// Free memory in one piece from here on, 0 when there is none.
Number free_from(const World& world, Number at, Number most) {
  Number end = most;
  const Span whole{at, most};
  for (const std::vector<Span>* lists : {&world.kept, &world.needed}) {
    for (const Span& taken : *lists) {
      if (meet(whole, taken)) {
        end = std::min(end, std::max(at, taken.start));
      }
    }
  }
  for (const std::vector<Span>* lists : {&world.ram, &world.tree}) {
    Number reach = at;
    for (const Span& one : *lists) {
      if (one.start <= at && at < one.end) {
        reach = std::max(reach, one.end);
      }
    }
    end = std::min(end, reach);
  }
  return end - at;
}

}  // namespace

Outcome hand_over(const World& world, const Kernel& kernel, const Layout& layout) {
  return Handover(world, kernel, layout).run();
}

bool surely_fits(const World& world, const Kernel& kernel, const Sizes& sizes) {
  const Number company = sizes.initrd + sizes.relay + sizes.header + 8 * kMega;
  const Span bounds = world.region.value_or(Span{0, ~Number{0}});
  if (world.arm) {
    const Number window = 128 * kMega;
    const Number early = 0x410000 + kernel.inflated + kernel.bss + 33 * kMega + kernel.bytes +
                         kernel.malloc + 0x20000;
    // Whole windows alone: whatever the kernel makes of the tree, it comes to lie there.
    for (Number at = up(bounds.start, window); at < 4 * kGiga && at < bounds.end; at += window) {
      const Number room =
          free_from(world, at, std::min({bounds.end, 4 * kGiga - 2 * kMega, at + 760 * kMega}));
      if (early <= window && window + company <= room && (!world.region || at == bounds.start)) {
        return true;
      }
    }
    return false;
  }
  if (kernel.text_offset % world.page != 0 || kernel.image > 400 * kMega ||
      sizes.initrd > 16 * kGiga) {
    return false;
  }
  return std::ranges::any_of(world.ram, [&](const Span& bank) {
    const Number at = std::max(bank.start, bounds.start);
    const Number most = std::min(bank.end, bounds.end);
    return at < most && most <= Number{1} << 48 &&
           free_from(world, at, most) >= kernel.image + kernel.text_offset + 2 * kMega + company;
  });
}

}  // namespace hyprelay::fuzz
