// SPDX-License-Identifier: BSD-2-Clause
// The guest's helpers, on the host.
#include "base/boot_mode.hpp"
#include "rehearse/guest/disk.hpp"
#include "rehearse/guest/kernel_log.hpp"
#include "rehearse/guest/user_programs.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace hyprelay::rehearse::guest {
namespace {

// /dev/kmsg of a captured machine, without the records' prefixes.
std::string captured_log(const std::string& machine) {
  std::ifstream file(HR_TEST_DATA "/linux/" + machine + "/kmsg.txt");
  std::ostringstream log;
  for (std::string line; std::getline(file, line);) {
    log << line.substr(line.find(';') + 1) << '\n';
  }
  return log.str();
}

TEST(KernelLog, modes_of_captured_machines) {
  EXPECT_EQ(base::boot_mode_in(captured_log("armmp")), "HYP");
  EXPECT_EQ(base::boot_mode_in(captured_log("armmp-lpae")), "HYP");
  EXPECT_EQ(base::boot_mode_in(captured_log("armmp-svc")), "SVC");
  EXPECT_EQ(base::boot_mode_in(captured_log("arm64")), "EL2");
  EXPECT_EQ(base::boot_mode_in(captured_log("arm64-max")), "EL2");
  EXPECT_EQ(base::boot_mode_in(captured_log("arm64-el1")), "EL1");
}

TEST(KernelLog, modes_that_nobody_wants) {
  EXPECT_EQ(base::boot_mode_in(""), "unknown");
  EXPECT_EQ(base::boot_mode_in(
                "CPU: WARNING: CPU(s) started in wrong/inconsistent modes (primary CPU mode "
                "0x1a)\n"),
            "mixed");
}

TEST(KernelLog, the_last_oops) {
  const std::string oops =
      "Unable to handle kernel paging request at virtual address ffff7fffbfe00000\n"
      "Mem abort info:\n"
      "Internal error: Oops: 0000000096000004 [#1] SMP\n"
      "pc : machine_kexec_post_load+0x1a4/0x2c0\n"
      "---[ end trace 0000000000000000 ]---\n";
  EXPECT_EQ(oops_in("one\n" + oops + "two\n"), oops);
  EXPECT_EQ(oops_in("BUG: an earlier one\n---[ end trace 1 ]---\nx\n" + oops), oops);
  EXPECT_EQ(oops_in("Internal error: cut"), "Internal error: cut\n");
  EXPECT_EQ(oops_in("no BUG: here\n"), "");
}

TEST(KernelLog, line_with_a_text) {
  const std::string log = "one\nInitramfs unpacking failed: invalid magic\nthree";
  EXPECT_EQ(line_with(log, "unpacking"), "Initramfs unpacking failed: invalid magic");
  EXPECT_EQ(line_with(log, "one"), "one");
  EXPECT_EQ(line_with(log, "three"), "three");
  EXPECT_EQ(line_with(log, "four"), "");
}

// finit_module itself is for the boot tests: capture.armmp and capture.arm64.
TEST(GuestDisk, says_which_modules_it_misses) {
  const std::string root = testing::TempDir() + "hyprelay-guest-disk-" + std::to_string(::getpid());
  EXPECT_EQ(open_disk(root, "6.1.0-56-arm64"),
            "no /dev/vda: " + root +
                "/lib/modules/6.1.0-56-arm64/kernel/ has neither virtio_mmio nor virtio_blk; an "
                "--initrd with them drives it");
  std::filesystem::create_directories(root + "/dev");
  std::ofstream(root + "/dev/vda") << "built in";
  EXPECT_EQ(open_disk(root, "6.1.0-56-arm64"), "");
  std::filesystem::remove_all(root);
}

TEST(UserPrograms, a_command_is_cut_at_its_spaces) {
  EXPECT_EQ(words_of("  /busybox sh  /load.sh "),
            (std::vector<std::string>{"/busybox", "sh", "/load.sh"}));
  EXPECT_TRUE(words_of(" ").empty());
}

TEST(UserPrograms, the_first_that_fails_is_the_last) {
  testing::internal::CaptureStdout();
  const auto failed =
      run_programs("before", 0, {"/bin/echo one", "/usr/bin/env false", "/bin/echo never"});
  const std::string output = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->command, "/usr/bin/env false");
  EXPECT_EQ(failed->exit_code, 1);
  EXPECT_EQ(output.find("never"), std::string::npos);
  // Between the two marks stands what the program printed.
  const std::size_t start = output.find(R"("event":"program")");
  const std::size_t one = output.find("\none\n");
  const std::size_t end = output.find(R"("event":"before")");
  ASSERT_NE(one, std::string::npos) << output;
  EXPECT_LT(start, one);
  EXPECT_LT(one, end);
  testing::internal::CaptureStdout();
  EXPECT_FALSE(run_programs("before", 0, {"/bin/echo one"}));
  testing::internal::GetCapturedStdout();
}

TEST(UserPrograms, no_program_at_all_fails) {
  testing::internal::CaptureStdout();
  const auto failed = run_programs("before", 0, {" "});
  testing::internal::GetCapturedStdout();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->exit_code, 127);
}

}  // namespace
}  // namespace hyprelay::rehearse::guest
