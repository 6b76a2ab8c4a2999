// SPDX-License-Identifier: BSD-2-Clause
#include "compat/text.hpp"

#include <gtest/gtest.h>

namespace hyprelay::compat {
namespace {

TEST(Text, dialects_come_back_from_their_text_and_number) {
  for (const DialectRow& row : kDialects) {
    EXPECT_EQ(parse_dialect(text_of(row.dialect)), row.dialect);
    EXPECT_EQ(parse_dialect(std::to_string(static_cast<std::uint32_t>(row.dialect))), row.dialect);
    EXPECT_FALSE(meaning_of(row.dialect).empty());
  }
  EXPECT_EQ(parse_dialect("0x22"), Dialect::kARM_KVM_4_8);
  for (const char* wrong : {"", "0x", "kvm", "0x7777", "34x", "-1"}) {
    EXPECT_FALSE(parse_dialect(wrong)) << wrong;
  }
}

TEST(Text, releases) {
  EXPECT_EQ(parse_release("6.1.0-50-armmp"), 6001u);
  EXPECT_EQ(parse_release("4.12-rc1"), 4012u);
  EXPECT_EQ(parse_release("6"), 0u);
  EXPECT_EQ(parse_release("generic"), 0u);
  EXPECT_EQ(parse_release("99999999999.1"), 0u);
  EXPECT_EQ(release_text(5017), "5.17");
  EXPECT_TRUE(is_marked_private("3.19.0-0.80.aa7a.el7.aarch64"));
  EXPECT_FALSE(is_marked_private("4.19.0-el7"));
  EXPECT_FALSE(is_marked_private("6.1.0-50-arm64"));
}

TEST(Text, a_verdict_says_why) {
  Evidence evidence;
  evidence.level = CallerLevel::kBelow;
  evidence.boot = KernelBoot::kHyp;
  evidence.release = release_of(4, 9);
  evidence.jailhouse = Tri::kNo;
  EXPECT_EQ(summary(consider(evidence)), "unknown: one of arm-stub-3.7, arm-kvm-4.8");
  evidence.kvm = KvmState::kAlive;
  const Verdict verdict = consider(evidence);
  EXPECT_EQ(summary(verdict), "arm-kvm-4.8 (likely)");
  std::string all;
  for (const std::string& reason : reasons(verdict, evidence)) {
    all += reason + "\n";
  }
  EXPECT_NE(all.find("kernel release: 4.9; rules out"), std::string::npos) << all;
  EXPECT_NE(all.find("KVM: initialised, a virtual machine exists; it still runs"),
            std::string::npos)
      << all;
  EXPECT_EQ(all.find("PSCI"), std::string::npos) << "an unknown fact is no reason";
}

}  // namespace
}  // namespace hyprelay::compat
