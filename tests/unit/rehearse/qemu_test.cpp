// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/qemu.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::rehearse {
namespace {

// The word after an option; empty when the option is missing.
std::string value_of(const std::vector<std::string>& command, const std::string& option) {
  const auto at = std::find(command.begin(), command.end(), option);
  return at == command.end() || at + 1 == command.end() ? "" : *(at + 1);
}

Options options_for(handoff::Arch arch) {
  Options options;
  options.arch = arch;
  options.from = "zImage";
  options.to = {"zImage"};
  return options;
}

TEST(Qemu, arm_by_default) {
  const auto command =
      qemu_command(options_for(handoff::Arch::kArm), {"initramfs", ""}, "console=x");
  EXPECT_EQ(command[0], "qemu-system-arm");
  EXPECT_EQ(value_of(command, "-machine"), "virt,virtualization=on");
  EXPECT_EQ(value_of(command, "-cpu"), "cortex-a15");
  EXPECT_EQ(value_of(command, "-smp"), "2");
  EXPECT_EQ(value_of(command, "-accel"), "tcg,tb-size=24");
  EXPECT_EQ(value_of(command, "-m"), "1G");
  EXPECT_EQ(value_of(command, "-kernel"), "zImage");
  EXPECT_EQ(value_of(command, "-initrd"), "initramfs");
  EXPECT_EQ(value_of(command, "-append"), "console=x");
  EXPECT_NE(std::find(command.begin(), command.end(), "-no-reboot"), command.end());
  EXPECT_EQ(value_of(command, "-icount"), "");
  EXPECT_EQ(value_of(command, "-gdb"), "");
}

TEST(Qemu, arm64_by_default) {
  const auto command = qemu_command(options_for(handoff::Arch::kArm64), {"initramfs", ""}, "");
  EXPECT_EQ(command[0], "qemu-system-aarch64");
  EXPECT_EQ(value_of(command, "-machine"), "virt,virtualization=on,gic-version=3");
  EXPECT_EQ(value_of(command, "-cpu"), "cortex-a57");
}

TEST(Qemu, options_reach_the_command_line) {
  Options options = options_for(handoff::Arch::kArm64);
  options.machine = "virtualization=off";
  options.cpu = "max,pauth-impdef=on";
  options.cpus = 4;
  options.memory = "3G";
  options.icount = true;
  options.qemu_args = {"-device", "virtio-rng-pci"};
  const auto command = qemu_command(options, {"initramfs", "/tmp/gdb"}, "");
  EXPECT_EQ(value_of(command, "-machine"),
            "virt,virtualization=on,gic-version=3,dtb-randomness=off,virtualization=off");
  EXPECT_EQ(value_of(command, "-cpu"), "max,pauth-impdef=on");
  EXPECT_EQ(value_of(command, "-smp"), "4");
  EXPECT_EQ(value_of(command, "-m"), "3G");
  EXPECT_EQ(value_of(command, "-icount"), "shift=0,sleep=off");
  EXPECT_EQ(value_of(command, "-gdb"), "unix:path=/tmp/gdb,server=on,wait=off");
  EXPECT_EQ(command.back(), "virtio-rng-pci");
}

TEST(Qemu, a_firmware_starts_the_kernel) {
  Options options = options_for(handoff::Arch::kArm64);
  options.firmware = Firmware::kEdk2;
  options.machine = "acpi=off";
  options.disk = "disk";
  auto command = qemu_command(options, {"initramfs", "", "/edk2.fd", "/tmp/a,b"}, "console=x");
  EXPECT_EQ(value_of(command, "-bios"), "/edk2.fd");
  EXPECT_EQ(value_of(command, "-drive"), "if=pflash,unit=1,format=raw,file=/tmp/a,,b");
  EXPECT_EQ(value_of(command, "-machine"), "virt,virtualization=on,gic-version=3,acpi=off");
  EXPECT_EQ(value_of(command, "-kernel"), "zImage");
  EXPECT_EQ(value_of(command, "-device"), "virtio-blk-pci,drive=disk");
  options = options_for(handoff::Arch::kArm);
  options.firmware = Firmware::kEdk2;
  EXPECT_EQ(value_of(qemu_command(options, {"initramfs", "", "f", "v"}, ""), "-machine"),
            "virt,virtualization=off");
  options.firmware = Firmware::kUBoot;
  EXPECT_EQ(value_of(qemu_command(options, {"initramfs", "", "f", "v"}, ""), "-machine"),
            "virt,virtualization=on");
}

TEST(Qemu, the_disk_keeps_its_name_and_its_format) {
  Options options = options_for(handoff::Arch::kArm);
  options.disk = "a,b.img";
  const auto command = qemu_command(options, {"initramfs", ""}, "");
  EXPECT_EQ(value_of(command, "-device"), "virtio-blk-device,drive=disk");
  EXPECT_EQ(value_of(command, "-drive"), "if=none,id=disk,format=raw,file=a,,b.img");
}

TEST(Qemu, counting_instructions_takes_one_cpu) {
  Options options = options_for(handoff::Arch::kArm);
  options.icount = true;
  EXPECT_EQ(value_of(qemu_command(options, {"initramfs", ""}, ""), "-smp"), "1");
  options.cpus = 3;
  EXPECT_EQ(value_of(qemu_command(options, {"initramfs", ""}, ""), "-smp"), "3");
}

TEST(Qemu, command_line_of_the_guest) {
  Options options;
  EXPECT_EQ(guest_command_line(options),
            "console=ttyAMA0 panic=1 cryptomgr.notests rdinit=/hyprelay-rehearse/init");
  options.append = "loglevel=4";
  EXPECT_EQ(guest_command_line(options),
            "console=ttyAMA0 panic=1 cryptomgr.notests rdinit=/hyprelay-rehearse/init loglevel=4");
}

}  // namespace
}  // namespace hyprelay::rehearse
