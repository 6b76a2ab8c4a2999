// SPDX-License-Identifier: BSD-2-Clause
// The seal: plan + patched tree + digests. Only what is sealed can be loaded.
#pragma once

#include "base/result.hpp"
#include "handoff/baton.hpp"
#include "handoff/patch.hpp"
#include "handoff/plan.hpp"
#include "handoff/relay_image.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hyprelay::handoff {

// Who has the bytes of kernel and initrd.
enum class Contents : std::uint8_t {
  // The seal. The files may change or go away after sealing.
  kCopied,
  // The caller, who keeps them as they are until the handoff is loaded: tens of MiB are not copied.
  kBorrowed,
};

// One thing to be copied to physical memory before the jump, with zeroes behind it up to the end of
// `memory`. Those are part of the content where it is the seal's own, but for the relay's; what is
// borrowed ends with its file, and Linux's kexec adds the zeroes.
struct SealedSegment {
  SegmentKind kind;
  base::PhysRange memory;
  base::ByteView content;
};

struct SealInput {
  const Machine& machine;
  const PlanRequest& request;
  const Plan& plan;
  base::ByteView kernel;
  // What the zImage said that the kernel was inflated from; unset: it is a kernel's file.
  std::optional<ZImage> inflated_from = {};
  // BareKernel::version_at of that kernel.
  std::uint64_t version_at = 0;
  // The kernel as an LZ4 block, when the plan has a place for that.
  base::ByteView packed = {};
  base::ByteView initrd;
  // Empty unless the plan has one.
  base::ByteView elfcorehdr = {};
  const PatchedTree& tree;
  const RelayImage& relay;
  // Console, GIC, PSCI conduit, resident and flags for the relay.
  const BatonFacts& facts;
  Contents contents = Contents::kCopied;
  // When the kernel is no kernel's file either, but a program with its place.
  std::optional<BareProgram> program = {};
};

// Move-only. Overlap and reservation checks have run again on the final bytes.
class SealedHandoff {
 public:
  SealedHandoff(SealedHandoff&&) noexcept = default;
  SealedHandoff& operator=(SealedHandoff&&) noexcept = default;
  SealedHandoff(const SealedHandoff&) = delete;
  SealedHandoff& operator=(const SealedHandoff&) = delete;

  const std::vector<SealedSegment>& segments() const { return segments_; }
  // Where the running kernel jumps: the relay's first byte.
  base::PhysAddr relay_entry() const { return relay_entry_; }
  Arch arch() const { return arch_; }
  // For the running kernel's panic, inside the memory that it reserved for that.
  bool for_panic() const { return for_panic_; }

 private:
  friend base::Result<SealedHandoff> seal(const SealInput& input);
  SealedHandoff() = default;
  // One for each segment; empty where it is borrowed.
  std::vector<std::vector<std::byte>> contents_;
  std::vector<SealedSegment> segments_;
  base::PhysAddr relay_entry_;
  Arch arch_ = Arch::kArm;
  bool for_panic_ = false;
};

// Errors (stage seal): SEAL_MISMATCH (a size is not the planned one), SEAL_TOO_MANY, PLAN_OVERLAP,
// PLAN_OUTSIDE_RAM, PLAN_UNALIGNED. A packed kernel is compared with what its block stands for.
base::Result<SealedHandoff> seal(const SealInput& input);

}  // namespace hyprelay::handoff
