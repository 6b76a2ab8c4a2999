// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/warrant.hpp"

#include "base/error_text.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace hyprelay::handoff {
namespace {

using base::Code;

std::string digits(char digit) {
  return std::string(64, digit);
}
// A file's digest and size.
std::string file_of(char digit, std::uint64_t size_bytes) {
  return digits(digit) + " " + std::to_string(size_bytes) + "\n";
}

// As the page has it.
std::string whole_text() {
  std::string text = "hyprelay warrant 1\n";
  text += "kernel sha256 " + file_of('0', 4096);
  text += "initrd sha256 " + file_of('1', 8589934592);
  text += "tree sha256 " + file_of('2', 40);
  text += "overlay sha256 " + file_of('3', 41);
  text += "overlay sha256 " + file_of('4', 42);
  text += "vendor-boot sha256 " + file_of('a', 43);
  return text + "fit-config conf-1\ncommand-line root=/dev/a  quiet \n";
}

Warrant read(const std::string& text) {
  auto warrant = read_warrant(text, "w");
  EXPECT_TRUE(warrant) << base::describe(warrant.error());
  return warrant ? std::move(warrant.value()) : Warrant();
}

TEST(Warrant, what_is_written_is_read) {
  const Warrant warrant = read(whole_text());
  EXPECT_EQ(warrant.kernel.digest[31], std::byte{0x00});
  EXPECT_EQ(warrant.initrd->digest[0], std::byte{0x11});
  EXPECT_EQ(warrant.initrd->size_bytes, 8589934592u);
  EXPECT_EQ(warrant.tree->digest[0], std::byte{0x22});
  ASSERT_EQ(warrant.overlays.size(), 2u);
  EXPECT_EQ(warrant.overlays[1].digest[5], std::byte{0x44});
  EXPECT_EQ(warrant.vendor_boot->digest[0], std::byte{0xaa});
  EXPECT_EQ(warrant.fit_config, "conf-1");
  EXPECT_FALSE(warrant.behind_running);
  // Blanks count: what Linux gets is what was signed.
  EXPECT_EQ(warrant.command_line, "root=/dev/a  quiet ");
  EXPECT_EQ(to_text(warrant), whole_text());
  const std::string least =
      "hyprelay warrant 1\nkernel sha256 " + file_of('b', 1) + "command-line-behind \n";
  const Warrant small = read(least);
  EXPECT_TRUE(small.behind_running);
  EXPECT_EQ(small.command_line, "");
  EXPECT_FALSE(small.initrd || small.tree || small.vendor_boot);
  EXPECT_EQ(to_text(small), least);
}

// Nothing is passed over: it could be a condition.
TEST(Warrant, a_line_that_is_not_understood_is_refused) {
  const std::string kernel = "kernel sha256 " + file_of('0', 5);
  const std::string line = "command-line a\n";
  const std::string first = "hyprelay warrant 1\n";
  const auto joined = [](std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view part : parts) {
      all += part;
    }
    return all;
  };
  for (const std::string& text : {
           std::string(),
           joined({"hyprelay warrant 2\n", kernel, line}),
           joined({kernel, line}),
           joined({first, line}),
           joined({first, kernel}),
           joined({first, kernel, kernel, line}),
           joined({first, kernel, line, line}),
           joined({first, kernel, line, "command-line-behind a\n"}),
           joined({first, kernel, line, "initrd sha256 ", file_of('1', 6), "initrd sha256 ",
                   file_of('1', 6)}),
           joined({first, kernel, line, "until 2030-01-01\n"}),
           joined({first, kernel, line, "\n"}),
           joined({first, kernel, line, "initrd none\n"}),
           joined({first, kernel, line, "initrd sha512 ", file_of('1', 6)}),
           joined({first, kernel, line, "initrd sha256 ", file_of('1', 6), "1\n"}),
           joined({first, kernel, line, "initrd sha256 ", file_of('g', 6)}),
           joined({first, kernel, line, "initrd sha256 ", file_of('1', 6).replace(10, 2, "+1")}),
           joined({first, kernel, line, "initrd sha256 ", file_of('1', 6).replace(10, 2, " 1")}),
           joined({first, kernel, line, "initrd sha256 ", digits('1'), "\n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1'), " \n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1'), " 6 \n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1'), " -6\n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1'), " 18446744073709551616\n"}),
           joined({first, kernel, line, "fit-config \n"}),
           joined({first, "KERNEL sha256 ", file_of('0', 5), line}),
       }) {
    const auto warrant = read_warrant(text, "w");
    ASSERT_FALSE(warrant) << text;
    EXPECT_EQ(warrant.error().code(), Code::WARRANT_MALFORMED) << text;
  }
}

TEST(Warrant, none_is_more_or_less) {
  const Warrant good = read(whole_text());
  EXPECT_TRUE(check_parts(good, good));
  struct Case {
    void (*change)(Warrant&);
    const char* part;
  };
  for (const Case& c : {
           Case{[](Warrant& w) { w.initrd.reset(); }, "initrd is signed, and none"},
           Case{[](Warrant& w) { w.tree.reset(); }, "tree is signed, and none"},
           Case{[](Warrant& w) { w.vendor_boot.reset(); }, "vendor-boot is signed"},
           Case{[](Warrant& w) { w.overlays.pop_back(); }, "overlay is signed"},
           Case{[](Warrant& w) { w.fit_config = "conf-2"; }, "configuration \"conf-2\""},
       }) {
    Warrant given = good;
    c.change(given);
    const auto checked = check_parts(given, good);
    ASSERT_FALSE(checked) << c.part;
    EXPECT_EQ(checked.error().code(), Code::WARRANT_PARTS) << c.part;
    EXPECT_NE(checked.error().subject().find(c.part), std::string_view::npos)
        << checked.error().subject();
    // The other way round it is no better.
    EXPECT_FALSE(check_parts(good, given)) << c.part;
  }
  Warrant least = good;
  least.initrd.reset();
  Warrant given = good;
  given.initrd->path = "/boot/initrd";
  EXPECT_EQ(check_parts(given, least).error().subject(),
            "initrd is given, and not signed: /boot/initrd");
}

TEST(Warrant, a_file_is_compared_by_each_byte_of_its_digest_and_by_its_size) {
  const Warrant warrant = read(whole_text());
  const WarrantFile& good = warrant.kernel;
  EXPECT_TRUE(check_file("kernel", good, good));
  for (std::size_t at = 0; at < good.digest.size(); ++at) {
    WarrantFile other = good;
    other.digest[at] ^= std::byte{1};
    EXPECT_FALSE(check_file("kernel", other, good)) << at;
  }
  WarrantFile longer = good;
  ++longer.size_bytes;
  longer.path = "/boot/zImage";
  const auto checked = check_file("kernel", longer, good);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code(), Code::WARRANT_FILE);
  EXPECT_EQ(checked.error().subject(),
            "kernel 00000000... of 4097 bytes, signed is 00000000... of 4096 bytes: /boot/zImage");
}

TEST(Warrant, a_long_path_is_told_by_its_end) {
  EXPECT_EQ(end_of_path("/boot/zImage"), "/boot/zImage");
  EXPECT_EQ(end_of_path("/" + std::string(100, 'a') + "/zImage"),
            "..." + std::string(20, 'a') + "/zImage");
}

TEST(Warrant, what_would_be_another_line_is_no_text) {
  Warrant warrant = read(whole_text());
  EXPECT_EQ(why_not_text(warrant), "");
  warrant.command_line = "a\tb \xc3\xa4 \xff";
  EXPECT_EQ(why_not_text(warrant), "");
  EXPECT_EQ(read(to_text(warrant)).command_line, warrant.command_line);
  for (const std::string& text :
       {std::string("a\ninitrd sha256 "), std::string("\x1b[31m"), std::string("a\0b", 3)}) {
    warrant.command_line = text;
    EXPECT_NE(why_not_text(warrant), "") << text;
    warrant.command_line = "";
    warrant.fit_config = text;
    EXPECT_NE(why_not_text(warrant), "") << text;
    warrant.fit_config = "";
  }
}

TEST(Warrant, the_command_line_is_compared_to_its_last_blank) {
  Warrant signed_one = read(whole_text());
  Warrant given = signed_one;
  EXPECT_TRUE(check_command_line(given, signed_one));
  for (const char* line :
       {"", "root=/dev/a  quiet", "root=/dev/a  quiet  ", "root=/dev/b  quiet "}) {
    given.command_line = line;
    const auto checked = check_command_line(given, signed_one);
    ASSERT_FALSE(checked) << line;
    EXPECT_EQ(checked.error().code(), Code::WARRANT_COMMAND_LINE);
  }
  EXPECT_EQ(check_command_line(given, signed_one).error().subject(),
            "from \"b  quiet \", signed is \"a  quiet \"");
  given.command_line = signed_one.command_line;
  given.behind_running = true;
  EXPECT_NE(
      check_command_line(given, signed_one).error().subject().find("the running kernel's is taken"),
      std::string_view::npos);
  EXPECT_FALSE(check_command_line(signed_one, given));
}

}  // namespace
}  // namespace hyprelay::handoff
