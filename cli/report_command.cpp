// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report_command.hpp"

#include "abi/hr_abi.h"
#include "base/error_text.hpp"
#include "base/printable.hpp"
#include "cli/configuration.hpp"
#include "cli/print.hpp"
#include "cli/probe_command.hpp"
#include "cli/status_command.hpp"
#include "cli/text.hpp"
#include "handoff/linux/crash_facts.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "os/files.hpp"

#include <array>
#include <utility>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using handoff::ReportPart;

struct ReportFile {
  const char* section;
  const char* path;
  ReportPart part;
};

constexpr auto kFiles = std::to_array<ReportFile>({
    {"kernel", "/proc/version", ReportPart::kText},
    {"command line", "/proc/cmdline", ReportPart::kCommandLine},
    {"memory", "/proc/iomem", ReportPart::kText},
});

// Files of one number or word each, which together tell what is loaded and what may be.
constexpr auto kStates = std::to_array<const char*>({
    "/sys/kernel/kexec_loaded",
    "/sys/kernel/kexec_crash_loaded",
    "/sys/kernel/kexec_crash_size",
    "/proc/sys/kernel/kexec_load_disabled",
    "/sys/kernel/security/lockdown",
    "/sys/devices/system/cpu/possible",
    "/sys/devices/system/cpu/online",
});

// One line of what base::describe() says.
std::string sentence_of_error(const base::Error& error) {
  const std::string whole = base::describe(error);
  return whole.substr(0, whole.find('\n'));
}

void add_text(handoff::ReportFacts& facts, const char* name, std::string text) {
  facts.sections.push_back({name, ReportPart::kText, std::move(text)});
}

void add_file(handoff::ReportFacts& facts, const linux_host::Root& root, const ReportFile& file) {
  auto text = os::read_fact_text(root.path + file.path);
  if (text) {
    facts.sections.push_back({file.section, file.part, std::move(text).value()});
  } else {
    facts.not_read.push_back(std::string(file.path) + ": " + sentence_of_error(text.error()));
  }
}

void add_states(handoff::ReportFacts& facts, const linux_host::Root& root) {
  std::string text;
  for (const char* const path : kStates) {
    const auto state = os::read_fact_text(root.path + path);
    text += std::string(path) + ": " + (state ? state.value() : "(not there)") + "\n";
  }
  add_text(facts, "state", std::move(text));
}

void add_configuration(handoff::ReportFacts& facts, const std::string& path) {
  auto text = os::read_input_text(path, os::kConfigurationFile);
  if (text) {
    facts.sections.push_back({path, ReportPart::kConfiguration, std::move(text).value()});
  } else {
    facts.not_read.push_back(path + ": " + sentence_of_error(text.error()));
  }
}

// Who may not see memory can still say who is at HYP/EL2.
void add_machine(handoff::ReportFacts& facts, const linux_host::Root& root) {
  auto machine = linux_host::gather(root);
  if (!machine) {
    facts.not_read.push_back("memory of the machine: " + sentence_of_error(machine.error()));
    machine = linux_host::gather_for_probe(root);
  }
  if (!machine) {
    facts.not_read.push_back("the machine: " + sentence_of_error(machine.error()));
    return;
  }
  machine.value().hyp = linux_host::gather_hyp_facts(root);
  machine.value().crash = linux_host::gather_crash_facts(root, machine.value());
  const auto probe = probe_text_of(machine.value());
  if (probe) {
    add_text(facts, "resident", probe.value());
  } else {
    facts.not_read.push_back("the resident: " + sentence_of_error(probe.error()));
  }
  facts.machine = std::move(machine).value();
}

}  // namespace

handoff::ReportFacts gather_report(const linux_host::Root& root, const std::string& configuration) {
  handoff::ReportFacts facts;
  facts.version = std::string(version()) + ", common ABI " + version_number(HR_ABI_VERSION) +
                  ", baton " + version_number(HR_BATON_VERSION) + ", record " +
                  version_number(HR_RECORD_VERSION);
  const auto status = read_status(root);
  if (status) {
    add_text(facts, "status", status_text(status.value()));
    add_text(facts, "record", status_json(status.value()));
  } else {
    facts.not_read.push_back("the status: " + sentence_of_error(status.error()));
  }
  add_machine(facts, root);
  add_states(facts, root);
  for (const ReportFile& file : kFiles) {
    add_file(facts, root, file);
  }
  add_configuration(facts, configuration);
  std::string log = linux_host::read_kernel_log(root);
  if (log.empty()) {
    facts.not_read.push_back("the kernel's log: it is for root to read, or empty");
  }
  facts.sections.push_back({"log", ReportPart::kLog, std::move(log)});
  return facts;
}

base::Result<int> run_report(const Arguments& arguments) {
  const std::string text = base::printable(
      handoff::report_text(gather_report(linux_host::Root::live(), kConfigurationPath)),
      base::Lines::kMany);
  HR_TRYV(os::write_text(arguments.text("--output").value_or("-"), text));
  return HR_EXIT_OK;
}

}  // namespace hyprelay::cli
