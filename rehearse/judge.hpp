// SPDX-License-Identifier: BSD-2-Clause
// Reads the guest's console. Pure: lines in, facts out.
#pragma once

#include "rehearse/report.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse {

// What a line means for whoever runs the guest.
enum class Event : std::uint8_t {
  kNone,
  // The next kernel is loaded and the guest waits for "go" (when it was told to).
  kReady,
  // The guest calls reboot(KEXEC) next.
  kLeaving,
  // All hops are done; the guest powers off.
  kDone,
  // The guest or the relay gave up.
  kFailed,
};

struct Findings {
  std::vector<KernelFacts> kernels;
  // Counter values that `hyprelay exec` printed, by handoff; the n-th led to kernel n.
  std::vector<std::uint64_t> leaving_counters;
  // The JSON of `hyprelay load` for the handoff under way.
  std::string load = "null";
  std::string relay_failure;
  std::string relay_failure_code;  // "E501"
  std::string failed_step;
  std::string failed_text;
  int failed_exit = 0;
  // A signal ended the program, as a kernel does that has a fault in its system call.
  bool failed_by_signal = false;
  // A panic that nobody asked for.
  std::string panic;
  // The kernels' last words when they died as they were asked to.
  std::vector<std::string> panics;
  std::optional<VmcoreFacts> vmcore;
  // The program of --capture-run that failed, and how.
  std::string capture_failure;
  std::uint32_t kernels_started = 0;
  bool done = false;
};

class Judge {
 public:
  // `expect_panic`: the first kernel panics once it has said "ready"; whether the crash kernel is
  // to follow, it says itself.
  explicit Judge(bool expect_panic = false) : expect_panic_(expect_panic) {}
  // A line without its newline. Lines that mean nothing are fine.
  Event feed(std::string_view line);
  const Findings& findings() const { return findings_; }

 private:
  Event read_mark(std::string_view json);
  Event read_event(std::string_view event, const nlohmann::ordered_json& mark);
  // What a kernel says when it dies; false when the line is none of that.
  bool read_last_words(std::string_view line, Event& event);

  bool expect_panic_;
  // The next panic is one that was asked for.
  bool armed_ = false;
  // A kernel has died as it should, and the next one has not yet spoken.
  bool dying_ = false;
  Findings findings_;
  // As they were when the program started that runs in the guest.
  std::optional<Findings> before_program_;
};

// What QEMU itself said last, told from a hint that follows it: its complaints begin with the name
// of the program. To be fed every line until a kernel speaks.
class LastWords {
 public:
  explicit LastWords(std::string_view program);
  void feed(std::string_view line);
  const std::string& text() const { return text_; }

 private:
  std::string prefix_;
  std::string text_;
};

// Why QEMU ended before a kernel spoke: REHEARSE_TOOL when the program could not be executed (exit
// code 127), else REHEARSE_QEMU with what it said.
base::Error start_failure(std::string_view program, int exit_code, std::string_view last_words);

// The rehearsal's verdict on what was found: nullopt when every hop arrived, its initrd intact (and
// with the manifest that the host wrote), in the mode of the first kernel; with `panics` that were
// asked for (at most 2, the second one in place of the end of the guest) also when they happened,
// the dump was read as a whole, the marker found, and every --capture-run good. Errors: RELAY_*,
// REHEARSE_FAILED, REHEARSE_INITRD, REHEARSE_MODE, REHEARSE_EFI, REHEARSE_VMCORE.
std::optional<base::Error> verdict(const Findings& findings, std::uint32_t hops_wanted,
                                   std::string_view manifest_digest, unsigned panics = 0);

}  // namespace hyprelay::rehearse
