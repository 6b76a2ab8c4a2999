// SPDX-License-Identifier: BSD-2-Clause
#include "compat/xen.hpp"

#include <gtest/gtest.h>

namespace hyprelay::compat::xen {
namespace {

TEST(XenResult, answers_are_numbers_or_named_errors) {
  const auto zero = result_of(0);
  ASSERT_TRUE(zero);
  EXPECT_EQ(zero.value(), 0u);
  EXPECT_EQ(result_of(0x40011).value(), 0x40011u);
  const auto unknown_call = result_of(-38);
  ASSERT_FALSE(unknown_call);
  EXPECT_EQ(unknown_call.error().code(), base::Code::RESIDENT_REFUSED);
  EXPECT_EQ(unknown_call.error().subject(), "ENOSYS");
  EXPECT_EQ(unknown_call.error().at(), 38u);
  const auto unnamed = result_of(-4000);
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().subject(), "");
  EXPECT_EQ(unnamed.error().at(), 4000u);
}

TEST(XenResult, a_grant_has_a_status_of_its_own) {
  EXPECT_TRUE(status_of(hr_le16_of(0)));
  const auto bad_domain = status_of(hr_le16_of(0xfffe));
  ASSERT_FALSE(bad_domain);
  EXPECT_EQ(bad_domain.error().at(), 2u);
}

}  // namespace
}  // namespace hyprelay::compat::xen
