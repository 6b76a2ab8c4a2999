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

TEST_F(Answer, no_permission) {
  expect_error(load(EPERM), 8, "E410", "not privileged");
  expect_error(hyprelay({"unload"}, {.kexec_load = EPERM}), 8, "E410", "unload: kexec_load: ");
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
