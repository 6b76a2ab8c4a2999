// SPDX-License-Identifier: BSD-2-Clause
// The relay images that this program carries. Environment: hosted.
#pragma once

#include "base/bytes.hpp"
#include "handoff/machine.hpp"

namespace hyprelay::handoff {

// The bytes of relay.bin for an architecture; they live as long as the program.
base::ByteView embedded_relay(Arch arch);

}  // namespace hyprelay::handoff
