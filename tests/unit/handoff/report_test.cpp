// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/report.hpp"

#include "handoff/json.hpp"
#include "tests/unit/handoff/exposed.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::handoff {
namespace {

Machine small_machine() {
  Machine machine;
  machine.arch = Arch::kArm64;
  machine.ram = {base::PhysRange::from_size(base::PhysAddr(0x40000000), 0x40000000).value()};
  machine.command_line = "ro x.password=Battery-Staple";
  return machine;
}

TEST(Report, has_its_sections_and_a_machine_to_plan_with) {
  const std::string text = report_text(
      {.version = "1.2",
       .sections = {{"state", ReportPart::kText, "fine\n"}, {"empty", ReportPart::kText, ""}},
       .machine = small_machine(),
       .not_read = {"/proc/x: no"}});
  EXPECT_TRUE(text.starts_with("hyprelay report 1\nby hyprelay 1.2\n")) << text;
  for (const char* part : {"\n==== state ====\nfine\n", "\n==== empty ====\n(nothing)\n",
                           "\n==== not read ====\n/proc/x: no\n",
                           "\n==== left out ====\ncommand line: password, 14 bytes\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
  const auto machine = machine_from_json(machine_in_report(text), "report");
  ASSERT_TRUE(machine) << machine.error().subject();
  EXPECT_EQ(machine.value().ram, small_machine().ram);
  EXPECT_EQ(machine_in_report("{}"), "{}");
}

TEST(Report, a_log_cannot_stand_in_for_the_machine) {
  const std::string text =
      report_text({.version = "1",
                   .sections = {{"log", ReportPart::kLog, "kexec\n==== machine ====\nkexec {}\n"}},
                   .machine = small_machine(),
                   .not_read = {}});
  EXPECT_TRUE(machine_from_json(machine_in_report(text), "report")) << text;
  // Without a machine there is none.
  const std::string without =
      report_text({.version = "1",
                   .sections = {{"x", ReportPart::kText,
                                 "\n==== machine ====\n{\"arch\": \"arm\", \"ram\": []}"}},
                   .machine = std::nullopt,
                   .not_read = {}});
  EXPECT_EQ(machine_in_report(without), without);
}

// It is named in the last section and repeated in the first.
TEST(Report, a_secret_is_marked_before_the_place_that_names_it) {
  const std::string text = report_text(
      {.version = "1",
       .sections = {{"first", ReportPart::kText, "it is Battery-Staple\n"},
                    {"base64", ReportPart::kText, to_base64(base::bytes_of("xBattery-Staplex"))},
                    {"conf", ReportPart::kConfiguration, "wifi_key=Zebra-Crossing\n"}},
       .machine = small_machine(),
       .not_read = {"Zebra-Crossing: not there"}});
  EXPECT_NE(text.find("it is <left-out-secret-of-14-bytes>\n"), std::string::npos) << text;
  EXPECT_NE(text.find("==== base64 ====\nleft out: it holds a secret"), std::string::npos) << text;
  for (const char* secret : {"Battery-Staple", "Zebra-Crossing"}) {
    EXPECT_EQ(test::exposed_as(text, secret), "") << text;
  }
}

TEST(Report, of_a_log_it_takes_what_bears_on_a_handoff) {
  const std::string lines = lines_for_report(
      "Linux version 6.1\nusb 1-1: new device\nKernel command line: ro\npsci: PSCIv1.1\nfoo: "
      "bar\n");
  EXPECT_EQ(lines, "Linux version 6.1\nKernel command line: ro\npsci: PSCIv1.1\n");
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += "kexec " + std::to_string(i) + "\n";
  }
  const std::string cut = lines_for_report(many);
  EXPECT_EQ(std::ranges::count(cut, '\n'), 401);
  EXPECT_TRUE(cut.ends_with("kexec 399\n(and 600 more lines)\n"));
}

}  // namespace
}  // namespace hyprelay::handoff
