// SPDX-License-Identifier: BSD-2-Clause
// What is printed, how often, and what is suppressed.
#include "coherence/findings.hpp"

#include <gtest/gtest.h>

namespace hyprelay::coherence {
namespace {

class FindingsTest : public testing::Test {
 protected:
  FindingsTest() { symbols_.add_name(0x1000, "main"); }
  Symbols symbols_;
  std::string out_;
  Findings findings_{symbols_, [this](const std::string& line) { out_ += line; }};
  const Finding finding_{Kind::stale_read, 1, 0x1004, 0x40000000, 0x1000, "DC IVAC"};
};

TEST_F(FindingsTest, a_place_is_told_once_and_counted) {
  findings_.report(finding_);
  findings_.report(finding_);
  EXPECT_EQ(out_,
            "coherence: stale-read: cpu 1 pc 0x1004 <main+0x4> reads by the cache a line that may "
            "be older there than in "
            "memory, at 0x40000000, after pc 0x1000 <main>; missing: DC IVAC\n");
  out_.clear();
  findings_.summary();
  EXPECT_EQ(out_,
            "coherence: total: stale-read at 1 places, 2 times\ncoherence: done, 1 findings\n");
}

TEST_F(FindingsTest, a_suppression_needs_a_kind_a_symbol_and_a_reason) {
  EXPECT_FALSE(findings_.suppress("stale-read main"));
  EXPECT_FALSE(findings_.suppress("stale-reads main because"));
  EXPECT_TRUE(findings_.suppress("stale-read ma* it does not matter"));
  findings_.report(finding_);
  EXPECT_EQ(out_, "");
  findings_.summary();
  EXPECT_EQ(out_,
            "coherence: suppressed: stale-read ma*, 1 times: it does not matter\ncoherence: done, "
            "0 findings\n");
}

TEST_F(FindingsTest, another_kind_or_symbol_is_not_suppressed) {
  ASSERT_TRUE(findings_.suppress("lost-write main a reason"));
  ASSERT_TRUE(findings_.suppress("stale-read mai a reason"));
  findings_.report(finding_);
  EXPECT_NE(out_, "");
}

}  // namespace
}  // namespace hyprelay::coherence
