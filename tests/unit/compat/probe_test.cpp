// SPDX-License-Identifier: BSD-2-Clause
// The probe against every resident and every evidence set that is true of it.
#include "compat/probe.hpp"

#include "compat/text.hpp"
#include "tests/unit/compat/residents.hpp"
#include "tests/unit/compat/worlds.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

namespace hyprelay::compat {
namespace {

using testing::Outcome;
using testing::Registers;
using testing::Resident;

struct Issued {
  bool harmless;
  Answer answer;
};

// Makes the call on a model that is as fresh as the real resident before it.
Issued issue(Dialect dialect, CallerArch arch, int variant, Call call) {
  Resident resident(dialect, arch, variant);
  const std::uint64_t vectors = resident.vectors_pa;
  const CallRow& row = row_of(call);
  Registers r{};
  r[0] = static_cast<std::uint64_t>(row.r0);
  r[arch == CallerArch::kARM ? 12 : 16] = row.r12;
  const Outcome outcome = resident.hvc(row.immediate, r);
  const bool harmless = (outcome == Outcome::kReturned || outcome == Outcome::kUndefined) &&
                        resident.vectors_pa == vectors && !resident.torn_down;
  return {harmless, testing::answer_of(r, outcome == Outcome::kUndefined)};
}

// True when no variant of the dialect is harmed by the call, nor the caller.
bool survives(Dialect dialect, const Evidence& evidence, Call call) {
  for (const int variant : {0, 1}) {
    const Issued issued = issue(dialect, evidence.arch, variant, call);
    if (!issued.harmless || (issued.answer.undefined && !evidence.undef_handler)) {
      return false;
    }
  }
  return true;
}

template <class Visit>
void for_each_in(DialectSet set, Visit visit) {
  for (const DialectRow& row : kDialects) {
    if (row.dialect != Dialect::kUNKNOWN && set.contains(row.dialect)) {
      visit(row.dialect);
    }
  }
}

// Asks everything that harms nobody, whether it promises anything or not, to the end.
DialectSet ask_everything(Dialect truth, const Evidence& evidence, int variant) {
  Prober prober(evidence);
  std::set<Call> asked;
  for (bool more = evidence.level == CallerLevel::kBelow; more;) {
    more = false;
    for (const CallRow& row : kCalls) {
      bool harmless = asked.count(row.call) == 0;
      for_each_in(prober.verdict().candidates, [&](Dialect dialect) {
        harmless = harmless && survives(dialect, evidence, row.call);
      });
      if (harmless) {
        asked.insert(row.call);
        prober.take_answer(row.call, issue(truth, evidence.arch, variant, row.call).answer);
        more = true;
      }
    }
  }
  return prober.verdict().candidates;
}

struct Walk {
  Verdict verdict;
  std::set<Call> asked;
};

Walk walk(Dialect truth, const Evidence& evidence, int variant) {
  Prober prober(evidence);
  Walk result;
  while (const auto call = prober.next_call()) {
    SCOPED_TRACE(text_of(*call));
    EXPECT_TRUE(result.asked.insert(*call).second) << "asked twice";
    for_each_in(prober.verdict().candidates, [&](Dialect candidate) {
      EXPECT_TRUE(survives(candidate, evidence, *call)) << "harms " << text_of(candidate);
    });
    if (!survives(truth, evidence, *call)) {
      ADD_FAILURE() << "harms the resident";
      break;
    }
    prober.take_answer(*call, issue(truth, evidence.arch, variant, *call).answer);
  }
  result.verdict = prober.verdict();
  return result;
}

void check(Dialect truth, const Evidence& evidence) {
  SCOPED_TRACE(::testing::Message() << text_of(truth) << ", from " << summary(consider(evidence)));
  for (const int variant : {0, 1}) {
    const Walk done = walk(truth, evidence, variant);
    EXPECT_TRUE(done.verdict.candidates.contains(truth)) << "lost: " << summary(done.verdict);
    EXPECT_FALSE(done.verdict.contradiction);
    EXPECT_TRUE(done.verdict.dialect == truth || done.verdict.dialect == Dialect::kUNKNOWN);
    EXPECT_LE(done.asked.size(), 4u) << "calls";
    EXPECT_EQ(done.verdict.candidates.bits(), ask_everything(truth, evidence, variant).bits())
        << "gave up too early: " << summary(done.verdict);
  }
}

// The whole of it: in every world, for every part of its facts, the truth stays among the
// candidates, no call harms the resident or any candidate, and the probe asks as long as asking can
// help.
TEST(Probe, no_call_is_ever_destructive) {
  std::set<Dialect> met;
  std::set<std::tuple<Dialect, std::uint64_t, bool, bool>> done;
  for (const testing::World& world : testing::all_worlds()) {
    met.insert(world.truth);
    for (unsigned known = 0; known < 1u << testing::kFactBits; ++known) {
      Evidence evidence = testing::masked(world.facts, known);
      const Verdict verdict = consider(evidence);
      ASSERT_TRUE(verdict.candidates.contains(world.truth))
          << text_of(world.truth) << " is ruled out by evidence " << known << " of a world of "
          << release_text(world.facts.release) << ": " << summary(verdict);
      for (const bool undef_handler : {false, true}) {
        evidence.undef_handler = undef_handler;
        const bool below = evidence.level == CallerLevel::kBelow;
        if (!done.emplace(world.truth, verdict.candidates.bits(), undef_handler, below).second) {
          continue;
        }
        check(world.truth, evidence);
        evidence.addresses = {0x40000000, 0x80000000, 0xc0000000};
        check(world.truth, evidence);
        evidence.addresses = {};
        if (HasFailure()) {
          return;
        }
      }
    }
  }
  for_each_in(DialectSet::all(),
              [&](Dialect dialect) { EXPECT_TRUE(met.count(dialect)) << text_of(dialect); });
  RecordProperty("walks", static_cast<int>(done.size()));
  std::printf("%zu different walks\n", done.size());
}

// With everything known, evidence alone names the resident, but where no fact can tell.
TEST(Probe, all_facts_name_the_resident) {
  for (const testing::World& world : testing::all_worlds()) {
    Evidence evidence = world.facts;
    evidence.undef_handler = true;
    evidence.addresses = {0x40000000, 0x80000000, 0xc0000000};
    // An idle KVM of 6.12 has taken EL2 or not, by a parameter.
    const bool at_load = evidence.kvm == KvmState::kIdle && evidence.release >= 6012 &&
                         evidence.level == CallerLevel::kBelow &&
                         evidence.handover != Handover::kKexec && evidence.pkvm == Tri::kNo;
    if (evidence.boot != KernelBoot::kHyp || evidence.kvm == KvmState::kInitialised || at_load ||
        evidence.private_tree == Tri::kYes) {
      continue;
    }
    const Verdict verdict = consider(evidence);
    EXPECT_EQ(verdict.dialect, world.truth)
        << release_text(evidence.release) << ": " << summary(verdict);
  }
}

Evidence linux_below_hyp(CallerArch arch, Release release) {
  Evidence e;
  e.arch = arch;
  e.level = CallerLevel::kBelow;
  e.boot = KernelBoot::kHyp;
  e.release = release;
  e.jailhouse = Tri::kNo;
  e.vhe = Tri::kNo;
  e.pkvm = Tri::kNo;
  e.undef_handler = true;
  e.addresses = {0x40000000, 0x80000000, 0xc0000000};
  return e;
}

TEST(Probe, an_idle_kvm_holds_el2_since612_until_a_kexec) {
  Evidence e = linux_below_hyp(CallerArch::kARM64, 6011);
  e.kvm = KvmState::kIdle;
  EXPECT_EQ(consider(e).dialect, Dialect::kARM64_STUB_5_12);
  e.release = 6012;
  const DialectSet both = DialectSet::of(Dialect::kARM64_STUB_5_12, Dialect::kARM64_KVM_5_10);
  EXPECT_EQ(consider(e).candidates, both);
  e.handover = Handover::kCrash;
  EXPECT_EQ(consider(e).candidates, both);
  e.handover = Handover::kKexec;
  EXPECT_EQ(consider(e).dialect, Dialect::kARM64_STUB_5_12);
}

// Stub or KVM, told apart by one call.
TEST(Probe, one_get_tells_stub_from_kvm) {
  const Evidence arm = linux_below_hyp(CallerArch::kARM, release_of(4, 9));
  for (const Dialect truth : {Dialect::kARM_STUB_3_7, Dialect::kARM_KVM_4_8}) {
    const Walk done = walk(truth, arm, 0);
    EXPECT_EQ(done.verdict.dialect, truth);
    EXPECT_EQ(done.asked, std::set<Call>{Call::kMINUS_ONE});
    // Only one arm dialect answers with a physical address; two KVMs answer with a virtual one.
    EXPECT_EQ(done.verdict.confidence,
              truth == Dialect::kARM_STUB_3_7 ? Confidence::kCertain : Confidence::kLikely);
  }
  const Evidence arm64 = linux_below_hyp(CallerArch::kARM64, release_of(5, 15));
  for (const Dialect truth : {Dialect::kARM64_STUB_5_12, Dialect::kARM64_KVM_5_10}) {
    const Walk done = walk(truth, arm64, 0);
    EXPECT_EQ(done.verdict.dialect, truth);
    EXPECT_EQ(done.asked.size(), 1u);
  }
}

// KVM before 3.14 jumps to 0xffffffff on the get of its successors: with it in reach nothing is
// asked.
TEST(Probe, nothing_is_asked_where_kvm39_can_be) {
  const Evidence evidence = linux_below_hyp(CallerArch::kARM, release_of(3, 12));
  const Walk done = walk(Dialect::kARM_STUB_3_7, evidence, 0);
  EXPECT_TRUE(done.asked.empty());
  EXPECT_EQ(done.verdict.dialect, Dialect::kUNKNOWN);
  EXPECT_EQ(summary(done.verdict), "unknown: one of arm-stub-3.7, arm-kvm-3.9");
}

TEST(Probe, nothing_known_nothing_asked) {
  for (const CallerArch arch : {CallerArch::kARM, CallerArch::kARM64}) {
    Evidence evidence;
    evidence.arch = arch;
    evidence.level = CallerLevel::kBelow;
    evidence.undef_handler = true;
    EXPECT_FALSE(Prober(evidence).next_call());
    EXPECT_EQ(consider(evidence).dialect, Dialect::kUNKNOWN);
  }
}

// Symbols are the kernel's own word: certain, where a release alone is likely.
TEST(Probe, symbols_are_certain) {
  Evidence e = linux_below_hyp(CallerArch::kARM, 0);
  e.private_tree = Tri::kNo;
  e.symbol_get = e.symbol_reset = e.symbol_kvm = Tri::kNo;
  EXPECT_EQ(consider(e).dialect, Dialect::kARM_STUB_5_7);
  EXPECT_EQ(consider(e).confidence, Confidence::kLikely) << "that the tree is stock is not certain";
  e.symbol_get = Tri::kYes;
  EXPECT_EQ(consider(e).dialect, Dialect::kARM_STUB_3_7);
}

// A declaration replaces evidence about software, and never what the CPU shows.
TEST(Probe, a_declaration_overrides_software_not_the_cpu) {
  Evidence e = linux_below_hyp(CallerArch::kARM, release_of(6, 1));
  e.declared = Dialect::kARM_KVM_3_14;
  EXPECT_EQ(consider(e).dialect, Dialect::kARM_KVM_3_14);
  EXPECT_EQ(consider(e).confidence, Confidence::kCertain);
  e.arch = CallerArch::kARM64;
  EXPECT_TRUE(consider(e).contradiction);
  EXPECT_EQ(consider(e).dialect, Dialect::kUNKNOWN);
  e.arch = CallerArch::kARM;
  e.level = CallerLevel::kHyp;
  EXPECT_TRUE(consider(e).contradiction);
}

// The loader said "stub", a virtual machine was started since: the loose declaration finds out.
TEST(Probe, a_loose_declaration_finds_a_sibling) {
  Evidence e = linux_below_hyp(CallerArch::kARM, 0);
  e.declared = Dialect::kARM_KVM_4_8;
  e.declared_loosely = true;
  EXPECT_EQ(siblings(Dialect::kARM_KVM_4_8),
            DialectSet::of(Dialect::kARM_STUB_3_7, Dialect::kARM_KVM_4_8));
  EXPECT_EQ(walk(Dialect::kARM_STUB_3_7, e, 0).verdict.dialect, Dialect::kARM_STUB_3_7);
  EXPECT_EQ(walk(Dialect::kARM_KVM_4_8, e, 0).verdict.dialect, Dialect::kARM_KVM_4_8);
}

// An answer that fits nobody ends the probe with nobody, not with a guess.
TEST(Probe, a_foreign_answer_is_a_contradiction) {
  Prober prober(linux_below_hyp(CallerArch::kARM, release_of(4, 9)));
  prober.take_answer(Call::kMINUS_ONE, {0x0badca11, false});
  EXPECT_TRUE(prober.verdict().contradiction);
  EXPECT_EQ(prober.verdict().dialect, Dialect::kUNKNOWN);
  EXPECT_FALSE(prober.next_call());
}

// A guest whose tree names no hypervisor: the UID says which it is.
TEST(Probe, a_uid_names_the_hypervisor) {
  Evidence e;
  e.arch = CallerArch::kARM64;
  e.level = CallerLevel::kBelow;
  e.psci = PsciMethod::kHvc;
  e.hypervisor = NamedHypervisor::kNone;
  e.undef_handler = true;
  for (const Dialect truth : {Dialect::kGUNYAH, Dialect::kHYPERV, Dialect::kSMCCC_SERVER}) {
    const Walk done = walk(truth, e, 0);
    EXPECT_EQ(done.verdict.dialect, truth) << summary(done.verdict);
    EXPECT_TRUE(done.asked.count(Call::kVENDOR_UID) + done.asked.count(Call::kSTANDARD_UID) > 0);
  }
  // Who has none stays one of those who have none.
  const Walk silent = walk(Dialect::kQEMU_PSCI, e, 0);
  EXPECT_TRUE(silent.verdict.candidates.contains(Dialect::kQEMU_PSCI));
  EXPECT_FALSE(silent.verdict.candidates.contains(Dialect::kGUNYAH));
}

// Without a handler no call is made that a candidate could answer by an exception.
TEST(Probe, exceptions_need_a_handler) {
  Evidence e;
  e.arch = CallerArch::kARM64;
  e.level = CallerLevel::kBelow;
  e.hypervisor = NamedHypervisor::kKvm;
  e.jailhouse = Tri::kNo;
  e.undef_handler = true;
  const Walk done = walk(Dialect::kSMCCC_SERVER, e, 0);
  EXPECT_EQ(done.verdict.dialect, Dialect::kSMCCC_SERVER);
  e.undef_handler = false;
  EXPECT_FALSE(walk(Dialect::kSMCCC_SERVER, e, 0).asked.count(Call::kSMCCC_VERSION));
}

}  // namespace
}  // namespace hyprelay::compat
