// SPDX-License-Identifier: BSD-2-Clause
// The dead kernel's memory by the addresses that it used itself. Environment: hosted.
#pragma once

#include "base/result.hpp"
#include "capture/core.hpp"
#include "capture/source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hyprelay::capture {

// Virtual addresses of the linear mapping and of the kernel's image; not of vmalloc, for which the
// dead kernel's page tables would have to be walked. In this order:
//   1. a program header's p_vaddr, where it has one;
//   2. arm64: VMCOREINFO's kimage_voffset, PHYS_OFFSET and VA_BITS [linux/Documentation/
//      admin-guide/kdump/vmcoreinfo.rst, arm64], for a kernel with its linear mapping in the lower
//      half of its addresses (5.4 and later) or in the upper one;
//   3. arm: the linear mapping at each of the places that a kernel can be configured for
//      [linux/arch/arm/Kconfig PAGE_OFFSET], the one where the release in init_uts_ns is that of
//      VMCOREINFO.
class OldMemory {
 public:
  // Both must outlive it.
  OldMemory(const Core& core, ByteSource& source);

  const Core& core() const { return core_; }

  // Physical addresses that a virtual one may stand for, the likeliest first; only those that the
  // core holds `size_bytes` of.
  std::optional<std::uint64_t> find(std::uint64_t address, std::uint64_t size_bytes) const;

  // Errors: CAPTURE_UNMAPPED (at: the address), CAPTURE_TRUNCATED, CAPTURE_UNREADABLE.
  base::Result<std::vector<std::byte>> read(std::uint64_t address, std::uint64_t size_bytes) const;
  base::Result<std::uint32_t> read_u32(std::uint64_t address) const;
  // A pointer or an unsigned long of the dead kernel.
  base::Result<std::uint64_t> read_word(std::uint64_t address) const;

 private:
  // A range of virtual addresses that lies at virtual + to_physical, modulo 2^64.
  struct Shift {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t to_physical = 0;
  };
  void learn_arm64();
  void learn_arm();
  bool says_release(std::uint64_t to_physical) const;

  const Core& core_;
  ByteSource& source_;
  std::vector<Shift> shifts_;
};

// An array of the dead kernel, read a window at a time: a capture kernel has no room for a ring of
// tens of MiB, and a page that cannot be read costs what is on it alone.
class OldArray {
 public:
  // Nothing is read yet; `memory` must outlive it. Error: CAPTURE_UNMAPPED (at: the address).
  static base::Result<OldArray> open(const OldMemory& memory, std::uint64_t address,
                                     std::uint64_t size_bytes);

  std::uint64_t size_bytes() const { return size_bytes_; }
  // The view holds until the next call. Errors: OUT_OF_BOUNDS, and those of OldMemory::read.
  base::Result<base::ByteView> read(std::uint64_t offset, std::uint64_t size_bytes);

 private:
  OldArray(const OldMemory& memory, std::uint64_t address, std::uint64_t size_bytes)
      : memory_(&memory), address_(address), size_bytes_(size_bytes) {}

  const OldMemory* memory_;
  std::uint64_t address_;
  std::uint64_t size_bytes_;
  std::vector<std::byte> window_;
  std::uint64_t window_at_ = 0;
};

}  // namespace hyprelay::capture
