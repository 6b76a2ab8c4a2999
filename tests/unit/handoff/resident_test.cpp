// SPDX-License-Identifier: BSD-2-Clause
// Whom the relay is told of when nobody names a resident.
#include "handoff/resident.hpp"

#include "compat/text.hpp"
#include "handoff/json.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hyprelay::handoff {
namespace {

using compat::Dialect;
using compat::Handover;

Machine saved(const std::string& name) {
  const std::string path = std::string(HR_TEST_DATA) + "/resident/" + name + ".json";
  const auto bytes = testing::read_file(path);
  const auto machine = machine_from_json(base::text_of(bytes), name);
  EXPECT_TRUE(machine) << machine.error().subject();
  return machine.value();
}

ResidentChoice choice_of(const Machine& machine, Handover handover = Handover::kKexec) {
  const auto choice = choose_resident(machine, handover);
  EXPECT_TRUE(choice) << choice.error().subject();
  return choice.value();
}

struct Expected {
  const char* machine;
  Handover handover;
  Dialect dialect;
  Vectors vectors;
  const char* why_not;
};

class OldKernels : public ::testing::TestWithParam<Expected> {};

TEST_P(OldKernels, are_climbed_through_where_it_is_safe) {
  const Expected& expected = GetParam();
  const ResidentChoice choice = choice_of(saved(expected.machine), expected.handover);
  EXPECT_EQ(choice.dialect, expected.dialect) << compat::text_of(choice.dialect);
  EXPECT_EQ(choice.vectors.physical, expected.vectors.physical);
  EXPECT_EQ(choice.vectors.virtual_address, expected.vectors.virtual_address);
  EXPECT_EQ(choice.why_not, expected.why_not);
}

constexpr Vectors kStub{0x40311500, 0};
constexpr Vectors kKvm{0x40412000, 0xc0412000};

INSTANTIATE_TEST_SUITE_P(
    All, OldKernels,
    ::testing::Values(Expected{"arm-3.10-stub", Handover::kKexec, Dialect::kARM_STUB_3_7, kStub,
                               ""},
                      Expected{"arm-3.10-kvm", Handover::kKexec, Dialect::kARM_KVM_3_9, kKvm, ""},
                      Expected{"arm-4.4-kvm", Handover::kKexec, Dialect::kARM_KVM_3_14, kKvm, ""},
                      Expected{"arm-4.4-kvm", Handover::kCrash, Dialect::kARM_KVM_3_14, kKvm, ""},
                      Expected{"arm-4.9-idle", Handover::kKexec, Dialect::kARM_STUB_3_7, kStub, ""},
                      Expected{"arm64-4.4-kvm",
                               Handover::kKexec,
                               Dialect::kARM64_KVM_3_14,
                               {},
                               "no way up through arm64-kvm-3.14 is known to be safe"},
                      Expected{"arm64-4.9-idle", Handover::kKexec, Dialect::kNONE, {}, ""}));

TEST(ResidentChoice, is_for_the_worse_when_a_crash_may_find_a_virtual_machine) {
  Machine machine = saved("arm-4.9-idle");
  machine.hyp.kvm_descriptors.reset();
  // A kexec removes KVM.
  EXPECT_EQ(choice_of(machine).dialect, Dialect::kARM_STUB_3_7);
  // A crash does not: the way that asks which of the two it is.
  const ResidentChoice choice = choice_of(machine, Handover::kCrash);
  EXPECT_EQ(choice.dialect, Dialect::kARM_KVM_4_8);
  EXPECT_EQ(choice.vectors, kKvm);
}

TEST(ResidentChoice, of_a_crash_kernel_that_arm64_starts_at_el1) {
  Machine machine = saved("arm64-4.9-idle");
  machine.kernel_release = "4.14.336";
  machine.hyp.symbols = {"__hyp_reset_vectors", "__hyp_set_vectors", "__kvm_hyp_vector"};
  machine.hyp.kvm_descriptors.reset();
  EXPECT_EQ(choice_of(machine).dialect, Dialect::kNONE);
  const ResidentChoice choice = choice_of(machine, Handover::kCrash);
  EXPECT_EQ(choice.dialect, Dialect::kARM64_KVM_4_12);
  EXPECT_EQ(choice.vectors, Vectors());
  machine.kernel_release = "4.19.0";
  EXPECT_EQ(choice_of(machine, Handover::kCrash).dialect, Dialect::kNONE);
  machine.kernel_release = "4.14.336";
  machine.hyp.log = {"kvm [1]: VHE mode initialized successfully"};
  EXPECT_EQ(choice_of(machine, Handover::kCrash).dialect, Dialect::kNONE);
}

TEST(ResidentChoice, nobody_is_above_a_kernel_that_leaves_at_the_top) {
  struct Row {
    Arch arch;
    Mode mode;
    const char* release;
    bool at_top;
  };
  for (const Row& row : {Row{Arch::kArm, Mode::kHYP, "4.12.0", true},
                         {Arch::kArm, Mode::kHYP, "6.1.0-50-armmp", true},
                         {Arch::kArm, Mode::kHYP, "4.11.12", false},
                         {Arch::kArm, Mode::kHYP, "", false},
                         {Arch::kArm, Mode::kSVC, "6.1.0", false},
                         {Arch::kArm64, Mode::kEL2, "4.8.0", true},
                         {Arch::kArm64, Mode::kEL2, "4.7.9", false},
                         {Arch::kArm64, Mode::kUNKNOWN, "6.1.0", false}}) {
    Machine machine;
    machine.arch = row.arch;
    machine.boot_mode = row.mode;
    machine.kernel_release = row.release;
    EXPECT_EQ(should_leave_at_top(machine, Handover::kKexec), row.at_top) << row.release;
    const ResidentChoice choice = choice_of(machine);
    EXPECT_EQ(choice.entry == Entry::kTop, row.at_top) << row.release;
    EXPECT_EQ(choice.dialect == Dialect::kNONE, row.at_top) << row.release;
    EXPECT_EQ(choice.why_not.empty(), row.at_top) << row.release;
  }
}

// Protected KVM keeps EL2; a kernel that only asked for it leaves there as any other.
TEST(ResidentChoice, protected_kvm_stays) {
  Machine machine = saved("arm64-4.9-idle");
  machine.kernel_release = "6.1.0-56-arm64";
  machine.hyp.symbols = {"__hyp_reset_vectors", "__hyp_set_vectors", "__kvm_hyp_vector"};
  machine.hyp.log = {"kvm [1]: Protected nVHE mode initialized successfully"};
  machine.command_line = "console=ttyAMA0 kvm-arm.mode=protected";
  for (const Handover handover : {Handover::kKexec, Handover::kCrash}) {
    EXPECT_FALSE(should_leave_at_top(machine, handover));
    const ResidentChoice choice = choice_of(machine, handover);
    EXPECT_EQ(choice.entry, Entry::kBelow);
    EXPECT_EQ(choice.dialect, Dialect::kARM64_PKVM_5_16);
    EXPECT_EQ(choice.why_not, "no way up through arm64-pkvm-5.16 is known to be safe");
  }
  for (const char* log : {"kvm [1]: Hyp mode initialized successfully",
                          "kvm [1]: VHE mode initialized successfully"}) {
    machine.hyp.log = {log};
    EXPECT_EQ(choice_of(machine, Handover::kCrash).dialect, Dialect::kNONE) << log;
    EXPECT_EQ(choice_of(machine, Handover::kCrash).why_not, "") << log;
  }
  machine.hyp.log.clear();
  EXPECT_EQ(choice_of(machine).entry, Entry::kUnknown);
}

// The log tells, whoever asked for it and however its hypervisor uses VHE's registers.
TEST(ResidentChoice, protected_kvm_stays_also_when_nobody_asked_for_it) {
  Machine machine = saved("arm64-4.9-idle");
  machine.kernel_release = "6.12.0";
  machine.hyp.symbols.reset();
  for (const char* log : {"kvm [1]: Protected nVHE mode initialized successfully",
                          "kvm [1]: Protected hVHE mode initialized successfully"}) {
    machine.hyp.log = {log};
    const ResidentChoice choice = choice_of(machine);
    EXPECT_EQ(choice.entry, Entry::kBelow) << log;
    EXPECT_EQ(choice.dialect, Dialect::kARM64_PKVM_5_16) << log;
    EXPECT_EQ(choice.why_not, "no way up through arm64-pkvm-5.16 is known to be safe") << log;
  }
}

TEST(ResidentChoice, jailhouse_parks_a_cpu_that_leaves_by_the_stubs_call) {
  struct Row {
    Arch arch;
    Mode mode;
    const char* release;
    Handover handover;
    bool parks;
  };
  for (const Row& row : {Row{Arch::kArm64, Mode::kEL2, "6.1.0", Handover::kKexec, true},
                         {Arch::kArm64, Mode::kEL2, "6.1.0", Handover::kCrash, true},
                         {Arch::kArm64, Mode::kUNKNOWN, "6.1.0", Handover::kKexec, true},
                         {Arch::kArm64, Mode::kEL2, "", Handover::kKexec, true},
                         {Arch::kArm64, Mode::kEL2, "4.14.0", Handover::kCrash, false},
                         {Arch::kArm64, Mode::kEL1, "6.1.0", Handover::kKexec, false},
                         {Arch::kArm, Mode::kHYP, "4.19.0", Handover::kKexec, true},
                         {Arch::kArm, Mode::kHYP, "4.9.0", Handover::kKexec, false}}) {
    Machine machine;
    machine.arch = row.arch;
    machine.boot_mode = row.mode;
    machine.kernel_release = row.release;
    machine.hyp.jailhouse = true;
    const auto choice = choose_resident(machine, row.handover);
    ASSERT_EQ(choice.has_value(), !row.parks) << row.release;
    if (row.parks) {
      EXPECT_EQ(choice.error().code(), base::Code::RESIDENT_PARKS);
    } else {
      EXPECT_EQ(choice.value().dialect, Dialect::kJAILHOUSE);
      EXPECT_EQ(choice.value().why_not, "no way up through jailhouse is known to be safe");
    }
    machine.hyp.jailhouse = false;
    EXPECT_TRUE(choose_resident(machine, row.handover)) << row.release;
  }
}

TEST(ResidentChoice, a_virtual_machine_hangs_some_kernels_on_their_way_out) {
  Machine machine = saved("arm-4.9-idle");
  EXPECT_FALSE(hangs_when_it_leaves(machine, Handover::kKexec));
  machine.hyp.kvm_descriptors = 2;
  EXPECT_TRUE(hangs_when_it_leaves(machine, Handover::kKexec));
  EXPECT_FALSE(hangs_when_it_leaves(machine, Handover::kCrash));
  for (const char* release : {"4.7.10", "4.12.0", "6.1.0", ""}) {
    machine.kernel_release = release;
    EXPECT_FALSE(hangs_when_it_leaves(machine, Handover::kKexec)) << release;
  }
  machine = saved("arm64-4.9-idle");
  machine.hyp.kvm_descriptors = 2;
  EXPECT_FALSE(hangs_when_it_leaves(machine, Handover::kKexec)) << "its stub tells functions apart";
}

// Each piece of evidence that the choice rests on, taken away.
TEST(ResidentChoice, is_not_made_on_less_than_enough) {
  const Machine whole = saved("arm-4.9-idle");
  struct Row {
    void (*take)(Machine&);
    const char* why_not;
  };
  const Row rows[] = {
      {[](Machine& m) { m.kernel_release.clear(); },
       "the release of the running kernel is not known"},
      {[](Machine& m) { m.boot_mode = Mode::kUNKNOWN; },
       "the mode that the running kernel was started in is not known"},
      {[](Machine& m) { m.boot_mode = Mode::kSVC; },
       "the running kernel was started below HYP/EL2, and nothing tells who is there"},
      {[](Machine& m) { m.hyp.symbols.reset(); },
       "the running kernel's kallsyms could not be read, and its release alone is not enough"},
      {[](Machine& m) { m.hyp.symbols = {"__hyp_reset_vectors"}; },
       "release and kallsyms of the running kernel contradict each other"},
      {[](Machine& m) { m.hyp.jailhouse.reset(); }, "the evidence leaves arm-stub-3.7, jailhouse"},
      {[](Machine& m) { m.hyp.addresses.stub_vectors = 0; },
       "where the vectors of arm-stub-3.7 lie is not known: kallsyms or /proc/iomem do not tell"},
      {[](Machine& m) { m.hyp.addresses.kernel_code = 0; },
       "where the vectors of arm-stub-3.7 lie is not known: kallsyms or /proc/iomem do not tell"},
      {[](Machine& m) { m.hyp.addresses.stub_vectors += 4; },
       "where the vectors of arm-stub-3.7 lie is not known: kallsyms or /proc/iomem do not tell"}};
  for (const Row& row : rows) {
    Machine machine = whole;
    row.take(machine);
    const ResidentChoice choice = choice_of(machine);
    EXPECT_EQ(choice.why_not, row.why_not);
    EXPECT_EQ(choice.vectors, Vectors());
  }
  // KVM of 3.10 has no harmless question, so that the state of KVM must be known.
  Machine machine = saved("arm-3.10-kvm");
  machine.hyp.log.clear();
  machine.hyp.kvm_device.reset();
  EXPECT_EQ(choice_of(machine).why_not, "the evidence leaves arm-stub-3.7, arm-kvm-3.9");
}

TEST(ResidentChoice, addresses_are_of_the_linear_mapping) {
  Machine machine;
  machine.arch = Arch::kArm;
  // Debian's 6.1 for armhf: TEXT_OFFSET 0x208000, the text in the next section.
  machine.hyp.addresses = {0xc0311640, 0, 0xc0300000, 0x40208000};
  EXPECT_EQ(stub_vectors(machine), (Vectors{0x40311640, 0xc0311640}));
  EXPECT_EQ(kvm_vectors(machine), std::nullopt);
  // LPAE: sections of 2 MiB; a 2G/2G kernel on a board whose memory starts there.
  machine.hyp.addresses = {0x80411640, 0, 0x80400000, 0x80208000};
  EXPECT_EQ(stub_vectors(machine), (Vectors{0x80411640, 0x80411640}));
  // arm64 since 5.11: "Kernel code" starts at _stext.
  machine.arch = Arch::kArm64;
  machine.hyp.addresses = {0xffffd2b6c0891000, 0, 0xffffd2b6c0810000, 0x40210000};
  EXPECT_EQ(stub_vectors(machine), (Vectors{0x40291000, 0xffffd2b6c0891000}));
  machine.hyp.addresses.stub_vectors += 0x400;
  EXPECT_EQ(stub_vectors(machine), std::nullopt) << "not where VBAR_EL2 can point";
}

}  // namespace
}  // namespace hyprelay::handoff
