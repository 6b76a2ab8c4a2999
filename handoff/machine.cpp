// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/machine.hpp"

#include "base/names.hpp"
#include "handoff/plan.hpp"

namespace hyprelay::handoff {
namespace {

constexpr base::Named<Mode> kModes[] = {
#define HR_MODE(name, value, text) {text, Mode::k##name},
#include "abi/mode.def"
#undef HR_MODE
};
constexpr base::Named<SegmentKind> kSegments[] = {
#define HR_SEGMENT(name, value, text) {text, SegmentKind::k##name},
#include "abi/segment.def"
#undef HR_SEGMENT
};
// What comes from outside may be a number without a row.
constexpr base::Named<std::uint32_t> kDialects[] = {
#define HR_DIALECT(name, value, text, ...) {text, value},
#include "abi/dialect.def"
#undef HR_DIALECT
};
constexpr base::Named<std::uint32_t> kClimbs[] = {
#define HR_CLIMB(name, value, text) {text, value},
#include "abi/climb.def"
#undef HR_CLIMB
};

}  // namespace

bool is_page_size(std::uint64_t bytes) {
  return bytes == 0x1000 || bytes == 0x4000 || bytes == 0x10000;
}

std::uint32_t arm_part(std::uint32_t cpu_id) {
  constexpr std::uint32_t kArmLimited = 0x41;
  return cpu_id >> 24 == kArmLimited ? cpu_id >> 4 & 0xfff : 0;
}

const char* arch_name(Arch arch) {
  return arch == Arch::kArm ? "arm" : "arm64";
}

const char* mode_name(Mode mode) {
  return base::name_of(kModes, mode);
}

std::optional<Mode> parse_mode(std::string_view text) {
  return base::value_named(kModes, text);
}

Mode mode_of(std::uint32_t number) {
  const auto* const row =
      std::ranges::find_if(kModes, [number](const base::Named<Mode>& candidate) {
        return static_cast<std::uint32_t>(candidate.value) == number;
      });
  return row == std::end(kModes) ? Mode::kUNKNOWN : row->value;
}

std::string_view dialect_name(std::uint32_t dialect) {
  return base::name_of(kDialects, dialect, "unknown");
}

std::string_view climb_name(std::uint32_t climb) {
  return base::name_of(kClimbs, climb, "unknown");
}

const char* segment_name(SegmentKind kind) {
  return base::name_of(kSegments, kind);
}

}  // namespace hyprelay::handoff
