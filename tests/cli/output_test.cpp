// SPDX-License-Identifier: BSD-2-Clause
// What the program prints when all is well.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Output : public Program {
 protected:
  nlohmann::json plan(const std::string& kernel_file, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all = words("plan", kernel_file, more);
    all.push_back("--json");
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    return nlohmann::json::parse(outcome.output);
  }
};

TEST_F(Output, plans_every_machine_with_its_kernels) {
  const std::string initrd = write("initrd", std::string(3 << 20, '\1'));
  for (const std::string folder :
       {"armmp", "armmp-svc", "armmp-lpae", "arm64", "arm64-max", "arm64-el1"}) {
    machine_ = write_machine(folder);
    const bool arm64 = folder.starts_with("arm64");
    const std::string file = arm64 ? image_ : zimage_;
    const bool below = folder.ends_with("-svc") || folder.ends_with("-el1");
    std::vector<std::string> more = {"--initrd", initrd};
    if (!below) {
      more.emplace_back("--require-hyp");
    }
    const auto json = plan(file, more);
    EXPECT_EQ(json["arch"], arm64 ? "arm64" : "arm");
    EXPECT_EQ(json["loaded"], false);
    EXPECT_EQ(json["kernel"], file);
    EXPECT_EQ(json["initrd"], initrd);
    EXPECT_EQ(json["require_hyp"], !below);
    EXPECT_EQ(json["halt_on_failure"], false);
    std::vector<std::string> kinds;
    for (const auto& segment : json["segments"]) {
      kinds.push_back(segment["kind"]);
      EXPECT_GE(segment["start"].get<std::uint64_t>(), 0x40000000u);
    }
    std::ranges::sort(kinds);
    EXPECT_EQ(kinds, (std::vector<std::string>{"device tree", "initrd", "kernel", "relay"}))
        << folder;
  }
}

TEST_F(Output, the_command_line_is_chosen_as_documented) {
  const std::string running = "rdinit=/init console=ttyAMA0 panic=1";
  EXPECT_EQ(plan(zimage_)["command_line"], running);
  EXPECT_EQ(plan(zimage_, {"--append", "quiet"})["command_line"], "quiet");
  EXPECT_EQ(plan(zimage_, {"--command-line="})["command_line"], "");
  EXPECT_EQ(plan(zimage_, {"--reuse-cmdline", "--append=x"})["command_line"], running + " x");
}

TEST_F(Output, a_tree_without_memory_gets_the_machines) {
  const std::string compiler = "dtc";
  const std::string source = write("board.dts",
                                   "/dts-v1/;\n/ { #address-cells = <2>; #size-cells = <2>;\n"
                                   "compatible = \"linux,dummy-virt\"; chosen { }; };\n");
  ASSERT_EQ(run(compiler, {"-I", "dts", "-O", "dtb", "-o", path("board.dtb"), source}).exit_code,
            0);
  const auto json = plan(zimage_, {"--dtb", path("board.dtb"), "--trust-dtb"});
  // It says nothing of CPUs, PSCI and a console, and whoever trusts it is told.
  EXPECT_EQ(json["warnings"].size(), 4u) << json["warnings"];
  EXPECT_EQ(json["memory_added"], true);
  EXPECT_EQ(json["device_tree"], path("board.dtb"));
  EXPECT_EQ(plan(zimage_, {"--dtb", tree_of("armmp")})["memory_added"], false);
}

TEST_F(Output, load_and_plan_print_the_same_facts) {
  auto planned = plan(zimage_);
  const Outcome outcome = hyprelay(words("load", zimage_, {"--json"}), {.kexec_load = 0});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1);
  auto loaded = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(loaded["loaded"], true);
  loaded["loaded"] = planned["loaded"] = nullptr;
  // Where the time went, which only a load has.
  EXPECT_EQ(loaded.erase("phases_ns"), 1u);
  EXPECT_EQ(loaded, planned);
}

TEST_F(Output, the_plan_is_readable) {
  const Outcome outcome = hyprelay(words("plan", zimage_));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* part : {"kernel", "device tree", "relay", "entry 0x", "command line: rdinit="}) {
    EXPECT_NE(outcome.output.find(part), std::string::npos) << part << "\n" << outcome.output;
  }
}

TEST_F(Output, no_line_ends_in_a_blank) {
  for (const auto& all : {words("plan", zimage_), words("plan", zimage_, {"--append="}),
                          words("load", zimage_, {"--dry-run"})}) {
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_EQ(outcome.output.find(" \n"), std::string::npos) << outcome.output;
  }
}

TEST_F(Output, explains_every_code) {
  const auto list = nlohmann::json::parse(hyprelay({"explain", "--json"}).output)["errors"];
  EXPECT_GT(list.size(), 50u);
  for (const char* name : {"PLAN_NO_ROOM", "0x300", "E300", "768"}) {
    const Outcome outcome = hyprelay({"explain", name});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_TRUE(outcome.output.starts_with("E300 PLAN_NO_ROOM (exit code 7)\n")) << outcome.output;
  }
  EXPECT_TRUE(hyprelay({"explain", "USAGE"}).output.starts_with("E002 USAGE "));
}

TEST_F(Output, help_and_version) {
  EXPECT_NE(hyprelay({"--help"}).output.find("  load "), std::string::npos);
  EXPECT_TRUE(hyprelay({"load", "-h"}).output.starts_with("hyprelay load: "));
  EXPECT_TRUE(hyprelay({"version"}).output.starts_with("hyprelay "));
  EXPECT_EQ(hyprelay({"help"}).output, hyprelay({"--help"}).output);
  EXPECT_EQ(hyprelay({"help", "load"}).output, hyprelay({"load", "--help"}).output);
  EXPECT_EQ(hyprelay({"--version"}).output, hyprelay({"version"}).output);
  const auto json = nlohmann::json::parse(hyprelay({"version", "--json"}).output);
  EXPECT_EQ(json["abi"], "1.0");
  EXPECT_GT(json["relay_bytes"]["arm"], 0);
  EXPECT_GT(json["relay_bytes"]["arm64"], 0);
}

TEST_F(Output, a_full_disk_is_noticed) {
  const Outcome outcome = run(HR_PROGRAM, {"version"}, {}, "/dev/full");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.errors.find("[E005]"), std::string::npos) << outcome.errors;
}

TEST_F(Output, the_man_page_has_no_warnings) {
  const std::string page = write("hyprelay.8", hyprelay({"generate", "man"}).output);
  // man itself tells of unknown requests and characters on stderr.
  const Outcome shown = run("man", {"-l", "--warnings", "-P", "cat", page});
  EXPECT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_EQ(shown.errors, "");
  EXPECT_NE(shown.output.find("EXIT STATUS"), std::string::npos);
}

class Completion : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    script_ = write("completion.bash", hyprelay({"generate", "completion"}).output);
  }
  // What bash offers for the last of these words, one per line, sorted.
  std::string offered(const std::vector<std::string>& line) {
    std::string script = ". " + script_ + "; COMP_WORDS=(";
    for (const std::string& word : line) {
      script += "'" + word + "' ";
    }
    script += "); COMP_CWORD=" + std::to_string(line.size() - 1) +
              "; _hyprelay; printf '%s\\n' \"${COMPREPLY[@]}\" | sort";
    const Outcome outcome = run("bash", {"-c", script});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    return outcome.output;
  }
  std::string script_;
};

TEST_F(Completion, is_valid_bash) {
  const Outcome outcome = run("bash", {"-n", script_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(Completion, offers_commands_options_choices_and_files) {
  EXPECT_EQ(offered({"hyprelay", "e"}), "exec\nexplain\n");
  EXPECT_EQ(offered({"hyprelay", "load", "--i"}), "--initrd\n");
  EXPECT_EQ(offered({"hyprelay", "exec", ""}), "--help\n--json\n-h\n");
  EXPECT_EQ(offered({"hyprelay", "rehearse", "--arch", "arm"}), "arm\narm64\n");
  EXPECT_EQ(offered({"hyprelay", "rehearse", "--arch", "=", "arm6"}), "arm64\n");
  write("vmlinuz-a", "");
  EXPECT_EQ(offered({"hyprelay", "load", path("vmlinuz")}), path("vmlinuz-a") + "\n");
  EXPECT_EQ(offered({"hyprelay", "load", "k", "--initrd", "=", path("vmlinuz")}),
            path("vmlinuz-a") + "\n");
}

}  // namespace
}  // namespace hyprelay::test
