// SPDX-License-Identifier: BSD-2-Clause
// Machines, trees and kernels of any size. What is numbered does not come in the order of its
// addresses, as in the files of a real machine.
#pragma once

#include "fdt/tree.hpp"
#include "handoff/prepare.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::scale {

using Bytes = std::vector<std::byte>;

base::PhysRange range(std::uint64_t start, std::uint64_t size_bytes);

// `count` pages with holes between them, far from where a kernel lies.
std::vector<base::PhysRange> scattered(std::int64_t count);
// 3 GiB of RAM at 1 GiB, whole or in so many pieces, and so many ranges that are reserved.
handoff::Machine machine_with(handoff::Arch arch, std::int64_t pieces, std::int64_t reserved);
// Of that machine: nothing is reserved, or scattered(reserved) by nodes, or by /memreserve/; and
// so many devices.
struct TreeSize {
  std::int64_t nodes_reserved = 0;
  std::int64_t entries_reserved = 0;
  std::int64_t devices = 0;
};
Bytes tree_blob(const TreeSize& size);
fdt::Tree tree_with(const TreeSize& size);

// Nothing but a header and bytes that are not zero.
Bytes arm64_image(std::int64_t size_bytes);
Bytes zimage(std::int64_t size_bytes);
handoff::PlanRequest request_for(const handoff::Machine& machine);
// arm64, with its tree.
handoff::PrepareInput prepare_input(std::int64_t reserved, const Bytes& kernel,
                                    std::uint64_t initrd_bytes);

}  // namespace hyprelay::scale
