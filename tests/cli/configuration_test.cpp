// SPDX-License-Identifier: BSD-2-Clause
// /etc/hyprelay.conf: what is loaded when nobody names a kernel, and whether all is ready for a
// panic.
#include "tests/cli/fixture.hpp"
#include "tests/unit/handoff/cpio.hpp"

#include <map>

namespace hyprelay::test {
namespace {

class Configuration : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    use("armmp-svc", 128 << 20);
    initrd_ = write("initrd", handoff::testing::archive_of("file", std::string(1 << 20, '\1')));
    conf_ = write("conf", "panic_kernel=" + zimage_ + "\npanic_initrd=" + initrd_ +
                              "\nnext_kernel=" + zimage_ + "\n# the end\n");
  }
  nlohmann::json plan(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"plan", "--machine", machine_, "--config", conf_, "--json"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return nlohmann::json::parse(outcome.output, nullptr, false);
  }
  void add(const std::string& lines) const { write("conf", read(conf_) + "\n" + lines); }

  std::string initrd_;
  std::string conf_;
};

TEST_F(Configuration, says_what_a_crash_kernel_is) {
  auto json = plan({"--panic"});
  EXPECT_EQ(json["kernel"], zimage_);
  EXPECT_EQ(json["initrd"], initrd_);
  EXPECT_EQ(json["require_hyp"], false);
  std::string line = json["command_line"];
  EXPECT_NE(line.find(" maxcpus=1 reset_devices "), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with(" cgroup_disable=memory panic=10")) << line;

  add("panic_append=\"quiet panic=5\"\npanic_require_hyp=yes\n");
  expect_error(hyprelay({"plan", "--machine", machine_, "--config", conf_, "--panic"}), 15, "E707",
               "no way up through ");
  auto at_top = nlohmann::json::parse(read(machine_));
  at_top["boot_mode"] = "HYP";
  machine_ = write("at-top.json", at_top.dump());
  json = plan({"--panic"});
  EXPECT_EQ(json["require_hyp"], true);
  line = json["command_line"];
  EXPECT_TRUE(line.ends_with(" cgroup_disable=memory quiet panic=5")) << line;

  add("panic_command_line='console=ttyAMA0'\n");
  EXPECT_EQ(plan({"--panic"})["command_line"], "console=ttyAMA0 quiet panic=5");
}

TEST_F(Configuration, keeps_words_of_the_whole_machine_only_where_it_says_so) {
  auto machine = nlohmann::json::parse(read(machine_));
  machine["command_line"] = "console=ttyAMA0 hugepages=4 quiet cma=512M";
  machine_ = write("big.json", machine.dump());
  auto json = plan({"--panic"});
  EXPECT_EQ(json["crash"]["left_out_words"],
            nlohmann::json::array({"hugepages=4", "quiet", "cma=512M"}));
  const std::string note = json["notes"].back();
  EXPECT_NE(note.find("hugepages=4 quiet cma=512M; panic_keep_words="), std::string::npos) << note;
  EXPECT_TRUE(json["command_line"].get<std::string>().starts_with("console=ttyAMA0 maxcpus=1 "));

  const Outcome test = hyprelay({"test", "--machine", machine_, "--config", conf_});
  EXPECT_NE(test.output.find("does not get hugepages=4 quiet cma=512M\n"), std::string::npos)
      << test.output;

  add("panic_keep_words=\"cma quiet\"\n");
  json = plan({"--panic"});
  EXPECT_EQ(json["crash"]["left_out_words"], nlohmann::json::array({"hugepages=4"}));
  const std::string line = json["command_line"];
  EXPECT_TRUE(line.starts_with("console=ttyAMA0 quiet cma=512M maxcpus=1 ")) << line;
  EXPECT_EQ(line.find("cma=0 "), line.find("hugetlb_cma=0 ") + 8) << line;
  EXPECT_EQ(hyprelay({"config", "--config", conf_, "panic_keep_words"}).output, "cma quiet\n");
}

TEST_F(Configuration, gives_way_to_options) {
  const std::string other = write("other", "070701");
  const auto json = plan({"--panic", "--initrd", other, "--command-line", "root=/dev/vda"});
  EXPECT_EQ(json["initrd"], other);
  EXPECT_EQ(json["command_line"], "root=/dev/vda");
}

TEST_F(Configuration, says_what_comes_next) {
  add("next_append=quiet");
  const auto json = plan({});
  EXPECT_EQ(json["kernel"], zimage_);
  EXPECT_TRUE(json["initrd"].is_null());
  const std::string line = json["command_line"];
  EXPECT_TRUE(line.ends_with(" quiet")) << line;
}

TEST_F(Configuration, a_line_that_means_nothing_is_named_and_the_others_hold) {
  add("panic_kernle=/zImage\nnext_require_hyp=maybe\nnext_initrd=\ncaptur_to=/a\n");
  const Outcome outcome = hyprelay({"plan", "--panic", "--machine", machine_, "--config", conf_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* line : {":6: panic_kernle=/zImage", ":7: next_require_hyp=maybe",
                           ":8: next_initrd=", ":9: captur_to=/a"}) {
    EXPECT_NE(outcome.errors.find(conf_ + line), std::string::npos) << outcome.errors;
  }
}

TEST_F(Configuration, is_printed_as_it_is_understood) {
  add("capture_to=/var/crash  # here\ncapture_after=reboot\nnext_append='a \"b c\"'\n");
  const Outcome all = hyprelay({"config", "--config", conf_});
  EXPECT_EQ(all.exit_code, 0) << all.errors;
  for (const std::string& line :
       {"panic_kernel=\"" + zimage_ + "\"\n", std::string("panic_append=\"panic=10\"\n"),
        std::string("next_append='a \"b c\"'\n"), std::string("capture_to=\"/var/crash\"\n"),
        std::string("capture_on_failure=\"reboot\"\n")}) {
    EXPECT_NE(all.output.find(line), std::string::npos) << all.output;
  }
  EXPECT_EQ(hyprelay({"config", "--config", conf_, "capture_to"}).output, "/var/crash\n");
  EXPECT_EQ(hyprelay({"config", "--config", conf_, "panic_command_line"}).output, "\n");
  const auto json = nlohmann::json::parse(hyprelay({"config", "--config", conf_, "--json"}).output);
  EXPECT_EQ(json["panic_initrd"], initrd_);
  expect_error(hyprelay({"config", "--config", conf_, "capture_too"}), 2, "E002", "capture_too");
  expect_error(hyprelay({"config", "--config", path("none")}), 3, "E003", "none");
}

TEST_F(Configuration, without_a_capture_initrd_its_maker_is_named) {
  write("conf", "panic_kernel=" + path("vmlinuz-0.0-none"));
  expect_error(
      hyprelay({"plan", "--panic", "--machine", machine_, "--config", conf_}), 3, "E003",
      "/var/lib/hyprelay/initrd.img-0.0-none, which /usr/lib/hyprelay/capture-initrd makes");
}

class Check : public Configuration {
 protected:
  void SetUp() override {
    Configuration::SetUp();
    add("capture_to=" + path("crash"));
  }
  // The checks by their names.
  std::map<std::string, nlohmann::json> check(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all = {"test", "--machine", machine_, "--config", conf_, "--json"};
    all.insert(all.end(), more.begin(), more.end());
    outcome_ = hyprelay(all);
    const auto json = nlohmann::json::parse(outcome_.output, nullptr, false);
    EXPECT_TRUE(json.is_object()) << outcome_.errors;
    EXPECT_EQ(json["ok"], outcome_.exit_code == 0);
    std::map<std::string, nlohmann::json> checks;
    for (const auto& one : json["checks"]) {
      checks[one["name"]] = one;
      EXPECT_EQ(one["verdict"] == "ok", one["remedy"] == "") << one;
    }
    return checks;
  }

  Outcome outcome_;
};

// What is loaded is asked of the machine that runs the tests: most have no crash kernel.
TEST_F(Check, goes_through_all_that_a_dump_needs) {
  auto checks = check();
  for (const char* name : {"configuration", "kernel", "region", "plan", "reset", "destination"}) {
    EXPECT_EQ(checks[name]["verdict"], "ok") << checks[name];
  }
  const auto fact = os::read_fact_text("/sys/kernel/kexec_crash_loaded");
  const bool loaded = fact && fact.value() == "1";
  EXPECT_EQ(checks["loaded"]["verdict"], loaded ? "ok" : "not ok");
  EXPECT_EQ(outcome_.exit_code == 0, loaded);
  EXPECT_FALSE(std::filesystem::exists(path("crash/.hyprelay-check")));
  const Outcome text = hyprelay({"test", "--machine", machine_, "--config", conf_});
  EXPECT_EQ(text.exit_code, outcome_.exit_code);
  EXPECT_NE(text.output.find("ok      kernel         " + zimage_ + "\n"), std::string::npos)
      << text.output;
}

TEST_F(Check, a_region_that_is_missing_or_too_small_is_the_first_fault) {
  write("initrd", std::string(40 << 20, '\1'));
  use("armmp-svc", 64 << 20);
  auto checks = check();
  EXPECT_EQ(checks["region"]["verdict"], "not ok");
  EXPECT_EQ(checks["region"]["code"], "CRASH_REGION_SMALL");
  const std::string remedy = checks["region"]["remedy"];
  EXPECT_NE(remedy.find("crashkernel="), std::string::npos) << remedy;
  EXPECT_NE(remedy.find_first_of("0123456789"), std::string::npos) << remedy;
  EXPECT_EQ(outcome_.exit_code, 7);
  machine_ = write_machine("armmp");
  EXPECT_EQ(check()["region"]["code"], "CRASH_NO_REGION");
}

TEST_F(Check, each_fault_has_its_remedy) {
  add("capture_levle=3\ncapture_fallback=" + path("no/such/folder"));
  std::filesystem::remove(initrd_);
  auto checks = check();
  EXPECT_EQ(checks["configuration"]["code"], "CONFIG_LINE");
  EXPECT_EQ(checks["initrd"]["code"], "FILE_MISSING");
  EXPECT_FALSE(checks.contains("region"));
  EXPECT_EQ(checks["destination"]["verdict"], "ok");
  EXPECT_EQ(checks["fallback"]["code"], "FILE_MISSING");
  write("conf", "panic_kernel=" + path("gone"));
  EXPECT_EQ(check()["kernel"]["code"], "FILE_MISSING");
  EXPECT_EQ(check()["destination"]["code"], "CAPTURE_NO_TARGET");
}

TEST_F(Check, wants_whole_paths) {
  for (const std::string line :
       {"capture_to=relative/path", "capture_fallback=device:vdb", "capture_ssh_key=key",
        "panic_kernel=zImage", "panic_initrd=boot/initrd", "next_kernel=zImage"}) {
    write("conf", line + "\n");
    const auto found = check()["configuration"];
    EXPECT_EQ(found["code"], "CONFIG_LINE") << line;
    EXPECT_NE(found["found"].get<std::string>().find(":1: " + line), std::string::npos) << found;
    EXPECT_NE(found["found"].get<std::string>().find("not a whole path"), std::string::npos)
        << found;
    const Outcome config = hyprelay({"config", "--config", conf_});
    EXPECT_NE(config.errors.find("not a whole path"), std::string::npos) << config.errors;
  }
}

TEST_F(Check, a_crash_kernel_that_would_stay_after_its_own_panic_is_noted) {
  add("panic_append=\"panic=0 softlockup_panic=1\"");
  EXPECT_EQ(check()["reset"]["verdict"], "note");
}

TEST_F(Check, a_region_that_can_be_loaded_but_not_worked_in_is_refused_with_a_better_size) {
  use("armmp-svc", 64 << 20);
  const auto region = check()["region"];
  EXPECT_EQ(region["code"], "CRASH_REGION_SMALL");
  const std::string remedy = region["remedy"];
  EXPECT_NE(remedy.find("crashkernel="), std::string::npos) << remedy;
}

// Whatever else is right, there will be no dump.
TEST_F(Check, a_kernel_that_cannot_have_a_vmcore_is_a_fault) {
  use("arm64-max", 200 << 20);
  std::string bytes = read(image_);
  constexpr std::string_view kProperty = "linux,elfcorehdr";
  for (std::size_t at = 0; (at = bytes.find(kProperty, at)) != std::string::npos;) {
    bytes[at] = 'x';
  }
  const std::string conf = "panic_initrd=" + initrd_ + "\ncapture_to=" + path("crash") + "\n";
  write("conf", conf + "panic_kernel=" + image_ + "\n");
  EXPECT_FALSE(check().contains("vmcore"));
  write("conf", conf + "panic_kernel=" + write("image", bytes) + "\n");
  auto checks = check();
  EXPECT_EQ(checks["vmcore"]["code"], "CRASH_NO_VMCORE");
  EXPECT_EQ(outcome_.exit_code, 4);
  EXPECT_EQ(checks["plan"]["verdict"], "ok") << checks["plan"];
}

TEST_F(Check, nothing_panics_when_something_is_wrong) {
  std::filesystem::remove(initrd_);
  check({"--really", "--yes"});
  EXPECT_EQ(outcome_.exit_code, 3);
  EXPECT_NE(outcome_.errors.find("nothing was done"), std::string::npos) << outcome_.errors;
}

}  // namespace
}  // namespace hyprelay::test
