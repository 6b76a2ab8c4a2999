// SPDX-License-Identifier: BSD-2-Clause
// How a rehearsal ends that never gets as far as a kernel, and what it leaves behind.
#include "base/error_text.hpp"
#include "os/files.hpp"
#include "rehearse/rehearse.hpp"
#include "tests/boot/expect.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hyprelay::rehearse {
namespace {

using base::Code;

class RunTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::path(testing::TempDir()) /
            ("hyprelay-run-" + std::to_string(getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    for (const char* folder : {"bin", "tmp", "arm/cli", "arm/rehearse/guest"}) {
      std::filesystem::create_directories(root_ / folder);
    }
    write("arm/cli/hyprelay", "the guest's");
    write("arm/rehearse/guest/rehearse_init", "the guest's");
    setenv("HYPRELAY_LIBDIR", root_.c_str(), 1);
    setenv("TMPDIR", (root_ / "tmp").c_str(), 1);
    path_before_ = std::getenv("PATH");
    setenv("PATH", (root_ / "bin").c_str(), 1);
    options_.from = kernel("armmp");
    options_.to = {options_.from};
    options_.payload_mib = 0;
    options_.transcript = file("transcript");
  }
  void TearDown() override {
    setenv("PATH", path_before_.c_str(), 1);
    unsetenv("TMPDIR");
    unsetenv("HYPRELAY_LIBDIR");
    std::filesystem::remove_all(root_);
  }

  std::string file(const char* name) const { return (root_ / name).string(); }
  std::string write(const char* name, std::string_view content) const {
    std::ofstream(root_ / name) << content;
    return file(name);
  }
  // In QEMU's place: for what it does when it starts, no real one is needed.
  void write_qemu(std::string_view script) const {
    std::filesystem::permissions(write("bin/qemu-system-arm", script),
                                 std::filesystem::perms::owner_all);
  }
  bool nothing_left() const { return std::filesystem::is_empty(root_ / "tmp"); }
  static std::string kernel(const char* flavour) {
    return boot_test::kernel_path(HR_CACHE, flavour);
  }
  // The code of the error that kept QEMU from being started.
  Code error_of_run() const {
    const auto result = run(options_);
    EXPECT_TRUE(nothing_left());
    return result ? Code::INTERNAL : result.error().code();
  }

  std::filesystem::path root_;
  std::string path_before_;
  Options options_;
};

TEST_F(RunTest, bad_kernels_end_it_before_qemu) {
  options_.to.push_back(kernel("arm64"));
  EXPECT_EQ(error_of_run(), Code::IMAGE_WRONG_ARCH);
  options_.to.back() = write("text", "no kernel, but a text that is a little longer than a header");
  EXPECT_EQ(error_of_run(), Code::IMAGE_UNKNOWN);
  options_.to.back() = file("missing");
  EXPECT_EQ(error_of_run(), Code::FILE_MISSING);
  options_.to.pop_back();
  options_.from = root_.string();
  EXPECT_EQ(error_of_run(), Code::FILE_UNREADABLE);
  options_.from = kernel("arm64");
  EXPECT_EQ(error_of_run(), Code::IMAGE_WRONG_ARCH);
}

TEST_F(RunTest, a_disk_that_nobody_can_use_ends_it_before_qemu) {
  options_.disk = file("missing");
  EXPECT_EQ(error_of_run(), Code::FILE_MISSING);
  options_.disk = root_.string();
  EXPECT_EQ(error_of_run(), Code::FILE_UNWRITABLE);
}

TEST_F(RunTest, what_needs_a_panic_is_told_so) {
  options_.capture_runs = {"/makedumpfile"};
  EXPECT_EQ(error_of_run(), Code::USAGE);
}

TEST_F(RunTest, transcript_that_cannot_be_written) {
  options_.transcript = file("no/folder/transcript");
  const auto result = run(options_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Code::FILE_UNWRITABLE);
  EXPECT_EQ(result.error().subject(), options_.transcript.substr(0, base::Error::kSubjectCapacity));
}

TEST_F(RunTest, qemu_missing) {
  const auto result = run(options_);
  ASSERT_TRUE(result);
  ASSERT_TRUE(result.value().failure);
  EXPECT_EQ(result.value().failure->code(), Code::REHEARSE_TOOL);
  EXPECT_EQ(result.value().failure->subject(), "qemu-system-arm");
  EXPECT_TRUE(nothing_left());
}

TEST_F(RunTest, closing_line_without_qemu) {
  options_.from = file("missing");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_and_print(options_), HR_EXIT_FILE);
  const std::string output = testing::internal::GetCapturedStdout();
  testing::internal::GetCapturedStderr();
  EXPECT_TRUE(output.starts_with("arm: FAILED: the file does not exist: ")) << output;
  EXPECT_EQ(output.find('\n'), output.size() - 1);
}

TEST_F(RunTest, a_signal_ends_it_and_nothing_is_left) {
  write_qemu("#!/bin/sh\necho started\nexec /bin/sleep 1000\n");
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    std::filesystem::remove(options_.transcript);
    const pid_t child = fork();
    if (child == 0) {
      // Whoever started the tests may have ignored it, which is inherited.
      signal(number, SIG_DFL);
      _exit(run_and_print(options_));
    }
    // QEMU runs once its first line is in the transcript.
    int status = 0;
    while (os::read_file(options_.transcript).value_or("").empty() &&
           waitpid(child, &status, WNOHANG) == 0) {
      usleep(10000);
    }
    EXPECT_FALSE(nothing_left());
    kill(child, number);
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), number);
    EXPECT_TRUE(nothing_left());
  }
}

TEST(Console, only_behind_the_last_handoff) {
  const std::string console =
      "VHE\nhyprelay relay: starting next kernel at 0x1\nHyp\n"
      "hyprelay relay: starting next kernel at 0x2\nEL1\n";
  EXPECT_EQ(boot_test::behind_last_handoff(console),
            "hyprelay relay: starting next kernel at 0x2\nEL1\n");
  EXPECT_EQ(boot_test::behind_last_handoff("VHE\n"), "");
}

}  // namespace
}  // namespace hyprelay::rehearse
