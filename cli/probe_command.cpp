// SPDX-License-Identifier: BSD-2-Clause
#include "cli/probe_command.hpp"

#include "base/json.hpp"
#include "base/number_text.hpp"
#include "cli/inputs.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "compat/probe.hpp"
#include "compat/text.hpp"
#include "handoff/evidence.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/registered.hpp"
#include "handoff/resident.hpp"

#include <string>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using Json = nlohmann::ordered_json;

// Of the running kernel, whoever is resident: what --resident-vectors takes.
std::string vectors_text(const char* name, const std::optional<handoff::Vectors>& vectors) {
  return vectors ? "vectors:  " + base::hex(vectors->physical) + "," +
                       base::hex(vectors->virtual_address) + ", the kernel's " + name + "\n"
                 : "";
}

Json vectors_json(const std::optional<handoff::Vectors>& vectors) {
  return vectors ? Json{{"physical", vectors->physical}, {"virtual", vectors->virtual_address}}
                 : Json();
}

// The call that a program below HYP/EL2 may make next: it tells some candidates apart and harms
// none. From here nobody makes it; hyp-check does.
std::optional<compat::Call> next_call(compat::Evidence evidence, const compat::Verdict& verdict) {
  evidence.undef_handler = true;  // hyp-check has one
  if (evidence.level == compat::CallerLevel::kUnknown) {
    evidence.level = compat::CallerLevel::kBelow;
  }
  return verdict.dialect == compat::Dialect::kUNKNOWN ? compat::Prober(evidence).next_call()
                                                      : std::nullopt;
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
  text += vectors_text("stub", handoff::stub_vectors(machine));
  text += vectors_text("KVM", handoff::kvm_vectors(machine));
  if (const auto registered = handoff::registered_with(machine, evidence)) {
    text += "outlives: " + registered->what + "\n";
  }
  for (const std::string& reason : compat::reasons(verdict, evidence)) {
    text += "because:  " + reason + "\n";
  }
  if (const auto call = next_call(evidence, verdict)) {
    text += "to ask:   " + std::string(compat::text_of(*call)) +
            " tells some of them apart and harms none (hyprelay hyp-check)\n";
  }
  return text + left_out_lines(handoff::left_out(machine));
}

std::string probe_json(const handoff::Machine& machine, const compat::Evidence& evidence,
                       const compat::Verdict& verdict) {
  Json candidates = Json::array();
  for (const compat::DialectRow& row : compat::kDialects) {
    if (verdict.candidates.contains(row.dialect)) {
      candidates.push_back(compat::text_of(row.dialect));
    }
  }
  const auto call = next_call(evidence, verdict);
  const auto registered = handoff::registered_with(machine, evidence);
  const Json json = {{"dialect", compat::text_of(verdict.dialect)},
                     {"number", static_cast<std::uint32_t>(verdict.dialect)},
                     {"meaning", compat::meaning_of(verdict.dialect)},
                     {"confidence", compat::text_of(verdict.confidence)},
                     {"contradiction", verdict.contradiction},
                     {"candidates", std::move(candidates)},
                     {"to_ask", call ? Json(compat::text_of(*call)) : Json()},
                     {"reasons", compat::reasons(verdict, evidence)},
                     {"left_out", handoff::left_out(machine)},
                     {"stub_vectors", vectors_json(handoff::stub_vectors(machine))},
                     {"kvm_vectors", vectors_json(handoff::kvm_vectors(machine))},
                     {"outlives", registered ? Json(registered->what) : Json()},
                     {"arch", handoff::arch_name(machine.arch)},
                     {"release", machine.kernel_release},
                     {"mode", handoff::mode_name(machine.boot_mode)}};
  return json_line(json);
}

}  // namespace

base::Result<std::string> probe_text_of(const handoff::Machine& machine) {
  HR_TRY(evidence, handoff::evidence_of(machine));
  return probe_text(machine, evidence, compat::consider(evidence));
}

base::Result<int> run_probe(const Arguments& arguments) {
  const auto path = arguments.text("--machine");
  HR_TRY(machine,
         path ? read_machine(*path) : linux_host::gather_for_probe(linux_host::Root::live()));
  HR_TRY(evidence, handoff::evidence_of(machine));
  const compat::Verdict verdict = compat::consider(evidence);
  return print(arguments.has("--json") ? probe_json(machine, evidence, verdict)
                                       : probe_text(machine, evidence, verdict));
}

}  // namespace hyprelay::cli
