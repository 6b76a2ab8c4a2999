// SPDX-License-Identifier: BSD-2-Clause
// The rules of the boot protocols and of kexec, checked on a finished plan: see plan_check.hpp.
#include "handoff/plan_check.hpp"

#include <algorithm>
#include <string>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::Stage;
using check::Party;

// The most that a kernel maps of its tree, and what it is mapped in [linux/arm64/booting section 2,
// linux/arch/arm/include/asm/fixmap.h FDT_FIXED_SIZE].
constexpr std::uint64_t kMostTree = 0x200000;

// Where the relay's reach ends: 32 bits less the last block of its identity map, or 48 bits
// [relay/core/identity_map.hpp, relay/core/relay.cpp kAddressBits].
PhysAddr reach(Arch arch) {
  return PhysAddr(arch == Arch::kArm ? 0xffe00000 : 0x1000000000000);
}

Error fault(Code code, const std::string& subject, PhysAddr at) {
  return Error(code, Stage::kPlan, subject).with_at(at.raw());
}

Error fault(Code code, const std::string& subject, PhysAddr at, PhysAddr limit) {
  return fault(code, subject, at).with_limit(limit.raw());
}

// Sorted, and what touches made one.
std::vector<PhysRange> joined(std::vector<PhysRange> ranges) {
  std::ranges::sort(ranges, {}, &PhysRange::start);
  std::vector<PhysRange> all;
  for (const PhysRange& range : ranges) {
    if (!all.empty() && range.start() <= all.back().end()) {
      const PhysAddr end = std::max(range.end(), all.back().end());
      all.back() = PhysRange::from_bounds(all.back().start(), end).value_or(PhysRange());
    } else {
      all.push_back(range);
    }
  }
  return all;
}

// Linux adds one number to every address in a boot alias, so that the lowest of it is the lowest
// memory [linux/arch/arm/mm/mmu.c arch_phys_to_idmap_offset].
std::uint64_t distance_of(const std::vector<PhysRange>& ram, const std::vector<PhysRange>& alias) {
  return ram.empty() || alias.empty() || ram.front().start() < alias.front().start()
             ? 0
             : ram.front().start() - alias.front().start();
}

// Machine and request as they bear on one range. Looked at once for each of a dozen ranges, so that
// the time is that of sorting.
class Ground {
 public:
  Ground(const Machine& machine, const PlanRequest& request)
      : request_(request),
        alias_(joined(machine.boot_alias)),
        ram_(joined(machine.ram)),
        tree_(joined(request.tree_memory)),
        distance_(distance_of(ram_, alias_)) {
    const auto add = [&](const PhysRange& range, const std::string& name) {
      // A crash kernel's own region is reserved for it, not from it.
      if (!(request.within && range.contains(*request.within))) {
        reserved_.push_back({name, range});
      }
    };
    for (const NamedRange& r : machine.reserved) {
      add(r.range, r.name);
    }
    for (const PhysRange& crash : machine.crash_regions) {
      add(crash, "Crash kernel");
    }
    for (const NamedRange& r : request.tree_reserved) {
      reserved_.push_back({r.name, r.range});
    }
  }

  // Memory that may be written, and is nobody's.
  base::Result<void> check(const Party& party) const {
    const PhysRange r = memory_of(party.range);
    const auto holds = [&](const PhysRange& one) { return one.contains(r); };
    const auto sees = [&](const PhysRange& one) { return one.contains(party.range); };
    if (r.empty() || std::ranges::none_of(ram_, holds) ||
        (!alias_.empty() && std::ranges::none_of(alias_, sees)) ||
        (!tree_.empty() && std::ranges::none_of(tree_, holds)) ||
        (request_.within && !request_.within->contains(r))) {
      return fault(Code::PLAN_OUTSIDE_RAM, party.name, r.start(), r.end());
    }
    return check_free(party);
  }

  // How much higher than a placement the memory lies that it is in.
  std::uint64_t distance() const { return distance_; }

  base::Result<void> check_free(const Party& party) const {
    for (const Party& reserved : reserved_) {
      if (party.range.overlaps(reserved.range) || memory_of(party.range).overlaps(reserved.range)) {
        return fault(Code::PLAN_OVERLAP, party.name + " and " + reserved.name,
                     std::max(party.range.start(), reserved.range.start()));
      }
    }
    return base::success();
  }

 private:
  // Seen at boot, and where it is in memory.
  PhysRange memory_of(const PhysRange& seen) const {
    return PhysRange::from_bounds(seen.start() + distance_, seen.end() + distance_)
        .value_or(PhysRange());
  }

  const PlanRequest& request_;
  std::vector<PhysRange> alias_;
  std::vector<PhysRange> ram_;
  std::vector<PhysRange> tree_;
  std::uint64_t distance_;
  std::vector<Party> reserved_;
};

// Each kind is there once, the initrd when there is one, with the size that was asked for.
base::Result<void> check_members(const ImageView& kernel, const PlanRequest& request,
                                 const Plan& plan) {
  struct Row {
    SegmentKind kind;
    bool wanted;
    std::uint64_t content_bytes;
  };
  const bool zimage = kernel.arch == Arch::kArm && !kernel.bare && !kernel.program;
  const Row rows[] = {
      {SegmentKind::kKERNEL, true,
       kernel.program ? kernel.bytes.size()
       : kernel.bare  ? kernel.bare->size_bytes
       : zimage       ? kernel.zimage.size_bytes
                      : kernel.image.size_bytes},
      {SegmentKind::kINITRD, request.initrd_bytes != 0, request.initrd_bytes},
      {SegmentKind::kTREE, true, request.tree_bytes},
      {SegmentKind::kRELAY, true, request.relay_bytes},
      {SegmentKind::kELFCOREHDR, request.elfcorehdr_bytes != 0, request.elfcorehdr_bytes}};
  for (const Row& row : rows) {
    const auto there = std::ranges::count(plan.placements, row.kind, &Placement::kind);
    if (there != (row.wanted ? 1 : 0)) {
      return Error(Code::SEAL_MISMATCH, Stage::kPlan, segment_name(row.kind))
          .with_at(static_cast<std::uint64_t>(there));
    }
    const Placement* p = plan.find(row.kind);
    // The decompressor must not find an appended tree: a word of zeroes follows the zImage.
    const std::uint64_t needed =
        row.content_bytes + (zimage && row.kind == SegmentKind::kKERNEL ? 4 : 0);
    if (p != nullptr && (p->content_bytes == 0 || p->content_bytes != row.content_bytes ||
                         needed > p->memory.size_bytes())) {
      return Error(Code::SEAL_MISMATCH, Stage::kPlan, segment_name(row.kind))
          .with_at(p->content_bytes)
          .with_limit(p->memory.size_bytes());
    }
  }
  return base::success();
}

// A packed kernel is one that is no zImage, which inflates itself, nor a crash kernel, which nobody
// copies.
base::Result<void> check_packed(const ImageView& kernel, const PlanRequest& request,
                                const Plan& plan) {
  const std::uint64_t there = plan.packed ? plan.packed->content_bytes : 0;
  const bool may_be = !kernel.program && (kernel.arch == Arch::kArm64 || kernel.bare) &&
                      request.elfcorehdr_bytes == 0 && !request.tree_limits_memory;
  if (there != request.packed_bytes ||
      (plan.packed && (there == 0 || !may_be || plan.packed->kind != SegmentKind::kKERNEL ||
                       there > plan.packed->memory.size_bytes()))) {
    return Error(Code::SEAL_MISMATCH, Stage::kPlan, "packed kernel")
        .with_at(there)
        .with_limit(request.packed_bytes);
  }
  return base::success();
}

// All that is loaded or inflated, by a name for messages: while the relay inflates a kernel, it is
// there twice.
std::vector<Party> parties_of(const Plan& plan) {
  std::vector<Party> parties;
  for (const Placement& p : plan.placements) {
    parties.push_back({segment_name(p.kind), p.memory});
  }
  if (plan.packed) {
    parties.push_back({"packed kernel", plan.packed->memory});
  }
  return parties;
}

base::Result<void> check_placements(const Machine& machine, const Ground& ground,
                                    const PlanRequest& request, const Plan& plan) {
  const std::uint64_t page = machine.page_size_bytes;
  if (page != 0x1000 && page != 0x4000 && page != 0x10000) {
    return Error(Code::MACHINE_MALFORMED, Stage::kPlan, "page size").with_at(page);
  }
  const std::vector<Party> parties = parties_of(plan);
  for (const Party& p : parties) {
    if (!p.range.start().is_aligned(page) || !p.range.end().is_aligned(page)) {
      return fault(Code::PLAN_UNALIGNED, p.name + ": page", p.range.start(), p.range.end());
    }
    if (p.range.end() > reach(machine.arch)) {
      return fault(Code::PLAN_OUTSIDE_RAM, p.name + ": the relay's reach", p.range.end(),
                   reach(machine.arch));
    }
    HR_TRYV(ground.check(p));
    for (const NamedRange& needed : request.needed_by_relay) {
      if (p.range.overlaps(needed.range)) {
        return fault(Code::PLAN_OVERLAP, p.name + " and " + needed.name,
                     std::max(p.range.start(), needed.range.start()));
      }
    }
    for (const Party& other : parties) {
      if (&p != &other && p.range.overlaps(other.range)) {
        return fault(Code::PLAN_OVERLAP, p.name + " and " + other.name,
                     std::max(p.range.start(), other.range.start()));
      }
    }
  }
  return base::success();
}

// What the next kernel writes spares everything that it, or somebody else, still needs; and the
// plan says so to who reads it.
base::Result<void> check_writes(const Ground& ground, const Plan& plan,
                                const std::vector<Party>& writes) {
  for (const Party& write : writes) {
    if (plan.arch == Arch::kArm && write.range.end() > reach(Arch::kArm)) {
      return fault(Code::PLAN_OUTSIDE_RAM, write.name + ": 32 bits", write.range.end(),
                   reach(Arch::kArm));
    }
    HR_TRYV(ground.check(write));
    for (const Placement& p : plan.placements) {
      if (p.kind != SegmentKind::kKERNEL && p.memory.overlaps(write.range)) {
        return fault(Code::PLAN_OVERLAP, segment_name(p.kind) + std::string(" and ") + write.name,
                     std::max(p.memory.start(), write.range.start()));
      }
    }
    const auto tells = [&](const Footprint& f) { return f.range.contains(write.range); };
    if (std::ranges::none_of(plan.footprints, tells)) {
      return fault(Code::SEAL_MISMATCH, write.name + ": in no footprint", write.range.start(),
                   write.range.end());
    }
  }
  return base::success();
}

// What the next kernel reads before it has set up its own memory.
base::Result<void> check_tree(const Ground& ground, const Plan& plan) {
  const Placement& tree = *plan.find(SegmentKind::kTREE);
  if (tree.content_bytes > kMostTree) {
    return Error(Code::TREE_TOO_LARGE, Stage::kPlan, "device tree")
        .with_at(tree.content_bytes)
        .with_limit(kMostTree);
  }
  // r2 and x0 of 0 are what a kernel gets that has no tree.
  if (tree.memory.start().raw() == 0) {
    return fault(Code::PLAN_OUTSIDE_RAM, "device tree: at address 0", tree.memory.start());
  }
  const PhysRange block = tree.memory.widened_to(kMostTree);
  if (block.size_bytes() != kMostTree) {
    return fault(Code::PLAN_UNALIGNED, "device tree: one 2 MiB block", tree.memory.start());
  }
  // It is mapped as a whole, and must not hold memory of other attributes.
  return plan.arch == Arch::kArm64 ? ground.check_free({"device tree's 2 MiB", block})
                                   : base::Result<void>(base::success());
}

// What the next kernel needs lies where it can use it. (The kernel's own file may lie anywhere.)
base::Result<void> check_company(const Plan& plan, const check::NextKernel& next) {
  struct Row {
    SegmentKind kind;
    const PhysRange& home;
  };
  for (const Row& row :
       {Row{SegmentKind::kTREE, next.for_tree}, Row{SegmentKind::kINITRD, next.for_initrd}}) {
    const Placement* p = plan.find(row.kind);
    if (p != nullptr && p->memory.start() < next.memory_start) {
      return fault(Code::PLAN_OUTSIDE_RAM, segment_name(row.kind) + std::string(": lost memory"),
                   p->memory.start(), next.memory_start);
    }
    if (p != nullptr && !row.home.contains(p->memory)) {
      return fault(
          Code::PLAN_OUTSIDE_RAM,
          segment_name(row.kind) +
              std::string(plan.arch == Arch::kArm ? ": linear mapping" : ": window of the kernel"),
          p->memory.start(), row.home.end());
    }
  }
  return base::success();
}

}  // namespace

base::Result<void> check_plan(const Machine& machine, const ImageView& kernel,
                              const PlanRequest& request, const Plan& plan) {
  if (kernel.arch != machine.arch || plan.arch != machine.arch) {
    return Error(Code::SEAL_MISMATCH, Stage::kPlan, "architecture");
  }
  HR_TRYV(check_members(kernel, request, plan));
  HR_TRYV(check_packed(kernel, request, plan));
  const Ground ground(machine, request);
  if (plan.boot_distance_bytes != ground.distance()) {
    return Error(Code::SEAL_MISMATCH, Stage::kPlan, "boot alias")
        .with_at(plan.boot_distance_bytes)
        .with_limit(ground.distance());
  }
  HR_TRYV(check_placements(machine, ground, request, plan));
  const PhysAddr loaded = plan.find(SegmentKind::kKERNEL)->memory.start();
  // In front of a bare kernel lie its page tables. A program says itself where it is entered.
  const PhysAddr entry = kernel.program ? PhysAddr(kernel.program->entry)
                                        : loaded + (kernel.bare ? kernel.bare->lead_bytes : 0);
  if (plan.entry != entry) {
    return fault(Code::SEAL_MISMATCH, "entry: the kernel's first byte", plan.entry, entry);
  }
  const Placement* initrd = plan.find(SegmentKind::kINITRD);
  const Placement* header = plan.find(SegmentKind::kELFCOREHDR);
  HR_TRY(next, check::next_kernel(
                   kernel, request, loaded, initrd == nullptr ? loaded : initrd->memory.start(),
                   header == nullptr ? std::nullopt : std::optional(header->memory.start())));
  if (plan.text != next.text || plan.memory_start != next.memory_start) {
    return fault(Code::SEAL_MISMATCH, "the kernel will not run where the plan says", plan.text,
                 next.text);
  }
  HR_TRYV(check_writes(ground, plan, next.writes));
  HR_TRYV(check_tree(ground, plan));
  return check_company(plan, next);
}

}  // namespace hyprelay::handoff
