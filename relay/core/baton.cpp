// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/baton.hpp"

#include "base/sha256.hpp"
#include "digest/digest.hpp"

#include <algorithm>

namespace hyprelay::relay {
namespace {

base::Error bad(const char* field, std::uint64_t value) {
  return base::Error(base::Code::RELAY_BATON, base::Stage::kRelay, field).with_at(value);
}

// [start, start + size) is not empty, does not wrap, and every byte has an address on this CPU.
// All of them at once is more than there can be, and its size would be 0 on arm.
bool addressable(std::uint64_t start, std::uint64_t size_bytes, unsigned address_bits) {
  const std::uint64_t limit = std::uint64_t{1} << address_bits;
  return size_bytes != 0 && size_bytes < limit && start <= limit - size_bytes;
}

bool inside(std::uint64_t start, std::uint64_t size_bytes, const hr_baton_segment& segment) {
  return start >= segment.start && start - segment.start <= segment.size &&
         size_bytes <= segment.size - (start - segment.start);
}

bool overlap(std::uint64_t start, std::uint64_t size_bytes, std::uint64_t other,
             std::uint64_t other_bytes) {
  return start <= other ? other - start < size_bytes : start - other < other_bytes;
}

// A kernel that is inflated is written: to memory, and to none that is needed.
base::Result<void> check_inflated(const hr_baton& baton, const hr_baton_segment& kernel,
                                  const base::PhysRange& own, unsigned address_bits) {
  const hr_baton_segment& to = baton.inflated;
  if (baton.packed_bytes > kernel.size) {
    return bad("packed_bytes", baton.packed_bytes);
  }
  if (to.kind != HR_SEGMENT_KERNEL || !addressable(to.start, to.size, address_bits) ||
      overlap(to.start, to.size, own.start().raw(), own.size_bytes())) {
    return bad("inflated", to.start);
  }
  for (const hr_baton_segment& segment : segments_of(baton)) {
    if (overlap(to.start, to.size, segment.start, segment.size)) {
      return bad("inflated", segment.start);
    }
  }
  return base::success();
}

base::Result<void> check_segments(const hr_baton& baton, const base::PhysRange& own,
                                  unsigned address_bits) {
  const hr_baton_segment* kernel = nullptr;
  const hr_baton_segment* tree = nullptr;
  for (const hr_baton_segment& segment : segments_of(baton)) {
    const bool elsewhere = segment.kind == HR_SEGMENT_RELAY && segment.start != baton.relay;
    if (!addressable(segment.start, segment.size, address_bits) || elsewhere) {
      return bad("segment", segment.start);
    }
    kernel = segment.kind == HR_SEGMENT_KERNEL ? &segment : kernel;
    tree = segment.kind == HR_SEGMENT_TREE ? &segment : tree;
  }
  if (kernel != nullptr && baton.packed_bytes != 0) {
    HR_TRYV(check_inflated(baton, *kernel, own, address_bits));
    kernel = &baton.inflated;
  }
  if (kernel == nullptr || !inside(baton.entry, 4, *kernel)) {
    return bad("entry", baton.entry);
  }
  if (tree == nullptr || baton.tree != tree->start) {
    return bad("tree", baton.tree);
  }
  // 0: the loader wants no record.
  if (baton.record != 0 && !inside(baton.record, HR_RECORD_SIZE, *tree)) {
    return bad("record", baton.record);
  }
  return base::success();
}

}  // namespace

base::Result<void> check_whole(const hr_baton& baton) {
  if (baton.magic != HR_BATON_MAGIC) {
    return bad("magic", baton.magic);
  }
  if (baton.version != HR_BATON_VERSION) {
    return bad("version", baton.version);
  }
  if (baton.size != HR_BATON_SIZE) {
    return bad("size", baton.size);
  }
  const std::span bytes(reinterpret_cast<const std::byte*>(&baton), sizeof(baton));
  constexpr std::size_t kChecksum = offsetof(hr_baton, checksum);
  const base::Sha256Digest digest = base::sha256(bytes.first(kChecksum));
  if (!std::ranges::equal(digest, bytes.subspan(kChecksum))) {
    return bad("checksum", kChecksum);
  }
  return base::success();
}

bool are_registers(const hr_baton& baton, std::uint64_t start, std::uint64_t size_bytes,
                   unsigned address_bits) {
  if (!addressable(start, size_bytes, address_bits) || start % 8 != 0 ||
      baton.segment_count > HR_BATON_SEGMENTS) {
    return false;
  }
  const auto meets = [&](const hr_baton_segment& segment) {
    return overlap(start, size_bytes, segment.start, segment.size);
  };
  return std::ranges::none_of(segments_of(baton), meets) &&
         (baton.packed_bytes == 0 || !meets(baton.inflated));
}

const hr_baton_segment& loaded_kernel(const hr_baton& baton) {
  // Of several the last one, as it was checked.
  const hr_baton_segment* kernel = &baton.segments[0];
  for (const hr_baton_segment& segment : segments_of(baton)) {
    kernel = segment.kind == HR_SEGMENT_KERNEL ? &segment : kernel;
  }
  return *kernel;
}

const hr_baton_segment& running_kernel(const hr_baton& baton) {
  return baton.packed_bytes != 0 ? baton.inflated : loaded_kernel(baton);
}

base::Result<void> check_fields(const hr_baton& baton, const base::PhysRange& own,
                                unsigned address_bits) {
  if (!digest::is_known(baton.digest_algorithm)) {
    return base::Error(base::Code::RELAY_ALGORITHM, base::Stage::kRelay, "digest_algorithm")
        .with_at(baton.digest_algorithm);
  }
  if (baton.relay != own.start().raw()) {
    return bad("relay", baton.relay);
  }
  if (baton.segment_count == 0 || baton.segment_count > HR_BATON_SEGMENTS) {
    return bad("segment_count", baton.segment_count);
  }
  return check_segments(baton, own, address_bits);
}

}  // namespace hyprelay::relay
