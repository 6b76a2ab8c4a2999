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

// As the page has it.
std::string whole_text() {
  return "hyprelay warrant 1\n"
         "kernel sha256 " +
         digits('0') +
         "\n"
         "initrd sha256 " +
         digits('1') +
         "\n"
         "tree sha256 " +
         digits('2') +
         "\n"
         "overlay sha256 " +
         digits('3') +
         "\n"
         "overlay sha256 " +
         digits('4') +
         "\n"
         "vendor-boot sha256 " +
         digits('a') +
         "\n"
         "fit-config conf-1\n"
         "command-line root=/dev/a  quiet \n";
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
      "hyprelay warrant 1\nkernel sha256 " + digits('b') + "\ncommand-line-behind \n";
  const Warrant small = read(least);
  EXPECT_TRUE(small.behind_running);
  EXPECT_EQ(small.command_line, "");
  EXPECT_FALSE(small.initrd || small.tree || small.vendor_boot);
  EXPECT_EQ(to_text(small), least);
}

// Nothing is passed over: it could be a condition.
TEST(Warrant, a_line_that_is_not_understood_is_refused) {
  const std::string kernel = "kernel sha256 " + digits('0') + "\n";
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
           joined({first, kernel, line, "initrd sha256 ", digits('1'), "\ninitrd sha256 ",
                   digits('1'), "\n"}),
           joined({first, kernel, line, "until 2030-01-01\n"}),
           joined({first, kernel, line, "\n"}),
           joined({first, kernel, line, "initrd none\n"}),
           joined({first, kernel, line, "initrd sha512 ", digits('1'), "\n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1'), "1\n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('g'), "\n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1').replace(10, 2, "+1"), "\n"}),
           joined({first, kernel, line, "initrd sha256 ", digits('1').replace(10, 2, " 1"), "\n"}),
           joined({first, kernel, line, "fit-config \n"}),
           joined({first, "KERNEL sha256 ", digits('0'), "\n", line}),
       }) {
    const auto warrant = read_warrant(text, "w");
    ASSERT_FALSE(warrant) << text;
    EXPECT_EQ(warrant.error().code(), Code::WARRANT_MALFORMED) << text;
  }
}

TEST(Warrant, every_file_is_compared_and_none_is_more_or_less) {
  const Warrant good = read(whole_text());
  EXPECT_TRUE(check_files(good, good));
  struct Case {
    void (*change)(Warrant&);
    Code code;
    const char* part;
  };
  for (const Case& c : {
           Case{[](Warrant& w) { w.kernel.digest[31] ^= std::byte{1}; }, Code::WARRANT_FILE,
                "kernel"},
           Case{[](Warrant& w) { w.initrd->digest[0] ^= std::byte{1}; }, Code::WARRANT_FILE,
                "initrd"},
           Case{[](Warrant& w) { w.tree->digest[9] ^= std::byte{1}; }, Code::WARRANT_FILE, "tree"},
           Case{[](Warrant& w) { std::swap(w.overlays[0], w.overlays[1]); }, Code::WARRANT_FILE,
                "overlay"},
           Case{[](Warrant& w) { w.vendor_boot->digest[0] ^= std::byte{1}; }, Code::WARRANT_FILE,
                "vendor-boot"},
           Case{[](Warrant& w) { w.initrd.reset(); }, Code::WARRANT_PARTS,
                "initrd is signed, and none"},
           Case{[](Warrant& w) { w.tree.reset(); }, Code::WARRANT_PARTS,
                "tree is signed, and none"},
           Case{[](Warrant& w) { w.vendor_boot.reset(); }, Code::WARRANT_PARTS,
                "vendor-boot is signed"},
           Case{[](Warrant& w) { w.overlays.pop_back(); }, Code::WARRANT_PARTS,
                "overlay is signed"},
           Case{[](Warrant& w) { w.fit_config = "conf-2"; }, Code::WARRANT_PARTS,
                "configuration \"conf-2\""},
       }) {
    Warrant given = good;
    c.change(given);
    const auto checked = check_files(given, good);
    ASSERT_FALSE(checked) << c.part;
    EXPECT_EQ(checked.error().code(), c.code) << c.part;
    EXPECT_NE(checked.error().subject().find(c.part), std::string_view::npos)
        << checked.error().subject();
    // The other way round it is no better.
    EXPECT_FALSE(check_files(good, given)) << c.part;
  }
  Warrant least = good;
  least.initrd.reset();
  Warrant given = good;
  given.initrd->path = "/boot/initrd";
  const auto checked = check_files(given, least);
  EXPECT_EQ(checked.error().subject(), "initrd /boot/initrd is given, and not signed");
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
