// SPDX-License-Identifier: BSD-2-Clause
// The hyp-check programs that this program carries. Environment: hosted.
#pragma once

#include "base/bytes.hpp"
#include "handoff/machine.hpp"

#include <cstdint>

namespace hyprelay::hyp_check {

// kImage: a zImage or an arm64 Image, for every loader of kernels. kElf: for QEMU's -kernel.
enum class Format : std::uint8_t { kImage, kElf };

// The bytes live as long as the program.
base::ByteView embedded_hyp_check(handoff::Arch arch, Format format);

}  // namespace hyprelay::hyp_check
