// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/boot_alias.hpp"

#include "base/number_text.hpp"
#include "base/range_set.hpp"
#include "handoff/plan_space.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::RangeSet;
using base::Stage;

PhysRange lowered(const PhysRange& range, std::uint64_t distance) {
  return span_of(range.start() - distance, range.end() - distance);
}

bool has_lower(const PhysRange& range, std::uint64_t distance) {
  return range.start().raw() >= distance;
}

// Without those that lie below all memory that has an alias.
std::vector<PhysRange> lowered(const std::vector<PhysRange>& ranges, std::uint64_t distance) {
  std::vector<PhysRange> all;
  for (const PhysRange& range : ranges) {
    if (has_lower(range, distance)) {
      all.push_back(lowered(range, distance));
    }
  }
  return all;
}

// What is kept free at a low address is so for a reason, though no memory is known there.
void lower_reserved(std::vector<NamedRange>& reserved, std::uint64_t distance) {
  for (NamedRange& one : reserved) {
    if (has_lower(one.range, distance)) {
      one.range = lowered(one.range, distance);
    }
  }
}

void lower_crash_facts(CrashFacts& crash, std::uint64_t distance) {
  // A note elsewhere stays there, to be told of.
  crash.cpu_notes.push_back(crash.vmcoreinfo);
  for (PhysRange& note : crash.cpu_notes) {
    note = has_lower(note, distance) ? lowered(note, distance) : note;
  }
  crash.vmcoreinfo = crash.cpu_notes.back();
  crash.cpu_notes.pop_back();
  std::erase_if(crash.mappings,
                [&](const VirtualMapping& m) { return !has_lower(m.range, distance); });
  for (VirtualMapping& mapping : crash.mappings) {
    mapping.range = lowered(mapping.range, distance);
  }
}

}  // namespace

base::Result<std::uint64_t> boot_distance(const Machine& machine) {
  if (machine.boot_alias.empty()) {
    return std::uint64_t{0};
  }
  const RangeSet alias = RangeSet::of(machine.boot_alias);
  const RangeSet ram = RangeSet::of(machine.ram);
  const PhysAddr lowest = alias.empty() ? PhysAddr(0) : alias.ranges().front().start();
  for (const PhysRange& memory : ram.ranges()) {
    if (alias.empty() || memory.start() <= lowest) {
      continue;
    }
    const std::uint64_t distance = memory.start() - lowest;
    if (std::ranges::all_of(alias.ranges(), [&](const PhysRange& one) {
          return ram.contains(span_of(one.start() + distance, one.end() + distance));
        })) {
      return distance;
    }
  }
  return Error(Code::MACHINE_MALFORMED, Stage::kMachine, "a boot alias of no System RAM")
      .with_at(lowest.raw());
}

base::Result<Machine> at_boot_addresses(const Machine& machine) {
  HR_TRY(distance, boot_distance(machine));
  Machine at = machine;
  if (distance == 0) {
    return at;
  }
  RangeSet rest = RangeSet::of(lowered(machine.ram, distance));
  rest.remove(RangeSet::of(machine.boot_alias));
  at.ram = machine.boot_alias;
  at.boot_alias.clear();
  at.driver_ram.assign(rest.ranges().begin(), rest.ranges().end());
  lower_reserved(at.reserved, distance);
  at.crash_regions = lowered(machine.crash_regions, distance);
  lower_crash_facts(at.crash, distance);
  if (at.hyp.addresses.kernel_code >= distance) {
    at.hyp.addresses.kernel_code -= distance;
  }
  return at;
}

base::Result<PlanRequest> at_boot_addresses(const PlanRequest& request, std::uint64_t distance) {
  PlanRequest at = request;
  if (distance == 0) {
    return at;
  }
  at.early_memory = request.early_memory.value_or(request.tree_memory);
  at.tree_memory = lowered(request.tree_memory, distance);
  if (at.tree_memory.empty() && !request.tree_memory.empty()) {
    return Error(Code::MACHINE_MALFORMED, Stage::kPlan,
                 "the tree's /memory is at " + base::hex(request.tree_memory.front().start()) +
                     ", none of it " + base::hex(distance) + " above a boot alias");
  }
  lower_reserved(at.tree_reserved, distance);
  if (request.within) {
    at.within =
        has_lower(*request.within, distance) ? lowered(*request.within, distance) : PhysRange();
  }
  return at;
}

}  // namespace hyprelay::handoff
