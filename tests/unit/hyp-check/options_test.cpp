// SPDX-License-Identifier: BSD-2-Clause
// Words on the command line, and the evidence that they are.
#include "hyp-check/core/options.hpp"

#include "compat/probe.hpp"

#include <gtest/gtest.h>

namespace hyprelay::hyp_check {
namespace {

using compat::Dialect;

TEST(Words, others_are_left_to_others) {
  const Options options = options_of("console=ttyAMA0 root=/dev/vda hyp-checked=1 end=off");
  EXPECT_EQ(options.resident, Dialect::kUNKNOWN);
  EXPECT_EQ(options.kernel, 0u);
  EXPECT_EQ(options.end, End::kLoop);
  EXPECT_EQ(options.bad, "");
}

TEST(Words, say_what_is_known) {
  const Options options =
      options_of("a hyp-check.resident=arm-stub-3.7 hyp-check.kernel=4.9.229 hyp-check.end=off");
  EXPECT_EQ(options.resident, Dialect::kARM_STUB_3_7);
  EXPECT_EQ(options.kernel, 4009u);
  EXPECT_EQ(options.end, End::kOff);
  EXPECT_EQ(options_of("hyp-check.end=reset").end, End::kReset);
  EXPECT_EQ(options_of("hyp-check.end=off hyp-check.end=loop").end, End::kLoop);
}

TEST(Words, without_a_meaning_are_named) {
  for (const std::string_view bad :
       {"hyp-check.resident=nobody-i-know", "hyp-check.resident=", "hyp-check.resident",
        "hyp-check.kernel=new", "hyp-check.kernel=6", "hyp-check.end=now", "hyp-check.off",
        "hyp-check."}) {
    const std::string line = std::string("a ").append(bad).append(" b");
    const Options options = options_of(line);
    EXPECT_EQ(options.bad, bad);
    EXPECT_EQ(options.resident, Dialect::kUNKNOWN);
    EXPECT_EQ(options.kernel, 0u);
    EXPECT_EQ(options.end, End::kLoop);
  }
  EXPECT_EQ(options_of("hyp-check.x hyp-check.y").bad, "hyp-check.x");
}

TEST(Words, a_kernel_is_evidence_for_the_probe) {
  compat::Evidence evidence = evidence_of(Tree(), options_of("hyp-check.kernel=6.1"));
  evidence.arch = compat::CallerArch::kARM;
  evidence.level = compat::CallerLevel::kBelow;
  EXPECT_EQ(compat::consider(evidence).dialect, Dialect::kARM_STUB_5_7);
  // Without it, nothing is known and nothing may be asked.
  evidence = evidence_of(Tree(), Options());
  evidence.arch = compat::CallerArch::kARM;
  evidence.level = compat::CallerLevel::kBelow;
  evidence.undef_handler = true;
  EXPECT_FALSE(compat::Prober(evidence).next_call());
}

TEST(Words, every_dialect_has_its_name) {
#define HR_DIALECT(name, value, text, ...)                                 \
  if (Dialect::k##name != Dialect::kUNKNOWN) {                             \
    EXPECT_EQ(dialect_named(text), Dialect::k##name) << std::string(text); \
  }
#include "abi/dialect.def"
#undef HR_DIALECT
}

}  // namespace
}  // namespace hyprelay::hyp_check
