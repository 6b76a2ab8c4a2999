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

TEST(Parser, ReadsLoadAsPeopleWriteIt) {
  const Arguments arguments =
      parsed({"load", "/boot/vmlinuz", "--initrd=/boot/initrd", "--dtb", "a.dtb", "--json"});
  EXPECT_EQ(arguments.command, Command::kLoad);
  EXPECT_EQ(arguments.text(Option::kKernel), "/boot/vmlinuz");
  EXPECT_EQ(arguments.text(Option::kInitrd), "/boot/initrd");
  EXPECT_EQ(arguments.text(Option::kDtb), "a.dtb");
  EXPECT_TRUE(arguments.has(Option::kJson));
  EXPECT_FALSE(arguments.has(Option::kDryRun));
  EXPECT_FALSE(arguments.text(Option::kMachineFile));
}

TEST(Parser, KnowsTheNamesOfKexecTools) {
  EXPECT_EQ(parsed({"load", "k", "--append=quiet"}).text(Option::kCommandLine), "quiet");
  EXPECT_EQ(parsed({"load", "--command-line", "quiet", "k"}).text(Option::kCommandLine), "quiet");
  EXPECT_EQ(parsed({"load", "--ramdisk=i", "k"}).text(Option::kInitrd), "i");
  EXPECT_TRUE(parsed({"load", "k", "--reuse-cmdline"}).has(Option::kReuseCommandLine));
}

TEST(Parser, TakesACommandLineAsItIs) {
  for (const std::string text : {"root=/dev/sda1 ro quiet", "a,b,c", "[a,b]", "{}",
                                 "\"quoted words\" 'x'", "x=--y", "=", "%1 \\ $HOME"}) {
    EXPECT_EQ(parsed({"load", "k", "--append", text}).text(Option::kCommandLine), text);
    EXPECT_EQ(parsed({"load", "k", "--append=" + text}).text(Option::kCommandLine), text);
  }
  EXPECT_EQ(parsed({"load", "k", "--append=-x"}).text(Option::kCommandLine), "-x");
}

TEST(Parser, AnEmptyCommandLineIsOne) {
  EXPECT_EQ(parsed({"load", "k", "--append", ""}).text(Option::kCommandLine), "");
  EXPECT_EQ(parsed({"load", "k", "--append="}).text(Option::kCommandLine), "");
}

TEST(Parser, SaysWhatIsWrong) {
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
  EXPECT_NE(complaint({"load", "k", "--dry-run=false"}), "");
  EXPECT_NE(complaint({"--json"}), "");
}

TEST(Parser, HelpWorksWithoutWhatIsRequired) {
  EXPECT_TRUE(parsed({"load", "--help"}).has(Option::kHelp));
  EXPECT_TRUE(parsed({"--help"}).has(Option::kHelp));
  EXPECT_TRUE(parsed({"-h"}).has(Option::kHelp));
  EXPECT_FALSE(parsed({"-h"}).command);
}

TEST(Parser, KnowsWhatPeopleTryFirst) {
  EXPECT_FALSE(parsed({"help"}).command);
  EXPECT_TRUE(parsed({"help"}).has(Option::kHelp));
  EXPECT_FALSE(parsed({"help", "help"}).command);
  EXPECT_EQ(parsed({"help", "load"}).command, Command::kLoad);
  EXPECT_TRUE(parsed({"help", "load"}).has(Option::kHelp));
  EXPECT_TRUE(parsed({"help", "--help"}).has(Option::kHelp));
  EXPECT_EQ(complaint({"help", "frobnicate"}), "there is no command \"frobnicate\"");
  EXPECT_EQ(parsed({"--version"}).command, Command::kVersion);
  EXPECT_TRUE(parsed({"--version", "--json"}).has(Option::kJson));
}

TEST(Parser, ReadsARehearsal) {
  const Arguments arguments = parsed(
      {"rehearse", "--arch", "arm", "--from", "a", "--to", "b", "--to=c", "--hops", "3",
       "--qemu-arg", "-device", "--qemu-arg=virtio-rng", "--", "--require-hyp", "--append=x"});
  EXPECT_EQ(arguments.texts(Option::kTo), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(arguments.number(Option::kHops, 1), 3u);
  EXPECT_EQ(arguments.number(Option::kCpus, 2), 2u);
  EXPECT_EQ(arguments.rest, (std::vector<std::string>{"--require-hyp", "--append=x"}));
}

TEST(Parser, ChecksNumbersAndChoices) {
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
}

}  // namespace
}  // namespace hyprelay::cli
