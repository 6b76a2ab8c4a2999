// SPDX-License-Identifier: BSD-2-Clause
// Which reservations of a device tree were for the kernel that booted with it, and which are the
// firmware's. Pure. Private to handoff.
#pragma once

#include "base/range.hpp"
#include "fdt/tree.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// Properties of /chosen that describe memory of the old kernel by pairs in the root's cells
// [dt-schema chosen.yaml; linux/drivers/of/kexec.c]. What they name may also be reserved.
inline constexpr std::array<std::string_view, 4> kOldMemory = {
    "linux,elfcorehdr", "linux,ima-kexec-buffer", "linux,kho-fdt", "linux,kho-scratch"};

class OldMemory {
 public:
  // By what the tree says of its initrd, of what its kernel was handed, and of itself.
  explicit OldMemory(const fdt::Tree& source);

  // Whether this /memreserve/ entry was for the old kernel alone. One around an address where
  // parked CPUs poll is the firmware's whatever else lies there.
  bool owns(const base::PhysRange& entry) const;

 private:
  std::vector<base::PhysRange> memory_;
  std::optional<std::vector<base::PhysAddr>> parked_;  // low to high
  std::uint64_t tree_bytes_;
};

}  // namespace hyprelay::handoff
