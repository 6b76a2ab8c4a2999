// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/wishes.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

std::string chosen(const Wishes& wishes, const std::string& running) {
  return choose_command_line(wishes, Arch::kArm, running).text;
}

TEST(CommandLine, is_the_running_one_unless_given) {
  Wishes wishes;
  EXPECT_EQ(chosen(wishes, "root=a"), "root=a");
  wishes.reuse_command_line = true;
  EXPECT_EQ(chosen(wishes, "root=a"), "root=a");
  wishes.command_line = "quiet";
  EXPECT_EQ(chosen(wishes, "root=a"), "root=a quiet");
  EXPECT_EQ(chosen(wishes, ""), "quiet");
  wishes.reuse_command_line = false;
  EXPECT_EQ(chosen(wishes, "root=a"), "quiet");
  wishes.command_line = "";
  EXPECT_EQ(chosen(wishes, "root=a"), "");
}

TEST(CommandLine, that_somebody_gives_keeps_what_a_bootloader_would_say) {
  Wishes wishes;
  EXPECT_EQ(chosen(wishes, "BOOT_IMAGE=/vmlinuz root=a initrd=\\b"), "root=a");
  wishes.command_line = "initrd=0x48000000,16M";
  EXPECT_EQ(chosen(wishes, "root=a"), "initrd=0x48000000,16M");
}

TEST(CommandLine, of_a_crash_kernel_is_the_running_one_without_its_own) {
  Wishes wishes;
  wishes.panic = true;
  const auto line = [&] {
    return choose_command_line(wishes, Arch::kArm64, "root=a crashkernel=256M").text;
  };
  const std::string added =
      " nr_cpus=1 reset_devices cma=0 hugetlb_cma=0 kfence.sample_interval=0 cgroup_disable=memory";
  EXPECT_EQ(line(), "root=a" + added);
  wishes.command_line = "quiet";
  EXPECT_EQ(line(), "quiet");
  wishes.append = "panic=10";
  EXPECT_EQ(line(), "quiet panic=10");
  wishes.reuse_command_line = true;
  EXPECT_EQ(line(), "root=a quiet panic=10");
  wishes.command_line = std::nullopt;
  wishes.reuse_command_line = false;
  EXPECT_EQ(line(), "root=a" + added + " panic=10");
}

TEST(CommandLine, costly_words_that_a_user_gives_a_crash_kernel_stay_and_are_warned_of) {
  Wishes wishes;
  wishes.append = "mem=32M hugepages=64 quiet root=a cma=0 slub_debug=off swiotlb -- mem=1M";
  EXPECT_EQ(big_words_warning(wishes), std::nullopt) << "no crash kernel";
  wishes.panic = true;
  EXPECT_NE(chosen(wishes, "root=b").find(" mem=32M hugepages=64 "), std::string::npos);
  const std::string warning = big_words_warning(wishes).value_or("");
  EXPECT_TRUE(
      warning.starts_with("the crash kernel is told mem=32M (describes memory that a "
                          "crash kernel does not have), hugepages=64 (takes memory"))
      << warning;
  EXPECT_NE(warning.find(", swiotlb (takes memory"), std::string::npos) << warning;
  EXPECT_NE(warning.find("panic_keep_words="), std::string::npos) << warning;
  for (const char* word : {"quiet", "cma=0", "slub", "mem=1M"}) {
    EXPECT_EQ(warning.find(word), std::string::npos) << warning;
  }
  wishes.keep_words = {"mem", "hugepages", "swiotlb"};
  EXPECT_EQ(big_words_warning(wishes), std::nullopt);
  wishes.keep_words.clear();
  wishes.append.reset();
  wishes.command_line = "log-buf-len=64M";
  EXPECT_NE(big_words_warning(wishes).value_or("").find("log-buf-len=64M"), std::string::npos);
}

TEST(CommandLine, what_is_added_is_for_the_kernel_and_not_for_init) {
  Wishes wishes;
  wishes.append = "panic=10";
  EXPECT_EQ(chosen(wishes, "root=a -- single"), "root=a panic=10 -- single");
  wishes.command_line = "quiet";
  wishes.reuse_command_line = true;
  EXPECT_EQ(chosen(wishes, "-- single"), "quiet panic=10 -- single");
}

TEST(CommandLine, a_quote_that_nothing_ends_takes_no_other_word_and_is_told) {
  const std::string open = "dyndbg=\"file a +p";
  Wishes wishes;
  wishes.panic = true;
  wishes.append = "panic=10";
  CrashLine line = choose_command_line(wishes, Arch::kArm64, "root=a " + open);
  EXPECT_TRUE(line.text.starts_with("root=a " + open + "\" nr_cpus=1 ")) << line.text;
  EXPECT_TRUE(line.text.ends_with(" panic=10")) << line.text;
  EXPECT_EQ(line.open, std::vector<std::string>{open});
  wishes.append = "x=\"y z";
  wishes.command_line = "b=\"c d";
  wishes.reuse_command_line = true;
  line = choose_command_line(wishes, Arch::kArm64, "root=a -- " + open);
  EXPECT_EQ(line.text, "root=a b=\"c d\" x=\"y z\" -- " + open + "\"");
  EXPECT_EQ(line.added, "b=\"c d\" x=\"y z\"");
  EXPECT_EQ(line.open, (std::vector<std::string>{open, "b=\"c d", "x=\"y z"}));
  line = choose_command_line(Wishes(), Arch::kArm64, "root=a");
  EXPECT_TRUE(line.open.empty());
}

TEST(CommandLine, words_that_somebody_gave_are_never_left_out) {
  Wishes wishes;
  wishes.panic = true;
  wishes.command_line = "hugepages=2";
  wishes.append = "quiet";
  EXPECT_EQ(chosen(wishes, ""), "hugepages=2 quiet");
  wishes.reuse_command_line = true;
  const CrashLine line = choose_command_line(wishes, Arch::kArm64, "root=a quiet cma=64M");
  EXPECT_EQ(line.text, "root=a hugepages=2 quiet");
  EXPECT_EQ(line.left_out, (std::vector<std::string>{"quiet", "cma=64M"}));
}

TEST(Resident, what_the_user_says_takes_the_place_of_the_evidence) {
  Machine machine;
  machine.boot_mode = Mode::kHYP;
  machine.kernel_release = "6.1.0";
  Wishes wishes;
  EXPECT_EQ(find_resident(wishes, machine).value().dialect, compat::Dialect::kNONE);
  wishes.resident_vectors.physical = 0x40311500;
  EXPECT_EQ(find_resident(wishes, machine).value().dialect, compat::Dialect::kNONE);
  EXPECT_EQ(find_resident(wishes, machine).value().vectors.physical, 0x40311500u);
  wishes.resident = compat::Dialect::kARM_STUB_5_7;
  const auto choice = find_resident(wishes, machine).value();
  EXPECT_EQ(choice.dialect, compat::Dialect::kARM_STUB_5_7);
  EXPECT_EQ(choice.confidence, compat::Confidence::kNone);
  EXPECT_EQ(choice.why_not, "");
}

TEST(Resident, vectors_lie_where_vectors_can) {
  Machine machine;
  Wishes wishes;
  wishes.resident = compat::Dialect::kARM_KVM_3_14;
  const auto code = [&](std::uint64_t physical,
                        std::uint64_t virtual_address) -> std::optional<base::Code> {
    wishes.resident_vectors = {physical, virtual_address};
    const auto choice = find_resident(wishes, machine);
    return choice ? std::nullopt : std::optional(choice.error().code());
  };
  EXPECT_EQ(code(0x40212000, 0xc0212000), std::nullopt);
  EXPECT_EQ(code(0x40212020, 0), std::nullopt);
  for (const std::uint64_t wrong : {0x40208001ull, 0xffffffffull, 0x140208000ull}) {
    EXPECT_EQ(code(wrong, 0), base::Code::USAGE) << wrong;
    EXPECT_EQ(code(0x40212000, wrong), base::Code::USAGE) << wrong;
  }
  machine.arch = Arch::kArm64;
  wishes.resident = compat::Dialect::kARM64_KVM_3_11;
  EXPECT_EQ(code(0x140208000, 0xffff000040208000), std::nullopt);
  EXPECT_EQ(code(0x40212020, 0), base::Code::USAGE);
  EXPECT_EQ(code(std::uint64_t{1} << 48, 0), base::Code::USAGE);
}

TEST(Resident, symbols_are_needed_where_neither_release_nor_user_tells) {
  Machine machine;
  machine.arch = Arch::kArm64;
  machine.boot_mode = Mode::kEL2;
  machine.kernel_release = "4.14.0";
  Wishes wishes;
  EXPECT_FALSE(needs_symbols(wishes, machine));
  wishes.panic = true;
  EXPECT_TRUE(needs_symbols(wishes, machine)) << "its crash kernel starts at EL1";
  wishes.resident = compat::Dialect::kNONE;
  EXPECT_FALSE(needs_symbols(wishes, machine));
}

TEST(Resident, that_gives_nothing_back_is_told_when_hyp_is_required) {
  struct Row {
    Mode mode;
    const char* release;
    const char* log;
    std::optional<compat::Dialect> named;
    // nullptr: nothing stands against it, as far as anybody knows.
    const char* refused;
  };
  const char* const pkvm = "kvm [1]: Protected nVHE mode initialized successfully";
  const Row rows[] = {
      {Mode::kEL2, "6.1.0", "", {}, nullptr},
      {Mode::kEL2,
       "6.12.0",
       "kvm [1]: Protected hVHE mode initialized successfully",
       {},
       "no way up through arm64-pkvm-5.16 is known to be safe"},
      {Mode::kEL2, "6.1.0", pkvm, {}, "no way up through arm64-pkvm-5.16 is known to be safe"},
      {Mode::kEL1,
       "6.1.0",
       "",
       {},
       "the running kernel was started below HYP/EL2, and nothing tells who is there"},
      {Mode::kEL1, "6.1.0", "", compat::Dialect::kGUNYAH, "no way up through gunyah is known"},
      {Mode::kEL1, "6.1.0", "", compat::Dialect::kNONE, "nobody is there to give HYP/EL2 away"},
      {Mode::kEL1, "6.1.0", "", compat::Dialect::kCOMMON, nullptr},
      // The relay asks the CPU.
      {Mode::kUNKNOWN, "6.1.0", "", {}, nullptr},
      {Mode::kEL2, "", "", {}, nullptr},
  };
  for (const Row& row : rows) {
    Machine machine;
    machine.arch = Arch::kArm64;
    machine.boot_mode = row.mode;
    machine.kernel_release = row.release;
    machine.hyp.log = {row.log};
    Wishes wishes;
    wishes.resident = row.named;
    EXPECT_TRUE(find_resident(wishes, machine)) << row.release;
    wishes.require_hyp = true;
    const auto required = find_resident(wishes, machine);
    EXPECT_EQ(required.has_value(), row.refused == nullptr) << row.release << row.log;
    if (!required) {
      EXPECT_EQ(required.error().code(), base::Code::RESIDENT_NO_WAY);
      EXPECT_EQ(required.error().subject(), row.refused);
    }
  }
}

}  // namespace
}  // namespace hyprelay::handoff
