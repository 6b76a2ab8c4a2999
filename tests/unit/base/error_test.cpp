// SPDX-License-Identifier: BSD-2-Clause
#include "base/bytes.hpp"
#include "base/error_text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <type_traits>

namespace hyprelay::base {
namespace {

static_assert(std::is_trivially_copyable_v<Error>);

TEST(Errors, every_row_has_its_own_number_name_and_words) {
  std::set<Code> codes;
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (const ErrorRow& row : error_rows()) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(sentences.insert(row.sentence).second) << row.name;
    EXPECT_FALSE(row.remedy.empty()) << row.name;
    EXPECT_NE(row.exit_code, HR_EXIT_OK) << row.name;
  }
}

TEST(Errors, every_exit_code_is_unique_and_reachable) {
  // The answer of fdt diff is no error.
  std::set<int> reachable{HR_EXIT_OK, HR_EXIT_DIFFERENT};
  for (const ErrorRow& row : error_rows()) {
    reachable.insert(row.exit_code);
  }
  std::set<int> defined;
  for (const ExitRow& row : exit_rows()) {
    EXPECT_TRUE(defined.insert(row.code).second) << row.name;
  }
  EXPECT_EQ(defined, reachable);
}

TEST(Errors, text_names_stage_subject_evidence_code_and_remedy) {
  const Error error =
      Error(Code::IMAGE_TRUNCATED, Stage::kImage, "vmlinuz").with_at(0x54a3e8).with_limit(0x1000);
  EXPECT_EQ(
      describe(error),
      "image: vmlinuz: the file ends before the image does (at 0x54a3e8, limit 0x1000) [E104]\n"
      "  remedy: copy the kernel again and compare its checksum");
  EXPECT_EQ(exit_code_of(error), HR_EXIT_DAMAGED_IMAGE);
}

TEST(Errors, subject_is_cut_at_its_capacity) {
  const Error error(Code::INTERNAL, Stage::kPlan, std::string(500, 'x'));
  EXPECT_EQ(error.subject(), std::string(Error::kSubjectCapacity, 'x'));
}

TEST(Errors, are_found_by_name_and_number) {
  for (const char* name : {"PLAN_NO_ROOM", "0x300", "768", "E300", "e300"}) {
    const auto row = find_error(name);
    ASSERT_TRUE(row) << name;
    EXPECT_EQ(row->code, Code::PLAN_NO_ROOM);
  }
  for (const char* name : {"", "0x", "E", "0x30g", "nonsense", "99999", "99999999999999"}) {
    EXPECT_FALSE(find_error(name)) << name;
  }
}

TEST(Bytes, reads_both_orders_at_any_offset) {
  const std::array<std::byte, 5> bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4},
                                       std::byte{5}};
  EXPECT_EQ(read_le<std::uint32_t>(bytes, 1).value(), 0x05040302u);
  EXPECT_EQ(read_be<std::uint32_t>(bytes, 1).value(), 0x02030405u);
}

TEST(Bytes, refuse_to_leave_the_view) {
  const std::array<std::byte, 4> bytes{};
  EXPECT_TRUE(read_le<std::uint32_t>(bytes, 0).has_value());
  EXPECT_EQ(read_le<std::uint32_t>(bytes, 1).error().code(), Code::OUT_OF_BOUNDS);
  EXPECT_EQ(slice(bytes, 4, 0).value().size(), 0u);
  EXPECT_TRUE(slice(bytes, 5, 0).has_error());
  EXPECT_TRUE(slice(bytes, 1, ~0ull).has_error());
}

}  // namespace
}  // namespace hyprelay::base
