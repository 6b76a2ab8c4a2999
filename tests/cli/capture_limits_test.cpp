// SPDX-License-Identifier: BSD-2-Clause
// hyprelay capture with a log that would fill the memory, with signals, and with files that may not
// grow. tests/package/capture_memory_test.sh has it with too little memory, where no sanitizer
// runs.
#include "tests/cli/program.hpp"
#include "tests/unit/capture/support.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::test {
namespace {

namespace fs = std::filesystem;

class CaptureLimits : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("hyprelay-limits-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_ / "bin");
    core_ = newline_core();
    std::ofstream(folder_ / "core", std::ios::binary) << base::text_of(core_);
    std::ofstream(folder_ / "conf").flush();
  }
  void TearDown() override { fs::remove_all(folder_); }

  // With shell code before it; programs of bin/ come first. The reboot is refused by the test's
  // filter, and that it was tried is in the program's last words.
  Outcome capture(const std::string& before, const std::string& options) const {
    fs::remove_all(folder_ / "out");
    const std::string in = folder_.string();
    return run("sh",
               {"-c", before + "; PATH=" + in + "/bin:$PATH exec " HR_PROGRAM " capture --config " +
                          in + "/conf --vmcore " + in + "/core --to " + in + "/out " + options});
  }
  void install(const std::string& name, const std::string& script) const {
    const fs::path path = folder_ / "bin" / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
  }
  std::string content(const std::string& name) const {
    const auto bytes = os::read_fact((folder_ / "out/19700102T000000Z-6.1.0-test" / name).string());
    return bytes ? std::string(base::text_of(bytes.value())) : std::string();
  }
  bool has_image() const {
    const std::string packed = content("vmcore.zst");
    return (!packed.empty() && unpack(base::bytes_of(packed)) == core_) ||
           content("vmcore") == base::text_of(core_);
  }
  static bool says(const Outcome& outcome, std::string_view text) {
    return outcome.errors.find(text) != std::string::npos;
  }

  fs::path folder_;
  std::vector<std::byte> core_;
};

TEST_F(CaptureLimits, a_log_of_newlines_is_bounded_by_its_ring) {
  const Outcome outcome = capture("true", "--format zstd");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const std::string log = content("dmesg.txt");
  EXPECT_GT(log.size(), 1'000'000u);
  EXPECT_LT(log.size(), 1'200'000u);
  EXPECT_TRUE(log.ends_with("hyprelay: the log is damaged behind this line\n"));
  EXPECT_TRUE(has_image());
}

TEST_F(CaptureLimits, no_signal_ends_a_capture_that_is_to_reboot) {
  install("makedumpfile", "for s in HUP INT QUIT TERM PIPE XFSZ; do kill -$s $PPID; done; exit 1");
  const Outcome outcome = capture("true", "--after reboot");
  EXPECT_TRUE(says(outcome, "going on with a plain copy")) << outcome.errors;
  EXPECT_TRUE(says(outcome, "[E410]")) << outcome.errors;
  EXPECT_TRUE(has_image());
  // One that somebody types is ended as any program.
  EXPECT_FALSE(says(capture("true", ""), "going on with a plain copy"));
}

// Of a kernel's name, and of a folder's.
TEST_F(CaptureLimits, bytes_that_are_no_text_do_not_end_it) {
  CoreBuilder builder(false, capture::kMachineArm);
  builder.set_info("OSRELEASE=6.1\xff\xc3\nCRASHTIME=9999999999999999\n");
  builder.add_memory(0x40000000, 0, std::vector<std::byte>(100));
  std::ofstream(folder_ / "core", std::ios::binary) << base::text_of(builder.build());
  const Outcome outcome = capture("true", "--json --after reboot --fallback '\xfe'");
  EXPECT_TRUE(says(outcome, "[E410]")) << outcome.errors;
  const auto json = nlohmann::json::parse(outcome.output.substr(0, outcome.output.find('\n')));
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["release"], "6.1\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_TRUE(json["vmcore"].get<std::string>().ends_with("Z-6.1__/vmcore.zst")) << json["vmcore"];
}

TEST_F(CaptureLimits, a_makedumpfile_that_is_killed_leaves_the_image_to_a_copy) {
  install("makedumpfile", "kill -KILL $$");
  const Outcome outcome = capture("true", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(has_image());
}

TEST_F(CaptureLimits, a_file_that_may_not_grow_is_a_full_destination) {
  const Outcome outcome = capture("ulimit -f 4000", "--format elf --after reboot");
  EXPECT_TRUE(says(outcome, "[E813]")) << outcome.errors;
  EXPECT_TRUE(says(outcome, "[E410]")) << outcome.errors;
  EXPECT_TRUE(base::text_of(core_).starts_with(content("vmcore.incomplete")));
  EXPECT_GT(content("vmcore.incomplete").size(), 1'000'000u);
}

}  // namespace
}  // namespace hyprelay::test
