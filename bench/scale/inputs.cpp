// SPDX-License-Identifier: BSD-2-Clause
#include "bench/scale/inputs.hpp"

#include "abi/hr_abi.h"
#include "bench/scale/blob.hpp"
#include "relay/embedded.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace hyprelay::scale {
namespace {

constexpr std::uint64_t kRam = 0x40000000;
constexpr std::uint64_t kRamBytes = 0xc0000000;
// A quarter of a GiB for the kernel before, as much as is needed of the rest behind.
constexpr std::uint64_t kScattered = 0x50000000;
constexpr std::uint64_t kStride = 0x4000;
constexpr std::uint64_t kPage = 0x1000;

// A prime that no count here is a multiple of: every number comes once.
std::uint64_t mixed(std::int64_t i, std::int64_t count) {
  return static_cast<std::uint64_t>(i * 100003 % count);
}

void put(Bytes& bytes, std::size_t at, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) {
    bytes.at(at + static_cast<std::size_t>(i)) = static_cast<std::byte>(value >> (8 * i));
  }
}

Bytes filled(std::int64_t size_bytes) {
  Bytes bytes(static_cast<std::size_t>(size_bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::byte>(i * 31 + (i >> 8) + 1);
  }
  return bytes;
}

}  // namespace

base::PhysRange range(std::uint64_t start, std::uint64_t size_bytes) {
  return base::PhysRange::from_size(base::PhysAddr(start), size_bytes).value();
}

std::vector<base::PhysRange> scattered(std::int64_t count) {
  std::vector<base::PhysRange> ranges;
  for (std::int64_t i = 0; i < count; ++i) {
    ranges.push_back(range(kScattered + mixed(i, count) * kStride, kPage));
  }
  return ranges;
}

handoff::Machine machine_with(handoff::Arch arch, std::int64_t pieces, std::int64_t reserved) {
  handoff::Machine machine;
  machine.arch = arch;
  machine.kernel_release = "6.1.0-56-arm64";
  machine.boot_mode = arch == handoff::Arch::kArm ? handoff::Mode::kHYP : handoff::Mode::kEL2;
  const std::uint64_t behind = kScattered + static_cast<std::uint64_t>(pieces) * kStride;
  if (pieces > 1) {
    machine.ram = {range(kRam, kScattered - kRam), range(behind, kRam + kRamBytes - behind)};
    for (const base::PhysRange& hole : scattered(pieces)) {
      machine.ram.push_back(range(hole.end().raw(), kStride - kPage));
    }
  } else {
    machine.ram = {range(kRam, kRamBytes)};
  }
  for (const base::PhysRange& one : scattered(reserved)) {
    machine.reserved.push_back({one, "reserved"});
  }
  return machine;
}

Bytes tree_blob(const TreeSize& size) {
  Blob blob;
  for (const base::PhysRange& one : scattered(size.entries_reserved)) {
    blob.reserve(one.start().raw(), one.size_bytes());
  }
  blob.begin("").cells("#address-cells", {2}).cells("#size-cells", {2}).text("compatible", "a,b");
  blob.begin("memory@40000000").text("device_type", "memory").reg(kRam, kRamBytes).end();
  blob.begin("reserved-memory").cells("#address-cells", {2}).cells("#size-cells", {2});
  blob.property("ranges", "");
  for (const base::PhysRange& one : scattered(size.nodes_reserved)) {
    blob.begin("firmware@" + std::to_string(one.start().raw() / kPage));
    blob.reg(one.start().raw(), one.size_bytes()).end();
  }
  blob.end().begin("soc").cells("#address-cells", {2}).cells("#size-cells", {2});
  blob.property("ranges", "");
  for (std::int64_t i = 0; i < size.devices; ++i) {
    blob.begin("device@" + std::to_string(i)).text("compatible", "a,device").text("status", "okay");
    blob.reg(static_cast<std::uint64_t>(i) * kPage, kPage).end();
  }
  blob.end().begin("psci").text("compatible", "arm,psci-1.0").text("method", "smc").end();
  blob.begin("chosen").text("bootargs", "quiet").end();
  return blob.end().finish();
}

fdt::Tree tree_with(const TreeSize& size) {
  auto tree = fdt::Tree::from_bytes(tree_blob(size), "scale");
  if (!tree) {
    std::cerr << "scale: no tree: " << tree.error().subject() << "\n";
    std::exit(1);
  }
  return std::move(tree).value();
}

// [linux/arm64/booting section 4]
Bytes arm64_image(std::int64_t size_bytes) {
  Bytes image = filled(size_bytes);
  put(image, 0x08, 0, 8);
  put(image, 0x10, static_cast<std::uint64_t>(size_bytes), 8);
  put(image, 0x18, 0xa, 8);
  put(image, 0x38, 0x644d5241, 4);
  put(image, 0x3c, 0, 4);
  return image;
}

// [linux/arch/arm/boot/compressed/head.S, vmlinux.lds.S]
Bytes zimage(std::int64_t size_bytes) {
  Bytes image = filled(size_bytes);
  const auto bytes = static_cast<std::uint64_t>(size_bytes);
  std::fill_n(image.begin(), 0x200, std::byte{0});
  put(image, 0x24, 0x016f2818, 4);
  put(image, 0x2c, bytes, 4);
  put(image, 0x30, 0x04030201, 4);
  put(image, 0x34, 0x45454545, 4);
  put(image, 0x38, 0x100, 4);
  put(image, 0x100, 6, 4);
  put(image, 0x104, 0x5a534c4b, 4);
  put(image, 0x108, 0x180, 4);
  put(image, 0x10c, 0x60000, 4);
  put(image, 0x110, 0x208000, 4);
  put(image, 0x114, 0x10000, 4);
  put(image, 0x180, bytes * 3, 4);
  return image;
}

handoff::PlanRequest request_for(const handoff::Machine& machine) {
  handoff::PlanRequest request;
  request.initrd_bytes = 32 << 20;
  request.tree_bytes = 0x12000;
  request.relay_bytes = 0x30000;
  request.tree_memory = machine.ram;
  return request;
}

handoff::PrepareInput prepare_input(std::int64_t reserved, const Bytes& kernel,
                                    std::uint64_t initrd_bytes) {
  auto image = handoff::read_image(kernel, "kernel");
  if (!image) {
    std::cerr << "scale: no kernel: " << image.error().subject() << "\n";
    std::exit(1);
  }
  handoff::Machine machine = machine_with(image.value().arch, 1, reserved);
  machine.device_tree = tree_blob({.nodes_reserved = reserved});
  machine.device_tree_source = "scale";
  return {.machine = machine,
          .kernel = image.value(),
          .kernel_name = "kernel",
          .relay = handoff::embedded_relay(image.value().arch),
          .initrd = handoff::InitrdSize{initrd_bytes, 4 * initrd_bytes}};
}

}  // namespace hyprelay::scale
