// SPDX-License-Identifier: BSD-2-Clause
// hyprelay report: written on whatever machine this is, and read back as a machine.
#include "handoff/report.hpp"

#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Report : public Program {};

// No board, perhaps no kexec, perhaps not root.
TEST_F(Report, is_written_on_any_machine) {
  const Outcome shown = hyprelay({"report"});
  EXPECT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_TRUE(shown.output.starts_with("hyprelay report 1\nby hyprelay ")) << shown.output;
  for (const char* section : {"left out", "not read", "status", "state", "command line", "log"}) {
    EXPECT_NE(shown.output.find("\n==== " + std::string(section) + " ====\n"), std::string::npos)
        << section;
  }
  for (const char* option : {"-o", "--output"}) {
    const std::string file = path(std::string("report") + option);
    const Outcome written = hyprelay({"report", option, file});
    EXPECT_EQ(written.exit_code, 0) << written.errors;
    EXPECT_EQ(written.output, "");
    EXPECT_TRUE(read(file).starts_with("hyprelay report 1\n"));
  }
  expect_error(hyprelay({"report", "-o", path("no/such/folder")}), 3, "E005", "no/such/folder");
  expect_error(hyprelay({"report", "-x"}), 2, "E002", "-x");
}

TEST_F(Report, plans_and_probes_as_the_machine_itself) {
  const auto machine = handoff::linux_host::gather(captured(HR_TEST_DATA, "arm64")).value();
  const std::string report = write(
      "report.txt",
      handoff::report_text({.version = "1", .sections = {}, .machine = machine, .not_read = {}}));
  machine_ = write_machine("arm64");
  const auto json = [&](const std::string& command, const std::string& file) {
    std::vector<std::string> all = {command, "--json", "--machine", file};
    if (command == "plan") {
      all.push_back(image_);
    }
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return nlohmann::json::parse(outcome.output);
  };
  EXPECT_EQ(json("plan", report)["segments"], json("plan", machine_)["segments"]);
  EXPECT_EQ(json("probe", report), json("probe", machine_));
}

}  // namespace
}  // namespace hyprelay::test
