// SPDX-License-Identifier: BSD-2-Clause
// Any baton whose magic, version, size and checksum are right: the relay believes it exactly when a
// model written from abi/baton.def, in numbers that cannot overflow, does; and the tables that it
// would make of it map what was loaded and no page besides.
#include "base/sha256.hpp"
#include "relay/core/baton.hpp"
#include "relay/core/identity_map.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace {

using hyprelay::base::PhysAddr;
using hyprelay::base::PhysRange;
using hyprelay::fuzz::require;
namespace relay = hyprelay::relay;
__extension__ using Wide = unsigned __int128;

void seal(hr_baton& baton) {
  baton.magic = HR_BATON_MAGIC;
  baton.version = HR_BATON_VERSION;
  baton.size = HR_BATON_SIZE;
  const auto bytes = std::as_bytes(std::span(&baton, 1));
  const auto digest = hyprelay::base::sha256(bytes.first(offsetof(hr_baton, checksum)));
  std::memcpy(baton.checksum, digest.data(), digest.size());
}

struct Span {
  Wide start;
  Wide end;

  bool holds(const Span& other) const { return start <= other.start && other.end <= end; }
  bool meets(const Span& other) const { return start < other.end && other.start < end; }
};

Span span_of(std::uint64_t start, std::uint64_t size_bytes) {
  return {start, Wide{start} + size_bytes};
}

std::vector<Span> spans_of(const hr_baton& baton, std::optional<std::uint32_t> kind = {}) {
  std::vector<Span> spans;
  for (std::uint32_t i = 0; i < baton.segment_count; ++i) {
    const hr_baton_segment& segment = baton.segments[i];
    if (!kind || segment.kind == *kind) {
      spans.push_back(span_of(segment.start, segment.size));
    }
  }
  return spans;
}

// The relay, and its memory behind it.
constexpr std::uint64_t kOwnBytes = 0x30000;
Span own_of(const hr_baton& baton) {
  return span_of(baton.relay, kOwnBytes);
}

// Of several kernels or trees the last one counts.
bool is_sound(const hr_baton& baton, unsigned bits) {
  if (baton.digest_algorithm < 1 || baton.digest_algorithm > 2 || baton.segment_count < 1 ||
      baton.segment_count > HR_BATON_SEGMENTS) {
    return false;
  }
  for (const Span& span : spans_of(baton)) {
    if (span.start == span.end || span.end > Wide{1} << bits ||
        (span.start == 0 && span.end == Wide{1} << bits)) {
      return false;
    }
  }
  for (const Span& span : spans_of(baton, HR_SEGMENT_RELAY)) {
    if (span.start != baton.relay) {
      return false;
    }
  }
  const auto kernels = spans_of(baton, HR_SEGMENT_KERNEL);
  const auto trees = spans_of(baton, HR_SEGMENT_TREE);
  if (kernels.empty()) {
    return false;
  }
  Span runs = kernels.back();
  if (baton.packed_bytes != 0) {
    // Inflated to memory of its own.
    const Wide loaded = runs.end - runs.start;
    runs = span_of(baton.inflated.start, baton.inflated.size);
    const auto meets = [&](const Span& other) { return other.meets(runs); };
    if (baton.packed_bytes > loaded || baton.inflated.kind != HR_SEGMENT_KERNEL ||
        runs.start == runs.end || runs.end > Wide{1} << bits ||
        (runs.start == 0 && runs.end == Wide{1} << bits) ||
        std::ranges::any_of(spans_of(baton), meets) || meets(own_of(baton))) {
      return false;
    }
  }
  return runs.holds(span_of(baton.entry, 4)) && !trees.empty() &&
         trees.back().start == baton.tree &&
         (baton.record == 0 || trees.back().holds(span_of(baton.record, HR_RECORD_SIZE)));
}

void check_registers(const hr_baton& baton, unsigned bits) {
  auto loaded = spans_of(baton);
  if (baton.packed_bytes != 0) {
    loaded.push_back(span_of(baton.inflated.start, baton.inflated.size));
  }
  const auto check = [&](std::uint64_t start, std::uint64_t size_bytes) {
    const Span span = span_of(start, size_bytes);
    const bool free = std::ranges::none_of(loaded, [&](const Span& s) { return s.meets(span); });
    const bool wanted = size_bytes != 0 && start % 8 == 0 && span.end <= Wide{1} << bits &&
                        span.end - span.start != Wide{1} << bits && free;
    require(relay::are_registers(baton, start, size_bytes, bits) == wanted);
  };
  check(baton.console_base, 0x100);
  for (const std::uint64_t its : baton.gic_its) {
    check(its, 0x10000);
  }
  for (std::size_t i = 0; i < std::size(baton.gic_redistributor); ++i) {
    check(baton.gic_redistributor[i], baton.gic_redistributor_size[i]);
  }
}

// A walk as [arm/ddi0487 D8.2] describes it; nullopt: a translation fault.
std::optional<std::uint64_t> walk(const std::uint64_t* table, unsigned level,
                                  std::uint64_t address) {
  for (;; ++level) {
    const unsigned shift = 39 - 9 * level;
    const std::uint64_t entry = table[(address >> shift) & 511];
    const std::uint64_t output = entry & 0xfffffffff000;
    if ((entry & 1) == 0) {
      return std::nullopt;
    }
    if (level == 3 || (entry & 2) == 0) {
      return output | (address & ((std::uint64_t{1} << shift) - 1));
    }
    table = reinterpret_cast<const std::uint64_t*>(output);
  }
}

// As Relay::map_all, which has the same pool.
void check_map(const hr_baton& baton, unsigned bits) {
  constexpr std::size_t kTables = 32;
  static const auto kPool = std::make_unique<relay::Table[]>(kTables);
  std::memset(kPool.get(), 0, kTables * sizeof(relay::Table));
  relay::IdentityMap map(kPool.get(), kTables, bits, true);
  for (const hr_baton_segment& segment : relay::segments_of(baton)) {
    const auto range = PhysRange::from_size(PhysAddr(segment.start), segment.size);
    if (!range || !map.map(*range, relay::Access::kReadOnly)) {
      return;
    }
  }
  const unsigned level = bits > 32 ? 0 : 1;
  const auto loaded = spans_of(baton);
  for (const Span& span : loaded) {
    const auto first = static_cast<std::uint64_t>(span.start);
    const auto last = static_cast<std::uint64_t>(span.end - 1);
    require(walk(map.root(), level, first) == first && walk(map.root(), level, last) == last);
    for (const std::uint64_t beyond : {(first & ~std::uint64_t{0xfff}) - 1, (last | 0xfff) + 1}) {
      const Span page = span_of(beyond & ~std::uint64_t{0xfff}, 0x1000);
      const bool wanted =
          std::ranges::any_of(loaded, [&](const Span& other) { return other.meets(page); });
      require(beyond >> bits != 0 || walk(map.root(), level, beyond).has_value() == wanted);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hr_baton baton{};
  std::copy_n(data, std::min(size, sizeof(baton)), reinterpret_cast<std::uint8_t*>(&baton));
  // As it came, only the right checksum makes it whole.
  const bool whole = relay::check_whole(baton).has_value();
  hr_baton right = baton;
  seal(right);
  require(whole == (std::memcmp(&baton, &right, sizeof(baton)) == 0));
  require(relay::check_whole(right).has_value());
  for (const unsigned bits : {32u, 48u}) {
    // A relay runs somewhere.
    const auto own = PhysRange::from_size(PhysAddr(right.relay), kOwnBytes);
    const auto elsewhere = PhysRange::from_size(PhysAddr(right.relay ^ 0x1000), kOwnBytes);
    if (!own || !elsewhere) {
      continue;
    }
    const auto checked = relay::check_fields(right, *own, bits);
    require(checked.has_value() == is_sound(right, bits));
    require(!relay::check_fields(right, *elsewhere, bits).has_value());
    if (checked) {
      check_registers(right, bits);
      check_map(right, bits);
    }
  }
  return 0;
}
