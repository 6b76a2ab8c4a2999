// SPDX-License-Identifier: BSD-2-Clause
// Images, machines and requests with fixed numbers, for tests that must not change with Debian.
#pragma once

#include "abi/hr_abi.h"
#include "handoff/image.hpp"
#include "handoff/plan.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace hyprelay::handoff::testing {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t kMega = 1 << 20;

inline void put(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    bytes.at(at + i) = static_cast<std::byte>(value >> (8 * i));
  }
}
inline void put32(Bytes& bytes, std::size_t at, std::uint64_t value) {
  put(bytes, at, value, 4);
}
inline void put64(Bytes& bytes, std::size_t at, std::uint64_t value) {
  put(bytes, at, value, 8);
}
inline void put_text(Bytes& bytes, std::size_t at, std::string_view text) {
  std::memcpy(&bytes.at(at), text.data(), text.size());
}
inline Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span(text.data(), text.size()));
  return Bytes(view.begin(), view.end());
}

// The numbers of linux-image-6.1.0-50-armmp and -lpae.
struct ZImageNumbers {
  std::uint32_t size_bytes = 0x532200;
  std::uint32_t inflated = 0x13a10b4;
  std::uint32_t bss = 0x5e4d4;
  std::uint32_t text_offset = 0x208000;
  std::uint32_t malloc = 0x10000;
  std::uint32_t tag_words = 6;
  bool reads_memory_nodes = true;
  bool reads_usable_range = true;
};
constexpr ZImageNumbers kArmmp{};
constexpr ZImageNumbers kLpae{.size_bytes = 0x545200, .inflated = 0x15a50c8, .bss = 0x601c0};

constexpr std::size_t kSizeTagAt = 0x100;
constexpr std::size_t kInflatedAt = 0x180;

inline Bytes make_zimage(const ZImageNumbers& n = {}) {
  Bytes image(n.size_bytes);
  put32(image, 0x24, 0x016f2818);
  put32(image, 0x2c, n.size_bytes);
  put32(image, 0x30, 0x04030201);
  put32(image, 0x34, 0x45454545);
  put32(image, 0x38, kSizeTagAt);
  put32(image, kSizeTagAt, n.tag_words);
  put32(image, kSizeTagAt + 4, 0x5a534c4b);
  put32(image, kSizeTagAt + 8, kInflatedAt);
  put32(image, kSizeTagAt + 12, n.bss);
  if (n.tag_words >= 6) {
    put32(image, kSizeTagAt + 16, n.text_offset);
    put32(image, kSizeTagAt + 20, n.malloc);
  }
  put32(image, kInflatedAt, n.inflated);
  if (n.reads_memory_nodes) {
    put_text(image, 0x200, std::string_view("linux,usable-memory\0", 20));
  }
  if (n.reads_usable_range) {
    put_text(image, 0x240, std::string_view("linux,usable-memory-range\0", 26));
  }
  return image;
}

struct ImageNumbers {
  std::uint64_t size_bytes = 0x1f6dfc0;
  std::uint64_t image_size = 0x2010000;
  std::uint64_t text_offset = 0;
  std::uint64_t flags = 0xa;
};

inline Bytes make_image(const ImageNumbers& n = {}) {
  Bytes image(n.size_bytes);
  put64(image, 0x08, n.text_offset);
  put64(image, 0x10, n.image_size);
  put64(image, 0x18, n.flags);
  put32(image, 0x38, 0x644d5241);
  return image;
}

// A relay that is nothing but its header and zeroes.
inline Bytes make_relay(Arch arch, std::uint32_t image_bytes = 0x4000,
                        std::uint32_t baton_offset = 0x3000, std::uint32_t memory = 0x20000) {
  Bytes relay(image_bytes);
  for (std::size_t i = HR_RELAY_HEADER_SIZE; i < baton_offset; ++i) {
    relay[i] = static_cast<std::byte>(i * 7);
  }
  put32(relay, HR_RELAY_HEADER_MAGIC, HR_RELAY_MAGIC);
  put32(relay, HR_RELAY_HEADER_VERSION, HR_BATON_VERSION);
  put32(relay, HR_RELAY_HEADER_IMAGE_SIZE, image_bytes);
  put32(relay, HR_RELAY_HEADER_BATON, baton_offset);
  put32(relay, HR_RELAY_HEADER_MEMORY_SIZE, memory);
  put32(relay, HR_RELAY_HEADER_ARCH, static_cast<std::uint32_t>(arch));
  put32(relay, HR_RELAY_HEADER_LOG, 0x18000);
  return relay;
}

inline base::PhysRange range(std::uint64_t start, std::uint64_t size) {
  return base::PhysRange::from_size(base::PhysAddr(start), size).value();
}

// QEMU's virt machine.
inline Machine virt(Arch arch, std::uint64_t ram_bytes) {
  Machine machine;
  machine.arch = arch;
  machine.ram = {range(0x40000000, ram_bytes)};
  return machine;
}

inline PlanRequest request_for(const Machine& machine, std::uint64_t initrd_bytes) {
  PlanRequest request;
  request.initrd_bytes = initrd_bytes;
  request.tree_bytes = 0x12000;
  request.relay_bytes = 0x20000;
  request.tree_memory = machine.ram;
  return request;
}

inline Bytes read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return bytes_of(text);
}

// Debian's kernels, as ./x unpacks them. Versions change: only properties are asserted on them.
inline std::vector<std::filesystem::path> debian_kernels(const char* debian_arch) {
  std::vector<std::filesystem::path> kernels;
  const std::filesystem::path boot =
      std::filesystem::path(HR_CACHE) / "sysroot" / debian_arch / "boot";
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(boot, ignored)) {
    if (entry.path().filename().string().starts_with("vmlinuz-")) {
      kernels.push_back(entry.path());
    }
  }
  return kernels;
}

}  // namespace hyprelay::handoff::testing
