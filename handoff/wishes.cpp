// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/wishes.hpp"

namespace hyprelay::handoff {
namespace {

compat::Handover handover_of(const Wishes& wishes) {
  return wishes.panic ? compat::Handover::kCrash : compat::Handover::kKexec;
}

}  // namespace

CrashLine choose_command_line(const Wishes& wishes, Arch arch, const std::string& running) {
  CrashLine line{.text = running};
  if (wishes.command_line && !wishes.reuse_command_line) {
    line.text = *wishes.command_line;
  } else if (wishes.panic) {
    line = crash_command_line(running, arch, !wishes.command_line, wishes.keep_words);
  }
  if (wishes.command_line && wishes.reuse_command_line) {
    add_words(line.text, *wishes.command_line);
  }
  add_words(line.text, wishes.append.value_or(""));
  return line;
}

bool needs_hyp_facts(const Wishes& wishes, const Machine& machine) {
  return !wishes.resident && !leaves_at_top(machine, handover_of(wishes));
}

base::Result<ResidentChoice> find_resident(const Wishes& wishes, const Machine& machine) {
  ResidentChoice choice;
  if (wishes.resident) {
    choice.dialect = *wishes.resident;
    choice.reasons = {"named by --resident"};
  } else {
    HR_TRY(chosen, choose_resident(machine, handover_of(wishes)));
    choice = std::move(chosen);
  }
  if (wishes.resident_vectors.physical != 0) {
    choice.vectors = wishes.resident_vectors;
  }
  return choice;
}

}  // namespace hyprelay::handoff
