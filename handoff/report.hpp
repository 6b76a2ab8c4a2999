// SPDX-License-Identifier: BSD-2-Clause
// The one file that is attached to a report of a fault: what a machine shows, for people, with the
// Machine as JSON at its end, from which plans can be made elsewhere. What is secret is left out
// (secrets.hpp). Pure.
#pragma once

#include "handoff/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

enum class ReportPart : std::uint8_t {
  kText,
  // In which a parameter's name tells what is secret.
  kCommandLine,
  kConfiguration,
  // Of the kernel's log: only the lines that bear on a handoff or a panic are shown.
  kLog,
};

struct ReportSection {
  std::string name;
  ReportPart part = ReportPart::kText;
  std::string text;
};

struct ReportFacts {
  std::string version;
  std::vector<ReportSection> sections;
  // nullopt: nothing could be gathered.
  std::optional<Machine> machine;
  // Sentences: what could not be read, and why.
  std::vector<std::string> not_read;
};

// Begins with kReportMark. A section that still holds a secret after all, in whatever form, is left
// out as a whole, and the report says so.
std::string report_text(const ReportFacts& facts);
inline constexpr std::string_view kReportMark = "hyprelay report 1\n";

// The JSON of the machine in a report; another text as it is.
std::string_view machine_in_report(std::string_view text);

// The lines of a kernel's log that bear on how it came up and on what a handoff meets, the first
// ones if there are more than a report should have.
std::string lines_for_report(std::string_view log);

}  // namespace hyprelay::handoff
