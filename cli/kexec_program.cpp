// SPDX-License-Identifier: BSD-2-Clause
#include "cli/kexec_program.hpp"

#include "base/config_lines.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/kexec_front.hpp"
#include "cli/kexec_generate.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "handoff/linux/kexec.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

#include <algorithm>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;

// What kexec-tools ends with where it cannot tell: 1 means "loaded".
constexpr int kNobodyKnows = 255;

int kexec_status(bool of_panic) {
  const linux_host::Root root = linux_host::Root::live();
  if (of_panic) {
    const auto loaded = linux_host::is_crash_kernel_loaded(root);
    return loaded ? (loaded.value() ? 1 : 0) : kNobodyKnows;
  }
  const auto loaded = linux_host::find_loaded(root);
  return loaded ? 1 : loaded.error().code() == Code::NOT_LOADED ? 0 : kNobodyKnows;
}

base::Result<int> run_alone(const KexecOrder& order) {
  switch (order.alone) {
    case KexecOrder::Alone::kHelp:
      return print(kexec_help_text());
    case KexecOrder::Alone::kVersion:
      return print("hyprelay-kexec " + std::string(version()) + ", in place of kexec-tools\n");
    case KexecOrder::Alone::kStatus:
      return kexec_status(order.of_panic);
    case KexecOrder::Alone::kRegionSize:
      return print(
          std::to_string(linux_host::crash_kernel_bytes(linux_host::Root::live()).value_or(0)) +
          "\n");
    case KexecOrder::Alone::kNothing:
      break;
  }
  return Error(Code::INTERNAL, Stage::kUsage, "kexec");
}

// kexec-tools leaves the bootargs of a tree that it is given alone.
base::Result<std::string> bootargs_of(const std::string& path) {
  HR_TRY(tree, read_tree(path));
  HR_TRY(line, tree.string_property("/chosen", "bootargs"));
  return line.value_or("");
}

base::Result<int> run_words(const KexecWords& words, bool debug) {
  if (debug) {
    std::string line = "hyprelay";
    for (const std::string& word : words) {
      const bool plain = word.find_first_of(" \t\n\"'$\\") == std::string::npos;
      line += " " + (plain ? word : base::quoted_for_shell(word));
    }
    complain(line);
  }
  HR_TRY(arguments, parse(words));
  return run(arguments);
}

bool is_refused(const Error& error) {
  return error.code() == Code::LOCKED_DOWN || error.code() == Code::NO_KEXEC;
}

base::Result<int> run_step(const KexecStep& step, const std::string& bootargs, bool debug) {
  const auto with_line = [&bootargs](KexecWords words) {
    if (!bootargs.empty() && !words.empty() && words.front() == "load") {
      words.insert(words.begin() + 1, "--command-line=" + bootargs);
    }
    return words;
  };
  const auto result = run_words(with_line(step.words), debug);
  if (result || step.when_refused.empty() || !is_refused(result.error())) {
    return result;
  }
  return run_words(with_line(step.when_refused), debug);
}

// systemd's shutdown(8) would reboot by the firmware; others' leave it to a script that calls
// kexec -e when something is loaded [kexec(8), section USAGE].
base::Result<int> shut_down() {
  HR_TRY(loaded, linux_host::find_loaded(linux_host::Root::live()));
  static_cast<void>(loaded);
  const bool systemd = os::is_there("/run/systemd/system");
  const KexecWords words =
      systemd ? KexecWords{"systemctl", "kexec"} : KexecWords{"shutdown", "-r", "now"};
  const std::string program = os::find_program(words.front());
  if (program.empty()) {
    return Error(Code::FILE_MISSING, Stage::kExec, words.front());
  }
  KexecWords found = words;
  found.front() = program;
  const int exit_code = os::run_shown(found).exit_code;
  return exit_code == 0 ? base::Result<int>(HR_EXIT_OK)
                        : Error(Code::EXEC_REFUSED, Stage::kExec,
                                words.front() + ": exit code " + std::to_string(exit_code));
}

}  // namespace

bool is_kexec_name(std::string_view program) {
  const std::string_view name = program.substr(program.find_last_of('/') + 1);
  return name == "kexec" || name == "hyprelay-kexec";
}

base::Result<int> run_kexec(const std::vector<std::string>& words) {
  HR_TRY(order, kexec_order(words));
  if (order.alone != KexecOrder::Alone::kNothing) {
    return run_alone(order);
  }
  for (const std::string& note : order.notes) {
    complain("note: " + note);
  }
  std::string bootargs;
  if (order.line_of_tree) {
    HR_TRY(found, bootargs_of(*order.line_of_tree));
    bootargs = std::move(found);
  }
  for (const KexecStep& step : order.steps) {
    HR_TRY(exit_code, run_step(step, bootargs, order.debug));
    static_cast<void>(exit_code);
  }
  return order.shut_down ? shut_down() : base::Result<int>(HR_EXIT_OK);
}

}  // namespace hyprelay::cli
