// SPDX-License-Identifier: BSD-2-Clause
#include "cli/commands.hpp"

#include "abi/hr_abi.h"
#include "base/error_text.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "cli/abi_command.hpp"
#include "cli/boot_entry_command.hpp"
#include "cli/bundle_command.hpp"
#include "cli/capture_command.hpp"
#include "cli/configuration.hpp"
#include "cli/crashkernel_command.hpp"
#include "cli/fdt_command.hpp"
#include "cli/generate.hpp"
#include "cli/hyp_check_command.hpp"
#include "cli/image_command.hpp"
#include "cli/inputs.hpp"
#include "cli/kexec_generate.hpp"
#include "cli/last_words.hpp"
#include "cli/load_command.hpp"
#include "cli/print.hpp"
#include "cli/probe_command.hpp"
#include "cli/rehearse_command.hpp"
#include "cli/report_command.hpp"
#include "cli/signed_load.hpp"
#include "cli/status_command.hpp"
#include "cli/test_command.hpp"
#include "cli/text.hpp"
#include "handoff/json.hpp"
#include "handoff/linux/counter.hpp"
#include "handoff/linux/crash_facts.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/linux/kexec.hpp"
#include "handoff/map.hpp"
#include "os/files.hpp"
#include "relay/embedded.hpp"

#include <unistd.h>

#include <optional>
#include <string>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;
using Json = nlohmann::ordered_json;

base::Result<int> run_plan(const Arguments& arguments) {
  if (arguments.has("--map") && arguments.has("--json")) {
    return Error(Code::USAGE, Stage::kUsage,
                 "--map is text, and --json is not; --svg goes with it");
  }
  HR_TRY(request, request_of(arguments));
  HR_TRY(files, open_files(request));
  HR_TRY(planned, plan(request, files));
  const handoff::MemoryMap map = handoff::make_map(planned.found.machine, planned.plan);
  if (const auto picture = arguments.text("--svg")) {
    HR_TRYV(os::write_text(*picture, handoff::to_svg(map)));
  }
  if (arguments.has("--map")) {
    return print(handoff::to_text(map) + said_lines(planned));
  }
  return print(arguments.has("--json")
                   ? plan_json(request, files.layers, planned, Outcome::kPlanned)
                   : plan_text(planned));
}

base::Result<int> run_exec(const Arguments& arguments) {
  const linux_host::Root root = linux_host::Root::live();
  HR_TRY(loaded, linux_host::find_loaded(root));
  HR_TRYV(linux_host::check_exec(root));
  ::sync();
  const auto counter = linux_host::read_counter();
  HR_TRYV(print(arguments.has("--json") ? leaving_json(counter) : leaving_text(counter)));
  return linux_host::boot(std::move(loaded));
}

base::Result<int> run_unload(const Arguments& arguments) {
  const bool panic = arguments.has("--panic");
  HR_TRYV(linux_host::unload(panic ? linux_host::Image::kCrash : linux_host::Image::kNext));
  note_done(panic ? "no crash kernel is loaded all the same" : "nothing is loaded all the same");
  if (arguments.has("--json")) {
    // Its destructor wants memory too: before anything is printed.
    const std::string line = json_line({{panic ? "crash_loaded" : "loaded", false}});
    return print(line);
  }
  return print(panic ? "hyprelay: no crash kernel is loaded now\n"
                     : "hyprelay: nothing is loaded now\n");
}

base::Result<int> run_machine() {
  const linux_host::Root root = linux_host::Root::live();
  HR_TRY(machine, linux_host::gather(root));
  machine.hyp = linux_host::gather_hyp_facts(root);
  machine.crash = linux_host::gather_crash_facts(root, machine);
  return print(json_lines(handoff::to_json(machine)));
}

std::string explain_text(const base::ErrorRow& row) {
  std::string number = base::hex(static_cast<unsigned>(row.code)).substr(2);
  number.insert(0, 3 - std::min<std::size_t>(number.size(), 3), '0');
  return "E" + number + " " + std::string(row.name) + " (exit code " +
         std::to_string(row.exit_code) + ")\n  " + std::string(row.sentence) +
         "\n  remedy: " + std::string(row.remedy) + "\n";
}

Json explain_json(const base::ErrorRow& row) {
  return {{"code", row.name},
          {"number", static_cast<unsigned>(row.code)},
          {"sentence", row.sentence},
          {"remedy", row.remedy},
          {"exit_code", row.exit_code}};
}

base::Result<int> run_explain(const Arguments& arguments) {
  const bool json = arguments.has("--json");
  if (const auto code = arguments.text("CODE")) {
    const auto row = base::find_error(*code);
    if (!row) {
      return Error(Code::USAGE, Stage::kUsage, "there is no error \"" + *code + "\"");
    }
    return print(json ? json_line(explain_json(*row)) : explain_text(*row));
  }
  Json list = Json::array();
  std::string text;
  for (const base::ErrorRow& row : base::error_rows()) {
    list.push_back(explain_json(row));
    text += explain_text(row);
  }
  return print(json ? json_line({{"errors", list}}) : text);
}

base::Result<int> run_version(const Arguments& arguments) {
  Json json = {{"version", version()},
               {"abi", version_number(HR_ABI_VERSION)},
               {"baton", version_number(HR_BATON_VERSION)},
               {"record", version_number(HR_RECORD_VERSION)}};
  std::string text = "hyprelay " + std::string(version()) + "\ncommon ABI " +
                     version_number(HR_ABI_VERSION) + ", baton " +
                     version_number(HR_BATON_VERSION) + ", record " +
                     version_number(HR_RECORD_VERSION) + "\n";
  for (const handoff::Arch arch : {handoff::Arch::kArm, handoff::Arch::kArm64}) {
    const std::size_t size = handoff::embedded_relay(arch).size();
    json["relay_bytes"][handoff::arch_name(arch)] = size;
    text += std::string("relay for ") + handoff::arch_name(arch) + ": " + std::to_string(size) +
            " bytes\n";
  }
  return print(arguments.has("--json") ? json_line(json) : text);
}

base::Result<int> run_generate(const Arguments& arguments) {
  const std::string what = arguments.text("WHAT").value_or("");
  return print(what == "man"                ? man_page()
               : what == "completion"       ? bash_completion()
               : what == "kexec-man"        ? kexec_man_page()
               : what == "kexec-completion" ? kexec_bash_completion()
                                            : kexec_table());
}

}  // namespace

base::Result<int> run(const Arguments& arguments) {
  if (arguments.has("--help") || !arguments.command) {
    return print(help_text(arguments.command));
  }
  switch (*arguments.command) {
    case Command::kLoad:
      return run_load(arguments);
    case Command::kExec:
      return run_exec(arguments);
    case Command::kUnload:
      return run_unload(arguments);
    case Command::kStatus:
      return run_status(arguments);
    case Command::kPlan:
      return run_plan(arguments);
    case Command::kBundle:
      return run_bundle(arguments);
    case Command::kMachine:
      return run_machine();
    case Command::kProbe:
      return run_probe(arguments);
    case Command::kExplain:
      return run_explain(arguments);
    case Command::kRehearse:
      return run_rehearse(arguments);
    case Command::kHypCheck:
      return run_hyp_check(arguments);
    case Command::kCapture:
      return run_capture_command(arguments);
    case Command::kVersion:
      return run_version(arguments);
    case Command::kCrashkernel:
      return run_crashkernel(arguments);
    case Command::kConfig:
      return run_config(arguments);
    case Command::kTest:
      return run_test(arguments);
    case Command::kAbi:
      return run_abi(arguments);
    case Command::kReport:
      return run_report(arguments);
    case Command::kBootEntry:
      return run_boot_entry(arguments);
    case Command::kFdt:
      return run_fdt(arguments);
    case Command::kImage:
      return run_image(arguments);
    case Command::kWarrant:
      return run_warrant(arguments);
    case Command::kGenerate:
      return run_generate(arguments);
  }
  return Error(Code::INTERNAL, Stage::kUsage, "command");
}

}  // namespace hyprelay::cli
