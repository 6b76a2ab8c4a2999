// SPDX-License-Identifier: BSD-2-Clause
// What somebody wants of a handoff, and what follows from it on a machine. Pure.
#pragma once

#include "base/result.hpp"
#include "compat/evidence.hpp"
#include "handoff/command_line.hpp"
#include "handoff/machine.hpp"
#include "handoff/resident.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff {

struct Wishes {
  // Unset: the running kernel's.
  std::optional<std::string> command_line = {};
  // `command_line` follows the running kernel's instead of taking its place.
  bool reuse_command_line = false;
  // Follows whatever the command line is otherwise.
  std::optional<std::string> append = {};
  // For the running kernel's panic: what is made is a crash kernel.
  bool panic = false;
  // Names of big_words() that the crash kernel gets for all that.
  std::vector<std::string> keep_words = {};
  // The relay does not start the kernel anywhere but at HYP/EL2.
  bool require_hyp = false;
  // The given tree is taken as it is, whatever the machine's own says.
  bool trust_dtb = false;
  // What is made is for a bootloader, after the machine was reset.
  bool after_reset = false;
  // A relay that fails stops, instead of resetting the machine.
  bool halt_on_failure = false;
  // The relay tells each of its steps, and not only the last.
  bool verbose_relay = false;
  // HR_DIGEST_*: what the relay verifies by.
  std::uint32_t digest_algorithm = HR_DIGEST_FAST;
  // Who is above the relay, and where his vectors lie (zeroes: not named), instead of what the
  // machine's facts say.
  std::optional<compat::Dialect> resident = {};
  Vectors resident_vectors = {};
};

// The next kernel's command line. With `panic` the running kernel's is taken by
// crash_command_line(), with what a crash kernel needs unless `command_line` adds to it.
// `command_line` alone is all of it; with `reuse_command_line` it follows the running kernel's;
// without either the running kernel's is taken. `crash_cpus`: how many a crash kernel starts.
CrashLine choose_command_line(const Wishes& wishes, Arch arch, const std::string& running,
                              std::uint32_t crash_cpus = 1);

// The words that a crash kernel is given by name although none of the running kernel's would be
// handed on (big_words()), each with the reason: he who asks for them gets them. Those that switch
// something off ("=0", "=off"), that only keep it silent, or that are in `keep_words` are no matter
// for a warning. nullopt: there is none.
std::optional<std::string> big_words_warning(const Wishes& wishes);

// Whether find_resident() asks what kallsyms tells of machine.hyp: gathering that takes longer than
// all the rest.
bool needs_symbols(const Wishes& wishes, const Machine& machine);

// Who is at HYP/EL2 when the relay starts: whom the wishes name, or who follows from the machine.
// Errors: those of choose_resident(); RESIDENT_KEEPS (nobody is named, and no reset comes before:
// registered.hpp); RESIDENT_NO_WAY (HYP/EL2 is required, the relay will be
// entered below it, and no climb will be tried), USAGE (no vectors lie where the wishes have them).
base::Result<ResidentChoice> find_resident(const Wishes& wishes, const Machine& machine);

}  // namespace hyprelay::handoff
