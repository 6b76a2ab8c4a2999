// SPDX-License-Identifier: BSD-2-Clause
// What a rehearsal does to the guest from outside, between the two kernels: count instructions,
// flip a byte, watch for writes. All through QEMU's gdbstub.
#pragma once

#include "base/result.hpp"
#include "rehearse/gdb.hpp"
#include "rehearse/options.hpp"
#include "rehearse/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse {

// Where the handoff under way put things, from what `hyprelay load --json` printed.
struct Targets {
  struct Segment {
    std::string kind;  // a text of abi/segment.def
    std::uint64_t start = 0;
    std::uint64_t content_bytes = 0;
  };
  std::vector<Segment> segments;
  // What the relay inflates the kernel of `segments` from.
  std::optional<Segment> packed_kernel = {};
  std::uint64_t entry = 0;  // first instruction of the zImage, Image or bare kernel
  std::uint64_t text = 0;   // first instruction of the kernel proper
  // Where its memory begins, and where what it writes around its text ends.
  std::uint64_t memory_start = 0;
  std::uint64_t text_end = 0;

  const Segment* find(std::string_view kind) const;
};

// Error: REHEARSE_FAILED (subject: the key that is missing).
base::Result<Targets> read_targets(std::string_view load);

class Hooks {
 public:
  // `memory` is a path prefix for dumps of guest memory.
  Hooks(const Options& options, std::string socket, std::string memory);

  // False: no option needs a hook, and nothing else here is called.
  bool wanted() const;
  // The guest has loaded the next kernel and waits: stops it, places breakpoints, lets it run.
  base::Result<void> prepare(std::string_view load);
  // The gdbstub's socket, -1 before the first prepare(). Readable: call on_stop().
  int descriptor() const { return gdb_ ? gdb_->descriptor() : -1; }
  base::Result<void> on_stop();

  // The virtual counter at the first instruction of each kernel that was handed off to.
  const std::vector<std::uint64_t>& arrival_counters() const { return arrivals_; }
  const std::string& corrupted() const { return corrupted_; }
  const std::optional<WatchFacts>& watch_facts() const { return watch_; }
  // What the hooks found wrong: REHEARSE_FAILED; nullopt: nothing.
  std::optional<base::Error> complaint() const;

 private:
  base::Result<void> on_relay();
  base::Result<void> on_entry();
  base::Result<void> on_text();
  base::Result<void> end_watch();
  base::Result<void> on_write(std::uint64_t address, std::uint64_t pc);
  base::Result<std::uint64_t> read_counter(std::uint64_t pc);
  base::Result<std::string> dump(const Targets::Segment& segment);
  std::vector<Targets::Segment> watched() const;

  const Options& options_;
  std::string socket_;
  std::string memory_;
  std::optional<GdbClient> gdb_;
  Targets targets_;
  std::vector<std::uint64_t> breakpoints_;
  // Contents of watched() when the relay jumped; empty when nothing is being watched.
  std::vector<std::string> before_;
  // A range that is being watched and must be written to; unset once it was.
  std::optional<Targets::Segment> probe_;
  bool blind_ = false;
  // The end of what a bare kernel writes early: the watch ends with the first write to it.
  std::optional<Targets::Segment> last_;
  std::vector<std::uint64_t> arrivals_;
  std::string corrupted_;
  std::optional<WatchFacts> watch_;
};

}  // namespace hyprelay::rehearse
