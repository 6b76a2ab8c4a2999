// SPDX-License-Identifier: BSD-2-Clause
#include "cli/probe_command.hpp"

#include "abi/hr_abi.h"
#include "cli/text.hpp"
#include "compat/probe.hpp"
#include "compat/text.hpp"
#include "handoff/json.hpp"
#include "handoff/linux/evidence.hpp"
#include "handoff/linux/files.hpp"
#include "handoff/linux/gather.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using Json = nlohmann::ordered_json;

base::Result<handoff::Machine> find_machine(const Arguments& arguments) {
  const auto path = arguments.text(Option::kMachineFile);
  if (!path) {
    return linux_host::gather_for_probe(linux_host::Root::live());
  }
  HR_TRY(file, linux_host::InputFile::open(*path));
  HR_TRY(bytes, file.read());
  return handoff::machine_from_json(linux_host::text_of(bytes), *path);
}

std::string probe_text(const handoff::Machine& machine, const compat::Evidence& evidence,
                       const compat::Verdict& verdict) {
  const std::string release =
      machine.kernel_release.empty() ? "a kernel of unknown release" : machine.kernel_release;
  std::string text = "kernel:   " + release + " on " + handoff::arch_name(machine.arch) +
                     (machine.boot_mode == handoff::Mode::kUNKNOWN
                          ? ", the mode it was started in is not known"
                          : std::string(", started in ") + handoff::mode_name(machine.boot_mode)) +
                     "\nresident: " + compat::summary(verdict) + "\n";
  if (verdict.dialect != compat::Dialect::kUNKNOWN) {
    text += "          " + std::string(compat::meaning_of(verdict.dialect)) + "\n";
  }
  for (const std::string& reason : compat::reasons(verdict, evidence)) {
    text += "because:  " + reason + "\n";
  }
  return text;
}

std::string probe_json(const handoff::Machine& machine, const compat::Evidence& evidence,
                       const compat::Verdict& verdict) {
  Json candidates = Json::array();
  for (const compat::DialectRow& row : compat::kDialects) {
    if (verdict.candidates.contains(row.dialect)) {
      candidates.push_back(compat::text_of(row.dialect));
    }
  }
  const Json json = {{"dialect", compat::text_of(verdict.dialect)},
                     {"number", static_cast<std::uint32_t>(verdict.dialect)},
                     {"meaning", compat::meaning_of(verdict.dialect)},
                     {"confidence", compat::text_of(verdict.confidence)},
                     {"contradiction", verdict.contradiction},
                     {"candidates", std::move(candidates)},
                     {"reasons", compat::reasons(verdict, evidence)},
                     {"arch", handoff::arch_name(machine.arch)},
                     {"release", machine.kernel_release},
                     {"mode", handoff::mode_name(machine.boot_mode)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

base::Result<int> run_probe(const Arguments& arguments) {
  HR_TRY(machine, find_machine(arguments));
  HR_TRY(evidence, linux_host::evidence_of(machine));
  const compat::Verdict verdict = compat::consider(evidence);
  HR_TRYV(linux_host::write_text("-", arguments.has(Option::kJson)
                                          ? probe_json(machine, evidence, verdict)
                                          : probe_text(machine, evidence, verdict)));
  return HR_EXIT_OK;
}

}  // namespace hyprelay::cli
