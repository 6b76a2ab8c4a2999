// SPDX-License-Identifier: BSD-2-Clause
// The rules of the boot protocols and of kexec, checked on a finished plan. On purpose this shares
// no algorithm with make_plan: plain loops over what the plan, the machine and the request say.
#include "handoff/plan.hpp"
#include "handoff/plan_rules.hpp"

#include <algorithm>
#include <string>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::Stage;

struct Party {
  std::string name;
  PhysRange range;
};

Error fault(Code code, const std::string& subject, PhysAddr at) {
  return Error(code, Stage::kPlan, subject).with_at(at.raw());
}

Error fault(Code code, const std::string& subject, PhysAddr at, PhysAddr limit) {
  return fault(code, subject, at).with_limit(limit.raw());
}

// Every byte of the range is in one of the ranges.
bool covered(const PhysRange& range, const std::vector<PhysRange>& by) {
  PhysAddr at = range.start();
  while (at < range.end()) {
    const auto holder =
        std::ranges::find_if(by, [&](const PhysRange& r) { return r.contains(at); });
    if (holder == by.end()) {
      return false;
    }
    at = holder->end();
  }
  return true;
}

std::vector<Party> reserved_parties(const Machine& machine, const PlanRequest& request) {
  std::vector<Party> parties;
  const auto add = [&](const PhysRange& range, const std::string& name) {
    // A crash kernel's own region is reserved for it, not from it.
    if (!(request.within && range.contains(*request.within))) {
      parties.push_back({name, range});
    }
  };
  for (const NamedRange& r : machine.reserved) {
    add(r.range, r.name);
  }
  for (const PhysRange& crash : machine.crash_regions) {
    add(crash, "Crash kernel");
  }
  for (const NamedRange& r : request.tree_reserved) {
    parties.push_back({r.name, r.range});
  }
  return parties;
}

base::Result<void> check_room(const Machine& machine, const PlanRequest& request,
                              const Party& party) {
  const PhysRange& r = party.range;
  if (r.empty() || !covered(r, machine.ram) ||
      (!request.tree_memory.empty() && !covered(r, request.tree_memory)) ||
      (request.within && !request.within->contains(r))) {
    return fault(Code::PLAN_OUTSIDE_RAM, party.name, r.start(), r.end());
  }
  for (const Party& reserved : reserved_parties(machine, request)) {
    if (r.overlaps(reserved.range)) {
      return fault(Code::PLAN_OVERLAP, party.name + " and " + reserved.name,
                   std::max(r.start(), reserved.range.start()));
    }
  }
  return base::success();
}

// Each kind is there once, the initrd when there is one, with the size that was asked for.
base::Result<void> check_members(const PlanRequest& request, const Plan& plan) {
  struct Row {
    SegmentKind kind;
    bool wanted;
    std::uint64_t content_bytes;  // 0: the request does not say
  };
  const Row rows[] = {
      {SegmentKind::kKERNEL, true, 0},
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
    if (p != nullptr && (p->content_bytes == 0 || p->content_bytes > p->memory.size_bytes() ||
                         (row.content_bytes != 0 && p->content_bytes != row.content_bytes))) {
      return Error(Code::SEAL_MISMATCH, Stage::kPlan, segment_name(row.kind))
          .with_at(p->content_bytes)
          .with_limit(p->memory.size_bytes());
    }
  }
  return base::success();
}

base::Result<void> check_placements(const Machine& machine, const PlanRequest& request,
                                    const Plan& plan) {
  const std::uint64_t page = std::max<std::uint64_t>(machine.page_size_bytes, kRelayAlign);
  for (const Placement& p : plan.placements) {
    const std::string name = segment_name(p.kind);
    if (!p.memory.start().is_aligned(page) || !p.memory.end().is_aligned(page)) {
      return fault(Code::PLAN_UNALIGNED, name + ": page", p.memory.start(), p.memory.end());
    }
    HR_TRYV(check_room(machine, request, {name, p.memory}));
    for (const NamedRange& needed : request.needed_by_relay) {
      if (p.memory.overlaps(needed.range)) {
        return fault(Code::PLAN_OVERLAP, name + " and " + needed.name,
                     std::max(p.memory.start(), needed.range.start()));
      }
    }
    for (const Placement& other : plan.placements) {
      if (&p != &other && p.memory.overlaps(other.memory)) {
        return fault(Code::PLAN_OVERLAP, name + " and " + segment_name(other.kind),
                     std::max(p.memory.start(), other.memory.start()));
      }
    }
  }
  return base::success();
}

base::Result<void> check_footprints(const Machine& machine, const PlanRequest& request,
                                    const Plan& plan) {
  for (const Footprint& f : plan.footprints) {
    HR_TRYV(check_room(machine, request, {f.reason, f.range}));
    for (const Placement& p : plan.placements) {
      if (p.kind != SegmentKind::kKERNEL && p.memory.overlaps(f.range)) {
        return fault(Code::PLAN_OVERLAP, segment_name(p.kind) + std::string(" and ") + f.reason,
                     std::max(p.memory.start(), f.range.start()));
      }
    }
  }
  const auto holds_text = [&](const Footprint& f) { return f.range.contains(plan.text); };
  if (std::ranges::none_of(plan.footprints, holds_text)) {
    return fault(Code::PLAN_OVERLAP, "the kernel's text is in no footprint", plan.text);
  }
  return base::success();
}

// What the next kernel cannot use, it must not need. (The kernel's own file may lie there.)
base::Result<void> check_memory_start(const Plan& plan) {
  for (const SegmentKind kind : {SegmentKind::kTREE, SegmentKind::kINITRD}) {
    const Placement* p = plan.find(kind);
    if (p != nullptr && p->memory.start() < plan.memory_start) {
      return fault(Code::PLAN_OUTSIDE_RAM, segment_name(kind) + std::string(": lost memory"),
                   p->memory.start(), plan.memory_start);
    }
  }
  return base::success();
}

// What the next kernel reads before it has set up its own memory.
base::Result<void> check_tree(const Plan& plan) {
  const Placement& tree = *plan.find(SegmentKind::kTREE);
  if (tree.content_bytes > kTreeLimit) {
    return Error(Code::TREE_TOO_LARGE, Stage::kPlan, "device tree")
        .with_at(tree.content_bytes)
        .with_limit(kTreeLimit);
  }
  const PhysRange block = tree.memory.widened_to(kTreeLimit);
  if (!tree.memory.start().is_aligned(kTreeAlign) || block.size_bytes() != kTreeLimit) {
    return fault(Code::PLAN_UNALIGNED, "device tree: one 2 MiB block", tree.memory.start());
  }
  return base::success();
}

base::Result<void> check_arm(const Plan& plan) {
  for (const Placement& p : plan.placements) {
    if (p.memory.end() > PhysAddr(kArmTop)) {
      return fault(Code::PLAN_OUTSIDE_RAM, segment_name(p.kind), p.memory.end(), PhysAddr(kArmTop));
    }
  }
  for (const SegmentKind kind : {SegmentKind::kTREE, SegmentKind::kINITRD}) {
    const Placement* p = plan.find(kind);
    const PhysAddr end = plan.memory_start + kArmLowmem;
    if (p != nullptr && p->memory.end() > end) {
      return fault(Code::PLAN_OUTSIDE_RAM, segment_name(kind) + std::string(": linear mapping"),
                   p->memory.end(), end);
    }
  }
  return base::success();
}

base::Result<void> check_arm64(const Plan& plan) {
  const Placement* initrd = plan.find(SegmentKind::kINITRD);
  if (initrd == nullptr) {
    return base::success();
  }
  const PhysRange& kernel = plan.find(SegmentKind::kKERNEL)->memory;
  const PhysAddr start = std::min(kernel.start(), initrd->memory.start());
  const PhysAddr end = std::max(kernel.end(), initrd->memory.end());
  if (end - start.align_down(kArm64WindowAlign) > kArm64Window) {
    return fault(Code::PLAN_OUTSIDE_RAM, "initrd: 32 GiB window of the kernel", start, end);
  }
  return base::success();
}

}  // namespace

base::Result<void> check_plan(const Machine& machine, const PlanRequest& request,
                              const Plan& plan) {
  HR_TRYV(check_members(request, plan));
  HR_TRYV(check_placements(machine, request, plan));
  HR_TRYV(check_footprints(machine, request, plan));
  HR_TRYV(check_tree(plan));
  HR_TRYV(check_memory_start(plan));
  if (plan.entry != plan.find(SegmentKind::kKERNEL)->memory.start()) {
    return fault(Code::PLAN_UNALIGNED, "entry: the kernel's first byte", plan.entry);
  }
  if (plan.arch == Arch::kArm) {
    return check_arm(plan);
  }
  return check_arm64(plan);
}

}  // namespace hyprelay::handoff
