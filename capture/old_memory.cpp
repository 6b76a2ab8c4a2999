// SPDX-License-Identifier: BSD-2-Clause
#include "capture/old_memory.hpp"

#include <algorithm>
#include <string_view>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::Stage;

constexpr std::uint64_t kTop = ~std::uint64_t{0};

}  // namespace

OldMemory::OldMemory(const Core& core, ByteSource& source) : core_(core), source_(source) {
  for (const Load& load : core.loads) {
    if (load.virtual_start) {
      const std::uint64_t last = *load.virtual_start + (load.memory.size_bytes() - 1);
      if (last >= *load.virtual_start) {
        shifts_.push_back(
            {*load.virtual_start, last, load.memory.start().raw() - *load.virtual_start});
      }
    }
  }
  if (core.machine == kMachineArm64) {
    learn_arm64();
  } else if (core.machine == kMachineArm && shifts_.empty()) {
    learn_arm();
  }
}

// Each of the three is right for the addresses of one region and leads outside of any memory for
// those of the others, which lie half of the address space away.
void OldMemory::learn_arm64() {
  const auto bits = core_.info.number("VA_BITS");
  const auto phys_offset = core_.info.number("PHYS_OFFSET");
  if (const auto image = core_.info.number("kimage_voffset")) {
    shifts_.push_back({0, kTop, 0 - *image});
  }
  if (bits && phys_offset && *bits > 1 && *bits < 64) {
    const std::uint64_t lower_half = 0 - (std::uint64_t{1} << *bits);
    const std::uint64_t upper_half = 0 - (std::uint64_t{1} << (*bits - 1));
    shifts_.push_back({lower_half, kTop, *phys_offset - lower_half});
    shifts_.push_back({upper_half, kTop, *phys_offset - upper_half});
  }
}

void OldMemory::learn_arm() {
  const auto lowest = std::ranges::min_element(
      core_.loads, {}, [](const Load& load) { return load.memory.start(); });
  // The kernel takes the start of its memory from where it runs, at this granularity
  // [linux/arch/arm/kernel/head.S, CONFIG_ARM_PATCH_PHYS_VIRT: 16 MiB, 2 MiB since 5.11].
  constexpr std::uint64_t kGranularity = std::uint64_t{2} << 20;
  const std::uint64_t start = lowest->memory.start().align_down(kGranularity).raw();
  for (const std::uint64_t page_offset : {std::uint64_t{0xc0000000}, std::uint64_t{0xb0000000},
                                          std::uint64_t{0x80000000}, std::uint64_t{0x40000000}}) {
    if (says_release(start - page_offset)) {
      shifts_.push_back({page_offset, 0xffffffff, start - page_offset});
      return;
    }
  }
}

bool OldMemory::says_release(std::uint64_t to_physical) const {
  // struct new_utsname is made of fields of 65 characters; release is the third
  // [linux/include/uapi/linux/utsname.h].
  constexpr std::uint64_t kRelease = std::uint64_t{2} * 65;
  const auto symbol = core_.info.symbol("init_uts_ns");
  const std::string wanted = core_.info.release();
  if (!symbol || wanted.empty()) {
    return false;
  }
  const std::uint64_t name = *symbol + core_.info.offset("uts_namespace.name").value_or(0);
  const auto at = core_.find_physical(PhysAddr(name + kRelease + to_physical), wanted.size() + 1);
  std::string found(wanted.size() + 1, 'x');
  return at && source_.read(*at, std::as_writable_bytes(std::span(found))) &&
         found.c_str() == wanted;
}

std::optional<std::uint64_t> OldMemory::find(std::uint64_t address,
                                             std::uint64_t size_bytes) const {
  for (const Shift& shift : shifts_) {
    if (address >= shift.first && address <= shift.last) {
      if (const auto at = core_.find_physical(PhysAddr(address + shift.to_physical), size_bytes)) {
        return at;
      }
    }
  }
  return std::nullopt;
}

base::Result<std::vector<std::byte>> OldMemory::read(std::uint64_t address,
                                                     std::uint64_t size_bytes) const {
  const auto at = find(address, size_bytes);
  if (!at) {
    return Error(Code::CAPTURE_UNMAPPED, Stage::kCapture).with_at(address);
  }
  // A range that the core holds is no larger than the old machine's memory, but the source may end
  // before: do not allocate what cannot be read.
  if (*at + size_bytes > source_.size_bytes()) {
    return Error(Code::CAPTURE_TRUNCATED, Stage::kCapture)
        .with_at(*at)
        .with_limit(source_.size_bytes());
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(size_bytes));
  HR_TRYV(source_.read(*at, bytes));
  return bytes;
}

base::Result<std::uint32_t> OldMemory::read_u32(std::uint64_t address) const {
  HR_TRY(bytes, read(address, 4));
  return base::read_le<std::uint32_t>(bytes, 0);
}

base::Result<std::uint64_t> OldMemory::read_word(std::uint64_t address) const {
  HR_TRY(bytes, read(address, core_.word_bytes()));
  return capture::read_word(bytes, 0, core_.wide);
}

base::Result<OldArray> OldArray::open(const OldMemory& memory, std::uint64_t address,
                                      std::uint64_t size_bytes) {
  if (!memory.find(address, size_bytes)) {
    return Error(Code::CAPTURE_UNMAPPED, Stage::kCapture).with_at(address);
  }
  return OldArray(memory, address, size_bytes);
}

base::Result<base::ByteView> OldArray::read(std::uint64_t offset, std::uint64_t size_bytes) {
  constexpr std::uint64_t kWindow = std::uint64_t{16} << 10;
  if (offset > size_bytes_ || size_bytes > size_bytes_ - offset) {
    return Error(Code::OUT_OF_BOUNDS, Stage::kCapture).with_at(offset).with_limit(size_bytes_);
  }
  const bool there = offset >= window_at_ && offset - window_at_ <= window_.size() &&
                     size_bytes <= window_.size() - (offset - window_at_);
  if (!there) {
    const std::uint64_t ahead = std::max(size_bytes, std::min(kWindow, size_bytes_ - offset));
    auto bytes = memory_->read(address_ + offset, ahead);
    if (!bytes && ahead != size_bytes) {
      bytes = memory_->read(address_ + offset, size_bytes);
    }
    if (!bytes) {
      return bytes.error();
    }
    window_ = std::move(bytes.value());
    window_at_ = offset;
  }
  return base::slice(window_, offset - window_at_, size_bytes);
}

}  // namespace hyprelay::capture
