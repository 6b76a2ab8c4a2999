// SPDX-License-Identifier: BSD-2-Clause
#include "cli/watchdogs.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::cli {
namespace {

class Watchdogs : public ::testing::Test {
 protected:
  void SetUp() override {
    sys_ =
        std::filesystem::path(::testing::TempDir()) / ("watchdogs-" + std::to_string(::getpid()));
  }
  void TearDown() override { std::filesystem::remove_all(sys_); }

  // As sysfs shows one [linux/Documentation/ABI/testing/sysfs-class-watchdog].
  void add(const std::string& name, const std::string& state, const std::string& module) const {
    const auto folder = sys_ / "class/watchdog" / name;
    std::filesystem::create_directories(folder / "device/driver");
    std::ofstream(folder / "state") << state << "\n";
    std::ofstream(folder / "identity") << "i6300ESB timer\n";
    std::ofstream(folder / "timeout") << "30\n";
    if (!module.empty()) {
      std::filesystem::create_symlink("../../../../module/" + module,
                                      folder / "device/driver/module");
    }
  }
  std::filesystem::path sys_;
};

TEST_F(Watchdogs, only_those_that_are_armed_are_named) {
  EXPECT_TRUE(armed_watchdogs(sys_).empty());
  add("watchdog1", "active", "i6300esb");
  add("watchdog0", "inactive", "softdog");
  add("watchdog2", "active", "");
  const auto armed = armed_watchdogs(sys_);
  ASSERT_EQ(armed.size(), 2u);
  EXPECT_EQ(armed[0].name, "watchdog1");
  EXPECT_EQ(armed[0].identity, "i6300ESB timer");
  EXPECT_EQ(armed[0].timeout_seconds, 30u);
  EXPECT_EQ(armed[0].module, "i6300esb");
  EXPECT_EQ(armed[1].module, "") << "built in";
}

TEST_F(Watchdogs, a_module_is_found_by_its_file_however_it_is_written) {
  const char* const files = "usr/lib/modules/6.1/kernel/drivers/watchdog/sp805-wdt.ko.xz\nbin/sh\n";
  EXPECT_TRUE(has_module(files, "sp805_wdt"));
  EXPECT_FALSE(has_module(files, "sp805"));
  EXPECT_FALSE(has_module(files, "wdt"));
}

}  // namespace
}  // namespace hyprelay::cli
