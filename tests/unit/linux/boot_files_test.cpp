// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/boot_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::test {
namespace {

namespace fs = std::filesystem;
namespace linux_host = handoff::linux_host;

class BootFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::canonical(testing::TempDir()) /
              ("hyprelay-boot-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_ / "boot");
    root_.path = folder_.string();
    root_.kernel_release = "6.1.0-50-arm64";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void make(const std::string& name) const { std::ofstream(folder_ / name) << "x"; }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
  linux_host::Root root_;
};

TEST_F(BootFiles, the_crash_kernel_is_the_running_one_with_its_capture_initrd) {
  const auto files = linux_host::crash_files(root_, std::nullopt);
  EXPECT_EQ(files.kernel, at("boot/vmlinuz-6.1.0-50-arm64"));
  EXPECT_EQ(files.initrd, at("var/lib/hyprelay/initrd.img-6.1.0-50-arm64"));
  const auto other = linux_host::crash_files(root_, "/srv/vmlinuz-6.6");
  EXPECT_EQ(other.kernel, "/srv/vmlinuz-6.6");
  EXPECT_EQ(other.initrd, at("var/lib/hyprelay/initrd.img-6.6"));
  // A name that tells no version.
  EXPECT_EQ(linux_host::crash_files(root_, "/srv/zImage").initrd, files.initrd);
}

TEST_F(BootFiles, the_next_kernel_is_the_newest_by_version_and_not_by_letters) {
  for (const char* name : {"boot/vmlinuz-6.1.0-9-arm64", "boot/vmlinuz-6.1.0-50-arm64",
                           "boot/vmlinuz-6.1.0-50-arm64.dpkg-new", "boot/vmlinuz-5.10.0-30-arm64",
                           "boot/initrd.img-6.1.0-50-arm64"}) {
    make(name);
  }
  const auto files = linux_host::next_files(root_, std::nullopt);
  ASSERT_TRUE(files);
  EXPECT_EQ(files.value().kernel, at("boot/vmlinuz-6.1.0-50-arm64"));
  EXPECT_EQ(files.value().initrd, at("boot/initrd.img-6.1.0-50-arm64"));
}

TEST_F(BootFiles, a_link_of_debian_says_which_kernel_is_next) {
  make("boot/vmlinuz-6.1.0-50-arm64");
  make("boot/vmlinuz-6.1.0-9-arm64");
  fs::create_symlink("boot/vmlinuz-6.1.0-9-arm64", folder_ / "vmlinuz");
  const auto files = linux_host::next_files(root_, std::nullopt);
  ASSERT_TRUE(files);
  EXPECT_EQ(files.value().kernel, at("boot/vmlinuz-6.1.0-9-arm64"));
  EXPECT_EQ(files.value().initrd, std::nullopt);
  // A link that leads nowhere any more says nothing.
  fs::remove(folder_ / "boot/vmlinuz-6.1.0-9-arm64");
  EXPECT_EQ(linux_host::next_files(root_, std::nullopt).value().kernel,
            at("boot/vmlinuz-6.1.0-50-arm64"));
}

TEST_F(BootFiles, without_a_kernel_there_is_an_error) {
  const auto files = linux_host::next_files(root_, std::nullopt);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code(), base::Code::FILE_MISSING);
  // One that was named need not lie there.
  EXPECT_EQ(linux_host::next_files(root_, "/srv/zImage").value().kernel, "/srv/zImage");
}

}  // namespace
}  // namespace hyprelay::test
