// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/wishes.hpp"

#include "base/number_text.hpp"
#include "compat/text.hpp"
#include "compat/way.hpp"
#include "handoff/evidence.hpp"
#include "handoff/plan_rules.hpp"
#include "handoff/registered.hpp"

#include <limits>
#include <string>

namespace hyprelay::handoff {
namespace {

compat::Handover handover_of(const Wishes& wishes) {
  return wishes.panic ? compat::Handover::kCrash : compat::Handover::kKexec;
}

bool is_climbed(const ResidentChoice& choice, Arch arch) {
  const auto caller = arch == Arch::kArm ? compat::CallerArch::kARM : compat::CallerArch::kARM64;
  return choice.why_not.empty() && compat::find_way(choice.dialect, caller) != nullptr;
}

std::string why_none(const ResidentChoice& choice) {
  if (!choice.why_not.empty()) {
    return choice.why_not;
  }
  return choice.dialect == compat::Dialect::kNONE
             ? "nobody is there to give HYP/EL2 away"
             : "no way up through " + std::string(compat::text_of(choice.dialect)) + " is known";
}

}  // namespace

CrashLine choose_command_line(const Wishes& wishes, Arch arch, const std::string& running,
                              std::uint32_t crash_cpus) {
  CrashLine line{.text = {}, .kept = inherited_command_line(running)};
  if (wishes.command_line && !wishes.reuse_command_line) {
    line.kept = *wishes.command_line;
  } else if (wishes.panic) {
    line = crash_command_line(running, arch, !wishes.command_line, wishes.keep_words, crash_cpus);
  }
  const std::string again =
      wishes.reuse_command_line ? wishes.command_line.value_or("") : std::string();
  const std::string append = wishes.append.value_or("");
  add_words(line.added, again);
  add_words(line.added, append);
  for (const std::string& text : {line.kept, again, append}) {
    const std::string_view word = open_word(text);
    if (!word.empty()) {
      line.open.emplace_back(word);
    }
  }
  line.text = line.kept;
  add_words(line.text, line.added);
  return line;
}

std::optional<std::string> big_words_warning(const Wishes& wishes) {
  std::string words;
  for (const auto& given : {wishes.command_line, wishes.append}) {
    const std::vector<std::string> big = wishes.panic && given
                                             ? costly_words(*given, wishes.keep_words)
                                             : std::vector<std::string>();
    for (const std::string& word : big) {
      words.append(words.empty() ? "" : ", ").append(word);
    }
  }
  return words.empty()
             ? std::nullopt
             : std::optional("the crash kernel is told " + words +
                             ", as asked: it may lack memory for the dump, or not come up; leave "
                             "that out, or name it in panic_keep_words= when it is meant");
}

// What a resident answers is compared with them when the old kernel is gone: none could ever agree
// with an address that its vectors cannot have.
constexpr std::uint64_t kNoTop = std::numeric_limits<std::uint64_t>::max();
base::Result<void> check_vectors(const Vectors& vectors, Arch arch) {
  const auto caller = arch == Arch::kArm ? compat::CallerArch::kARM : compat::CallerArch::kARM64;
  const auto is_wrong = [&](std::uint64_t address, std::uint64_t top) {
    return !compat::are_vectors(address, caller) || address >= top;
  };
  const bool arm = arch == Arch::kArm;
  const bool wrong_place = is_wrong(vectors.physical, arm ? kArmTop : kArm64Top);
  if (wrong_place || is_wrong(vectors.virtual_address, arm ? kArmTop : kNoTop)) {
    const std::uint64_t address = wrong_place ? vectors.physical : vectors.virtual_address;
    return base::Error(base::Code::USAGE, base::Stage::kUsage,
                       "--resident-vectors: no vectors lie at " + base::hex(address) +
                           ": they begin at a multiple of " +
                           std::to_string(compat::vector_alignment(caller)) +
                           ", where the architecture has addresses");
  }
  return base::success();
}

bool needs_symbols(const Wishes& wishes, const Machine& machine) {
  return !wishes.resident && !should_leave_at_top(machine, handover_of(wishes));
}

base::Result<ResidentChoice> find_resident(const Wishes& wishes, const Machine& machine) {
  ResidentChoice choice;
  HR_TRY(evidence, evidence_of(machine));
  const auto registered = registered_with(machine, evidence);
  if (wishes.resident) {
    choice.dialect = *wishes.resident;
    choice.reasons = {"named by --resident"};
    choice.entry = entry_of(machine, evidence, handover_of(wishes));
  } else {
    if (!wishes.after_reset) {
      HR_TRYV(check_registered(registered, handover_of(wishes)));
    }
    HR_TRY(chosen, choose_resident(machine, evidence, handover_of(wishes)));
    choice = std::move(chosen);
  }
  choice.registered = registered;
  if (wishes.resident_vectors.physical != 0) {
    HR_TRYV(check_vectors(wishes.resident_vectors, machine.arch));
    choice.vectors = wishes.resident_vectors;
  }
  if (wishes.require_hyp && choice.entry == Entry::kBelow && !is_climbed(choice, machine.arch)) {
    return base::Error(base::Code::RESIDENT_NO_WAY, base::Stage::kPlan, why_none(choice));
  }
  return choice;
}

}  // namespace hyprelay::handoff
