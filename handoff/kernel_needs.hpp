// SPDX-License-Identifier: BSD-2-Clause
// What a kernel needs of a CPU, as far as its bytes tell. Pure.
#pragma once

#include "handoff/image.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff {

struct KernelNeeds {
  // In which it can be entered, the better one first: "HYP", "SVC", "EL2", "EL1".
  std::vector<std::string> modes = {};
  // Bytes of its pages; nullopt: it does not say.
  std::optional<std::uint32_t> page_size_bytes = {};
  // A 32-bit kernel with long descriptors; nullopt: it could not be looked at.
  std::optional<bool> lpae = {};
  // A 32-bit kernel that keeps HYP for its own use (CONFIG_ARM_VIRT_EXT); nullopt: as above.
  std::optional<bool> keeps_hyp = {};
};

// `bare`: of a 32-bit kernel what is in its zImage, where that was inflated (bare_kernel.hpp).
KernelNeeds needs_of(const ImageView& kernel, const std::optional<ImageView>& bare);

// Memory that it takes from its first byte on, bss and what it inflates to counted.
std::uint64_t memory_bytes_of(const ImageView& kernel);

}  // namespace hyprelay::handoff
