// SPDX-License-Identifier: BSD-2-Clause
// A personality stands in for a dialect: what a caller of the dialect sends, by abi/dialect_op.def,
// the rows of abi/personality_*.def must do, and answer as the caller reads it.
#include "compat/dialect.hpp"
#include "compat/text.hpp"
#include "tests/unit/compat/dialect_ops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::compat {
namespace {

using testing::kOps;
using testing::OpRow;

struct Row {
  int immediate;
  std::uint64_t first;
  std::uint64_t last;
  std::string_view action;
  std::string_view answer;
};
using Rows = std::vector<Row>;

#define HR_ANSWER(immediate, first, last, action, answer, text) \
  {immediate, first, last, #action, #answer},
// A register of arm, and of arm64.
#define HR_R0_MAX 0xffffffff
const Rows kCommonArm = {
#include "abi/personality_common.def"
};
const Rows kLinuxArm = {
#include "abi/personality_linux.def"
};
const Rows kBridgeStub = {
#include "abi/personality_bridge_stub.def"
};
const Rows kBridgeKvm = {
#include "abi/personality_bridge_kvm.def"
};
#undef HR_R0_MAX
#define HR_R0_MAX (~std::uint64_t{0})
const Rows kCommonArm64 = {
#include "abi/personality_common.def"
};
const Rows kLinuxArm64 = {
#include "abi/personality_linux.def"
};
const Rows kLinux38 = {
#include "abi/personality_linux_3_8.def"
};
const Rows kLinux47 = {
#include "abi/personality_linux_4_7.def"
};
const Rows kLevand = {
#include "abi/personality_levand.def"
};
#undef HR_R0_MAX
#undef HR_ANSWER

// Who is stood in for, as the texts of abi/personality.def say.
struct StandIn {
  Dialect dialect;
  CallerArch arch;
  const Rows& rows;
};
const StandIn kStandIns[] = {
    {Dialect::kCOMMON, CallerArch::kARM, kCommonArm},
    {Dialect::kCOMMON, CallerArch::kARM64, kCommonArm64},
    {Dialect::kCOMMON, CallerArch::kARM, kBridgeStub},
    {Dialect::kCOMMON, CallerArch::kARM, kBridgeKvm},
    // All but r0 = 0, which is the common ABI's: there it is a number.
    {Dialect::kARM_STUB_3_7, CallerArch::kARM, kBridgeStub},
    {Dialect::kARM_STUB_4_12, CallerArch::kARM, kLinuxArm},
    {Dialect::kARM_STUB_5_7, CallerArch::kARM, kLinuxArm},
    {Dialect::kARM_KVM_3_14, CallerArch::kARM, kBridgeKvm},
    {Dialect::kARM_KVM_4_8, CallerArch::kARM, kBridgeKvm},
    {Dialect::kARM64_STUB_4_12, CallerArch::kARM64, kLinuxArm64},
    {Dialect::kARM64_STUB_5_12, CallerArch::kARM64, kLinuxArm64},
    {Dialect::kARM64_STUB_3_8, CallerArch::kARM64, kLinux38},
    {Dialect::kARM64_STUB_4_7, CallerArch::kARM64, kLinux47},
    {Dialect::kARM64_STUB_4_8, CallerArch::kARM64, kLinux47},
    {Dialect::kARM64_LEVAND_EARLY, CallerArch::kARM64, kLevand},
};

std::string action_for(const OpRow& op) {
  const std::string where = std::to_string(op.where);
  if (op.op == "GET_VECTORS") {
    return "GET";
  }
  if (op.op == "SET_VECTORS") {
    return "SET_R" + where;
  }
  if (op.op == "SOFT_RESTART") {
    return "RESTART_R" + where;
  }
  return op.op == "CALL" ? "CALL_R" + where : "NOTHING";
}

bool is_read_as_done(std::string_view shown, std::string_view answer) {
  if (shown == "KNOWN") {
    return answer != "TWO";
  }
  constexpr std::pair<std::string_view, std::string_view> kAnswers[] = {{"VECTORS", "VECTORS"},
                                                                        {"ZERO", "ZERO"},
                                                                        {"KEPT", "KEPT"},
                                                                        {"NEVER", "NONE"},
                                                                        {"ALWAYS", "RESULT"}};
  for (const auto& [by, wanted] : kAnswers) {
    if (shown == by) {
      return answer == wanted;
    }
  }
  return false;
}

TEST(Personality, does_what_callers_of_its_dialect_ask_for) {
  unsigned checked = 0;
  for (const StandIn& who : kStandIns) {
    const std::uint64_t mask = who.arch == CallerArch::kARM ? 0xffffffff : ~std::uint64_t{0};
    for (const OpRow& op : kOps) {
      if (op.dialect != who.dialect) {
        continue;
      }
      SCOPED_TRACE(std::string(text_of(op.dialect)) + " " + std::string(op.op));
      // An address in r0 is one that no op has for a number.
      const std::uint64_t r0 =
          op.where == 0 ? 0x48000800 : static_cast<std::uint64_t>(op.number) & mask;
      const auto found = std::ranges::find_if(who.rows, [&](const Row& row) {
        return row.immediate == op.immediate && row.first <= r0 && r0 <= row.last;
      });
      ASSERT_NE(found, who.rows.end());
      EXPECT_EQ(found->action, action_for(op));
      EXPECT_TRUE(is_read_as_done(op.shown, found->answer)) << found->answer;
      ++checked;
    }
  }
  EXPECT_GE(checked, 35u);
}

}  // namespace
}  // namespace hyprelay::compat
