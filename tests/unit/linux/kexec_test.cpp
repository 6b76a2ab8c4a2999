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

TEST(Refusal, of_cpus_that_never_come_back_is_known_before) {
  RefusalFacts facts = on_arm();
  facts.several_cpus = facts.several_online = facts.has_tree = facts.cpus_stuck = true;
  EXPECT_EQ(check_cpus(facts).error().code(), Code::CPUS_STUCK);
  facts.for_panic = true;
  EXPECT_EQ(check_cpus(facts).error().subject(),
            "the tree has no /psci; /cpus: enable-method is none");
  facts.enable_method = "brcm,bcm2836-smp";
  EXPECT_EQ(check_cpus(facts).error().subject(),
            "the tree has no /psci; /cpus: enable-method is brcm,bcm2836-smp");
  facts.has_psci = true;
  EXPECT_TRUE(check_cpus(facts));
  // Files to turn them off, and nothing behind them: nobody knows before the kernel says so.
  facts.has_psci = facts.cpus_stuck = false;
  EXPECT_TRUE(check_cpus(facts));
  EXPECT_EQ(refusal_of_load(EINVAL, facts).code(), Code::CPUS_STUCK);
  facts.several_cpus = false;
  EXPECT_EQ(refusal_of_load(EINVAL, facts).code(), Code::LOAD_REFUSED);

  RefusalFacts arm64;
  arm64.machine = "aarch64";
  arm64.wanted = Arch::kArm64;
  arm64.several_cpus = arm64.several_online = arm64.has_tree = arm64.spin_tables = true;
  EXPECT_EQ(check_cpus(arm64).error().subject(),
            "/cpus: enable-method is spin-table; PSCI of TF-A takes its place");
  arm64.is_pi = true;
  EXPECT_EQ(
      check_cpus(arm64).error().subject(),
      "/cpus: enable-method is spin-table; PSCI: TF-A as armstub= in config.txt, /psci in the "
      "tree");
  arm64.is_pi4 = true;
  EXPECT_EQ(check_cpus(arm64).error().subject(),
            "/cpus: enable-method is spin-table; PSCI: armstub=bl31.bin (package "
            "arm-trusted-firmware) in config.txt");
  EXPECT_EQ(refusal_of_load(EBUSY, arm64).code(), Code::CPUS_STUCK);
  arm64.for_panic = true;
  EXPECT_TRUE(check_cpus(arm64)) << "a crash kernel is loaded whatever the CPUs do";
  arm64.for_panic = arm64.several_online = false;
  EXPECT_TRUE(check_cpus(arm64)) << "nr_cpus=1";
}

TEST(Refusal, another_architecture_explains_invalid_first) {
  RefusalFacts facts = stuck();
  for (const char* machine : {"x86_64", "aarch64"}) {
    facts.machine = machine;
    EXPECT_EQ(refusal_of_load(EINVAL, facts).code(), Code::MACHINE_WRONG_ARCH) << machine;
  }
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

TEST_F(Files, a_virtual_machine_stands_against_the_jump) {
  root_.kernel_release = "4.9.0";
  write("proc/1/fd/0", "");
  EXPECT_TRUE(check_exec(root_));
  fs::create_directories(directory_ / "proc/7/fd");
  fs::create_symlink("anon_inode:kvm-vm", directory_ / "proc/7/fd/3");
  EXPECT_EQ(check_exec(root_).error().code(), Code::RESIDENT_VM_ALIVE);
  root_.kernel_release = "4.12.0";
  EXPECT_TRUE(check_exec(root_));
  root_.machine = "x86_64";
  EXPECT_TRUE(check_exec(root_));
}

TEST_F(Files, what_is_known_of_the_cpus) {
  EXPECT_FALSE(gather_refusal_facts(root_, Arch::kArm).several_cpus);
  write("sys/devices/system/cpu/cpu1/online", "1\n");
  write("sys/devices/system/cpu/online", "0-1\n");
  write("proc/device-tree/cpus/cpu@1/enable-method", std::string_view("spin-table\0", 11));
  RefusalFacts facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_TRUE(facts.several_cpus && facts.several_online && facts.has_tree && facts.spin_tables);
  EXPECT_FALSE(facts.has_psci || facts.cpus_stuck);
  write("proc/device-tree/psci/method", "smc");
  write("proc/device-tree/cpus/cpu@1/enable-method", "psci");
  write("sys/devices/system/cpu/online", "0\n");
  facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_TRUE(facts.has_psci);
  EXPECT_FALSE(facts.spin_tables || facts.several_online || facts.is_pi);
  EXPECT_EQ(facts.enable_method, "psci");
}

TEST_F(Files, what_is_known_of_boards_with_spin_tables) {
  write("proc/device-tree/compatible",
        std::string_view("raspberrypi,4-model-b\0brcm,bcm2711\0", 35));
  write("proc/device-tree/cpus/cpu@0/enable-method", std::string_view("psci\0", 5));
  write("proc/device-tree/cpus/cpu@1/enable-method", std::string_view("spin-table\0", 11));
  RefusalFacts facts = gather_refusal_facts(root_, Arch::kArm64);
  EXPECT_TRUE(facts.spin_tables && facts.is_pi && facts.is_pi4);
  write("proc/device-tree/compatible", std::string_view("raspberrypi,2-model-b\0", 22));
  write("proc/device-tree/cpus/cpu@1/enable-method", std::string_view("psci\0", 5));
  write("proc/device-tree/cpus/enable-method", std::string_view("brcm,bcm2836-smp\0", 17));
  facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_TRUE(facts.is_pi);
  EXPECT_FALSE(facts.spin_tables || facts.is_pi4);
  EXPECT_EQ(facts.enable_method, "brcm,bcm2836-smp");
}

// A CPU without the file "online": PSCI has no CPU_OFF, or there is no PSCI.
TEST(Refusal, stuck_cpus_below_psci_are_told_from_those_without) {
  RefusalFacts facts = stuck();
  EXPECT_EQ(refusal_of_load(EBUSY, facts).subject(),
            "/sys/devices/system/cpu: CPUs without online");
  facts.has_psci = true;
  EXPECT_EQ(refusal_of_load(EBUSY, facts).subject(),
            "/sys/devices/system/cpu: CPUs without online; PSCI here has no CPU_OFF");
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
  EXPECT_FALSE(facts.load_disabled || facts.cpus_stuck);

  write("sys/devices/system/cpu/cpu0/uevent", "");
  write("sys/devices/system/cpu/cpu1/online", "1\n");
  facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_FALSE(facts.load_disabled || facts.cpus_stuck);

  write("sys/devices/system/cpu/cpu2/uevent", "");
  facts = gather_refusal_facts(root_, Arch::kArm);
  EXPECT_TRUE(facts.cpus_stuck);
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
