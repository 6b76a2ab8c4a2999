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

  void make(const std::string& name, const std::string& content = "x") const {
    std::ofstream(folder_ / name) << content;
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
  linux_host::Root root_;
};

TEST_F(BootFiles, the_crash_kernel_is_the_running_one_with_its_capture_initrd) {
  make("boot/vmlinuz-6.1.0-50-arm64");
  make("boot/vmlinuz-6.1.0-51-arm64");
  const auto files = linux_host::crash_files(root_, std::nullopt);
  ASSERT_TRUE(files);
  EXPECT_EQ(files.value().kernel, at("boot/vmlinuz-6.1.0-50-arm64"));
  EXPECT_EQ(files.value().initrd, at("var/lib/hyprelay/initrd.img-6.1.0-50-arm64"));
  const auto other = linux_host::crash_files(root_, "/srv/vmlinuz-6.6");
  EXPECT_EQ(other.value().kernel, "/srv/vmlinuz-6.6");
  EXPECT_EQ(other.value().initrd, at("var/lib/hyprelay/initrd.img-6.6"));
  // A name that tells no version.
  EXPECT_EQ(linux_host::crash_files(root_, "/srv/zImage").value().initrd, files.value().initrd);
}

// An upgrade may take the running kernel's file away.
TEST_F(BootFiles, without_the_running_kernel_another_of_its_flavour_is_crash_kernel) {
  make("boot/vmlinuz-6.1.0-52-cloud-arm64");
  make("boot/vmlinuz-6.1.0-51-arm64");
  const auto files = linux_host::crash_files(root_, std::nullopt);
  ASSERT_TRUE(files);
  EXPECT_EQ(files.value().kernel, at("boot/vmlinuz-6.1.0-51-arm64"));
  EXPECT_EQ(files.value().initrd, at("var/lib/hyprelay/initrd.img-6.1.0-51-arm64"));
  fs::remove_all(folder_ / "boot");
  const auto none = linux_host::crash_files(root_, std::nullopt);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), base::Code::FILE_MISSING);
  // The file that was looked for, in front: the rest of a long path may be cut.
  EXPECT_TRUE((at("boot/vmlinuz-6.1.0-50-arm64") + " (nor").starts_with(none.error().subject()) ||
              none.error().subject().starts_with(at("boot/vmlinuz-6.1.0-50-arm64")));
}

TEST_F(BootFiles, a_flavour_is_what_follows_the_numbers) {
  EXPECT_EQ(linux_host::flavour_of("6.1.0-50-arm64"), "arm64");
  EXPECT_EQ(linux_host::flavour_of("6.1.0-50-cloud-arm64"), "cloud-arm64");
  EXPECT_EQ(linux_host::flavour_of("6.1.0-50-armmp-lpae"), "armmp-lpae");
  EXPECT_EQ(linux_host::flavour_of("6.12-rc5-arm64"), "arm64");
  EXPECT_EQ(linux_host::flavour_of("6.12.9+bpo-rt-arm64"), "rt-arm64");
  EXPECT_EQ(linux_host::flavour_of("6.5.0-0.deb12.4-arm64"), "arm64");
  EXPECT_EQ(linux_host::flavour_of("6.5.6-300.fc39.aarch64"), "");
  EXPECT_EQ(linux_host::flavour_of("6.6.1-"), "");
}

TEST_F(BootFiles, the_next_kernel_is_of_the_running_flavour_and_no_copy_put_aside) {
  for (const char* name :
       {"boot/vmlinuz-6.1.0-60-cloud-arm64", "boot/vmlinuz-6.1.0-49-arm64",
        "boot/vmlinuz-6.1.0-50-arm64.old", "boot/vmlinuz-6.1.0-51-arm64.bak",
        "boot/vmlinuz-6.1.0-52-arm64.dpkg-tmp", "boot/vmlinuz-6.1.0-53-arm64~"}) {
    make(name);
  }
  const auto next = [&] { return linux_host::next_files(root_, std::nullopt).value().kernel; };
  EXPECT_EQ(next(), at("boot/vmlinuz-6.1.0-49-arm64"));
  // Another flavour is better than a copy that somebody put aside, and that is better than nothing.
  fs::remove(folder_ / "boot/vmlinuz-6.1.0-49-arm64");
  EXPECT_EQ(next(), at("boot/vmlinuz-6.1.0-60-cloud-arm64"));
  fs::remove(folder_ / "boot/vmlinuz-6.1.0-60-cloud-arm64");
  EXPECT_TRUE(next().starts_with(at("boot/vmlinuz-6.1.0-5")));
}

TEST_F(BootFiles, a_kernel_for_another_architecture_is_never_chosen) {
  // The magic words at their places [linux/arm/booting section 6; linux/arm64/booting section 4].
  make("boot/vmlinuz-6.1.0-49-arm64", std::string(0x38, '\0') + "ARM\x64" + std::string(8, '\0'));
  make("boot/vmlinuz-6.1.0-50-arm64",
       std::string(0x24, '\0') + "\x18\x28\x6f\x01" + std::string(32, '\0'));
  make("boot/vmlinuz-6.1.0-51-arm64", std::string(0x202, '\0') + "HdrS");
  fs::create_symlink("vmlinuz-6.1.0-50-arm64", folder_ / "boot/vmlinuz");
  root_.machine = "aarch64";
  EXPECT_EQ(linux_host::next_files(root_, std::nullopt).value().kernel,
            at("boot/vmlinuz-6.1.0-49-arm64"));
  EXPECT_EQ(linux_host::crash_files(root_, std::nullopt).value().kernel,
            at("boot/vmlinuz-6.1.0-49-arm64"));
  root_.machine = "armv7l";
  EXPECT_EQ(linux_host::next_files(root_, std::nullopt).value().kernel,
            at("boot/vmlinuz-6.1.0-50-arm64"));
  fs::remove(folder_ / "boot/vmlinuz-6.1.0-50-arm64");
  EXPECT_FALSE(linux_host::next_files(root_, std::nullopt));
  EXPECT_FALSE(linux_host::crash_files(root_, std::nullopt));
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

TEST_F(BootFiles, grub_says_which_kernel_is_next_and_with_which_words) {
  make("boot/vmlinuz-6.1.0-50-arm64");
  make("boot/vmlinuz-6.1.0-51-cloud-arm64");
  make("boot/initrd.img-6.1.0-51-cloud-arm64");
  fs::create_symlink("boot/vmlinuz-6.1.0-50-arm64", folder_ / "vmlinuz");
  fs::create_directories(folder_ / "boot/grub");
  fs::create_directories(folder_ / "proc");
  make("proc/cmdline", "BOOT_IMAGE=/vmlinuz-6.1.0-50-arm64 root=/dev/vda2 ro\n");
  // /boot is a filesystem of its own.
  const std::string menu =
      "menuentry 'Debian' {\n\tlinux /vmlinuz-6.1.0-51-cloud-arm64 root=UUID=1 ro";
  make("boot/grub/grub.cfg", menu + "\n\tinitrd /initrd.img-6.1.0-51-cloud-arm64\n}\n");
  const auto files = linux_host::next_files(root_, std::nullopt).value();
  EXPECT_EQ(files.kernel, at("boot/vmlinuz-6.1.0-51-cloud-arm64"));
  EXPECT_EQ(files.initrd, at("boot/initrd.img-6.1.0-51-cloud-arm64"));
  EXPECT_EQ(files.command_line, "root=UUID=1 ro");
  // A kernel that somebody names is not GRUB's, nor are its words.
  const auto named = linux_host::next_files(root_, at("boot/vmlinuz-6.1.0-50-arm64")).value();
  EXPECT_EQ(named.kernel, at("boot/vmlinuz-6.1.0-50-arm64"));
  EXPECT_EQ(named.command_line, std::nullopt);
  // One whose kernel is gone, and one that does not boot this machine.
  make("boot/grub/grub.cfg",
       "menuentry 'Debian' {\n\tlinux /vmlinuz-6.1.0-9-arm64 root=UUID=1\n}\n");
  EXPECT_EQ(linux_host::next_files(root_, std::nullopt).value().kernel,
            at("boot/vmlinuz-6.1.0-50-arm64"));
  make("boot/grub/grub.cfg", menu + "\n}\n");
  make("proc/cmdline", "initrd=\\debian\\initrd.img root=/dev/vda2 ro\n");
  EXPECT_EQ(linux_host::next_files(root_, std::nullopt).value().kernel,
            at("boot/vmlinuz-6.1.0-50-arm64"));
}

// Without its own initrd a kernel of Debian's finds no disk.
TEST_F(BootFiles, an_initrd_of_grubs_that_is_not_there_or_not_the_only_one_is_refused) {
  make("boot/vmlinuz-6.1.0-50-arm64");
  make("boot/initrd.img-6.1.0-50-arm64");
  make("boot/overlay.img");
  fs::create_directories(folder_ / "boot/grub");
  const auto refusal = [&](const std::string& initrds) {
    make("boot/grub/grub.cfg",
         "menuentry 'Debian' {\n\tlinux /boot/vmlinuz-6.1.0-50-arm64 ro\n"
         "\tinitrd " +
             initrds + "\n}\n");
    const auto named = linux_host::next_files(root_, std::nullopt, at("boot/overlay.img"));
    EXPECT_EQ(named.value().initrd, at("boot/overlay.img")) << initrds;
    EXPECT_EQ(named.value().command_line, "ro") << initrds;
    return linux_host::next_files(root_, std::nullopt).error();
  };
  const base::Error gone = refusal("/boot/gone.img");
  EXPECT_EQ(gone.code(), base::Code::FILE_MISSING);
  EXPECT_EQ(gone.subject(),
            "/boot/gone.img (set next_initrd= to another), initrd of GRUB's entry \"Debian\"");
  const base::Error several = refusal("/boot/initrd.img-6.1.0-50-arm64 /boot/overlay.img");
  EXPECT_EQ(several.code(), base::Code::INITRD_UNKNOWN);
  EXPECT_NE(several.subject().find("entry \"Debian\""), std::string_view::npos);
}

// In its place there would be another kernel, in silence.
TEST_F(BootFiles, a_menu_of_grub_without_end_is_refused) {
  make("boot/vmlinuz-6.1.0-50-arm64");
  fs::create_directories(folder_ / "boot/grub");
  make("boot/grub/grub.cfg", "menuentry 'Debian' {");
  fs::resize_file(folder_ / "boot/grub/grub.cfg", 5ull << 30);
  const auto files = linux_host::next_files(root_, std::nullopt);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code(), base::Code::FILE_TOO_LARGE);
  EXPECT_TRUE(linux_host::next_files(root_, at("boot/vmlinuz-6.1.0-50-arm64")));
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

// As Fedora has it, and Debian from 7.2 on: the package's file, of which /boot may have a copy.
TEST_F(BootFiles, a_kernel_may_lie_beside_its_modules) {
  for (const char* name : {"6.1.0-49-arm64", "6.1.0-50-arm64", "6.1.0-60-cloud-arm64"}) {
    fs::create_directories(folder_ / "lib/modules" / name);
  }
  EXPECT_FALSE(linux_host::next_files(root_, std::nullopt));
  make("lib/modules/6.1.0-49-arm64/vmlinuz");
  make("lib/modules/6.1.0-60-cloud-arm64/vmlinuz");
  make("boot/initrd.img-6.1.0-49-arm64");
  const auto next = [&] { return linux_host::next_files(root_, std::nullopt).value(); };
  const auto crash = [&] { return linux_host::crash_files(root_, std::nullopt).value(); };
  EXPECT_EQ(next().kernel, at("lib/modules/6.1.0-49-arm64/vmlinuz"));
  EXPECT_EQ(next().initrd, at("boot/initrd.img-6.1.0-49-arm64"));
  EXPECT_EQ(crash().kernel, at("lib/modules/6.1.0-49-arm64/vmlinuz"));
  EXPECT_EQ(crash().initrd, at("var/lib/hyprelay/initrd.img-6.1.0-49-arm64"));
  // The same version in /boot goes first, a newer one wherever it lies.
  make("boot/vmlinuz-6.1.0-49-arm64");
  EXPECT_EQ(next().kernel, at("boot/vmlinuz-6.1.0-49-arm64"));
  make("lib/modules/6.1.0-50-arm64/vmlinuz");
  make("boot/initramfs-6.1.0-50-arm64.img");
  EXPECT_EQ(next().kernel, at("lib/modules/6.1.0-50-arm64/vmlinuz"));
  EXPECT_EQ(next().initrd, at("boot/initramfs-6.1.0-50-arm64.img"));
  EXPECT_EQ(crash().kernel, at("lib/modules/6.1.0-50-arm64/vmlinuz"));
  make("boot/vmlinuz-6.1.0-50-arm64");
  EXPECT_EQ(crash().kernel, at("boot/vmlinuz-6.1.0-50-arm64"));
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
