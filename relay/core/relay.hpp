// SPDX-License-Identifier: BSD-2-Clause
// One run of the relay, from entry to jump: what it knows, and its steps.
#pragma once

#include "bare/console.hpp"
#include "base/result.hpp"
#include "relay/core/verify.hpp"

#include <cstdint>

namespace hyprelay::relay {

// All state of the relay. Lives at hr_state in the zeroed memory behind the image, not on the
// stack, so that an exception finds it, and not in .data, which the relay's own digest covers.
class Relay {
 public:
  Relay(const char* image, std::uint32_t mode, std::uint64_t counter);

  [[noreturn]] void run();

  // What an exception vector found. Never returns to what was interrupted.
  [[noreturn]] void report_exception(std::uint32_t slot, std::uintptr_t pc, std::uintptr_t syndrome,
                                     std::uintptr_t address);
  [[noreturn]] void report_return();

 private:
  base::Result<void> check();
  // Up to HYP/EL2 if the relay was entered below and the resident lets it.
  base::Result<void> climb_up();
  void quiesce_interrupts();
  // Turns the caches on when it can; the flags say whether it did (HR_VERIFY_CACHED).
  std::uint32_t caches_on();
  void caches_off();
  bool map_all();
  void verify();
  // Of segments that were verified; with caches off again.
  void inflate(const digest::Engine& engine);
  base::Result<void> check_kernel();
  void write_record();
  [[noreturn]] void jump();

  // Begin a sentence: one that everybody gets, and one that only HR_BATON_VERBOSE sends to the
  // console.
  bare::Voice& say();
  bare::Voice& say_detail();
  bare::Voice& complain(base::Code code);
  [[noreturn]] void fail(const base::Error& error);
  [[noreturn]] void fail_digest(const hr_baton_segment& segment, const digest::Digest& found);
  // Ends a complaint and the machine: reset, or stop for good.
  [[noreturn]] void stop(base::Code code);

  bool at_top() const { return mode_ == HR_MODE_HYP || mode_ == HR_MODE_EL2; }

  const char* image_;
  std::uint32_t mode_;
  const hr_baton& baton_;
  bare::Voice voice_;
  hr_record record_{};
  bool cached_ = false;
  std::uint32_t exceptions_ = 0;
  // For hr_mmu_off, which may not use the stack's lines: what to flush, as start and size.
  std::uint64_t flush_[HR_BATON_SEGMENTS + 1][2] = {};
  std::size_t flush_count_ = 0;
};

}  // namespace hyprelay::relay
