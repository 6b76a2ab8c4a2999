// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/report.hpp"

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "handoff/json.hpp"
#include "handoff/secrets.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::handoff {
namespace {

constexpr std::string_view kMachineHead = "\n==== machine ====\n";
constexpr std::size_t kMostLines = 400;

// What the lines of a log are about that are worth showing.
constexpr auto kTopics = std::to_array<std::string_view>({
    "Linux version",
    "Booting Linux",
    "Machine model",
    "Kernel command line",
    "crashkernel",
    "Crash",
    "crash",
    "kexec",
    "hyprelay",
    "started in",
    "started at EL",
    "psci",
    "SMCCC",
    "smccc",
    "kvm",
    "Virtualization",
    "Xen",
    "Hyper-V",
    "ailhouse",
    "GIC",
    "ITS",
    "arm-smmu",
    "iommu",
    "IOMMU",
    "efi:",
    "EFI",
    "ACPI: ",
    "Memory:",
    "Truncating",
    "Ignoring",
    "memblock",
    "eserved mem",
    "cma:",
    "OF: ",
    "SMP",
    "Brought up",
    "CPUs",
    "KASLR",
    "lockdown",
    "Lockdown",
    "Kernel panic",
    "Unable to",
    "BUG",
    "WARNING",
    "Oops",
    "watchdog",
    "arch_timer",
    "console [",
    "initramfs",
    "Initramfs",
    "initrd",
    "random: crng",
    "Internal error",
    "Failed to",
    "vmalloc",
    "Zone ranges",
});

std::string json_of(const Machine& machine) {
  return base::json_text(to_json(machine), base::Indent::kTwo) + "\n";
}

std::string marked(const ReportSection& section, Secrets& secrets) {
  switch (section.part) {
    case ReportPart::kText:
      return secrets.text(section.text, section.name);
    case ReportPart::kCommandLine:
      return secrets.command_line(section.text, section.name);
    case ReportPart::kConfiguration:
      return secrets.configuration(section.text, section.name);
    case ReportPart::kLog: {
      std::string lines;
      for (std::string_view rest = section.text; !rest.empty();) {
        // "Kernel command line: ..." is one, and a driver's message may have words as well.
        lines += secrets.command_line(base::take_line(rest), section.name) + "\n";
      }
      return lines;
    }
  }
  return "";
}

// As it is to be shown: another "==== machine ====" would be taken for the report's own.
std::string section_text(std::string_view name, std::string text, const Secrets& secrets) {
  std::string head = "\n==== " + std::string(name) + " ====\n";
  if (secrets.is_any_in(text)) {
    return head + "left out: it holds a secret in a form in which it could not be marked\n";
  }
  for (std::size_t at = text.find("===="); at != text.npos; at = text.find("====", at)) {
    text.replace(at, 4, "= = ");
  }
  if (text.empty()) {
    text = "(nothing)\n";
  }
  return head + text + (text.ends_with('\n') ? "" : "\n");
}

std::string left_out_text(const Secrets& secrets) {
  std::string text;
  for (const LeftOutSecret& one : secrets.left_out()) {
    text += one.where + ": " + one.what + ", " + std::to_string(one.size_bytes) +
            (one.size_bytes == 1 ? " byte\n" : " bytes\n");
  }
  return text;
}

}  // namespace

std::string lines_for_report(std::string_view log) {
  std::string lines;
  std::size_t count = 0;
  std::size_t more = 0;
  while (!log.empty()) {
    const std::string_view line = base::take_line(log);
    if (std::ranges::none_of(
            kTopics, [line](std::string_view topic) { return line.find(topic) != line.npos; })) {
      continue;
    }
    if (count == kMostLines) {
      ++more;
      continue;
    }
    ++count;
    lines.append(line).append("\n");
  }
  return more == 0 ? lines : lines + "(and " + std::to_string(more) + " more lines)\n";
}

std::string report_text(const ReportFacts& facts) {
  Secrets secrets;
  std::string sections;
  std::string machine;
  // The second time every secret is known, wherever the first one to name it stands.
  for (int pass = 0; pass < 2; ++pass) {
    sections.clear();
    for (const ReportSection& section : facts.sections) {
      ReportSection shown = section;
      if (section.part == ReportPart::kLog) {
        shown.text = lines_for_report(section.text);
      }
      sections += section_text(section.name, marked(shown, secrets), secrets);
    }
    machine = facts.machine ? json_of(secrets.machine(*facts.machine)) : "";
  }
  std::string not_read;
  for (const std::string& sentence : facts.not_read) {
    not_read += secrets.text(sentence, "what was not read") + "\n";
  }
  std::string text(kReportMark);
  text += "by hyprelay " + facts.version +
          "\n\nAttach this file to a report of a fault, and read it before: what is known to be "
          "secret\nis left out, and listed first. Addresses, host names and UUIDs are in it. "
          "hyprelay plan\nKERNEL --machine FILE makes a plan of it on every host.\n";
  text += section_text("left out", secrets.mark_known(left_out_text(secrets)), secrets);
  text += section_text("not read", not_read, secrets) + sections;
  if (!facts.machine) {
    return text;
  }
  return secrets.is_any_in(machine) ? text + section_text("machine", machine, secrets)
                                    : text.append(kMachineHead).append(machine);
}

std::string_view machine_in_report(std::string_view text) {
  const std::size_t head = text.rfind(kMachineHead);
  if (!text.starts_with(kReportMark) || head == text.npos) {
    return text;
  }
  return text.substr(head + kMachineHead.size());
}

}  // namespace hyprelay::handoff
