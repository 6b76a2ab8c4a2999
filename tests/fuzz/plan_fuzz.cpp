// SPDX-License-Identifier: BSD-2-Clause
// Any machine, kernel and request: a plan that is made works in the model and passes the check; one
// that fits beyond doubt is made; the same input gives the same plan; and of a plan with one
// segment moved the check refuses whatever the model finds trouble with.
#include "handoff/json.hpp"
#include "tests/fuzz/plan_worlds.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

using namespace hyprelay;
using fuzz::Case;
using fuzz::Layout;
using fuzz::Span;
using handoff::Footprint;
using handoff::Placement;
using handoff::Plan;
using handoff::SegmentKind;

// How many came out how; says at the end that the target is no sieve that holds everything back.
struct Count {
  unsigned long planned = 0;
  unsigned long refused = 0;
  unsigned long spoiled = 0;
  unsigned long noticed = 0;

  Count() = default;
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;
  ~Count() {
    std::printf("%lu plans, %lu refusals; of %lu plans spoiled the check noticed %lu\n", planned,
                refused, spoiled, noticed);
    if (planned + refused > 1000 && (planned < refused / 4 || refused < planned / 100)) {
      std::fprintf(stderr, "the machines are too easy or too hard\n");
      std::_Exit(1);
    }
  }
};
Count count;

[[noreturn]] void fail(const Case& c, const Plan* plan, const std::string& why) {
  std::fprintf(stderr, "%s\n%s\n", why.c_str(), to_json(c.machine).dump().c_str());
  if (plan != nullptr) {
    std::fprintf(stderr, "%s", to_text(*plan).c_str());
  }
  std::abort();
}

Layout layout_of(const Plan& plan) {
  Layout layout;
  for (const Placement& p : plan.placements) {
    const Span span{p.memory.start().raw(), p.memory.end().raw()};
    switch (p.kind) {
      case SegmentKind::kKERNEL:
        layout.kernel = span;
        break;
      case SegmentKind::kINITRD:
        layout.initrd = span;
        break;
      case SegmentKind::kTREE:
        layout.tree = span;
        break;
      case SegmentKind::kRELAY:
        layout.relay = span;
        break;
      case SegmentKind::kELFCOREHDR:
        layout.header = span;
        break;
    }
  }
  return layout;
}

bool knows_text(const Case& c) {
  return !c.world.arm || c.image.zimage.text_offset == c.image.zimage.text_offset_max;
}

void expect_works(const Case& c, const Plan& plan) {
  const fuzz::Outcome outcome = hand_over(c.world, c.kernel, layout_of(plan));
  if (!outcome.trouble.empty()) {
    fail(c, &plan, "planned, but: " + outcome.trouble);
  }
  if (knows_text(c) &&
      (outcome.text != plan.text.raw() || outcome.memory_start != plan.memory_start.raw())) {
    fail(c, &plan, "the kernel does not run where the plan says");
  }
  const auto checked = check_plan(c.machine, c.image, c.request, plan);
  if (!checked) {
    fail(c, &plan, "made, but refused by the check: " + std::string(checked.error().subject()));
  }
}

// Moves one segment, and has the plan say of itself what then is right: only memory can tell.
void expect_noticed(const Case& c, Plan plan, fuzz::Choice& choice) {
  Placement& moved = plan.placements[choice.below(plan.placements.size())];
  const Span& bank = c.world.ram[choice.below(c.world.ram.size())];
  const std::uint64_t unit = choice.one_in(2) ? 0x200000 : c.world.page;
  const std::uint64_t near = choice.one_in(2) ? moved.memory.start().raw() : bank.start;
  const std::uint64_t start =
      (near + choice.below(std::uint64_t{1} << choice.below(32))) / unit * unit;
  const auto memory = base::PhysRange::from_size(base::PhysAddr(start), moved.memory.size_bytes());
  if (!memory) {
    return;
  }
  moved.memory = *memory;
  const fuzz::Outcome outcome = hand_over(c.world, c.kernel, layout_of(plan));
  if (moved.kind == SegmentKind::kKERNEL) {
    if (!knows_text(c)) {
      return;
    }
    plan.entry = memory->start() + c.kernel.lead;
    plan.text = base::PhysAddr(outcome.text);
    plan.memory_start = base::PhysAddr(outcome.memory_start);
  }
  plan.footprints = {Footprint{
      *base::PhysRange::from_bounds(base::PhysAddr(0), base::PhysAddr(~std::uint64_t{0})), ""}};
  const bool refused = !check_plan(c.machine, c.image, c.request, plan);
  ++count.spoiled;
  count.noticed += refused ? 1 : 0;
  if (!outcome.trouble.empty() && !refused) {
    fail(c, &plan, "the check lets pass: " + outcome.trouble);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choice choice(std::span(data, size));
  const Case c = case_from(choice);
  const auto plan = make_plan(c.machine, c.image, c.request);
  const auto again = choice.one_in(16) ? make_plan(c.machine, c.image, c.request) : plan;
  if (plan.has_value() != again.has_value() ||
      (plan && to_text(plan.value()) != to_text(again.value()))) {
    fail(c, nullptr, "the same input gave two answers");
  }
  if (!plan) {
    ++count.refused;
    if (plan.error().stage() != base::Stage::kPlan) {
      fail(c, nullptr, "an error of another stage");
    }
    if (surely_fits(c.world, c.kernel, c.sizes)) {
      fail(c, nullptr, "refused, though there is room: " + std::string(plan.error().subject()));
    }
    return 0;
  }
  ++count.planned;
  expect_works(c, plan.value());
  if (choice.one_in(3)) {
    expect_noticed(c, plan.value(), choice);
  }
  return 0;
}
