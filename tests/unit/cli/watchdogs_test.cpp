// SPDX-License-Identifier: BSD-2-Clause
#include "cli/watchdogs.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::cli {
namespace {

constexpr const char* kDep =
    "kernel/drivers/net/dummy.ko:\nkernel/drivers/watchdog/i6300esb.ko:\n"
    "kernel/drivers/watchdog/pretimeout_panic.ko.xz:\n"
    "kernel/drivers/watchdog/sp805-wdt.ko.xz: kernel/drivers/a.ko\n"
    "kernel/drivers/watchdog/softdog.ko:\n";
using Names = std::vector<std::string>;

class Watchdogs : public ::testing::Test {
 protected:
  void SetUp() override {
    sys_ =
        std::filesystem::path(::testing::TempDir()) / ("watchdogs-" + std::to_string(::getpid()));
  }
  void TearDown() override { std::filesystem::remove_all(sys_); }

  // As sysfs shows one [linux/Documentation/ABI/testing/sysfs-class-watchdog].
  // `built_in`: its driver has parameters, and so a folder among the modules.
  void add(const std::string& name, const std::string& state, const std::string& module,
           bool built_in = false) const {
    const auto folder = sys_ / "class/watchdog" / name;
    std::filesystem::create_directories(folder / "device/driver");
    std::ofstream(folder / "state") << state << "\n";
    std::ofstream(folder / "identity") << "i6300ESB timer\n";
    std::ofstream(folder / "timeout") << "30\n";
    if (!module.empty()) {
      std::filesystem::create_directories(sys_ / "module" / module);
      if (!built_in) {
        std::ofstream(sys_ / "module" / module / "initstate") << "live\n";
      }
      std::filesystem::create_symlink("../../../../../module/" + module,
                                      folder / "device/driver/module");
    }
  }
  std::filesystem::path sys_;
};

TEST_F(Watchdogs, only_those_that_are_armed_are_named) {
  EXPECT_TRUE(armed_watchdogs(sys_, kDep).empty());
  add("watchdog1", "active", "i6300esb");
  add("watchdog0", "inactive", "softdog");
  add("watchdog2", "active", "");
  const auto armed = armed_watchdogs(sys_, kDep);
  ASSERT_EQ(armed.size(), 2u);
  EXPECT_EQ(armed[0].name, "watchdog1");
  EXPECT_EQ(armed[0].identity, "i6300ESB timer");
  EXPECT_EQ(armed[0].timeout_seconds, 30u);
  EXPECT_EQ(armed[0].modules, Names{"i6300esb"});
  EXPECT_FALSE(armed[0].is_built_in);
  EXPECT_EQ(armed[1].modules, Names());
  EXPECT_TRUE(armed[1].is_built_in);
}

TEST_F(Watchdogs, a_driver_that_is_built_in_is_no_module_though_it_has_parameters) {
  add("watchdog0", "active", "sp805_wdt", true);
  const auto armed = armed_watchdogs(sys_, kDep);
  ASSERT_EQ(armed.size(), 1u);
  EXPECT_EQ(armed[0].modules, Names());
  EXPECT_TRUE(armed[0].is_built_in);
}

// As 6.1 shows i6300esb: ../../devices/virtual/watchdog/watchdog0, without `device`.
TEST_F(Watchdogs, a_driver_that_names_no_device_is_one_of_those_that_are_loaded) {
  add("watchdog0", "active", "");
  std::filesystem::remove_all(sys_ / "class/watchdog/watchdog0/device");
  auto armed = armed_watchdogs(sys_, kDep);
  ASSERT_EQ(armed.size(), 1u);
  EXPECT_EQ(armed[0].modules, Names());
  EXPECT_FALSE(armed[0].is_built_in) << "it may be a module of another folder";
  EXPECT_EQ(cover_of(armed[0], "", "/boot/vmlinuz-6.1", "6.1"), Cover::kDriverUnknown);
  for (const char* name : {"i6300esb", "sp805_wdt", "pretimeout_panic", "dummy"}) {
    std::filesystem::create_directories(sys_ / "module" / name);
    std::ofstream(sys_ / "module" / name / "initstate") << "live\n";
  }
  std::filesystem::create_directories(sys_ / "module/softdog");
  armed = armed_watchdogs(sys_, kDep);
  EXPECT_EQ(armed[0].modules, (Names{"i6300esb", "sp805_wdt"}));
  EXPECT_EQ(cover_of(armed[0], "a/i6300esb.ko\n", "", ""), Cover::kMissing);
  EXPECT_EQ(cover_of(armed[0], "a/i6300esb.ko\na/sp805-wdt.ko\n", "", ""), Cover::kInInitrd);
}

TEST_F(Watchdogs, a_driver_is_there_only_where_somebody_has_seen_it) {
  const char* const kernel = "/boot/vmlinuz-6.1.0-50-arm64";
  const char* const release = "6.1.0-50-arm64";
  const std::string files = "usr/lib/modules/6.1.0-50-arm64/kernel/drivers/watchdog/i6300esb.ko\n";
  const Watchdog module{.name = "watchdog0", .modules = {"i6300esb"}};
  EXPECT_EQ(cover_of(module, files, kernel, release), Cover::kInInitrd);
  EXPECT_EQ(cover_of(module, "bin/sh\n", kernel, release), Cover::kMissing);
  EXPECT_EQ(cover_of(module, std::nullopt, kernel, release), Cover::kInitrdUnknown);
  const Watchdog built_in{.name = "watchdog0", .is_built_in = true};
  EXPECT_EQ(cover_of(built_in, files, kernel, release), Cover::kBuiltIn);
  EXPECT_EQ(cover_of(built_in, files, "/boot/vmlinuz-6.1.0-51-arm64", release),
            Cover::kOtherKernel);
  EXPECT_EQ(cover_of(built_in, files, "/boot/vmlinuz-16.1.0-50-arm64", release),
            Cover::kOtherKernel);
  EXPECT_EQ(cover_of(built_in, files, kernel, ""), Cover::kOtherKernel);
}

TEST_F(Watchdogs, a_module_is_found_by_its_file_however_it_is_written) {
  const char* const files = "usr/lib/modules/6.1/kernel/drivers/watchdog/sp805-wdt.ko.xz\nbin/sh\n";
  EXPECT_TRUE(has_module(files, "sp805_wdt"));
  EXPECT_FALSE(has_module(files, "sp805"));
  EXPECT_FALSE(has_module(files, "wdt"));
}

}  // namespace
}  // namespace hyprelay::cli
