// SPDX-License-Identifier: BSD-2-Clause
// The whole way on a captured machine, for tests.
#pragma once

#include "base/error_text.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/prepare.hpp"
#include "tests/unit/handoff/synthetic.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hyprelay::handoff::testing {

// A captured machine, and files whose bytes live as long as the test.
struct Scene {
  explicit Scene(const char* folder, Bytes kernel_bytes = {})
      : machine(linux_host::gather(test::captured(HR_TEST_DATA, folder)).value()),
        kernel(!kernel_bytes.empty()        ? std::move(kernel_bytes)
               : machine.arch == Arch::kArm ? make_zimage()
                                            : make_image()),
        relay(make_relay(machine.arch)) {
    wishes.command_line = "console=ttyAMA0";
  }

  PrepareInput input() const {
    return {.machine = machine,
            .kernel = read_image(kernel, "vmlinuz").value(),
            .kernel_name = "vmlinuz",
            .relay = relay,
            .initrd = measure_initrd(initrd, initrd.size()),
            .tree = tree,
            .wishes = wishes};
  }
  Planned planned() const {
    auto planned = prepare(input());
    EXPECT_TRUE(planned) << base::describe(planned.error());
    return std::move(planned).value();
  }
  SealedHandoff sealed() const {
    auto sealed = seal(planned(), initrd, seeds);
    EXPECT_TRUE(sealed) << base::describe(sealed.error());
    return std::move(sealed).value();
  }
  base::Code refusal() const {
    const auto planned = prepare(input());
    EXPECT_FALSE(planned);
    return planned ? base::Code::INTERNAL : planned.error().code();
  }

  // A region of that size, and what a dump needs to know, as a kernel with crashkernel= shows them.
  void reserve(base::PhysRange region) {
    machine.crash_regions = {region};
    machine.reserved.push_back({region, "Crash kernel"});
    const std::uint64_t notes = machine.ram.front().start().raw() + 32 * kMega;
    machine.crash.cpu_notes = {range(notes, 0x1a8)};
    machine.crash.vmcoreinfo = range(notes + 0x1000, 0x400);
    if (machine.arch == Arch::kArm) {
      machine.crash.mappings = {{machine.ram.front(), 0xc0000000}};
    }
    wishes.panic = true;
  }

  Machine machine;
  Bytes kernel;
  Bytes relay;
  Bytes initrd = bytes_of("070701, not really an archive");
  std::optional<SourceTree> tree;
  Wishes wishes;
  Seeds seeds{{std::byte{1}}, {std::byte{2}}};
};

inline base::ByteView content_of(const SealedHandoff& sealed, SegmentKind kind) {
  for (const SealedSegment& segment : sealed.segments()) {
    if (segment.kind == kind) {
      return segment.content;
    }
  }
  return {};
}

inline fdt::Tree tree_in(const SealedHandoff& sealed) {
  return fdt::Tree::from_bytes(content_of(sealed, SegmentKind::kTREE), "sealed").value();
}

inline std::string bootargs_in(const SealedHandoff& sealed) {
  return tree_in(sealed).string_property("/chosen", "bootargs").value().value_or("none");
}

inline std::uint64_t number_in(const fdt::Tree& tree, const char* property) {
  const auto bytes = tree.property("/chosen", property);
  EXPECT_TRUE(bytes) << property;
  return !bytes               ? 0
         : bytes->size() == 8 ? base::read_be<std::uint64_t>(*bytes, 0).value()
                              : base::read_be<std::uint32_t>(*bytes, 0).value();
}

}  // namespace hyprelay::handoff::testing
