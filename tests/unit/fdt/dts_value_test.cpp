// SPDX-License-Identifier: BSD-2-Clause
// Values as a .dts has them: what is read is held to what dtc makes of the same text.
#include "fdt/dts_value.hpp"

#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

namespace hyprelay::fdt {
namespace {

using test::Bytes;

Bytes value_of(std::string_view text) {
  const DtsRead read = read_dts_value(text);
  EXPECT_TRUE(read.value) << text << ": " << read.why_not;
  return read.value ? read.value->bytes : Bytes();
}

Bytes by_dtc(std::string_view text) {
  const Bytes blob =
      test::compile_dts(std::string("/dts-v1/; / { p = ").append(text).append("; };"));
  return test::model_of(blob).nodes.at("/").at("p");
}

constexpr const char* kTexts[] = {"\"okay\"",
                                  "\"a\", \"b c\"",
                                  "\"\"",
                                  "\"say \\\"x\\\" \\\\ \\n\\t\\x41\"",
                                  "<1>",
                                  "<0x10 20 0xffffffff>",
                                  "<1>, <2>",
                                  "< >",
                                  "[00ff 1A]",
                                  "[]",
                                  "[00], \"x\", <7>",
                                  "/bits/ 8 <1 255>",
                                  "/bits/ 16 <0xffff>",
                                  "/bits/ 64 <0x1122334455667788 1>",
                                  "/bits/ 32 <9>"};

TEST(DtsValue, is_what_dtc_reads) {
  for (const char* text : kTexts) {
    EXPECT_EQ(value_of(text), by_dtc(text)) << text;
  }
}

TEST(DtsValue, goes_back_to_the_same_bytes) {
  for (const char* text : kTexts) {
    const Bytes bytes = by_dtc(text);
    const std::string shown = dts_text(bytes);
    ASSERT_EQ(shown.empty(), bytes.empty());
    EXPECT_EQ(value_of(shown.empty() ? "[]" : shown), bytes) << text << " as " << shown;
    EXPECT_EQ(by_dtc(shown.empty() ? "[]" : shown), bytes) << text << " as " << shown;
  }
  EXPECT_EQ(dts_text(by_dtc("\"a\", \"b\"")), "\"a\", \"b\"");
  EXPECT_EQ(dts_text(by_dtc("<1 0x20>")), "<0x1 0x20>");
  EXPECT_EQ(dts_text(by_dtc("[00 ff 0a]")), "[00 ff 0a]");
  EXPECT_EQ(dts_text(by_dtc("\"\"")), "[00]");
}

TEST(DtsValue, negative_numbers_are_twos_complement) {
  EXPECT_EQ(value_of("<-1>"), by_dtc("<0xffffffff>"));
  EXPECT_EQ(value_of("/bits/ 8 <-128>"), by_dtc("[80]"));
  EXPECT_FALSE(read_dts_value("/bits/ 8 <-129>").value);
  EXPECT_EQ(value_of("/bits/ 64 <-2>"), by_dtc("/bits/ 64 <0xfffffffffffffffe>"));
}

TEST(DtsValue, text_without_signs_is_a_string) {
  EXPECT_EQ(value_of("okay"), test::text("okay"));
  EXPECT_EQ(value_of("serial0:115200n8"), test::text("serial0:115200n8"));
  EXPECT_EQ(value_of("/soc/serial@0"), test::text("/soc/serial@0"));
  EXPECT_EQ(value_of(""), test::text(""));
  for (const char* number : {"1", "0x10", "-5", "&uart"}) {
    const DtsRead read = read_dts_value(number);
    EXPECT_FALSE(read.value);
    EXPECT_EQ(read.why_not,
              std::string("write <") + number + "> for a cell or \"" + number + "\" for a text");
  }
}

TEST(DtsValue, references_are_left_for_who_has_the_tree) {
  const DtsRead read = read_dts_value("\"abc\", <1 &gic &{/soc/i2c@0} 2>");
  ASSERT_TRUE(read.value);
  ASSERT_EQ(read.value->references.size(), 2u);
  EXPECT_EQ(read.value->references[0].offset, 8u);
  EXPECT_EQ(read.value->references[0].node, "&gic");
  EXPECT_EQ(read.value->references[1].offset, 12u);
  EXPECT_EQ(read.value->references[1].node, "/soc/i2c@0");
  EXPECT_EQ(read.value->bytes.size(), 20u);
}

TEST(DtsValue, what_is_wrong_is_said) {
  const struct {
    const char* text;
    const char* part;
  } lies[] = {{"\"a", "without its quote"},
              {"<1", "without >"},
              {"[00", "without ]"},
              {"[0]", "pairs of hexadecimal"},
              {"[zz]", "pairs of hexadecimal"},
              {"<0x100000000>", "no number of 32 bits"},
              {"<one>", "no number of 32 bits"},
              {"<&>", "no number of 32 bits"},
              {"/bits/ 8 <256>", "no number of 8 bits"},
              {"/bits/ 8 <&gic>", "no number of 8 bits"},
              {"/bits/ 7 <1>", "8, 16, 32 or 64"},
              {"<1> <2>", "a comma divides"},
              {"<1>, two", "begins with a quote"},
              {"\"\\q\"", "of escapes there are"},
              {"\"\\", "of escapes there are"},
              {"<1>,", "begins with a quote"}};
  for (const auto& lie : lies) {
    const DtsRead read = read_dts_value(lie.text);
    EXPECT_FALSE(read.value) << lie.text;
    EXPECT_NE(read.why_not.find(lie.part), std::string::npos) << lie.text << ": " << read.why_not;
  }
}

}  // namespace
}  // namespace hyprelay::fdt
