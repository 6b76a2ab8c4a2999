// SPDX-License-Identifier: BSD-2-Clause
// What is told about refusals. The system calls themselves are made by tests/cli and tests/boot.
#include "handoff/linux/kexec.hpp"

#include "base/error_text.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::Code;

RefusalFacts on_arm() {
  RefusalFacts facts;
  facts.machine = "armv7l";
  facts.wanted = Arch::kArm;
  return facts;
}

RefusalFacts stuck() {
  RefusalFacts facts = on_arm();
  facts.cpus_stuck = true;
  return facts;
}

TEST(Refusal, each_system_error_has_its_code) {
  EXPECT_EQ(refusal_of_load(EPERM, on_arm()).code(), Code::NO_PERMISSION);
  EXPECT_EQ(refusal_of_load(ENOSYS, on_arm()).code(), Code::NO_KEXEC);
  EXPECT_EQ(refusal_of_load(ENOMEM, on_arm()).code(), Code::LOAD_NO_MEMORY);
  EXPECT_EQ(refusal_of_load(EADDRNOTAVAIL, on_arm()).code(), Code::LOAD_OUTSIDE_RAM);
  EXPECT_EQ(refusal_of_load(EBUSY, on_arm()).code(), Code::LOAD_BUSY);
  EXPECT_EQ(refusal_of_load(EINVAL, on_arm()).code(), Code::LOAD_REFUSED);
  EXPECT_EQ(refusal_of_load(EFAULT, on_arm()).code(), Code::LOAD_REFUSED);
}

TEST(Refusal, for_a_panic_the_place_is_the_crash_region) {
  RefusalFacts facts = on_arm();
  facts.for_panic = true;
  EXPECT_EQ(refusal_of_load(EADDRNOTAVAIL, facts).code(), Code::LOAD_OUTSIDE_CRASH);
  EXPECT_EQ(refusal_of_load(EPERM, facts).code(), Code::NO_PERMISSION);
}

TEST(Refusal, cpus_that_cannot_go_down_explain_busy_and_invalid) {
  EXPECT_EQ(refusal_of_load(EBUSY, stuck()).code(), Code::CPUS_STUCK);
  EXPECT_EQ(refusal_of_load(EINVAL, stuck()).code(), Code::CPUS_STUCK);
  EXPECT_EQ(refusal_of_load(ENOMEM, stuck()).code(), Code::LOAD_NO_MEMORY);
}

TEST(Refusal, another_architecture_explains_invalid_first) {
  RefusalFacts facts = stuck();
  for (const char* machine : {"x86_64", "aarch64"}) {
    facts.machine = machine;
    EXPECT_EQ(refusal_of_load(EINVAL, facts).code(), Code::MACHINE_WRONG_ARCH) << machine;
  }
}

TEST(Refusal, says_why_nobody_may_load) {
  RefusalFacts facts = on_arm();
  facts.locked_down = true;
  EXPECT_EQ(refusal_of_load(EPERM, facts).subject(), "the kernel is locked down");
  facts.load_disabled = true;
  EXPECT_EQ(refusal_of_load(EPERM, facts).subject(),
            "kernel.kexec_load_disabled is 1 until the next boot");
}

TEST(Refusal, an_unexpected_error_is_named) {
  EXPECT_EQ(refusal_of_load(EFAULT, on_arm()).subject(), "kexec_load: EFAULT (Bad address)");
  EXPECT_EQ(refusal_of_load(4000, on_arm()).code(), Code::LOAD_REFUSED);
}

TEST(Refusal, names_the_step) {
  for (const int error : {EPERM, ENOSYS, ENOMEM, EADDRNOTAVAIL, EBUSY, EINVAL, EFAULT}) {
    EXPECT_EQ(refusal_of_load(error, on_arm()).stage(), base::Stage::kLoad) << error;
    EXPECT_EQ(refusal_of_load(error, on_arm(), base::Stage::kUnload).stage(), base::Stage::kUnload)
        << error;
  }
}

TEST(Refusal, of_the_jump) {
  EXPECT_EQ(refusal_of_boot(EPERM).code(), Code::NO_PERMISSION);
  EXPECT_EQ(refusal_of_boot(EINVAL).code(), Code::NOT_LOADED);
  EXPECT_EQ(refusal_of_boot(EBUSY).code(), Code::EXEC_REFUSED);
}

// A directory with just the files that these functions read.
class Files : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("hyprelay-kexec-" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    root_.path = directory_.string();
    root_.machine = "armv7l";
  }
  void TearDown() override { fs::remove_all(directory_); }
  void write(const std::string& path, std::string_view text) {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path) << text;
  }

  Root root_;
  fs::path directory_;
};

TEST_F(Files, loaded_or_not) {
  EXPECT_EQ(find_loaded(root_).error().code(), Code::NO_KEXEC);
  write("sys/kernel/kexec_loaded", "0\n");
  EXPECT_EQ(find_loaded(root_).error().code(), Code::NOT_LOADED);
  write("sys/kernel/kexec_loaded", "1\n");
  EXPECT_TRUE(find_loaded(root_));
}

TEST_F(Files, memory_for_a_crash_kernel) {
  EXPECT_EQ(crash_kernel_bytes(root_), std::nullopt);
  write("sys/kernel/kexec_crash_size", "0\n");
  EXPECT_EQ(crash_kernel_bytes(root_), 0u);
  write("sys/kernel/kexec_crash_size", "268435456\n");
  EXPECT_EQ(crash_kernel_bytes(root_), 268435456u);
}

TEST_F(Files, facts_about_refusals) {
  RefusalFacts facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_FALSE(facts.load_disabled || facts.locked_down || facts.cpus_stuck);

  write("proc/sys/kernel/kexec_load_disabled", "0\n");
  write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  write("sys/devices/system/cpu/cpu0/uevent", "");
  write("sys/devices/system/cpu/cpu1/online", "1\n");
  facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_FALSE(facts.load_disabled || facts.locked_down || facts.cpus_stuck);

  write("proc/sys/kernel/kexec_load_disabled", "1\n");
  write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  write("sys/devices/system/cpu/cpu2/uevent", "");
  facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_TRUE(facts.load_disabled && facts.locked_down && facts.cpus_stuck);
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
