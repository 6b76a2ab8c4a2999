// SPDX-License-Identifier: BSD-2-Clause
// Where the devices of kvm_boot's machine are, and the tree that says so.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::boot_guest {

// Distributor, and the redistributor of the one CPU [arm/ihi0069 12.8, 12.10: 64 and 128 KiB].
inline constexpr std::uint64_t kDistributor = 0x08000000;
inline constexpr std::uint64_t kRedistributor = 0x080a0000;
inline constexpr std::uint64_t kUart = 0x09000000;
inline constexpr std::uint32_t kUartSpi = 1;
// A page that KVM writes the CPU's stolen time to. No memory of the guest's by its tree.
inline constexpr std::uint64_t kStolenTime = 0x0a000000;

struct TreeRequest {
  std::uint64_t memory_bytes = 0;
  std::string command_line;
  // Empty: none.
  std::uint64_t initrd_start = 0;
  std::uint64_t initrd_bytes = 0;
  // Not zero.
  std::uint64_t seed = 0;
};

// What Linux and our programs need to know of the machine: memory, CPU, PSCI by HVC, GICv3, timer,
// PL011.
base::Result<std::vector<std::byte>> make_tree(const TreeRequest& request);

}  // namespace hyprelay::boot_guest
