// SPDX-License-Identifier: BSD-2-Clause
// Where the time of a load goes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace hyprelay::cli {

// In the order in which they are entered first: kernel and initrd read; what is packed inflated;
// the machine asked and a plan made; the tree patched, all checked and the digests taken; the
// system call and what is asked before it.
enum class LoadPhase : std::uint8_t { kFiles, kInflate, kPlan, kSeal, kKexecLoad };
inline constexpr std::array<const char*, 5> kLoadPhaseNames = {"files", "inflate", "plan", "seal",
                                                               "kexec_load"};

// Begins with kFiles.
class Stopwatch {
 public:
  // Ends the phase before, and returns it.
  LoadPhase enter(LoadPhase phase) {
    const auto now = std::chrono::steady_clock::now();
    spent_[static_cast<std::size_t>(phase_)] += now - since_;
    since_ = now;
    return std::exchange(phase_, phase);
  }
  // Of a phase that has ended.
  std::chrono::nanoseconds spent(LoadPhase phase) const {
    return spent_[static_cast<std::size_t>(phase)];
  }

 private:
  std::array<std::chrono::nanoseconds, kLoadPhaseNames.size()> spent_ = {};
  LoadPhase phase_ = LoadPhase::kFiles;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace hyprelay::cli
