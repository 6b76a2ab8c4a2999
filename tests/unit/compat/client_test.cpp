// SPDX-License-Identifier: BSD-2-Clause
// The clients of every dialect against the models of the residents.
#include "compat/client.hpp"

#include "compat/text.hpp"
#include "tests/unit/compat/residents.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::compat {
namespace {

using base::Code;
using testing::Outcome;
using testing::Resident;

constexpr std::uint64_t kTable = 0x48001000;
constexpr std::uint64_t kFunction = 0x48002000;
constexpr CallerArch kArchs[] = {CallerArch::kARM, CallerArch::kARM64};

// A resident behind a client, and how the last HVC ended.
struct Stage {
  explicit Stage(Dialect dialect, CallerArch arch) : resident(dialect, arch) {
    resident.tables = {kTable};
    resident.functions = {kFunction};
  }
  hr_word operator()(Request& request) {
    outcome = resident.hvc(request.immediate, request.registers);
    EXPECT_NE(outcome, Outcome::kDestroyed);
    return outcome == Outcome::kUndefined ? HR_ISSUE_UNDEFINED : HR_ISSUE_DONE;
  }
  Resident resident;
  Outcome outcome = Outcome::kDestroyed;
};

template <class Test>
void for_each_that_can(Op op, Test test) {
  int tried = 0;
  for (const DialectRow& row : kDialects) {
    for (const CallerArch arch : kArchs) {
      if (can(row.dialect, arch, op)) {
        SCOPED_TRACE(text_of(row.dialect));
        Stage stage(row.dialect, arch);
        Client client(row.dialect, arch, [&stage](Request& request) { return stage(request); });
        test(stage, client, row, arch);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 0);
}

TEST(Client, get_reads_the_vectors) {
  for_each_that_can(Op::kGetVectors, [](Stage& stage, auto& client, const DialectRow& row, auto) {
    const auto vectors = client.get_vectors();
    ASSERT_TRUE(vectors);
    EXPECT_EQ(vectors.value(),
              row.family == Family::kKVM ? stage.resident.vectors_va : stage.resident.vectors_pa);
  });
}

TEST(Client, set_replaces_the_vectors) {
  for_each_that_can(Op::kSetVectors, [](Stage& stage, auto& client, const DialectRow&, auto) {
    EXPECT_TRUE(client.set_vectors(kTable));
    EXPECT_EQ(stage.resident.vectors_pa, kTable);
    const auto misaligned = client.set_vectors(kTable + 8);
    ASSERT_FALSE(misaligned);
    EXPECT_EQ(misaligned.error().code(), Code::RESIDENT_MISALIGNED);
    EXPECT_EQ(stage.resident.vectors_pa, kTable);
  });
}

// The function is reached, and finds every register that was asked for; what the dialect cannot
// carry is refused before anything happens.
TEST(Client, soft_restart_delivers_its_registers) {
  for_each_that_can(Op::kSoftRestart, [](Stage& stage, auto& client, const DialectRow&, auto) {
    int carried = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      std::array<std::uint64_t, 3> registers{};
      registers[i] = 0x1230 + i;
      stage.resident.jumped_to = 0;
      const auto result = client.soft_restart(kFunction, registers);
      ASSERT_FALSE(result) << "a restart that comes back has failed";
      if (result.error().code() == Code::RESIDENT_ARGUMENT) {
        EXPECT_EQ(stage.resident.jumped_to, 0u);
        EXPECT_EQ(result.error().at(), i);
        continue;
      }
      EXPECT_EQ(stage.outcome, Outcome::kJumped);
      EXPECT_EQ(stage.resident.jumped_to, kFunction);
      EXPECT_EQ(stage.resident.jump_registers[i], registers[i]) << "register " << i;
      stage.resident.torn_down = false;
      ++carried;
    }
    EXPECT_GT(carried, 0) << "no register at all is carried";
  });
}

TEST(Client, reset_takes_kvm_down) {
  for_each_that_can(Op::kResetVectors, [](Stage& stage, auto& client, const DialectRow& row, auto) {
    EXPECT_TRUE(client.reset_vectors());
    EXPECT_EQ(stage.resident.torn_down, row.family == Family::kKVM);
  });
}

TEST(Client, call_runs_a_function_and_brings_its_result) {
  for_each_that_can(Op::kCall, [](Stage& stage, auto& client, const DialectRow&, auto) {
    const auto result = client.call(kFunction, {7, 8, 9});
    ASSERT_TRUE(result);
    EXPECT_EQ(result.value(), 0x600du);
    EXPECT_EQ(stage.resident.called, kFunction);
    EXPECT_EQ(stage.resident.call_arguments, (std::array<std::uint64_t, 3>{7, 8, 9}));
  });
}

// Which dialect has what, spelled out once: by dialect, G S R X C (X: reset).
TEST(Client, ops_of_each_dialect) {
  const auto ops = [](Dialect dialect, CallerArch arch) {
    std::string text;
    const std::pair<Op, char> letters[] = {{Op::kGetVectors, 'G'},
                                           {Op::kSetVectors, 'S'},
                                           {Op::kSoftRestart, 'R'},
                                           {Op::kResetVectors, 'X'},
                                           {Op::kCall, 'C'}};
    for (const auto& [op, letter] : letters) {
      text += can(dialect, arch, op) ? letter : '-';
    }
    return text;
  };
  const auto arm = [&](Dialect dialect) { return ops(dialect, CallerArch::kARM); };
  const auto arm64 = [&](Dialect dialect) { return ops(dialect, CallerArch::kARM64); };
  EXPECT_EQ(arm(Dialect::kCOMMON), "GSRX-");
  EXPECT_EQ(arm(Dialect::kARM_RMK_2017), "GSR--");
  EXPECT_EQ(arm(Dialect::kARM_STUB_3_7), "GS---");
  EXPECT_EQ(arm(Dialect::kARM_STUB_4_12), "-SRX-");
  EXPECT_EQ(arm(Dialect::kARM_STUB_5_7), "--R--");
  EXPECT_EQ(arm(Dialect::kARM_KVM_3_9), "----C");
  EXPECT_EQ(arm(Dialect::kARM_KVM_3_14), "G---C");
  EXPECT_EQ(arm(Dialect::kARM_KVM_4_8), "G---C");
  EXPECT_EQ(arm(Dialect::kARM_KVM_4_12), "--RXC");
  EXPECT_EQ(arm64(Dialect::kCOMMON), "GSRX-");
  EXPECT_EQ(arm64(Dialect::kARM64_STUB_3_8), "GS---");
  EXPECT_EQ(arm64(Dialect::kARM64_STUB_4_7), "GS---");
  EXPECT_EQ(arm64(Dialect::kARM64_STUB_4_8), "GSR--");
  EXPECT_EQ(arm64(Dialect::kARM64_STUB_4_12), "-SRX-");
  EXPECT_EQ(arm64(Dialect::kARM64_KVM_4_7), "G---C");
  EXPECT_EQ(arm64(Dialect::kARM64_KVM_5_10), "--RX-");
  EXPECT_EQ(arm64(Dialect::kARM64_PKVM_5_16), "-----");
  EXPECT_EQ(arm64(Dialect::kARM64_LEVAND_EARLY), "GS--C");
  EXPECT_EQ(arm64(Dialect::kARM_STUB_3_7), "-----") << "of the other architecture";
}

Code code_of(const base::Result<Request>& result) {
  return result ? Code::INTERNAL : result.error().code();
}

TEST(Client, refuses_before_the_call) {
  const auto arm = CallerArch::kARM;
  const auto arm64 = CallerArch::kARM64;
  EXPECT_EQ(code_of(request_for(Dialect::kUNKNOWN, arm, Op::kGetVectors, {})),
            Code::RESIDENT_UNKNOWN);
  EXPECT_EQ(code_of(request_for(static_cast<Dialect>(0x7777), arm, Op::kGetVectors, {})),
            Code::RESIDENT_UNKNOWN);
  EXPECT_EQ(code_of(request_for(Dialect::kARM_KVM_3_9, arm, Op::kGetVectors, {})),
            Code::RESIDENT_CANNOT);
  EXPECT_EQ(code_of(request_for(Dialect::kCOMMON, arm64, Op::kSoftRestart, {0x40000002, {}})),
            Code::RESIDENT_MISALIGNED);
  EXPECT_EQ(code_of(request_for(Dialect::kARM_KVM_4_12, arm, Op::kSoftRestart, {0x40000001, {}})),
            Code::RESIDENT_MISALIGNED);
  EXPECT_EQ(code_of(request_for(Dialect::kARM_STUB_3_7, arm, Op::kSetVectors, {0x140000000, {}})),
            Code::RESIDENT_MISALIGNED);
  for (const Op op : {Op::kSoftRestart, Op::kCall}) {
    EXPECT_EQ(code_of(request_for(op == Op::kCall ? Dialect::kARM_KVM_3_14 : Dialect::kCOMMON, arm,
                                  op, {0x40000002, {}})),
              Code::RESIDENT_MISALIGNED)
        << "neither A32 nor Thumb";
  }
  EXPECT_TRUE(request_for(Dialect::kCOMMON, arm, Op::kSoftRestart, {0x40000003, {}}));
  EXPECT_TRUE(request_for(Dialect::kARM_STUB_4_12, arm, Op::kSoftRestart, {0x40000001, {}}));
}

// A resident that is somebody else is noticed by its answer.
TEST(Client, notices_a_foreign_resident) {
  const auto talk = [](Dialect believed, Dialect real, CallerArch arch) {
    Stage stage(real, arch);
    return Client(believed, arch, [stage](Request& request) mutable { return stage(request); });
  };
  auto newer = talk(Dialect::kARM_STUB_3_7, Dialect::kARM_STUB_4_12, CallerArch::kARM);
  EXPECT_EQ(newer.get_vectors().error().code(), Code::RESIDENT_REFUSED);
  EXPECT_EQ(newer.get_vectors().error().at(), 0x0badca11u);
  auto guest = talk(Dialect::kARM_STUB_3_7, Dialect::kSMCCC_SERVER, CallerArch::kARM);
  EXPECT_EQ(guest.get_vectors().error().code(), Code::RESIDENT_REFUSED);
  auto kvm = talk(Dialect::kARM64_STUB_5_12, Dialect::kARM64_KVM_5_10, CallerArch::kARM64);
  EXPECT_EQ(kvm.set_vectors(kTable).error().code(), Code::RESIDENT_REFUSED);
  auto nobody = talk(Dialect::kCOMMON, Dialect::kNONE, CallerArch::kARM64);
  EXPECT_EQ(nobody.get_vectors().error().code(), Code::RESIDENT_UNDEFINED);
}

}  // namespace
}  // namespace hyprelay::compat
