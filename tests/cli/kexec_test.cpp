// SPDX-License-Identifier: BSD-2-Clause
// The program under the name that boot menus call.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Kexec : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    for (const char* name : {"kexec", "hyprelay-kexec"}) {
      std::filesystem::create_symlink(HR_PROGRAM, directory_ / name);
    }
  }
  Outcome kexec(const std::vector<std::string>& words, Kernel kernel = {}) const {
    return run(path("kexec"), words, kernel);
  }
};

TEST_F(Kexec, goes_by_its_name) {
  for (const char* name : {"kexec", "hyprelay-kexec"}) {
    const Outcome outcome = run(path(name), {"-v"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_TRUE(outcome.output.starts_with("hyprelay-kexec ")) << outcome.output;
    EXPECT_NE(run(path(name), {"--help"}).output.find("--reuse-cmdline"), std::string::npos);
  }
  // The same word is a command that hyprelay does not have.
  expect_error(hyprelay({"-v"}), 2, "E002", "-v");
}

TEST_F(Kexec, refuses_with_the_reason_before_anything_is_done) {
  expect_error(kexec({"-u", "--load-jump-back-helper"}), 2, "E00b",
               "--load-jump-back-helper: no kernel for ARM can be returned to");
  expect_error(kexec({"-l", zimage_, "--reuseinitrd"}), 2, "E00b", "give --initrd=FILE");
  expect_error(kexec({"-l"}), 2, "E002", "KERNEL is missing");
  expect_error(kexec({"-lZ", zimage_}), 2, "E002", "-Z");
}

TEST_F(Kexec, tells_what_it_runs_and_what_it_ignores) {
  const Outcome outcome =
      kexec({"--debug", "-l", zimage_, "--append=a b", "-y", "--initrd", "/no/initrd"});
  // No test runs on ARM.
  EXPECT_NE(outcome.errors.find("[E404]"), std::string::npos) << outcome.errors;
  EXPECT_EQ(outcome.exit_code, 11);
  const std::string command =
      "hyprelay: hyprelay load --initrd=/no/initrd \"--command-line=a b\" -- " + zimage_ + "\n";
  EXPECT_NE(outcome.errors.find(command), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("note: --no-sync changes nothing: "), std::string::npos);
}

TEST_F(Kexec, without_a_command_line_a_given_tree_has_it) {
  const std::string source =
      write("t.dts",
            "/dts-v1/;\n/ { compatible = \"a\"; chosen { bootargs = \"root=/dev/x ro\"; }; };\n");
  ASSERT_EQ(run("dtc", {"-q", "-O", "dtb", "-o", path("t.dtb"), source}).exit_code, 0);
  const Outcome outcome = kexec({"-d", "-l", zimage_, "--dtb=" + path("t.dtb")});
  EXPECT_NE(outcome.errors.find("\"--command-line=root=/dev/x ro\" --dtb="), std::string::npos)
      << outcome.errors;
  expect_error(kexec({"-l", zimage_, "--dtb=" + path("none.dtb")}), 3, "E003", "none.dtb");
}

TEST_F(Kexec, unloads_and_starts_by_the_calls_of_hyprelay) {
  Outcome outcome = kexec({"-u"}, {.kexec_load = 0});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "hyprelay: nothing is loaded now\n");
  outcome = kexec({"-p", "-u"}, {.kexec_load = 0});
  EXPECT_EQ(outcome.output, "hyprelay: no crash kernel is loaded now\n");
  EXPECT_NE(kexec({"-u"}, {.kexec_load = 1}).exit_code, 0);
  // Nothing is loaded on the machine that tests.
  EXPECT_NE(kexec({"-e"}).exit_code, 0);
}

// As kexec(8) says, and what the files of this machine say.
TEST_F(Kexec, status_is_an_exit_code) {
  const auto loaded = [](const char* name) {
    const auto text = os::read_fact_text(std::string("/sys/kernel/") + name);
    return !text ? 255 : text.value() == "1" ? 1 : 0;
  };
  EXPECT_EQ(kexec({"-S"}).exit_code, loaded("kexec_crash_loaded"));
  EXPECT_EQ(kexec({"-S", "-l"}).exit_code, loaded("kexec_loaded"));
  EXPECT_EQ(kexec({"-S", "-p"}).output, "");
}

TEST_F(Kexec, the_size_of_the_region_is_a_number) {
  const Outcome outcome = kexec({"--print-ckr-size"});
  EXPECT_EQ(outcome.exit_code, 0);
  const auto size = os::read_fact_text("/sys/kernel/kexec_crash_size");
  EXPECT_EQ(outcome.output, (size ? size.value() : "0") + "\n");
}

TEST_F(Kexec, its_texts_are_in_order) {
  const std::string page = write("hyprelay-kexec.8", hyprelay({"generate", "kexec-man"}).output);
  const Outcome shown = run("man", {"-l", "--warnings", "-P", "cat", page});
  EXPECT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_EQ(shown.errors, "");
  EXPECT_NE(shown.output.find("EXIT STATUS"), std::string::npos);
  const std::string script =
      write("completion.bash", hyprelay({"generate", "kexec-completion"}).output);
  const Outcome offered =
      run("bash", {"-c", ". " + script +
                             "; COMP_WORDS=(hyprelay-kexec --reuse-c); COMP_CWORD=1; "
                             "_hyprelay_kexec; printf '%s\\n' \"${COMPREPLY[@]}\""});
  EXPECT_EQ(offered.output, "--reuse-cmdline\n") << offered.errors;
}

// The page's table is made from the rows: ./x docs.
TEST_F(Kexec, the_page_has_the_table) {
  const std::string page = read(std::string(HR_DOCS) + "/hyprelay-kexec.md");
  EXPECT_NE(page.find("<!-- table kexec -->\n" + hyprelay({"generate", "kexec-table"}).output +
                      "<!-- end kexec -->\n"),
            std::string::npos);
}

// What --mem-min and --mem-max come to: nothing is planned in what is reserved by hand.
TEST_F(Kexec, nothing_is_placed_in_what_is_reserved) {
  const auto starts = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {"--json"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = hyprelay(words("plan", zimage_, all));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    std::vector<std::uint64_t> found;
    const auto planned = nlohmann::json::parse(outcome.output);
    for (const auto& segment : planned["segments"]) {
      found.push_back(segment["start"]);
    }
    return found;
  };
  const std::uint64_t low = std::ranges::min(starts({}));
  const std::uint64_t above = low + 0x1000000;
  EXPECT_GE(std::ranges::min(starts({"--reserve", "0," + std::to_string(above)})), above);
  EXPECT_LT(std::ranges::max(starts({"--reserve", "0x50000000,0xffffffffafffffff"})), 0x50000000u);
  expect_error(hyprelay(words("plan", zimage_, {"--reserve", "0,0xffffffff"})), 7, "E300", "");
}

}  // namespace
}  // namespace hyprelay::test
