// SPDX-License-Identifier: BSD-2-Clause
// Real inputs for the program: Debian's kernels, and machines that QEMU was.
#pragma once

#include "handoff/json.hpp"
#include "handoff/linux/gather.hpp"
#include "os/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::test {

class Program : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) /
                 ("hyprelay-cli-" + std::to_string(::getpid()) + "-" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(directory_);
    machine_ = write_machine("armmp");
    zimage_ = kernel("armhf", "-armmp");
    image_ = kernel("arm64", "-arm64");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  std::string write_machine(const std::string& folder) const {
    const auto machine = handoff::linux_host::gather(captured(HR_TEST_DATA, folder));
    EXPECT_TRUE(machine) << folder;
    return write(folder + ".json", handoff::to_json(machine.value()).dump());
  }
  // A captured machine, whose capture lacks what only root sees.
  void use(const std::string& folder, std::uint64_t region_bytes) {
    auto machine = handoff::linux_host::gather(captured(HR_TEST_DATA, folder)).value();
    const auto range = [](std::uint64_t start, std::uint64_t size_bytes) {
      return base::PhysRange::from_size(base::PhysAddr(start), size_bytes).value();
    };
    machine.crash.cpu_notes = {range(0x7fd01000, 0x1a8), range(0x7fd11000, 0x1a8)};
    machine.crash.vmcoreinfo = range(0x42744000, 0x400);
    if (machine.arch == handoff::Arch::kArm) {
      machine.crash.mappings = {{machine.ram.front(), 0xc0000000}};
    }
    const std::uint64_t start = machine.crash_regions.at(0).start().raw();
    machine.crash_regions = {range(start, region_bytes)};
    std::erase_if(machine.reserved, [](const auto& r) { return r.name == "Crash kernel"; });
    machine.reserved.push_back({machine.crash_regions[0], "Crash kernel"});
    machine_ = write(folder + ".json", handoff::to_json(machine).dump());
  }
  // A machine of tests/data/resident, with the tree and the memory of a captured one.
  std::string resident_machine(const std::string& name) const {
    auto json =
        nlohmann::json::parse(read(std::string(HR_TEST_DATA) + "/resident/" + name + ".json"));
    const auto like = captured(HR_TEST_DATA, name.starts_with("arm64") ? "arm64" : "armmp");
    const auto machine = handoff::linux_host::gather(like);
    EXPECT_TRUE(machine) << name;
    json["device_tree"] = handoff::to_base64(machine.value().device_tree);
    return write(name + ".json", json.dump());
  }
  static std::string read(const std::string& name) {
    const auto bytes = os::read_fact(name);
    EXPECT_TRUE(bytes) << name;
    return bytes ? std::string(base::text_of(bytes.value())) : std::string();
  }
  static std::string tree_of(const std::string& folder) {
    return std::string(HR_TEST_DATA) + "/linux/" + folder + "/sys/firmware/fdt";
  }

  // A kernel of the Debian packages in the cache, by the end of its name.
  static std::string kernel(const std::string& arch, std::string_view suffix) {
    const std::filesystem::path boot = std::string(HR_CACHE) + "/sysroot/" + arch + "/boot";
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(boot, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("vmlinuz-") && name.ends_with(suffix)) {
        return entry.path().string();
      }
    }
    ADD_FAILURE() << "no kernel " << suffix << " in " << boot << ": ./x fetch brings it";
    return "";
  }

  std::vector<std::string> words(const std::string& command, const std::string& kernel_file,
                                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {command, kernel_file, "--machine", machine_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::filesystem::path directory_;
  std::string machine_;
  std::string zimage_;
  std::string image_;
};

// The program ended with this exit code, said this on stderr, and nothing on stdout.
inline void expect_error(const Outcome& outcome, int exit_code, std::string_view code,
                         std::string_view part) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.errors;
  EXPECT_TRUE(outcome.errors.starts_with("hyprelay: ")) << outcome.errors;
  EXPECT_NE(outcome.errors.find("[" + std::string(code) + "]"), std::string::npos)
      << outcome.errors;
  EXPECT_NE(outcome.errors.find(part), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("\n  remedy: "), std::string::npos) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
}

}  // namespace hyprelay::test
