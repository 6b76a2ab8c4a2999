// SPDX-License-Identifier: BSD-2-Clause
// The guest's helpers, on the host.
#include "base/boot_mode.hpp"
#include "rehearse/guest/disk.hpp"
#include "rehearse/guest/efi.hpp"
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
                "/lib/modules/6.1.0-56-arm64/kernel/ has none of virtio_mmio, virtio_pci and "
                "virtio_blk; an --initrd with them drives it");
  std::filesystem::create_directories(root + "/dev");
  std::ofstream(root + "/dev/vda") << "built in";
  EXPECT_EQ(open_disk(root, "6.1.0-56-arm64"), "");
  std::filesystem::remove_all(root);
}

// As Debian's 6.1 shows them on QEMU's virt machine: through the ITS, a GICv2's frame, and a wire.
TEST(GuestDisk, tells_who_brings_its_interrupts) {
  const std::string its =
      "           CPU0       CPU1       \n"
      " 11:        402        389     GICv3  27 Level     arch_timer\n"
      " 45:          0          0   ITS-MSI 16384 Edge      virtio0-config\n"
      " 46:          0         14   ITS-MSI 16385 Edge      virtio0-req.0\n"
      " 47:          9          0   MSI 16386 Edge      virtio01-req.0\n"
      "IPI0:        19         31       Rescheduling interrupts\n";
  EXPECT_EQ(interrupts_of(its, "virtio0"), "ITS-MSI");
  EXPECT_EQ(interrupts_of(its, "virtio01"), "MSI");
  EXPECT_EQ(interrupts_of(its, "virtio2"), "");
  EXPECT_EQ(interrupts_of(" 46:          0   ITS-MSI 16385 Edge      virtio0-req.0\n", "virtio0"),
            "");
  EXPECT_EQ(interrupts_of(" 39:          7     GICv2  79 Edge      virtio0\n", "virtio0"), "GICv2");
}

TEST(GuestEfi, what_a_kernel_has_of_its_firmware) {
  const std::string root = testing::TempDir() + "hyprelay-guest-efi-" + std::to_string(::getpid());
  const auto write = [&](const std::string& name, const char* text) {
    const std::filesystem::path path = root + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  };
  write("/sys/class/rtc/rtc0/name", "rtc-pl031 9010000.pl031\n");
  write("/sys/class/rtc/rtc0/since_epoch", "1795866618\n");
  EXPECT_EQ(description_of(root), "tree");
  EXPECT_FALSE(read_efi(root, false));
  write("/sys/firmware/efi/efivars/BootOrder-8be4df61", "x");
  write("/sys/firmware/efi/efivars/Lang-8be4df61", "x");
  write("/sys/firmware/acpi/tables/FACP", "x");
  EXPECT_EQ(description_of(root), "acpi");
  auto services = read_efi(root, false);
  ASSERT_TRUE(services);
  EXPECT_FALSE(services->variables);
  // Another clock than the firmware's.
  EXPECT_FALSE(services->time_read);
  write("/sys/class/rtc/rtc1/name", "rtc-efi rtc-efi.0\n");
  services = read_efi(root, true);
  EXPECT_EQ(services->variables, 2u);
  EXPECT_FALSE(services->time_read);
  write("/sys/class/rtc/rtc1/since_epoch", "1795866618\n");
  EXPECT_TRUE(read_efi(root, true)->time_read);
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
