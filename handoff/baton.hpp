// SPDX-License-Identifier: BSD-2-Clause
// Writing the baton (abi/baton.def) that tells the relay what to do.
#pragma once

#include "abi/hr_abi.h"
#include "base/bytes.hpp"
#include "base/platform.hpp"
#include "base/range.hpp"
#include "digest/digest.hpp"
#include "handoff/plan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hyprelay::handoff {

// What the relay must know and the plan does not say. From the next kernel's tree, ACPI and argv.
struct BatonFacts {
  base::Console console;
  base::Gic gic;
  base::Conduit psci = base::Conduit::kNone;
  // A row of abi/dialect.def.
  std::uint32_t resident = HR_DIALECT_UNKNOWN;
  // Where its vectors lie, physically and as HYP/EL2 itself sees them. 0: not known, or the same.
  std::uint64_t resident_vectors = 0;
  std::uint64_t resident_virtual = 0;
  bool require_hyp = false;
  bool halt_on_failure = false;
  // The relay says more than its last sentence.
  bool verbose = false;
  // HR_DIGEST_*: of every segment.
  std::uint32_t digest_algorithm = HR_DIGEST_FAST;
};

struct BatonSegment {
  SegmentKind kind;
  base::PhysAddr start;
  std::uint64_t size_bytes;
  digest::Digest digest;
};

struct BatonInput {
  base::PhysAddr relay;
  base::PhysAddr entry;
  base::PhysAddr tree;
  base::PhysAddr record;
  std::vector<BatonSegment> segments;
  // Of the kernel's segment, an LZ4 block, and what it inflates to; 0 and unset: it is not packed.
  std::uint64_t packed_bytes = 0;
  std::optional<BatonSegment> inflated = {};
  BatonFacts facts;
};

// The baton's HR_BATON_SIZE bytes, checksum included. Errors (stage seal): SEAL_TOO_MANY.
base::Result<std::vector<std::byte>> write_baton(const BatonInput& input);

}  // namespace hyprelay::handoff
