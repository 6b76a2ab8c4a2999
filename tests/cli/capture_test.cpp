// SPDX-License-Identifier: BSD-2-Clause
// hyprelay capture: real images, and whatever can be wrong with them and with destinations.
#include "tests/cli/program.hpp"
#include "tests/unit/capture/support.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <sys/stat.h>
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

class Capture : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("hyprelay-capture-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
    core_ = captured_core("armmp.core.zst");
    image_ = write("core", base::text_of(core_));
    // Not the configuration of the machine that runs the tests.
    config_ = write("conf", "");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  static std::string read(const std::string& name) {
    const auto bytes = os::read_fact(name);
    EXPECT_TRUE(bytes) << name;
    return bytes ? std::string(base::text_of(bytes.value())) : std::string();
  }
  // An image of 3 MiB that no compressor shortens, with a log in it.
  std::string large_image() const {
    RingLog log(false, 0xc0000000);
    log.add(1'000'000, "the last words");
    std::vector<std::byte> memory = log.memory.bytes;
    add_noise(memory, std::size_t{3} << 20);
    CoreBuilder builder(false, capture::kMachineArm);
    builder.set_info(log.info() + "CRASHTIME=86400\n");
    builder.add_memory(0x40000000, 0xc0000000, memory);
    return write("large", base::text_of(builder.build()));
  }

  Outcome capture(const std::vector<std::string>& more, const std::string& image = "") const {
    std::vector<std::string> words = {"capture", "--config", config_, "--vmcore",
                                      image.empty() ? image_ : image};
    words.insert(words.end(), more.begin(), more.end());
    return hyprelay(words);
  }
  // The only folder in the destination.
  std::string dump(const std::string& to = "out") const {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path(to), error)) {
      found.push_back(entry.path());
    }
    EXPECT_EQ(found.size(), 1u) << to;
    return found.empty() ? path(to) : found.front().string();
  }
  static bool says(const Outcome& outcome, std::string_view text) {
    return outcome.errors.find(text) != std::string::npos;
  }
  // The program ended like that, and said this on stderr.
  static void expect_failure(const Outcome& outcome, int exit_code, std::string_view code,
                             std::string_view text) {
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.errors;
    EXPECT_TRUE(says(outcome, "[" + std::string(code) + "]\n  remedy: ")) << outcome.errors;
    EXPECT_TRUE(says(outcome, text)) << outcome.errors;
  }

  fs::path folder_;
  std::vector<std::byte> core_;
  std::string image_;
  std::string config_;
};

TEST_F(Capture, saves_the_log_and_all_of_the_memory) {
  const Outcome outcome = capture({"--to", path("out"), "--format", "zstd", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const std::string folder = dump();
  EXPECT_EQ(fs::path(folder).filename(), "20261120T112910Z-6.1.0-50-armmp");
  EXPECT_EQ(read(folder + "/dmesg.txt"), captured_text("armmp.txt"));
  EXPECT_EQ(unpack(base::bytes_of(read(folder + "/vmcore.zst"))), core_);
  EXPECT_EQ(hyprelay({"capture", "--dmesg", "--vmcore", folder + "/vmcore.zst"}).output,
            captured_text("armmp.txt"));
  const Outcome log =
      hyprelay({"capture", "--dmesg", "--json", "--vmcore", folder + "/vmcore.zst"});
  EXPECT_EQ(nlohmann::json::parse(log.output)["dmesg"], captured_text("armmp.txt"));
  EXPECT_EQ(run("sh", {"-c", "cd " + folder + " && sha256sum --status -c SHA256SUMS"}).exit_code,
            0);
  struct stat facts {};
  ASSERT_EQ(::stat((folder + "/vmcore.zst").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);

  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["release"], "6.1.0-50-armmp");
  EXPECT_EQ(json["format"], "elf.zst");
  EXPECT_EQ(json["saved_by"], "hyprelay");
  EXPECT_EQ(json["dmesg"], folder + "/dmesg.txt");
  EXPECT_EQ(json["vmcore"], folder + "/vmcore.zst");
  EXPECT_EQ(json["bytes"], fs::file_size(folder + "/vmcore.zst"));
  EXPECT_NE(read(folder + "/SHA256SUMS").find(json["sha256"].get<std::string>() + "  vmcore.zst\n"),
            std::string::npos);
}

TEST_F(Capture, an_elf_is_the_image_itself) {
  ASSERT_EQ(capture({"--to", path("out"), "--format", "elf"}).exit_code, 0);
  EXPECT_EQ(read(dump() + "/vmcore"), base::text_of(core_));
}

TEST_F(Capture, a_second_dump_gets_a_folder_of_its_own) {
  ASSERT_EQ(capture({"--to", path("out")}).exit_code, 0);
  ASSERT_EQ(capture({"--to", path("out")}).exit_code, 0);
  EXPECT_TRUE(fs::exists(path("out/20261120T112910Z-6.1.0-50-armmp-2/vmcore.zst")));
}

TEST_F(Capture, the_log_alone_goes_to_stdout) {
  const Outcome outcome = hyprelay({"capture", "--dmesg", "--vmcore", image_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, captured_text("armmp.txt"));
}

TEST_F(Capture, without_makedumpfile_a_plain_copy_is_made) {
  // An image of another architecture is one that makedumpfile cannot read, where there is one.
  const Outcome outcome = capture({"--to", path("out"), "--format", "makedumpfile", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(says(outcome, "[E819]")) << outcome.errors;
  EXPECT_TRUE(says(outcome, "going on with a plain copy"));
  EXPECT_TRUE(fs::exists(dump() + "/vmcore.zst"));
  EXPECT_FALSE(fs::exists(dump() + "/vmcore.kdump.incomplete"));
}

TEST_F(Capture, what_is_no_image_is_named) {
  expect_failure(capture({"--to", path("out")}, path("nothing")), 16, "E800",
                 path("nothing") + ": there is no memory image");
  expect_failure(capture({"--to", path("out")}, write("text", std::string(5000, 'x'))), 16, "E801",
                 path("text") + ": not the memory image");
  expect_failure(capture({"--to", path("out")}, write("empty", "")), 16, "E801", path("empty"));
  std::string lying(base::text_of(core_));
  lying[42] = 77;  // e_phentsize
  expect_failure(capture({"--to", path("out")}, write("lying", lying)), 16, "E803", path("lying"));
  EXPECT_FALSE(fs::exists(path("out")));
}

TEST_F(Capture, a_truncated_image_is_saved_as_far_as_it_goes) {
  const std::string cut = write("cut", base::text_of(core_).substr(0, core_.size() - 10'000));
  const Outcome outcome = capture({"--to", path("out"), "--json"}, cut);
  expect_failure(outcome, 16, "E802", cut + ": the memory image ends before its headers say");
  EXPECT_EQ(unpack(base::bytes_of(read(dump() + "/vmcore.zst"))),
            std::vector(core_.begin(), core_.end() - 10'000));
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["error"]["code"], "CAPTURE_TRUNCATED");
}

TEST_F(Capture, a_log_that_is_lost_does_not_lose_the_image) {
  CoreBuilder builder(true, capture::kMachineArm64);
  builder.set_info("OSRELEASE=6.1.0\n");
  builder.add_memory(0x40000000, 0, std::vector<std::byte>(10'000, std::byte{7}));
  const std::string image = write("mute", base::text_of(builder.build()));
  const Outcome outcome = capture({"--to", path("out")}, image);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(says(outcome, "SIZE(log): the memory image lacks a fact")) << outcome.errors;
  EXPECT_TRUE(fs::exists(dump() + "/vmcore.zst"));
}

TEST_F(Capture, a_destination_that_cannot_be_used_is_named_and_the_log_shown) {
  const Outcome outcome = capture({"--to", path("no/such")});
  expect_failure(outcome, 3, "E003", path("no/such") + ": the file does not exist");
  EXPECT_TRUE(says(outcome, "Loading crashdump kernel...\n[    4.561097] Bye!\n"));
  expect_failure(capture({"--to", "/proc/self/dump"}), 3, "E003", "/proc/self/dump");
  expect_failure(capture({"--to", image_}), 3, "E005", image_);
  expect_failure(capture({"--to-device", path("nodisk")}), 3, "E003", path("nodisk"));
  expect_failure(capture({"--to-device", "/dev/full"}), 3, "E005", "/dev/full");
  expect_failure(capture({}), 16, "E810", "nothing says where the dump is to be saved");
}

// On a filesystem of 1 MiB, in a mount namespace of its own; what is on it is copied to "kept".
TEST_F(Capture, a_full_disk_keeps_what_was_saved) {
  const std::string large = large_image();
  fs::create_directories(path("small"));
  fs::create_directories(path("kept"));
  const auto on_small_disk = [&](const std::string& options) {
    return run("unshare",
               {::geteuid() == 0 ? "-m" : "-rm", "sh", "-c",
                "mount -t tmpfs -o size=1m none " + path("small") +
                    " || exit 99; " HR_PROGRAM " capture --config " + config_ + " --vmcore " +
                    large + " --to " + path("small") + options + "; code=$?; cp -r " +
                    path("small") + "/. " + path("kept") + "; exit $code"});
  };
  Outcome outcome = on_small_disk("");
  if (outcome.exit_code == 99 || outcome.exit_code == 127 ||
      outcome.errors.starts_with("unshare:")) {
    GTEST_SKIP() << "no mount namespace here: " << outcome.errors;
  }
  expect_failure(outcome, 16, "E812", " are free");
  EXPECT_EQ(read(dump("kept") + "/dmesg.txt"), "[    0.001000] the last words\n");
  EXPECT_FALSE(fs::exists(dump("kept") + "/vmcore.zst.incomplete"));

  fs::remove_all(path("kept"));
  fs::create_directories(path("kept"));
  outcome = on_small_disk(" --force --format elf");
  expect_failure(outcome, 16, "E813", "vmcore.incomplete: the destination is full");
  EXPECT_EQ(read(dump("kept") + "/dmesg.txt"), "[    0.001000] the last words\n");
  const std::string kept = read(dump("kept") + "/vmcore.incomplete");
  EXPECT_GT(kept.size(), 900'000u);
  EXPECT_TRUE(read(large).starts_with(kept));
}

TEST_F(Capture, when_ssh_is_refused_the_fallback_is_taken) {
  // Port 1 of this machine: nobody has listened there since 1988.
  const std::vector<std::string> words = {"--to-ssh", "root@127.0.0.1:/dumps", "--ssh-port", "1"};
  const Outcome refused = capture(words);
  expect_failure(refused, 16, "E818", "root@127.0.0.1: ssh did not do its work");
  EXPECT_TRUE(says(refused, "Connection refused"));

  auto with_fallback = words;
  with_fallback.insert(with_fallback.end(), {"--fallback", path("out"), "--json"});
  const Outcome outcome = capture(with_fallback);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["fallback"], true);
  EXPECT_EQ(json["to"], path("out"));
  EXPECT_TRUE(fs::exists(dump() + "/vmcore.zst"));
}

TEST_F(Capture, a_device_gives_the_dump_back) {
  const std::string disk = write("disk", "");
  fs::resize_file(disk, 4 << 20);
  ASSERT_EQ(capture({"--to-device", disk}).exit_code, 0);
  expect_failure(capture({"--to-device", disk}), 16, "E815", disk + ": the device holds data");
  const Outcome fetched =
      hyprelay({"capture", "--from-device", disk, "--to", path("out"), "--json"});
  ASSERT_EQ(fetched.exit_code, 0) << fetched.errors;
  EXPECT_EQ(nlohmann::json::parse(fetched.output)["vmcore"], dump() + "/vmcore.zst");
  EXPECT_EQ(read(dump() + "/dmesg.txt"), captured_text("armmp.txt"));
  EXPECT_EQ(unpack(base::bytes_of(read(dump() + "/vmcore.zst"))), core_);
  EXPECT_EQ(capture({"--to-device", disk}).exit_code, 0);
  expect_failure(hyprelay({"capture", "--from-device", image_, "--to", path("out")}), 16, "E816",
                 image_);
}

TEST_F(Capture, the_configuration_is_read_and_options_override_it) {
  write("conf", "capture_to=" + path("out") + "\ncapture_format=elf\ncapture_levle=3\n");
  const Outcome outcome = capture({"--format", "zstd"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(says(outcome, "conf:3: capture_levle=3: a line of the configuration means nothing"));
  EXPECT_TRUE(fs::exists(dump() + "/vmcore.zst"));
  expect_failure(capture({"--check"}), 3, "E009", "conf:3");
  expect_failure(hyprelay({"capture", "--config", path("none")}), 3, "E003", path("none"));
}

TEST_F(Capture, a_check_saves_nothing) {
  const Outcome outcome = capture({"--check", "--to", path("out")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "hyprelay: a capture would find what it needs\n");
  EXPECT_TRUE(fs::is_empty(path("out")));
  expect_failure(capture({"--check", "--to", path("no/such")}), 3, "E003", path("no/such"));
}

TEST_F(Capture, what_comes_after_is_done_when_the_dump_is_there) {
  // The filter of the test refuses the reboot.
  const Outcome outcome = capture({"--to", path("out"), "--after", "reboot"});
  expect_failure(outcome, 8, "E410", "reboot");
  EXPECT_TRUE(fs::exists(dump() + "/vmcore.zst"));
  expect_failure(capture({"--to", path("no/such"), "--on-failure", "poweroff"}), 8, "E410",
                 "poweroff");
}

TEST_F(Capture, a_wrong_command_line_is_explained) {
  expect_failure(capture({"--to", "/a", "--to-device", "/b"}), 2, "E002", "exclude each other");
  expect_failure(capture({"--to-ssh", "nohost"}), 2, "E002", "\"nohost\" is no destination");
  expect_failure(capture({"--level", "32"}), 2, "E002", "1 to 31");
  expect_failure(capture({"--from-device", "/dev/null"}), 2, "E002", "--from-device needs --to");
}

}  // namespace
}  // namespace hyprelay::test
