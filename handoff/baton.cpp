// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/baton.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// Every host that runs the loader is little endian, as the baton is: the struct is its image.
static_assert(std::endian::native == std::endian::little);

base::Result<void> fill_gic(const base::Gic& gic, hr_baton& baton) {
  if (gic.redistributors.size() > std::size(baton.gic_redistributor)) {
    return Error(Code::SEAL_TOO_MANY, Stage::kSeal, "GIC redistributor regions")
        .with_at(gic.redistributors.size())
        .with_limit(std::size(baton.gic_redistributor));
  }
  if (gic.its.size() > std::size(baton.gic_its)) {
    return Error(Code::SEAL_TOO_MANY, Stage::kSeal, "GIC interrupt translation services")
        .with_at(gic.its.size())
        .with_limit(std::size(baton.gic_its));
  }
  baton.gic_version = gic.version;
  baton.gic_stride = gic.redistributor_stride;
  for (std::size_t i = 0; i < gic.redistributors.size(); ++i) {
    baton.gic_redistributor[i] = gic.redistributors[i].start().raw();
    baton.gic_redistributor_size[i] = gic.redistributors[i].size_bytes();
  }
  for (std::size_t i = 0; i < gic.its.size(); ++i) {
    baton.gic_its[i] = gic.its[i].raw();
  }
  return base::success();
}

void fill_segment(const BatonSegment& from, hr_baton_segment& to) {
  to.start = from.start.raw();
  to.size = from.size_bytes;
  to.kind = static_cast<std::uint32_t>(from.kind);
  std::memcpy(to.digest, from.digest.data(), sizeof(to.digest));
}

std::uint32_t conduit_row(base::Conduit conduit) {
  switch (conduit) {
    case base::Conduit::kNone:
      return HR_CONDUIT_NONE;
    case base::Conduit::kSmc:
      return HR_CONDUIT_SMC;
    case base::Conduit::kHvc:
      return HR_CONDUIT_HVC;
  }
  __builtin_unreachable();
}

}  // namespace

base::Result<std::vector<std::byte>> write_baton(const BatonInput& input) {
  hr_baton baton{};
  if (input.segments.size() > HR_BATON_SEGMENTS) {
    return Error(Code::SEAL_TOO_MANY, Stage::kSeal, "segments")
        .with_at(input.segments.size())
        .with_limit(HR_BATON_SEGMENTS);
  }
  baton.magic = HR_BATON_MAGIC;
  baton.version = HR_BATON_VERSION;
  baton.size = HR_BATON_SIZE;
  baton.flags = (input.facts.require_hyp ? HR_BATON_REQUIRE_HYP : 0u) |
                (input.facts.halt_on_failure ? HR_BATON_HALT : 0u) |
                (input.facts.verbose ? HR_BATON_VERBOSE : 0u);
  baton.relay = input.relay.raw();
  baton.entry = input.entry.raw();
  baton.tree = input.tree.raw();
  baton.record = input.record.raw();
  baton.resident = input.facts.resident;
  baton.digest_algorithm = input.facts.digest_algorithm;
  baton.psci_conduit = conduit_row(input.facts.psci);
  baton.console_kind = input.facts.console.kind;
  baton.console_shift = input.facts.console.shift;
  baton.console_base = input.facts.console.base.raw();
  baton.console_width = input.facts.console.width_bytes;
  HR_TRYV(fill_gic(input.facts.gic, baton));
  baton.segment_count = static_cast<std::uint32_t>(input.segments.size());
  for (std::size_t i = 0; i < input.segments.size(); ++i) {
    fill_segment(input.segments[i], baton.segments[i]);
  }
  if (input.inflated) {
    baton.packed_bytes = input.packed_bytes;
    fill_segment(*input.inflated, baton.inflated);
  }
  baton.resident_vectors = input.facts.resident_vectors;
  baton.resident_virtual = input.facts.resident_virtual;
  const auto bytes = std::as_bytes(std::span(&baton, 1));
  const base::Sha256Digest digest = base::sha256(bytes.first(offsetof(hr_baton, checksum)));
  std::memcpy(baton.checksum, digest.data(), sizeof(baton.checksum));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace hyprelay::handoff
