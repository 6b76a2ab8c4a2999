// SPDX-License-Identifier: BSD-2-Clause
// Facts and errors as text and as JSON. The JSON keys are stable: cli/README.md lists them.
#pragma once

#include "base/error.hpp"
#include "cli/request.hpp"
#include "cli/stopwatch.hpp"
#include "handoff/linux/counter.hpp"
#include "handoff/linux/record.hpp"
#include "handoff/machine.hpp"
#include "handoff/prepare.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

// On stdout, as base::printable() text. The value is HR_EXIT_OK. Error: FILE_UNWRITABLE.
base::Result<int> print(const std::string& text);
// The same on stderr, behind "hyprelay: ".
void complain(const std::string& sentence);
// One line with its newline. A fact may hold any byte; what is no UTF-8 becomes U+FFFD.
std::string json_line(const nlohmann::ordered_json& json);
// The same, indented for people.
std::string json_lines(const nlohmann::ordered_json& json);

// What became of a plan.
enum class Outcome { kPlanned, kDryRun, kLoaded };

// A line for each edit of the tree that was asked for, each warning and each note of a plan.
std::string said_lines(const handoff::Planned& planned);
std::string plan_text(const handoff::Planned& planned);
// A few lines: what went where, and what to do next.
std::string load_text(const Request& request, const handoff::Planned& planned, Outcome outcome);
// `layers`: of the kernel's file (handoff::KernelFile). `watch`: of a load; null: of a plan alone.
std::string plan_json(const Request& request, const std::vector<std::string>& layers,
                      const handoff::Planned& planned, Outcome outcome,
                      const Stopwatch* watch = nullptr);

struct Status {
  std::string kernel_release;
  std::string arch;
  handoff::Mode mode = handoff::Mode::kUNKNOWN;
  // nullopt: the kernel has no kexec.
  std::optional<bool> loaded;
  // nullopt: the kernel cannot hold a crash kernel.
  std::optional<bool> crash_loaded;
  // Memory that is reserved for one; nullopt: the kernel does not tell.
  std::optional<std::uint64_t> crash_bytes;
  // nullopt: this kernel was not started by hyprelay; or nobody knows, when it cannot be read.
  std::optional<handoff::linux_host::Record> record;
  bool record_readable = true;
  // What is not known for want of a privilege, and what it stands in: half sentences.
  std::vector<std::string> left_out;
};
std::string status_text(const Status& status);
// With `timeline` the phases of the handoff as well.
std::string status_json(const Status& status, bool timeline = false);

// A line for each of them.
std::string left_out_lines(const std::vector<std::string>& left_out);

std::string leaving_text(const std::optional<handoff::linux_host::Counter>& counter);
std::string leaving_json(const std::optional<handoff::linux_host::Counter>& counter);

// `done`: what the error does not undo (cli/last_words.hpp); null: nothing.
std::string error_json(const base::Error& error, const char* done = nullptr);

}  // namespace hyprelay::cli
