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
