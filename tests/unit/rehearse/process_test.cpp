// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest_process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace hyprelay::rehearse {
namespace {

using Wake = GuestProcess::Wake;
constexpr std::chrono::seconds kPatience(30);

TEST(GuestProcess, lines_until_the_end) {
  auto guest =
      GuestProcess::start({"sh", "-c", "printf 'one\\r\\n\\ntwo'; echo three >&2; exit 3"});
  ASSERT_TRUE(guest);
  std::string line;
  ASSERT_EQ(guest.value().wait(line, -1, kPatience), Wake::kLine);
  EXPECT_EQ(line, "one");
  ASSERT_EQ(guest.value().wait(line, -1, kPatience), Wake::kLine);
  EXPECT_EQ(line, "");
  ASSERT_EQ(guest.value().wait(line, -1, kPatience), Wake::kLine);
  EXPECT_EQ(line, "twothree");
  EXPECT_EQ(guest.value().wait(line, -1, kPatience), Wake::kEnded);
  EXPECT_EQ(guest.value().reap(), 3);
}

TEST(GuestProcess, last_line_without_newline) {
  auto guest = GuestProcess::start({"printf", "end"});
  ASSERT_TRUE(guest);
  std::string line;
  ASSERT_EQ(guest.value().wait(line, -1, kPatience), Wake::kLine);
  EXPECT_EQ(line, "end");
  EXPECT_EQ(guest.value().wait(line, -1, kPatience), Wake::kEnded);
}

TEST(GuestProcess, types) {
  auto guest = GuestProcess::start({"sh", "-c", "read word; echo got $word"});
  ASSERT_TRUE(guest);
  guest.value().type("go");
  std::string line;
  ASSERT_EQ(guest.value().wait(line, -1, kPatience), Wake::kLine);
  EXPECT_EQ(line, "got go");
}

TEST(GuestProcess, what_it_started_goes_with_it) {
  auto guest = GuestProcess::start({"timeout", "1000", "sh", "-c", "echo on; exec sleep 1000"});
  ASSERT_TRUE(guest);
  std::string line;
  ASSERT_EQ(guest.value().wait(line, -1, kPatience), Wake::kLine);
  guest.value().kill();
  // The sleep holds the console open for as long as it lives.
  EXPECT_EQ(guest.value().wait(line, -1, kPatience), Wake::kEnded);
  EXPECT_EQ(guest.value().reap(), 128 + 9);
}

TEST(GuestProcess, other_descriptor_and_timeout) {
  auto guest = GuestProcess::start({"sleep", "1000"});
  ASSERT_TRUE(guest);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::string line;
  EXPECT_EQ(guest.value().wait(line, ends[0], std::chrono::seconds(0)), Wake::kTimeout);
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  EXPECT_EQ(guest.value().wait(line, ends[0], kPatience), Wake::kOther);
  close(ends[0]);
  close(ends[1]);
  guest.value().kill();
  EXPECT_EQ(guest.value().reap(), 128 + 9);
}

TEST(GuestProcess, missing_program) {
  auto guest = GuestProcess::start({"/nonexistent/qemu"});
  ASSERT_TRUE(guest);
  std::string line;
  EXPECT_EQ(guest.value().wait(line, -1, kPatience), Wake::kEnded);
  EXPECT_EQ(guest.value().reap(), 127);
}

}  // namespace
}  // namespace hyprelay::rehearse
