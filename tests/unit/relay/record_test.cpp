// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/record.hpp"

#include <gtest/gtest.h>

namespace hyprelay::relay {
namespace {

TEST(Record, is_big_endian_at_the_offsets_of_the_abi) {
  hr_record record{};
  record.magic = HR_RECORD_MAGIC;
  record.counter_left = 0x0102030405060708;
  record.bytes_verified = 0xff;
  record.counter_inflated = 0xfe;
  const auto bytes = encode(record);
  EXPECT_EQ(bytes[0], std::byte{'H'});
  EXPECT_EQ(bytes[3], std::byte{'C'});
  EXPECT_EQ(bytes[offsetof(hr_record, counter_left)], std::byte{1});
  EXPECT_EQ(bytes[offsetof(hr_record, counter_left) + 7], std::byte{8});
  EXPECT_EQ(bytes[0x47], std::byte{0xff});
  EXPECT_EQ(bytes[HR_RECORD_SIZE - 1], std::byte{0xfe});
}

}  // namespace
}  // namespace hyprelay::relay
