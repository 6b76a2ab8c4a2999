// SPDX-License-Identifier: BSD-2-Clause
// The reader of trees that needs nothing gives the answers of fdt/, and leaves no damaged tree.
#include "hyp-check/core/tree.hpp"

#include "fdt/facts.hpp"
#include "hyp-check/core/console.hpp"
#include "hyp-check/core/options.hpp"
#include "hyp-check/core/psci.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hyprelay::hyp_check {
namespace {

using compat::PsciMethod;
using test::Bytes;

compat::Evidence evidence_of_tree(const Tree& tree) {
  return evidence_of(tree, Options());
}

PsciMethod method_of(fdt::Conduit conduit) {
  return conduit == fdt::Conduit::kHvc   ? PsciMethod::kHvc
         : conduit == fdt::Conduit::kSmc ? PsciMethod::kSmc
                                         : PsciMethod::kNone;
}

// Console, conduit and memory by both readers.
bool agree(const Bytes& blob, const std::string& name) {
  const auto oracle = fdt::Tree::from_bytes(blob, name);
  const auto tree = Tree::from_bytes(blob);
  EXPECT_EQ(oracle.has_value(), tree.has_value()) << name;
  if (!oracle || !tree) {
    return false;
  }
  const auto console = fdt::console(oracle.value());
  const UartFacts uart = find_uart(*tree);
  EXPECT_EQ(uart.kind, console ? console.value().kind : std::uint32_t{HR_CONSOLE_NONE}) << name;
  if (console && uart.kind != HR_CONSOLE_NONE) {
    EXPECT_EQ(uart.base, console.value().base.raw()) << name;
    EXPECT_EQ(uart.shift, console.value().shift) << name;
    EXPECT_EQ(uart.width, console.value().width_bytes) << name;
  }
  const compat::Evidence evidence = evidence_of_tree(*tree);
  const auto conduit = fdt::psci_conduit(oracle.value());
  EXPECT_EQ(evidence.psci, conduit ? method_of(conduit.value()) : PsciMethod::kUnknown) << name;
  const auto memory = fdt::memory_ranges(oracle.value());
  if (memory && !memory.value().empty()) {
    EXPECT_EQ(evidence.addresses.ram_start, memory.value().front().start().raw()) << name;
    EXPECT_EQ(evidence.addresses.ram_end, memory.value().back().end().raw()) << name;
  }
  return uart.kind != HR_CONSOLE_NONE;
}

TEST(Tree, reads_what_fdt_reads_in_debians_trees) {
  const std::vector<std::string> paths = test::debian_trees(7);
  if (paths.empty()) {
    GTEST_SKIP() << "the cache holds no unpacked kernel package with trees";
  }
  std::size_t consoles = 0;
  for (const std::string& path : paths) {
    consoles += agree(test::read_file(path), path) ? 1 : 0;
  }
  EXPECT_GT(consoles, paths.size() / 3);
}

TEST(Tree, reads_what_fdt_reads_in_qemus_trees) {
  EXPECT_TRUE(agree(test::qemu_blob(test::Qemu::kArm), "arm"));
  EXPECT_TRUE(agree(test::qemu_blob(test::Qemu::kArm64Gic2), "arm64, GICv2"));
  EXPECT_TRUE(agree(test::qemu_blob(test::Qemu::kArm64Gic3), "arm64, GICv3"));
}

TEST(Tree, translates_through_buses) {
  const Bytes blob = test::compile_dts(R"(/dts-v1/;
/ {
  #address-cells = <2>; #size-cells = <2>;
  aliases { serial7 = "/soc@0/bus@1000/serial@20"; };
  chosen { stdout-path = "serial7:115200n8"; };
  memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x10000000>, <8 0 0 0x1000>; };
  soc@0 {
    #address-cells = <1>; #size-cells = <1>; ranges = <0x40000000 0x1 0x10000000 0x100000>;
    bus@1000 {
      #address-cells = <1>; #size-cells = <1>; ranges = <0 0x40001000 0x1000>;
      serial@20 { compatible = "ns16550a"; reg = <0x20 0x20>; reg-shift = <2>; };
    };
  };
};)");
  EXPECT_TRUE(agree(blob, "buses"));
  EXPECT_EQ(find_uart(*Tree::from_bytes(blob)).base, 0x110001020u);
}

TEST(Tree, has_no_console_that_it_cannot_drive) {
  const auto uart = [](const std::string& properties) {
    const Bytes blob = test::compile_dts(
        "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; chosen { stdout-path "
        "= \"/serial@9000\"; }; serial@9000 { reg = "
        "<0x9000 0x100>; " +
        properties + " }; };");
    const auto tree = Tree::from_bytes(blob);
    EXPECT_TRUE(tree) << properties;
    return tree ? find_uart(*tree).kind : ~0u;
  };
  const std::string fits = "compatible = \"acme,uart\", \"ns16550a\";";
  EXPECT_EQ(uart(fits), std::uint32_t{HR_CONSOLE_NS16550});
  EXPECT_EQ(uart(fits + "big-endian;"), std::uint32_t{HR_CONSOLE_NONE});
  EXPECT_EQ(uart(fits + "reg-io-width = <2>;"), std::uint32_t{HR_CONSOLE_NONE});
  EXPECT_EQ(uart(fits + "reg-shift = <9>;"), std::uint32_t{HR_CONSOLE_NONE});
  EXPECT_EQ(uart("compatible = \"acme,uart\";"), std::uint32_t{HR_CONSOLE_NONE});
}

TEST(Tree, names_the_hypervisor) {
  const auto evidence = [](const std::string& node) {
    const Bytes blob = test::compile_dts("/dts-v1/; / { " + node + " };");
    const auto tree = Tree::from_bytes(blob);
    EXPECT_TRUE(tree) << node;
    return tree ? evidence_of_tree(*tree) : compat::Evidence();
  };
  EXPECT_EQ(evidence("").hypervisor, compat::NamedHypervisor::kNone);
  const auto xen = evidence(R"(hypervisor { compatible = "xen,xen-4.17", "xen,xen"; };)");
  EXPECT_EQ(xen.hypervisor, compat::NamedHypervisor::kXen);
  EXPECT_EQ(xen.hypervisor_release, 4017u);
  EXPECT_EQ(evidence(R"(hypervisor { compatible = "acme", "linux,kvm"; };)").hypervisor,
            compat::NamedHypervisor::kKvm);
  EXPECT_EQ(evidence(R"(hypervisor { compatible = "acme"; };)").hypervisor,
            compat::NamedHypervisor::kUnknown);
  EXPECT_EQ(evidence(R"(psci { compatible = "arm,psci-0.2"; method = "hvc"; };)").psci,
            PsciMethod::kHvc);
  EXPECT_EQ(evidence("").psci, PsciMethod::kNone);
}

// Everything that is asked of a tree. The sanitizers see what leaves it.
void read_all(const Bytes& blob) {
  const auto tree = Tree::from_bytes(blob);
  if (tree) {
    find_uart(*tree);
    evidence_of_tree(*tree);
    psci_of(*tree);
    tree->find("/a/b@1/c");
  }
}

TEST(Tree, survives_damage) {
  const Bytes whole = test::qemu_blob(test::Qemu::kArm);
  std::minstd_rand random(20261120);
  for (int round = 0; round < 2000; ++round) {
    Bytes blob = whole;
    for (int i = 0; i < 1 + round % 8; ++i) {
      // The header, and the front of a tree that QEMU leaves mostly empty, are where bytes count.
      const std::size_t at = random() % (round % 2 == 0 ? 64 : 8192);
      blob[at] = static_cast<std::byte>(random());
    }
    read_all(blob);
  }
  for (std::size_t size = 0; size < 9000; size += 7) {
    Bytes blob(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(Tree::from_bytes(blob)) << size;
    // The same with a header that says so.
    if (size >= 40) {
      test::put_be32(blob, 4, static_cast<std::uint32_t>(size));
      read_all(blob);
    }
  }
}

}  // namespace
}  // namespace hyprelay::hyp_check
