// SPDX-License-Identifier: BSD-2-Clause
#include "relay/embedded.hpp"

extern "C" const std::byte hr_relay_arm[], hr_relay_arm_end[];
extern "C" const std::byte hr_relay_arm64[], hr_relay_arm64_end[];

namespace hyprelay::handoff {

base::ByteView embedded_relay(Arch arch) {
  return arch == Arch::kArm ? base::ByteView(hr_relay_arm, hr_relay_arm_end)
                            : base::ByteView(hr_relay_arm64, hr_relay_arm64_end);
}

}  // namespace hyprelay::handoff
