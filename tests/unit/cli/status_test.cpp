// SPDX-License-Identifier: BSD-2-Clause
// What hyprelay status says of machines that this one is not.
#include "cli/status_command.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace hyprelay::cli {
namespace {

TEST(Status, without_reserved_memory_it_says_what_to_boot_with) {
  Status status;
  status.crash_loaded = false;
  EXPECT_NE(status_text(status).find("panic:    no crash kernel is loaded\n"), std::string::npos);
  status.crash_bytes = 256u << 20;
  EXPECT_NE(status_text(status).find("panic:    no crash kernel is loaded\n"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(status_json(status))["crash_bytes"], 256u << 20);
  status.crash_bytes = 0;
  EXPECT_NE(status_text(status).find("boot with crashkernel=SIZE"), std::string::npos)
      << status_text(status);
  // A kernel that cannot hold one has nothing to say.
  status.crash_loaded = std::nullopt;
  EXPECT_EQ(status_text(status).find("panic:"), std::string::npos);
}

namespace fs = std::filesystem;

// A captured machine that EFI started and ACPI describes. What only root may read gives an error
// when it is read, as a folder does.
class StatusOfAcpi : public testing::Test {
 protected:
  void SetUp() override {
    root_ = test::captured(HR_TEST_DATA, "arm64-efi-acpi");
    directory_ = fs::path(testing::TempDir()) /
                 ("hyprelay-status-" + std::to_string(::getpid()) + "-" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(directory_);
    fs::copy(root_.path, directory_, fs::copy_options::recursive);
    root_.path = directory_.string();
  }
  void TearDown() override { fs::remove_all(directory_); }
  void hide(const std::string& path) {
    ASSERT_TRUE(fs::remove(directory_ / path));
    fs::create_directories(directory_ / path);
  }
  Status status() const {
    const auto read = read_status(root_);
    EXPECT_TRUE(read) << read.error().subject();
    return read ? read.value() : Status();
  }

  handoff::linux_host::Root root_;
  fs::path directory_;
};

TEST_F(StatusOfAcpi, for_root) {
  EXPECT_TRUE(status().left_out.empty());
  const std::string text = status_text(status());
  EXPECT_NE(text.find(" on arm64, started in EL2\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("handoff:  this kernel was not started by hyprelay\n")) << text;
}

TEST_F(StatusOfAcpi, for_others_it_tells_the_rest_and_what_is_left_out) {
  hide("sys/firmware/fdt");
  const std::string text = status_text(status());
  EXPECT_NE(text.find(" on arm64, started in EL2\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("/sys/firmware/fdt is for root to read\n")) << text;
  EXPECT_NE(text.find("handoff:  not known\nleft out: the relay's record: "), std::string::npos)
      << text;
  const auto json = nlohmann::json::parse(status_json(status()));
  EXPECT_TRUE(json["relay"].is_null());
  EXPECT_EQ(json["left_out"].size(), 1u);
  // Debian's kernels keep the log for root as well, and the record knew the mode.
  fs::remove(directory_ / "kmsg.txt");
  EXPECT_EQ(status().mode, handoff::Mode::kUNKNOWN);
  EXPECT_EQ(status().left_out.size(), 2u);
}

TEST_F(StatusOfAcpi, a_hidden_log_does_not_hide_that_nobody_handed_over) {
  fs::remove(directory_ / "kmsg.txt");
  const std::string text = status_text(status());
  EXPECT_NE(text.find("handoff:  this kernel was not started by hyprelay\nleft out: the mode: "),
            std::string::npos)
      << text;
}

// Who cannot see memory cannot plan: as on a machine with a tree.
TEST_F(StatusOfAcpi, a_plan_for_others_ends_at_the_memory_and_says_so) {
  for (const char* table : {"FACP", "APIC", "SPCR", "DBG2"}) {
    hide(std::string("sys/firmware/acpi/tables/") + table);
  }
  hide("sys/firmware/fdt");
  std::ofstream(directory_ / "proc/iomem") << "00000000-00000000 : System RAM\n"
                                              "  00000000-00000000 : reserved\n";
  const auto machine = handoff::linux_host::gather(root_);
  ASSERT_FALSE(machine);
  EXPECT_EQ(machine.error().code(), base::Code::NO_PERMISSION);
  EXPECT_EQ(machine.error().subject(), "/proc/iomem shows zeroes");
}

}  // namespace
}  // namespace hyprelay::cli
