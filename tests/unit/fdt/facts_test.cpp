// SPDX-License-Identifier: BSD-2-Clause
// Memory, reservations, PSCI and GIC: from QEMU's own trees and from boards written down in .dts.
#include "fdt/facts.hpp"

#include "fdt/tree.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

namespace hyprelay::fdt {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;

PhysRange at(std::uint64_t start, std::uint64_t size_bytes) {
  return *PhysRange::from_size(PhysAddr(start), size_bytes);
}

template <class T>
void expect_bad_property(const base::Result<T>& result, std::string_view subject) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), Code::TREE_BAD_PROPERTY);
  EXPECT_EQ(result.error().subject(), subject);
}

TEST(Memory, of_qemu) {
  EXPECT_EQ(memory_ranges(test::qemu_tree(test::Qemu::kArm)).value(),
            std::vector{at(0x40000000, 0x8000000)});
  EXPECT_EQ(memory_ranges(test::qemu_tree(test::Qemu::kArm64Gic2)).value(),
            std::vector{at(0x40000000, 0x8000000)});
}

TEST(Memory, several_nodes_and_pairs) {
  EXPECT_EQ(memory_ranges(test::data_tree("board")).value(),
            (std::vector{at(0x40000000, 0x20000000), at(0x800000000, 0x40000000),
                         at(0x60000000, 0x20000000)}));
}

TEST(Memory, one_cell_and_no_unit_address) {
  EXPECT_EQ(memory_ranges(test::data_tree("spintable")).value(),
            std::vector{at(0x80000000, 0x40000000)});
}

TEST(Memory, cells_default_to_one_as_in_linux) {
  EXPECT_EQ(
      memory_ranges(
          test::tree_of(
              "/dts-v1/; / { memory { device_type = \"memory\"; reg = <0x1000 0x2000>; }; };"))
          .value(),
      std::vector{at(0x1000, 0x2000)});
}

TEST(Memory, only_children_of_the_root_count) {
  EXPECT_TRUE(
      memory_ranges(test::tree_of("/dts-v1/; / { soc { memory@0 { device_type = \"memory\"; "
                                  "reg = <0x0 0x1000>; }; }; };"))
          .value()
          .empty());
}

TEST(Memory, usable_memory_stands_in_for_reg) {
  EXPECT_EQ(
      memory_ranges(test::tree_of("/dts-v1/; / { memory { device_type = \"memory\"; reg = <0x0 "
                                  "0x8000>; linux,usable-memory = <0x1000 0x2000>; }; };"))
          .value(),
      std::vector{at(0x1000, 0x2000)});
}

TEST(Memory, malformed_is_blamed_on_the_property) {
  const auto memory = [](std::string_view cells, std::string_view reg) {
    return memory_ranges(test::tree_of(std::string("/dts-v1/; / { ")
                                           .append(cells)
                                           .append(" memory@0 { device_type = \"memory\"; reg = ")
                                           .append(reg)
                                           .append("; }; };")));
  };
  expect_bad_property(memory("", "<1 2 3>"), "/memory@0: reg");
  expect_bad_property(memory("", "[01 02]"), "/memory@0: reg");
  expect_bad_property(memory("#address-cells = <3>; #size-cells = <1>;", "<1 0 0 1>"),
                      "/memory@0: reg");
  expect_bad_property(
      memory("#address-cells = <2>; #size-cells = <2>;", "<0xffffffff 0xffffffff 0 2>"),
      "/memory@0: reg");
  expect_bad_property(memory("#address-cells = [00];", "<0 1>"), "/: #address-cells");
  expect_bad_property(memory("#address-cells = <0>; #size-cells = <0>;", "<0 1>"),
                      "/memory@0: reg");
  expect_bad_property(memory("#address-cells = <0xffffffff>; #size-cells = <1>;", "<0 1>"),
                      "/memory@0: reg");
}

TEST(Reserved, static_children_and_reservations) {
  const auto reserved = reserved_ranges(test::data_tree("board"));
  ASSERT_TRUE(reserved);
  const std::vector<ReservedRange> expected = {
      {at(0x48000000, 0x1800000), "/memreserve/", false},
      {at(0x4a000000, 0x10000), "/memreserve/", false},
      {at(0x4b000000, 0x2000), "/memreserve/", false},
      {at(0x50000000, 0x100000), "/reserved-memory/secure@50000000", true},
      {at(0x51000000, 0x800000), "/reserved-memory/frame@51000000", false},
      {at(0x52000000, 0x1000), "/reserved-memory/frame@51000000", false}};
  EXPECT_EQ(reserved.value(), expected);
}

// Each of these is "unsupported node format, ignoring" to Linux.
TEST(Reserved, a_reserved_memory_that_linux_ignores_reserves_nothing) {
  constexpr const char* kRead = "#address-cells = <2>; #size-cells = <2>; ranges;";
  const auto names = [](const std::string& head) {
    const auto reserved = reserved_ranges(
        test::tree_of("/dts-v1/; /memreserve/ 0x1000 0x1000; / { #address-cells = <2>; "
                      "#size-cells = <2>; reserved-memory { " +
                      head + " optee@0 { reg = <0 0x5000 0 0x1000>; }; }; };"));
    std::vector<std::string> found;
    for (const ReservedRange& one : reserved.value()) {
      found.push_back(one.name);
    }
    return found;
  };
  EXPECT_EQ(names(kRead), (std::vector<std::string>{"/memreserve/", "/reserved-memory/optee@0"}));
  for (const char* head : {"#address-cells = <2>; #size-cells = <2>;",
                           "#address-cells = <1>; #size-cells = <1>; ranges;",
                           "#address-cells = <2>; #size-cells = <1>; ranges;",
                           "#address-cells = <2>; ranges;", "#size-cells = <2>; ranges;", ""}) {
    EXPECT_EQ(names(head), std::vector<std::string>{"/memreserve/"}) << head;
  }
}

TEST(Reserved, malformed_child) {
  expect_bad_property(
      reserved_ranges(test::tree_of("/dts-v1/; / { reserved-memory { #address-cells = <1>; "
                                    "#size-cells = <1>; ranges; a@0 { reg = <0>; }; }; };")),
      "/reserved-memory/a@0: reg");
}

TEST(Psci, conduits) {
  EXPECT_EQ(psci_conduit(test::data_tree("board")).value(), Conduit::kSmc);
  EXPECT_EQ(psci_conduit(test::data_tree("spintable")).value(), Conduit::kHvc);
  EXPECT_EQ(psci_conduit(test::tree_of("/dts-v1/; / { };")).value(), Conduit::kNone);
  EXPECT_EQ(psci_conduit(test::qemu_tree(test::Qemu::kArm64Gic3)).value(), Conduit::kSmc);
}

TEST(Psci, a_method_that_is_none) {
  expect_bad_property(
      psci_conduit(
          test::tree_of("/dts-v1/; / { psci { compatible = \"arm,psci\"; method = \"svc\"; }; };")),
      "/psci: method");
  expect_bad_property(
      psci_conduit(test::tree_of("/dts-v1/; / { psci { compatible = \"arm,psci\"; }; };")),
      "/psci: method");
}

TEST(Gic, of_qemu) {
  EXPECT_EQ(gic(test::qemu_tree(test::Qemu::kArm)).value().version, 2u);
  EXPECT_EQ(gic(test::qemu_tree(test::Qemu::kArm64Gic2)).value().version, 2u);
  const Gic v3 = gic(test::qemu_tree(test::Qemu::kArm64Gic3)).value();
  EXPECT_EQ(v3.version, 3u);
  EXPECT_EQ(v3.redistributors, std::vector{at(0x80a0000, 0xf60000)});
  EXPECT_EQ(v3.its, std::vector{PhysAddr(0x8080000)});
  EXPECT_EQ(v3.redistributor_stride, 0u);
}

TEST(Gic, regions_stride_and_a_disabled_its) {
  const Gic v3 = gic(test::data_tree("board")).value();
  EXPECT_EQ(v3.redistributors, (std::vector{at(0x80a0000, 0xf60000), at(0x4000000000, 0x4000000)}));
  EXPECT_EQ(v3.redistributor_stride, 0x40000u);
  EXPECT_EQ(v3.its, std::vector{PhysAddr(0x8080000)});
}

// What the relay steps through with nobody to stop it.
TEST(Gic, a_stride_or_a_region_that_no_redistributor_has) {
  const auto with = [](std::string_view reg, std::string_view more) {
    return gic(test::tree_of(std::string("/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; "
                                         "gic@1 { compatible = \"arm,gic-v3\"; reg = <0 0x10000>, ")
                                 .append(reg)
                                 .append("; ")
                                 .append(more)
                                 .append(" }; };")));
  };
  EXPECT_TRUE(with("<0x10000 0x20000>", "redistributor-stride = <0x20000>;"));
  for (const char* stride : {"<1>", "<0x10000>", "<0x20004>", "<0x1 0x20000>", "<0xffffffff>"}) {
    expect_bad_property(with("<0x10000 0x40000>",
                             std::string("redistributor-stride = ").append(stride).append(";")),
                        "/gic@1: redistributor-stride");
  }
  for (const char* reg :
       {"<0x10000 0x10000>", "<0x10000 0>", "<0x12000 0x20000>", "<0x10000 0xf0000000>"}) {
    expect_bad_property(with(reg, ""), "/gic@1: reg");
  }
}

TEST(Gic, none_is_an_answer) {
  EXPECT_EQ(gic(test::tree_of("/dts-v1/; / { };")).value(), Gic{});
}

TEST(Gic, fewer_regions_than_promised) {
  expect_bad_property(
      gic(test::tree_of("/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; gic@1 "
                        "{ compatible = \"arm,gic-v3\"; reg = <1 1>, <2 1>; "
                        "#redistributor-regions = <2>; }; };")),
      "/gic@1: reg");
}

}  // namespace
}  // namespace hyprelay::fdt
