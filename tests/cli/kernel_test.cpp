// SPDX-License-Identifier: BSD-2-Clause
// What the kernel may answer, and what the program then says. The kernel's part is played by
// seccomp, which makes the answer without making the call.
#include "tests/cli/fixture.hpp"

#include <sys/utsname.h>

#include <cerrno>

namespace hyprelay::test {
namespace {

class Answer : public Program {
 protected:
  Outcome load(int system_error) const {
    return hyprelay(words("load", zimage_), {.kexec_load = system_error});
  }
  // By this host's own: NO_PERMISSION, LOCKED_DOWN or LOAD_DISABLED.
  static void expect_not_allowed(const Outcome& outcome, const std::string& step) {
    EXPECT_EQ(outcome.exit_code, 8) << outcome.errors;
    EXPECT_TRUE(outcome.errors.starts_with("hyprelay: " + step)) << outcome.errors;
    EXPECT_NE(outcome.errors.find("\n  remedy: "), std::string::npos) << outcome.errors;
  }
  static bool on_arm() {
    struct utsname names {};
    ::uname(&names);
    const std::string machine = names.machine;
    return machine.starts_with("armv") || machine == "aarch64";
  }
};

TEST_F(Answer, success) {
  const std::string initrd = write("initrd", std::string(100000, '\1'));
  const Outcome outcome = hyprelay(words("load", zimage_, {"--initrd", initrd}), {.kexec_load = 0});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(outcome.output.starts_with("hyprelay: loaded\n")) << outcome.output;
  EXPECT_NE(outcome.output.find(initrd), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("start it with hyprelay exec"), std::string::npos);
  EXPECT_EQ(outcome.errors, "");
}

// What could not be printed was done all the same, and whoever only hears of the error is told.
TEST_F(Answer, a_report_that_cannot_be_printed_hides_no_load) {
  const auto with_full_output = [](const std::vector<std::string>& all) {
    return run(HR_PROGRAM, all, {.kexec_load = 0, .kexec_file_load = 0}, "/dev/full");
  };
  for (const std::vector<std::string>& more :
       {std::vector<std::string>(), std::vector<std::string>{"--json"},
        std::vector<std::string>{"--file"}}) {
    expect_error(with_full_output(words("load", zimage_, more)), 3, "E005",
                 "\nhyprelay: note: the kernel is loaded all the same");
  }
  expect_error(with_full_output({"unload"}), 3, "E005", "note: nothing is loaded all the same");
  expect_error(with_full_output({"unload", "--panic"}), 3, "E005",
               "note: no crash kernel is loaded all the same");
  // Nothing was done.
  const Outcome dry = with_full_output(words("load", zimage_, {"--dry-run"}));
  EXPECT_EQ(dry.exit_code, 3) << dry.errors;
  EXPECT_EQ(dry.errors.find("all the same"), std::string::npos) << dry.errors;
}

// Why is this host's matter: without the capability, or by the filter that makes the answer. It
// comes before any file is opened.
TEST_F(Answer, no_permission) {
  expect_not_allowed(load(EPERM), "load: ");
  for (const std::string word : {"", "--panic"}) {
    std::vector<std::string> all = words("load", path("nothing"), {"--initrd", path("none")});
    if (!word.empty()) {
      all.push_back(word);
    }
    expect_not_allowed(hyprelay(all, {.kexec_load = EPERM}), "load: ");
    all.emplace_back("--file");
    expect_not_allowed(hyprelay(all, {.kexec_file_load = EPERM}), "load: ");
  }
  expect_error(load(EACCES), 8, "E430", "IMA appraises kernels");
  expect_not_allowed(hyprelay({"unload"}, {.kexec_load = EPERM}), "unload: ");
  // A kernel that is locked down lets go of what it holds by the other call alone.
  const Outcome other = hyprelay({"unload"}, {.kexec_load = EPERM, .kexec_file_load = 0});
  EXPECT_EQ(other.exit_code, 0) << other.errors;
}

TEST_F(Answer, no_kexec_in_the_kernel) {
  expect_error(load(ENOSYS), 9, "E411", "the running kernel has no kexec_load");
  expect_error(hyprelay({"unload"}, {.kexec_load = ENOSYS}), 9, "E411", "no kexec_load");
}

TEST_F(Answer, other_refusals) {
  expect_error(load(ENOMEM), 7, "E418", "too little free memory");
  expect_error(load(EADDRNOTAVAIL), 12, "E419", "not memory");
  expect_error(load(EFAULT), 12, "E413", "EFAULT");
  expect_error(load(EBUSY), 12, on_arm() ? "E41" : "E417", "");
}

TEST_F(Answer, a_machine_of_another_kind_is_named) {
  if (on_arm()) {
    GTEST_SKIP() << "this host is of a kind that can load";
  }
  expect_error(load(EINVAL), 11, "E404", "another architecture");
  // Without --machine it is known before anything is planned.
  expect_error(hyprelay({"load", zimage_}, {.kexec_load = 0}), 11, "E404", "another architecture");
  expect_error(hyprelay({"machine"}), 11, "E404", "another architecture");
}

TEST_F(Answer, a_dry_run_asks_the_kernel_nothing) {
  const Outcome outcome =
      hyprelay(words("load", zimage_, {"--dry-run", "--json"}), {.kexec_load = EPERM});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(nlohmann::json::parse(outcome.output)["loaded"], false);
}

// What a plan would warn of holds for this call as well.
TEST_F(Answer, by_file_with_warnings) {
  use("armmp-svc", 128 << 20);
  const std::string noise = write("noise", std::string(5000, '\x81'));
  const Outcome outcome =
      hyprelay(words("load", zimage_,
                     {"--file", "--panic", "--dry-run", "--initrd", noise, "--append", "mem=9M"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.errors.find("warning: " + noise + ": begins as no archive"), std::string::npos)
      << outcome.errors;
  EXPECT_NE(outcome.errors.find("warning: the crash kernel is told mem=9M"), std::string::npos)
      << outcome.errors;
}

TEST_F(Answer, by_file) {
  const std::string initrd = write("initrd", std::string("070701") + std::string(104, '0'));
  const auto all = words("load", zimage_, {"--file", "--initrd", initrd, "--append", "root=a"});
  const Outcome text = hyprelay(all, {.kexec_file_load = 0});
  EXPECT_EQ(text.exit_code, 0) << text.errors;
  EXPECT_TRUE(text.output.starts_with("hyprelay: loaded by kexec_file_load\n")) << text.output;
  for (const char* lost : {"no relay", "no record", "no climb", "no tree of one's own"}) {
    EXPECT_NE(text.output.find(lost), std::string::npos) << lost;
  }
  auto with_json = all;
  with_json.emplace_back("--json");
  const auto json = nlohmann::json::parse(hyprelay(with_json, {.kexec_file_load = 0}).output);
  EXPECT_EQ(json["loaded"], true);
  EXPECT_EQ(json["command_line"], "root=a");
  EXPECT_EQ(json["initrd"], initrd);
  // The kernel is not asked.
  with_json.emplace_back("--dry-run");
  EXPECT_EQ(nlohmann::json::parse(hyprelay(with_json).output)["loaded"], false);
}

TEST_F(Answer, by_file_says_why_not) {
  const auto with_file = [this](int system_error) {
    return hyprelay(words("load", zimage_, {"--file"}), {.kexec_file_load = system_error});
  };
  expect_error(with_file(ENOSYS), 9, "E432", "no kexec_file_load");
  expect_error(with_file(EKEYREJECTED), 8, "E433", "does not fit");
  expect_error(with_file(ENOKEY), 8, "E433", "keyrings");
  expect_error(with_file(EBADMSG), 8, "E433", "cannot be read");
  expect_error(with_file(ENODATA), 8, "E433", "no signature");
  expect_error(with_file(ENOEXEC), 12, "E434", "ENOEXEC");
  expect_error(hyprelay(words("load", image_, {"--file"}), {.kexec_file_load = 0}), 4, "E102",
               image_);
}

TEST_F(Answer, by_file_refuses_what_only_the_relay_can_do) {
  const std::vector<std::vector<std::string>> all = {
      {"--require-hyp"},      {"--dtb", tree_of("armmp")}, {"--trust-dtb"},
      {"--halt-on-failure"},  {"--resident", "common"},    {"--resident-vectors", "0x40200000"},
      {"--digest", "sha256"}, {"--verbose-relay"}};
  for (const std::vector<std::string>& one : all) {
    auto options = one;
    options.emplace_back("--file");
    const Outcome outcome = hyprelay(words("load", zimage_, options), {.kexec_file_load = 0});
    expect_error(outcome, 2, "E002", one[0] + " cannot hold with --file: ");
  }
  const std::string conf = write("conf", "next_kernel='" + zimage_ + "'\nnext_require_hyp=yes\n");
  expect_error(
      hyprelay({"load", "--file", "--config", conf, "--machine", machine_}, {.kexec_file_load = 0}),
      2, "E002", "next_require_hyp=yes");
  expect_error(hyprelay(words("load", zimage_, {"--file", "--panic"}), {.kexec_file_load = 0}), 7,
               "E305", "");
}

TEST_F(Answer, exec_needs_something_loaded) {
  // Whatever this host has loaded, nothing starts: reboot() answers EINVAL, as without an image.
  const Outcome outcome = hyprelay({"exec"}, {.reboot = EINVAL});
  EXPECT_TRUE(outcome.exit_code == 9 || outcome.exit_code == 10) << outcome.errors;
  EXPECT_TRUE(outcome.errors.starts_with("hyprelay: exec: ")) << outcome.errors;
}

TEST_F(Answer, status_works_everywhere) {
  const Outcome text = hyprelay({"status"});
  EXPECT_EQ(text.exit_code, 0) << text.errors;
  EXPECT_TRUE(text.output.starts_with("kernel:   ")) << text.output;
  const auto json = nlohmann::json::parse(hyprelay({"status", "--json"}).output);
  for (const char* key : {"release", "arch", "mode", "loaded", "relay"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
}

}  // namespace
}  // namespace hyprelay::test
