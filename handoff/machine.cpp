// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/machine.hpp"

#include "handoff/plan.hpp"

namespace hyprelay::handoff {

const char* arch_name(Arch arch) {
  return arch == Arch::kArm ? "arm" : "arm64";
}

const char* mode_name(Mode mode) {
  switch (mode) {
#define HR_MODE(name, value, text) \
  case Mode::k##name:              \
    return text;
#include "abi/mode.def"
#undef HR_MODE
  }
  __builtin_unreachable();
}

std::string_view dialect_name(std::uint32_t dialect) {
  switch (dialect) {
#define HR_DIALECT(name, value, text, ...) \
  case value:                              \
    return text;
#include "abi/dialect.def"
#undef HR_DIALECT
    default:
      return "unknown";
  }
}

const char* segment_name(SegmentKind kind) {
  switch (kind) {
#define HR_SEGMENT(name, value, text) \
  case SegmentKind::k##name:          \
    return text;
#include "abi/segment.def"
#undef HR_SEGMENT
  }
  __builtin_unreachable();
}

}  // namespace hyprelay::handoff
