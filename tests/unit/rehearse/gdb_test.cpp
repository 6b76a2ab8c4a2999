// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/gdb.hpp"

#include "rehearse/hooks.hpp"

#include <gtest/gtest.h>

namespace hyprelay::rehearse {
namespace {

// Examples of the GDB manual, appendix E.
TEST(Gdb, frames_packets) {
  EXPECT_EQ(gdb_frame("OK"), "$OK#9a");
  EXPECT_EQ(gdb_frame(""), "$#00");
  EXPECT_EQ(gdb_frame("?"), "$?#3f");
}

TEST(Gdb, hex_both_ways) {
  EXPECT_EQ(hex_of(std::string("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(bytes_of("00ff10"), std::string("\x00\xff\x10", 3));
  EXPECT_EQ(bytes_of("00f"), std::string("\x00", 1));
  EXPECT_EQ(bytes_of("zz"), "");
}

TEST(Gdb, reads_stops) {
  ASSERT_TRUE(parse_stop("T05thread:01;"));
  EXPECT_FALSE(parse_stop("T05thread:01;")->watched);
  ASSERT_TRUE(parse_stop("T05thread:01;watch:40208000;"));
  EXPECT_EQ(parse_stop("T05thread:01;watch:40208000;")->watched, 0x40208000u);
  EXPECT_TRUE(parse_stop("S05"));
  EXPECT_FALSE(parse_stop("W00"));
  EXPECT_FALSE(parse_stop("OK"));
  EXPECT_FALSE(parse_stop(""));
}

TEST(Gdb, nobody_listens) {
  EXPECT_FALSE(GdbClient::connect("/nonexistent/socket"));
  EXPECT_FALSE(GdbClient::connect(std::string(200, 'x')));
}

TEST(Targets, from_the_loaders_json) {
  const char* const load = R"({"loaded":true,"entry":1073774592,
    "text":1075871744,"segments":[
      {"kind":"kernel","start":1073774592,"size_bytes":5521408,"content_bytes":5520000,"reason":""},
      {"kind":"relay","start":1140850688,"size_bytes":65536,"content_bytes":20000,"reason":""}]})";
  const auto targets = read_targets(load);
  ASSERT_TRUE(targets);
  EXPECT_EQ(targets.value().entry, 0x40008000u);
  EXPECT_EQ(targets.value().text, 0x40208000u);
  ASSERT_NE(targets.value().find("relay"), nullptr);
  EXPECT_EQ(targets.value().find("relay")->start, 0x44000000u);
  EXPECT_EQ(targets.value().find("initrd"), nullptr);
}

TEST(Targets, says_what_is_missing) {
  for (const char* text :
       {"null", "{}", R"({"entry":1,"text":2})", R"({"entry":1,"text":2,"segments":[]})",
        R"({"entry":1,"text":2,"segments":[{"kind":"relay"}]})",
        R"({"entry":"x","text":2,"segments":[]})"}) {
    const auto targets = read_targets(text);
    ASSERT_FALSE(targets) << text;
    EXPECT_EQ(targets.error().code(), base::Code::REHEARSE_FAILED);
  }
}

}  // namespace
}  // namespace hyprelay::rehearse
