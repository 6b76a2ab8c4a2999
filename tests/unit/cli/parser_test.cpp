// SPDX-License-Identifier: BSD-2-Clause
#include "cli/parser.hpp"

#include <gtest/gtest.h>

namespace hyprelay::cli {
namespace {

using base::Code;

Arguments parsed(std::vector<std::string> words) {
  return parse(std::move(words)).value();
}

// What the message says; empty when the words are accepted.
std::string complaint(std::vector<std::string> words) {
  const auto arguments = parse(std::move(words));
  if (arguments) {
    return "";
  }
  EXPECT_EQ(arguments.error().code(), Code::USAGE);
  return std::string(arguments.error().subject());
}

TEST(Parser, reads_load_as_people_write_it) {
  const Arguments arguments =
      parsed({"load", "/boot/vmlinuz", "--initrd=/boot/initrd", "--dtb", "a.dtb", "--json"});
  EXPECT_EQ(arguments.command, Command::kLoad);
  EXPECT_EQ(arguments.text("KERNEL"), "/boot/vmlinuz");
  EXPECT_EQ(arguments.text("--initrd"), "/boot/initrd");
  EXPECT_EQ(arguments.text("--dtb"), "a.dtb");
  EXPECT_TRUE(arguments.has("--json"));
  EXPECT_FALSE(arguments.has("--dry-run"));
  EXPECT_FALSE(arguments.text("--machine"));
}

TEST(Parser, knows_the_names_of_kexec_tools) {
  EXPECT_EQ(parsed({"load", "k", "--append=quiet"}).text("--command-line"), "quiet");
  EXPECT_EQ(parsed({"load", "--command-line", "quiet", "k"}).text("--command-line"), "quiet");
  EXPECT_EQ(parsed({"load", "--ramdisk=i", "k"}).text("--initrd"), "i");
  EXPECT_TRUE(parsed({"load", "k", "--reuse-cmdline"}).has("--reuse-cmdline"));
}

TEST(Parser, takes_a_command_line_as_it_is) {
  for (const std::string text : {"root=/dev/sda1 ro quiet", "a,b,c", "[a,b]", "{}",
                                 "\"quoted words\" 'x'", "x=--y", "=", "%1 \\ $HOME"}) {
    EXPECT_EQ(parsed({"load", "k", "--append", text}).text("--command-line"), text);
    EXPECT_EQ(parsed({"load", "k", "--append=" + text}).text("--command-line"), text);
  }
  EXPECT_EQ(parsed({"load", "k", "--append=-x"}).text("--command-line"), "-x");
}

TEST(Parser, a_file_may_have_the_name_of_a_command) {
  EXPECT_EQ(parsed({"load", "test"}).text("KERNEL"), "test");
  EXPECT_EQ(parsed({"load", "k", "--initrd", "plan"}).text("--initrd"), "plan");
}

TEST(Parser, a_file_does_not_begin_with_a_hyphen_unless_it_is_said_so) {
  EXPECT_EQ(complaint({"load", "k", "--initrd", "--json"}),
            "--initrd takes one value, and is given once");
  EXPECT_EQ(parsed({"load", "k", "--initrd=-i"}).text("--initrd"), "-i");
  EXPECT_EQ(parsed({"load", "k", "--initrd", "-"}).text("--initrd"), "-");
  EXPECT_EQ(parsed({"load", "--json", "--", "-k"}).text("KERNEL"), "-k");
}

TEST(Parser, an_empty_command_line_is_one) {
  EXPECT_EQ(parsed({"load", "k", "--append", ""}).text("--command-line"), "");
  EXPECT_EQ(parsed({"load", "k", "--append="}).text("--command-line"), "");
}

TEST(Parser, says_what_is_wrong) {
  EXPECT_EQ(complaint({}), "a command is missing");
  EXPECT_EQ(complaint({"frobnicate"}), "there is no command \"frobnicate\"");
  EXPECT_EQ(complaint({"bundle"}), "KERNEL is missing");
  EXPECT_EQ(complaint({"bundle", "--json"}), "KERNEL is missing");
  EXPECT_EQ(complaint({"load", "k", "--initrd"}), "--initrd takes one value, and is given once");
  EXPECT_EQ(complaint({"load", "k", "--dtb=a", "--dtb=b"}),
            "--dtb takes one value, and is given once");
  EXPECT_NE(complaint({"load", "a", "b"}).find('b'), std::string::npos);
  EXPECT_NE(complaint({"load", "k", "--bogus"}).find("--bogus"), std::string::npos);
  EXPECT_NE(complaint({"plan", "k", "--dry-run"}).find("--dry-run"), std::string::npos);
  EXPECT_NE(complaint({"exec", "k"}).find('k'), std::string::npos);
  EXPECT_EQ(complaint({"load", "k", "--dry-run=false"}), "--dry-run takes no value");
  EXPECT_EQ(complaint({"load", "k", "a"}), "The following argument was not expected: a");
  EXPECT_EQ(complaint({"load", "k", "a", "--b"}),
            "The following arguments were not expected: a --b");
  EXPECT_NE(complaint({"--json"}), "");
  EXPECT_EQ(complaint({"load", "k", "--init", "i"}),
            "The following argument was not expected: --init");
  EXPECT_EQ(complaint({"load", "k", "-j"}), "The following argument was not expected: -j");
  EXPECT_EQ(complaint({"load", "k", "-xy"}), "The following argument was not expected: -xy");
}

TEST(Parser, help_works_without_what_is_required) {
  EXPECT_TRUE(parsed({"load", "--help"}).has("--help"));
  EXPECT_TRUE(parsed({"--help"}).has("--help"));
  EXPECT_TRUE(parsed({"-h"}).has("--help"));
  EXPECT_FALSE(parsed({"-h"}).command);
}

TEST(Parser, knows_what_people_try_first) {
  EXPECT_FALSE(parsed({"help"}).command);
  EXPECT_TRUE(parsed({"help"}).has("--help"));
  EXPECT_FALSE(parsed({"help", "help"}).command);
  EXPECT_EQ(parsed({"help", "load"}).command, Command::kLoad);
  EXPECT_TRUE(parsed({"help", "load"}).has("--help"));
  EXPECT_TRUE(parsed({"help", "--help"}).has("--help"));
  EXPECT_EQ(parsed({"--help", "load"}).command, Command::kLoad);
  EXPECT_EQ(complaint({"help", "frobnicate"}), "there is no command \"frobnicate\"");
  EXPECT_EQ(parsed({"--version"}).command, Command::kVersion);
  EXPECT_TRUE(parsed({"--version", "--json"}).has("--json"));
}

TEST(Parser, reads_a_rehearsal) {
  const Arguments arguments = parsed(
      {"rehearse", "--arch", "arm", "--from", "a", "--to", "b", "--to=c", "--hops", "3",
       "--qemu-arg", "-device", "--qemu-arg=virtio-rng", "--", "--require-hyp", "--append=x"});
  EXPECT_EQ(arguments.texts("--to"), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(arguments.number("--hops", 1), 3u);
  EXPECT_EQ(arguments.number("--cpus", 2), 2u);
  EXPECT_EQ(arguments.rest, (std::vector<std::string>{"--require-hyp", "--append=x"}));
  const Arguments hyphens = parsed({"rehearse", "--arch", "arm", "--from", "a", "--to", "b",
                                    "--append", "--", "--", "--", "-x"});
  EXPECT_EQ(hyphens.text("--append"), "--");
  EXPECT_EQ(hyphens.rest, (std::vector<std::string>{"--", "-x"}));
}

TEST(Parser, takes_files_without_number_where_a_row_says_so) {
  const Arguments arguments =
      parsed({"fdt", "merge", "a.dtb", "b.dtbo", "--output", "o", "c.dtbo", "b.dtbo"});
  EXPECT_EQ(arguments.text("ACTION"), "merge");
  EXPECT_EQ(arguments.text("FILE"), "a.dtb");
  EXPECT_EQ(arguments.texts("MORE"), (std::vector<std::string>{"b.dtbo", "c.dtbo", "b.dtbo"}));
  EXPECT_FALSE(complaint({"load", "k", "l"}).empty());
}

TEST(Parser, checks_numbers_and_choices) {
  const std::vector<std::string> good = {"rehearse", "--arch", "arm", "--from", "a", "--to", "b"};
  EXPECT_EQ(complaint(good), "");
  for (const char* number : {"0", "-1", "x", "1x", "4294967296", ""}) {
    std::vector<std::string> words = good;
    words.push_back(std::string("--hops=") + number);
    EXPECT_NE(complaint(words), "") << number;
  }
  std::vector<std::string> words = good;
  words[2] = "mips";
  EXPECT_NE(complaint(words).find("none of: arm arm64"), std::string::npos);
  EXPECT_EQ(complaint({"rehearse", "--arch", "arm", "--from", "a"}), "--to is missing");
  // What stands in the place of another one.
  EXPECT_EQ(complaint({"rehearse", "--from", "a", "--to", "a"}), "--arch is missing");
  EXPECT_EQ(complaint({"rehearse", "--board", "x", "--from", "a", "--to", "a"}), "");
  EXPECT_EQ(complaint({"rehearse", "--board", "x"}), "--from is missing");
  EXPECT_EQ(complaint({"rehearse", "--board=list"}), "");
}

}  // namespace
}  // namespace hyprelay::cli
