// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/line_place.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

class LinePlaces : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("hyprelay-place-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    root_.path = folder_.string();
  }
  void TearDown() override { fs::remove_all(folder_); }
  void make(const std::string& name, const std::string& content = "x\n") const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << content;
  }
  std::string file() const {
    const auto place = place_of_word(root_, "crashkernel=256M");
    EXPECT_TRUE(!place || place->how.find("crashkernel=256M") != std::string::npos) << place->how;
    EXPECT_TRUE(!place || place->how.find(place->file) != std::string::npos) << place->how;
    return place ? place->file : "";
  }

  Root root_;
  fs::path folder_;
};

TEST_F(LinePlaces, is_the_file_of_what_boots_this_machine) {
  EXPECT_EQ(file(), "");
  make("etc/default/flash-kernel");
  EXPECT_EQ(file(), "/etc/default/flash-kernel");
  make("boot/extlinux/extlinux.conf");
  EXPECT_EQ(file(), "/boot/extlinux/extlinux.conf");
  make("etc/default/u-boot");
  EXPECT_EQ(file(), "/etc/default/u-boot");
  make("boot/firmware/cmdline.txt");
  EXPECT_EQ(file(), "/boot/firmware/cmdline.txt");
  make("etc/default/raspi-firmware");
  EXPECT_EQ(file(), "/etc/default/raspi-extra-cmdline");
  make("boot/grub/grub.cfg");
  EXPECT_EQ(file(), "/etc/default/grub.d/hyprelay.cfg");
  make("proc/cmdline", "initrd=\\abc\\6.1.0-56-arm64\\initrd.img root=/dev/vda2 ro\n");
  EXPECT_EQ(file(), "/etc/kernel/cmdline");
}

TEST_F(LinePlaces, of_grub_is_the_file_that_sets_it_already) {
  make("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n# crashkernel=1M in a comment\n");
  EXPECT_EQ(file(), "/etc/default/grub.d/hyprelay.cfg");
  EXPECT_EQ(
      place_of_word(root_, "crashkernel=256M").value().how,
      "write GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT crashkernel=256M\" into "
      "/etc/default/grub.d/hyprelay.cfg, then run update-grub");
  make("etc/default/grub", "GRUB_CMDLINE_LINUX=\"crashkernel=128M\"\n");
  EXPECT_EQ(file(), "/etc/default/grub");
  make("etc/default/grub.d/kdump-tools.cfg",
       "GRUB_CMDLINE_LINUX_DEFAULT=\"$A crashkernel=384M\"\n");
  make("etc/default/grub.d/kdump-tools.cfg.dpkg-old", "crashkernel=1M\n");
  make("etc/default/grub.d/zz.cfg", "GRUB_TIMEOUT=0\n");
  EXPECT_EQ(file(), "/etc/default/grub.d/kdump-tools.cfg");
}

TEST_F(LinePlaces, a_stub_is_known_by_its_initrd) {
  EXPECT_FALSE(started_by_stub(root_));
  make("proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz root=a initrd=0x48000000,16M\n");
  EXPECT_FALSE(started_by_stub(root_));
  make("proc/cmdline", "root=a initrd=\\EFI\\debian\\initrd.img\n");
  EXPECT_TRUE(started_by_stub(root_));
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
