// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/judge.hpp"

#include "base/error_text.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "rehearse/protocol/words.hpp"

#include <algorithm>
#include <utility>

namespace hyprelay::rehearse {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kRelay = "hyprelay relay: ";
constexpr std::string_view kLeaving = "hyprelay: leaving, counter ";
constexpr std::string_view kBooting = "Booting Linux on physical CPU";
constexpr std::string_view kPanic = "Kernel panic - not syncing";
// die() of both architectures. In an interrupt it starts the crash kernel itself, and there is no
// panic.
constexpr std::string_view kOops = "Internal error: ";

// Without the newlines at the end that files and messages carry.
std::string text_of(const ordered_json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) {
    return {};
  }
  std::string text = object[name].get<std::string>();
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text;
}

std::uint64_t number_of(const ordered_json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_number_unsigned()
             ? object[name].get<std::uint64_t>()
             : 0;
}

std::string json_of(const ordered_json& object, const char* name) {
  return base::json_ascii(object.value(name, ordered_json()));
}

// The record as `hyprelay status --json` prints it; nullopt in a kernel that no relay started.
std::optional<RelayFacts> relay_facts(const ordered_json& status) {
  if (!status.is_object() || !status.contains("relay") || !status["relay"].is_object()) {
    return std::nullopt;
  }
  const ordered_json& relay = status["relay"];
  return RelayFacts{text_of(relay, "entered"),
                    text_of(relay, "left"),
                    text_of(relay, "resident"),
                    text_of(relay, "climb"),
                    number_of(relay, "segments_verified"),
                    number_of(relay, "bytes_verified")};
}

std::vector<std::string> texts_of(const ordered_json& object, const char* name) {
  std::vector<std::string> texts;
  if (object.is_object() && object.contains(name) && object[name].is_array()) {
    for (const ordered_json& text : object[name]) {
      texts.push_back(text.is_string() ? text.get<std::string>() : "");
    }
  }
  return texts;
}

VmcoreFacts vmcore_facts(const ordered_json& mark) {
  VmcoreFacts core;
  core.bytes = number_of(mark, "bytes");
  core.format = text_of(mark, "format");
  core.loads = number_of(mark, "loads");
  core.mapped_loads = number_of(mark, "mapped_loads");
  core.load_bytes = number_of(mark, "load_bytes");
  core.read_bytes = number_of(mark, "read_bytes");
  core.readable = mark.contains("readable") && mark["readable"] == true;
  core.cpu_notes = number_of(mark, "cpu_notes");
  core.release = text_of(mark, "release");
  core.marker_found = mark.contains("marker_found") && mark["marker_found"] == true;
  core.complaints = texts_of(mark, "complaints");
  return core;
}

KernelFacts kernel_facts(const ordered_json& mark) {
  KernelFacts kernel;
  kernel.hop = static_cast<std::uint32_t>(number_of(mark, "hop"));
  kernel.release = text_of(mark, "release");
  kernel.mode = text_of(mark, "mode");
  kernel.cpus = number_of(mark, "cpus");
  kernel.memory_bytes = number_of(mark, "memory_bytes");
  kernel.command_line = text_of(mark, "command_line");
  return kernel;
}

std::optional<EfiFacts> efi_facts(const ordered_json& mark) {
  if (!mark.contains("efi") || !mark["efi"].is_object()) {
    return std::nullopt;
  }
  const ordered_json& efi = mark["efi"];
  EfiFacts facts;
  if (efi.contains("variables") && efi["variables"].is_number_unsigned()) {
    facts.variables = efi["variables"].get<std::uint64_t>();
  }
  facts.time_read = efi.contains("time_read") && efi["time_read"] == true;
  return facts;
}

// What the first kernel had of the firmware and this one has not; empty when it has all of it.
std::string lost_of_firmware(const KernelFacts& first, const KernelFacts& kernel) {
  if (kernel.description != first.description) {
    return "its devices by " + kernel.description + " after " + first.description;
  }
  if (first.efi && !kernel.efi) {
    return "no EFI";
  }
  if (first.efi && kernel.efi && first.efi->variables.value_or(0) != 0 &&
      kernel.efi->variables.value_or(0) == 0) {
    return "none of " + std::to_string(*first.efi->variables) + " EFI variables";
  }
  return first.efi && kernel.efi && first.efi->time_read && !kernel.efi->time_read
             ? "EFI's clock cannot be read"
             : "";
}

// Why a dump is not what a dump should be; empty when it is.
std::string fault_of_dump(const Findings& findings) {
  if (!findings.vmcore) {
    return "the crash kernel did not report on it";
  }
  const VmcoreFacts& core = *findings.vmcore;
  if (!core.complaints.empty()) {
    return core.complaints.front();
  }
  if (!core.readable) {
    return std::to_string(core.read_bytes) + " of " + std::to_string(core.load_bytes) +
           " bytes could be read";
  }
  if (!core.marker_found) {
    return "the page that a process had filled before the panic is not at its place";
  }
  return findings.capture_failure;
}

// What a program in the guest complained of: its messages stand in a line of their own each, a
// remedy indented behind; the last one is why it gave up.
std::string complaint_of(std::string_view text) {
  std::string_view complaint;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line.front() != ' ') {
      complaint = line;
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return std::string(complaint);
}

// "E" and three hex digits at the start of what the relay says: it refused.
bool starts_with_error_code(std::string_view text) {
  return text.size() >= 4 && text[0] == 'E' &&
         text.substr(1, 3).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// What a kernel that has booted tells of itself.
void read_kernel_event(KernelFacts& kernel, std::string_view event, const ordered_json& mark) {
  if (event == "initrd") {
    kernel.initrd_intact = mark.contains("intact") && mark["intact"] == true;
    kernel.initrd_bytes = number_of(mark, "bytes");
    kernel.manifest_digest = text_of(mark, "manifest");
    kernel.complaints = texts_of(mark, "complaints");
  } else if (event == "firmware") {
    kernel.description = text_of(mark, "description");
    kernel.efi = efi_facts(mark);
  } else if (event == "disk") {
    kernel.disk = DiskFacts{number_of(mark, "read_bytes"), text_of(mark, "interrupts")};
  } else if (event == "status") {
    kernel.status = json_of(mark, "status");
    kernel.relay = relay_facts(mark.value("status", ordered_json()));
  }
}

// Whether it kept what the first one had. nullopt: it did.
std::optional<base::Error> fault_of_kernel(const KernelFacts& kernel, const KernelFacts& first,
                                           std::string_view manifest_digest) {
  std::string subject = "kernel " + std::to_string(kernel.hop);
  const auto error = [&](base::Code code, std::string_view what) {
    return base::Error(code, base::Stage::kRehearse, subject.append(what));
  };
  if (kernel.initrd_intact == false) {
    return error(base::Code::REHEARSE_INITRD,
                 kernel.complaints.empty() ? "" : ": " + kernel.complaints.front());
  }
  if (kernel.initrd_intact == true && kernel.manifest_digest != manifest_digest) {
    return error(base::Code::REHEARSE_INITRD, ": the manifest is not the one written");
  }
  if (kernel.mode != first.mode) {
    return error(base::Code::REHEARSE_MODE, ": " + kernel.mode + " after " + first.mode);
  }
  // What a kernel has not yet told that failed early, it has not lost.
  const std::string lost = kernel.description.empty() ? "" : lost_of_firmware(first, kernel);
  return lost.empty() ? std::nullopt : std::optional(error(base::Code::REHEARSE_EFI, ": " + lost));
}

}  // namespace

bool Judge::read_last_words(std::string_view line, Event& event) {
  const std::size_t panic = line.find(kPanic);
  const std::size_t at = std::min(panic, line.find(kOops));
  // An oops that nobody waits for may leave the kernel alive.
  if (at == std::string_view::npos || (panic == std::string_view::npos && !armed_)) {
    return false;
  }
  if (armed_) {
    armed_ = false;
    dying_ = true;
    findings_.panics.emplace_back(line.substr(at));
    event = Event::kLeaving;
  } else if (!dying_) {
    findings_.panic = line.substr(at);
  }
  return true;
}

Event Judge::feed(std::string_view line) {
  // First, because a mark tells what the user's programs are called.
  if (const std::size_t at = line.find(kMark); at != std::string_view::npos) {
    return read_mark(line.substr(at + kMark.size()));
  }
  if (line.find(kBooting) != std::string_view::npos) {
    findings_.kernels_started += 1;
    dying_ = false;
    return Event::kNone;
  }
  if (Event event = Event::kNone; read_last_words(line, event)) {
    return event;
  }
  if (const std::size_t at = line.find(kRelay); at != std::string_view::npos) {
    const std::string_view text = line.substr(at + kRelay.size());
    if (!starts_with_error_code(text)) {
      return Event::kNone;
    }
    findings_.relay_failure = text;
    findings_.relay_failure_code = text.substr(0, 4);
    return Event::kFailed;
  }
  if (const std::size_t at = line.find(kLeaving); at != std::string_view::npos) {
    std::string_view digits = line.substr(at + kLeaving.size());
    findings_.leaving_counters.push_back(base::take_number(digits).value_or(0));
    return Event::kLeaving;
  }
  return Event::kNone;
}

Event Judge::read_mark(std::string_view json) {
  const ordered_json mark = base::parse_json(json);
  const std::string event = text_of(mark, "event");
  if (event == "program") {
    before_program_ = findings_;
    return Event::kNone;
  }
  // A kernel that has panicked says nothing any more: what the program printed, and be it the log
  // of another kernel with all of its last words, happened to nobody here.
  if (before_program_ && (event == "capture" || event == "before")) {
    findings_ = *std::exchange(before_program_, std::nullopt);
  }
  return read_event(event, mark);
}

Event Judge::read_event(std::string_view event, const ordered_json& mark) {
  if (event == "booted") {
    findings_.kernels.push_back(kernel_facts(mark));
    findings_.kernels.back().load = std::exchange(findings_.load, "null");
    return Event::kNone;
  }
  if (event == "failed") {
    findings_.failed_step = text_of(mark, "step");
    findings_.failed_text = complaint_of(text_of(mark, "text"));
    findings_.failed_exit =
        mark.contains("exit") && mark["exit"].is_number_integer() ? mark["exit"].get<int>() : -1;
    findings_.failed_by_signal = mark.contains("signal");
    return Event::kFailed;
  }
  if (event == "load") {
    findings_.load = json_of(mark, "output");
    return Event::kNone;
  }
  if (event == "ready") {
    armed_ = expect_panic_;
    return Event::kReady;
  }
  if (event == "panicking") {
    armed_ = true;
    return Event::kNone;
  }
  if (event == "vmcore") {
    findings_.vmcore = vmcore_facts(mark);
    return Event::kNone;
  }
  if (event == "capture") {
    const std::string command = text_of(mark, "command");
    const bool good = mark.contains("exit") && mark["exit"] == 0;
    if (good && findings_.vmcore) {
      const std::string program = command.substr(0, command.find(' '));
      findings_.vmcore->saved_by = program.substr(program.rfind('/') + 1);
    } else {
      findings_.capture_failure = command + ": exit code " + json_of(mark, "exit");
    }
    return Event::kNone;
  }
  if (event == "done") {
    findings_.done = true;
    return Event::kDone;
  }
  if (findings_.kernels.empty()) {
    return Event::kNone;
  }
  read_kernel_event(findings_.kernels.back(), event, mark);
  return Event::kNone;
}

LastWords::LastWords(std::string_view program) : prefix_(std::string(program) + ": ") {}

void LastWords::feed(std::string_view line) {
  const bool complaint = line.starts_with(prefix_);
  if (!line.empty() && (complaint || !text_.starts_with(prefix_))) {
    text_ = line;
  }
}

base::Error start_failure(std::string_view program, int exit_code, std::string_view last_words) {
  constexpr int kCannotExecute = 127;
  if (exit_code == kCannotExecute) {
    return {base::Code::REHEARSE_TOOL, base::Stage::kRehearse, program};
  }
  if (last_words.empty()) {
    return {base::Code::REHEARSE_QEMU, base::Stage::kRehearse,
            std::string(program) + " ended with exit code " + std::to_string(exit_code)};
  }
  return {base::Code::REHEARSE_QEMU, base::Stage::kRehearse, last_words};
}

std::optional<base::Error> verdict(const Findings& findings, std::uint32_t hops_wanted,
                                   std::string_view manifest_digest, unsigned panics) {
  const auto error = [](base::Code code, std::string_view subject) {
    return base::Error(code, base::Stage::kRehearse, subject);
  };
  if (!findings.relay_failure.empty()) {
    const auto row = base::find_error(findings.relay_failure_code);
    // "E501 segment initrd at 0x48003000 is not what was loaded: expected ..., found ...;
    // resetting": what it is about stands before the colon.
    const std::string_view text = findings.relay_failure;
    const std::string_view subject = text.substr(0, text.find(": "));
    return base::Error(row ? row->code : base::Code::REHEARSE_FAILED, base::Stage::kRelay,
                       subject.substr(std::min<std::size_t>(subject.size(), 5)));
  }
  for (const KernelFacts& kernel : findings.kernels) {
    if (auto fault = fault_of_kernel(kernel, findings.kernels.front(), manifest_digest)) {
      return fault;
    }
  }
  if (!findings.failed_step.empty()) {
    return error(
        findings.failed_by_signal ? base::Code::REHEARSE_KILLED : base::Code::REHEARSE_FAILED,
        findings.failed_step + ": " + findings.failed_text);
  }
  if (!findings.panic.empty()) {
    return error(base::Code::REHEARSE_FAILED, findings.panic);
  }
  const bool ended = findings.done || (panics > 1 && findings.panics.size() == panics);
  if (!ended || findings.kernels.size() != std::size_t{hops_wanted} + 1) {
    return error(base::Code::REHEARSE_FAILED, "the guest ended after " +
                                                  std::to_string(findings.kernels.size()) + " of " +
                                                  std::to_string(hops_wanted + 1) + " kernels");
  }
  for (std::size_t i = 0; i < findings.kernels.size(); ++i) {
    if (findings.kernels[i].hop != i || !findings.kernels[i].initrd_intact) {
      return error(base::Code::REHEARSE_FAILED,
                   "kernel " + std::to_string(i) + " did not report as it should");
    }
  }
  if (findings.panics.size() != panics) {
    return error(base::Code::REHEARSE_FAILED, std::to_string(findings.panics.size()) + " of " +
                                                  std::to_string(panics) + " panics happened");
  }
  if (panics != 0) {
    const std::string fault = fault_of_dump(findings);
    if (!fault.empty()) {
      return error(base::Code::REHEARSE_VMCORE, fault);
    }
  }
  return std::nullopt;
}

}  // namespace hyprelay::rehearse
