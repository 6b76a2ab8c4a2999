// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/firmware.hpp"

#include "os/files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::rehearse {
namespace {

using base::Code;

Options options_for(handoff::Arch arch, Firmware firmware) {
  Options options;
  options.arch = arch;
  options.firmware = firmware;
  return options;
}

class FirmwareTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = testing::TempDir() + "hyprelay-firmware-" + std::to_string(::getpid());
    std::filesystem::create_directories(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string write(const std::string& name, std::size_t bytes) const {
    const std::filesystem::path path = root_ + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << std::string(bytes, 'x');
    return path.string();
  }
  // What is said of a firmware that is not there.
  std::string complaint(handoff::Arch arch, Firmware firmware) const {
    const auto found = find_firmware(options_for(arch, firmware), root_);
    EXPECT_FALSE(found);
    EXPECT_EQ(found.error().code(), Code::REHEARSE_FIRMWARE);
    return std::string(found.error().subject());
  }

  std::string root_;
};

TEST_F(FirmwareTest, a_missing_one_names_its_package) {
  EXPECT_EQ(complaint(handoff::Arch::kArm64, Firmware::kEdk2),
            root_ + "/usr/share/AAVMF/AAVMF_CODE.fd of the package qemu-efi-aarch64");
  EXPECT_EQ(complaint(handoff::Arch::kArm, Firmware::kEdk2),
            root_ + "/usr/share/AAVMF/AAVMF32_CODE.fd of the package qemu-efi-arm");
  EXPECT_EQ(complaint(handoff::Arch::kArm64, Firmware::kUBoot),
            root_ + "/usr/lib/u-boot/qemu_arm64/u-boot.bin of the package u-boot-qemu");
  EXPECT_EQ(complaint(handoff::Arch::kArm, Firmware::kUBoot),
            root_ + "/usr/lib/u-boot/qemu_arm/u-boot.bin of the package u-boot-qemu");
}

TEST_F(FirmwareTest, what_is_there_is_found_and_none_is_not_looked_for) {
  write("/usr/share/AAVMF/AAVMF_CODE.fd", 1);
  EXPECT_EQ(find_firmware(options_for(handoff::Arch::kArm64, Firmware::kEdk2), root_).value(),
            root_ + "/usr/share/AAVMF/AAVMF_CODE.fd");
  EXPECT_EQ(find_firmware(options_for(handoff::Arch::kArm64, Firmware::kNone), root_).value(), "");
}

// CRC-32 by its definition, a bit at a time, over what U-Boot checks.
std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
    }
  }
  return ~crc;
}

TEST_F(FirmwareTest, u_boots_environment_is_whole) {
  const std::string environment = u_boot_environment(handoff::Arch::kArm64, 0x2000001, 0x1000);
  ASSERT_EQ(environment.size(), 0x40000u);
  std::uint32_t crc = 0;
  for (unsigned i = 0; i < 4; ++i) {
    crc |= static_cast<std::uint32_t>(static_cast<unsigned char>(environment[i])) << (8 * i);
  }
  EXPECT_EQ(crc, crc_of(std::string_view(environment).substr(4)));
  EXPECT_NE(environment.find("bootcmd=qfw load 0x40400000 0x4a000000; fdt addr 0x40000000;"),
            std::string::npos);
  EXPECT_NE(environment.find("linux,initrd-end <0x4a001000>"), std::string::npos);
  EXPECT_NE(environment.find("fdt rsvmem add 0x4a000000 0x1000"), std::string::npos);
  EXPECT_NE(environment.find("fdt resize; bootefi 0x40400000:0x2000001 0x40000000"),
            std::string::npos);
  // Two zeroes end it.
  EXPECT_NE(environment.find(std::string("stderr=pl011@9000000\0\0", 22)), std::string::npos);
}

TEST_F(FirmwareTest, a_large_kernel_pushes_the_initrd_up) {
  const std::string arm = u_boot_environment(handoff::Arch::kArm, 0xa000001, 1);
  EXPECT_NE(arm.find("qfw load 0x40400000 0x4a600000;"), std::string::npos);
  EXPECT_EQ(arm.find("rsvmem"), std::string::npos);
}

TEST_F(FirmwareTest, the_flash_has_the_size_that_qemu_wants) {
  Options options = options_for(handoff::Arch::kArm64, Firmware::kEdk2);
  const std::string flash = root_ + "/flash";
  ASSERT_TRUE(write_flash(options, "", flash));
  EXPECT_EQ(std::filesystem::file_size(flash), 64u << 20);
  options.firmware = Firmware::kUBoot;
  options.from = write("/kernel", 4097);
  ASSERT_TRUE(write_flash(options, write("/initramfs", 17), flash));
  EXPECT_EQ(std::filesystem::file_size(flash), 64u << 20);
  EXPECT_EQ(os::read_file(flash)->substr(0, 0x40000),
            u_boot_environment(handoff::Arch::kArm64, 4097, 17));
  EXPECT_EQ(write_flash(options, "", root_ + "/no/flash").error().code(), Code::FILE_MISSING);
  EXPECT_EQ(write_flash(options, root_ + "/initramfs", root_ + "/no/flash").error().code(),
            Code::FILE_UNWRITABLE);
}

}  // namespace
}  // namespace hyprelay::rehearse
