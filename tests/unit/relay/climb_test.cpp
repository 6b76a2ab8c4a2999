// SPDX-License-Identifier: BSD-2-Clause
// The relay's way up against models of every resident: each name that a loader can give, above each
// resident that can be there, with the right address, a wrong one and none. Built once for the
// residents of each architecture.
#include "relay/core/climb.hpp"

#include "relay/core/arch.hpp"
#include "relay/core/takeover.hpp"
#include "tests/unit/compat/residents.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace {

using hyprelay::compat::CallerArch;
using hyprelay::compat::Dialect;
using hyprelay::compat::testing::Outcome;
using hyprelay::compat::testing::Registers;
using hyprelay::compat::testing::Resident;

constexpr CallerArch kArch = HR_CLIMB_FOR_ARM ? CallerArch::kARM : CallerArch::kARM64;

// The machine below which the relay runs: one at a time.
struct Machine {
  Resident resident;
  Dialect dialect;
  bool destroyed = false;
  bool own_vectors = false;
  unsigned calls = 0;
};
std::optional<Machine> machine;

std::uint64_t as_register(const char* address) {
  const auto value = reinterpret_cast<std::uintptr_t>(address);
  return HR_CLIMB_FOR_ARM ? static_cast<std::uint32_t>(value) : value;
}

}  // namespace

// Only their addresses mean something.
alignas(4096) extern const char hr_climb_vectors[4096] = {1};
alignas(4096) extern const char hr_climb_landing[4096] = {1};

hr_word hr_climb_call(hr_registers* call, hr_word immediate) {
  ++machine->calls;
  if (machine->own_vectors) {
    return HR_ISSUE_LANDED;
  }
  Registers registers{};
  std::copy(std::begin(call->r), std::end(call->r), registers.begin());
  const Outcome outcome = machine->resident.hvc(static_cast<std::uint16_t>(immediate), registers);
  std::copy(registers.begin(), registers.end(), call->r);
  machine->own_vectors = machine->resident.vectors_pa == as_register(hr_climb_vectors);
  machine->destroyed = machine->destroyed || outcome == Outcome::kDestroyed;
  switch (outcome) {
    case Outcome::kUndefined:
      return HR_ISSUE_UNDEFINED;
    case Outcome::kJumped:
      return HR_ISSUE_LANDED;
    default:
      // A destroyed CPU runs nothing more; the test sees the flag.
      return HR_ISSUE_DONE;
  }
}

namespace hyprelay::relay {

// What take_over does: it replaces code at the right place of what looks like vectors, whoever runs
// it, and touches nothing else. KVM runs it at its virtual address.
ClimbOutcome take_over(const hr_baton& baton) {
  const bool captive =
      machine->dialect == Dialect::kARM_KVM_3_9 || machine->dialect == Dialect::kARM_KVM_3_14 ||
      machine->dialect == Dialect::kARM_KVM_4_8 || machine->dialect == Dialect::kARM_KVM_4_12;
  const bool has_vectors =
      captive || machine->dialect == Dialect::kCOMMON ||
      machine->dialect == Dialect::kARM_STUB_3_7 || machine->dialect == Dialect::kARM_STUB_4_12 ||
      machine->dialect == Dialect::kARM_STUB_5_7 || machine->dialect == Dialect::kARM_RMK_2017;
  if (!has_vectors || baton.resident_vectors != machine->resident.vectors_pa) {
    return ClimbOutcome::stopped(HR_CLIMB_DISAGREED);
  }
  machine->destroyed =
      machine->destroyed || (captive && baton.resident_virtual != machine->resident.vectors_va);
  return {HR_CLIMB_TAKEOVER, true, 0};
}

namespace {

struct Row {
  Dialect dialect;
  CallerArch arch;
  std::string text;
  bool for_both;
};

std::vector<Row> rows() {
  std::vector<Row> all;
#define HR_DIALECT(name, value, text, meaning, arch, ...)                                         \
  all.push_back({Dialect::k##name, #arch[3] == '6' ? CallerArch::kARM64 : CallerArch::kARM, text, \
                 std::string(#arch) == "BOTH"});
#include "abi/dialect.def"
#undef HR_DIALECT
  std::erase_if(all, [](const Row& row) { return !row.for_both && row.arch != kArch; });
  return all;
}

void prepare(Dialect actual, int variant) {
  machine.emplace(Machine{Resident(actual, kArch, variant), actual});
  machine->resident.tables.insert(as_register(hr_climb_vectors));
  machine->resident.functions.insert(as_register(hr_climb_landing));
}

enum class Known { kRight, kWrong, kNothing };

hr_baton baton_for(Dialect named, Known known) {
  hr_baton baton{};
  baton.resident = static_cast<std::uint32_t>(named);
  if (known != Known::kNothing) {
    const std::uint64_t off = known == Known::kWrong ? 0x10000 : 0;
    baton.resident_vectors = machine->resident.vectors_pa + off;
    baton.resident_virtual = machine->resident.vectors_va + off;
  }
  return baton;
}

// What the first call does to that resident, whoever it was meant for.
bool first_call_destroys(Dialect named, Dialect actual, int variant) {
  prepare(actual, variant);
  Registers r{};
  if (!HR_CLIMB_FOR_ARM) {
    r[1] = as_register(hr_climb_vectors);
  } else if (named == Dialect::kARM_KVM_4_12) {
    r[0] = 1;
    r[1] = as_register(hr_climb_landing);
  } else {
    r[0] = 0xffffffff;
  }
  return machine->resident.hvc(0, r) == Outcome::kDestroyed;
}

// No name destroys anything by more than the one call that cannot be avoided; above a resident that
// survives that one, whatever the loader believes, all goes up or stops.
TEST(Climb, nothing_is_destroyed_behind_the_first_answer) {
  unsigned climbed = 0;
  unsigned stopped = 0;
  for (const Row& named : rows()) {
    for (const Row& actual : rows()) {
      for (const int variant : {0, 1}) {
        for (const Known known : {Known::kRight, Known::kWrong, Known::kNothing}) {
          const bool lost = first_call_destroys(named.dialect, actual.dialect, variant);
          prepare(actual.dialect, variant);
          const ClimbOutcome outcome = climb(baton_for(named.dialect, known));
          EXPECT_TRUE(!machine->destroyed || (lost && machine->calls >= 1))
              << named.text << " named, " << actual.text << " there";
          if (!machine->destroyed) {
            ++(outcome.at_top ? climbed : stopped);
          }
        }
      }
    }
  }
  EXPECT_GT(climbed, 20u);
  EXPECT_GT(stopped, 1000u);
}

TEST(Climb, every_resident_that_is_named_rightly_is_climbed_through) {
  const std::vector<Dialect> ways =
#if HR_CLIMB_FOR_ARM
      {Dialect::kCOMMON,       Dialect::kARM_STUB_3_7, Dialect::kARM_STUB_4_12,
       Dialect::kARM_STUB_5_7, Dialect::kARM_KVM_3_9,  Dialect::kARM_KVM_3_14,
       Dialect::kARM_KVM_4_8,  Dialect::kARM_KVM_4_12};
#else
      {Dialect::kCOMMON,         Dialect::kARM64_STUB_3_8,  Dialect::kARM64_STUB_4_7,
       Dialect::kARM64_STUB_4_8, Dialect::kARM64_STUB_4_12, Dialect::kARM64_STUB_5_12,
       Dialect::kARM64_KVM_4_12, Dialect::kARM64_KVM_5_10};
#endif
  for (const Row& row : rows()) {
    prepare(row.dialect, 0);
    const ClimbOutcome outcome = climb(baton_for(row.dialect, Known::kRight));
    const bool wanted = std::ranges::find(ways, row.dialect) != ways.end();
    EXPECT_EQ(outcome.at_top, wanted) << row.text;
    EXPECT_FALSE(machine->destroyed) << row.text;
    if (!wanted) {
      EXPECT_EQ(machine->calls, 0u) << row.text << ": no way is known, so nobody is asked";
    }
  }
}

TEST(Climb, nobody_named_nobody_asked) {
  for (const Row& actual : rows()) {
    prepare(actual.dialect, 0);
    EXPECT_EQ(climb(baton_for(Dialect::kUNKNOWN, Known::kRight)).climb,
              std::uint32_t{HR_CLIMB_NOT_TRIED});
    EXPECT_EQ(machine->calls, 0u);
  }
}

TEST(Climb, a_segment_over_the_resident_stops_before_any_call) {
  for (const std::uint64_t distance : {0u, 0x10u}) {
    prepare(HR_CLIMB_FOR_ARM ? Dialect::kARM_STUB_3_7 : Dialect::kARM64_STUB_3_8, 0);
    hr_baton baton = baton_for(machine->dialect, Known::kRight);
    baton.segment_count = 1;
    baton.segments[0].start = baton.resident_vectors + distance;
    baton.segments[0].size = 0x1000;
    EXPECT_EQ(climb(baton).climb, std::uint32_t{HR_CLIMB_OVERWRITTEN});
    EXPECT_EQ(machine->calls, 0u);
  }
}

}  // namespace
}  // namespace hyprelay::relay
