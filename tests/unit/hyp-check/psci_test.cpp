// SPDX-License-Identifier: BSD-2-Clause
// PSCI's node as the reader that needs nothing sees it, and as fdt/ does.
#include "hyp-check/core/psci.hpp"

#include "fdt/tree.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::hyp_check {
namespace {

using compat::PsciMethod;
using test::Bytes;

PsciNode psci_in(const std::string& node) {
  const Bytes blob = test::compile_dts("/dts-v1/; / { " + node + " };");
  const auto tree = Tree::from_bytes(blob);
  EXPECT_TRUE(tree) << node;
  return tree ? psci_of(*tree) : PsciNode();
}

// By libfdt; 0: not there.
std::uint32_t oracle_id(const fdt::Tree& tree, const std::string& path, const std::string& name) {
  const auto value = tree.property(path, name);
  if (!value) {
    return 0;
  }
  EXPECT_EQ(value->size(), 4u) << name;
  std::uint32_t id = 0;
  for (const std::byte byte : *value) {
    id = id << 8 | std::to_integer<std::uint32_t>(byte);
  }
  return id;
}

// The node is at /psci in all of the trees that have one with ids.
void agree(const Bytes& blob, const std::string& name) {
  const auto oracle = fdt::Tree::from_bytes(blob, name);
  const auto tree = Tree::from_bytes(blob);
  ASSERT_TRUE(oracle) << name;
  ASSERT_TRUE(tree) << name;
  const PsciNode psci = psci_of(*tree);
  ASSERT_TRUE(psci.ids) << name;
  EXPECT_EQ(psci.ids->cpu_suspend, oracle_id(oracle.value(), "/psci", "cpu_suspend")) << name;
  EXPECT_EQ(psci.ids->cpu_off, oracle_id(oracle.value(), "/psci", "cpu_off")) << name;
  EXPECT_EQ(psci.ids->cpu_on, oracle_id(oracle.value(), "/psci", "cpu_on")) << name;
  EXPECT_EQ(psci.ids->migrate, oracle_id(oracle.value(), "/psci", "migrate")) << name;
  EXPECT_NE(psci.ids->cpu_on, 0u) << name;
}

TEST(Psci, ids_of_debians_trees_are_those_that_fdt_reads) {
  const std::vector<std::string> paths = test::debian_trees(1);
  if (paths.empty()) {
    GTEST_SKIP() << "the cache holds no unpacked kernel package with trees";
  }
  std::size_t old = 0;
  for (const std::string& path : paths) {
    const Bytes blob = test::read_file(path);
    // The name stands in the block of strings, if it is in the tree.
    if (base::text_of(blob).find("cpu_on") != std::string_view::npos) {
      SCOPED_TRACE(path);
      agree(blob, path);
      old += psci_of(*Tree::from_bytes(blob)).version == PsciVersion::k0_1 ? 1 : 0;
    }
  }
  // Calxeda's two, and Xen's virtual machine.
  EXPECT_GE(old, 3u);
}

TEST(Psci, ids_that_qemu_writes_beside_a_later_version_are_read_too) {
  agree(test::qemu_blob(test::Qemu::kArm), "arm");
  agree(test::qemu_blob(test::Qemu::kArm64Gic3), "arm64");
}

TEST(Psci, version_is_the_newest_that_the_node_has) {
  constexpr struct {
    const char* compatible;
    PsciVersion version;
  } kNodes[] = {{"\"arm,psci-1.0\", \"arm,psci-0.2\", \"arm,psci\"", PsciVersion::k1_0},
                {"\"arm,psci-0.2\", \"arm,psci\"", PsciVersion::k0_2},
                {"\"arm,psci\"", PsciVersion::k0_1},
                {"\"nobody,psci\"", PsciVersion::kNone}};
  for (const auto& node : kNodes) {
    const PsciNode psci =
        psci_in(std::string("psci { compatible = ") + node.compatible + "; method = \"hvc\"; };");
    EXPECT_EQ(psci.version, node.version) << node.compatible;
    EXPECT_EQ(psci.method,
              node.version == PsciVersion::kNone ? PsciMethod::kNone : PsciMethod::kHvc);
  }
  EXPECT_EQ(psci_of(Tree()).version, PsciVersion::kNone);
}

TEST(Psci, an_id_that_is_missing_is_0_and_the_node_may_stand_anywhere) {
  const PsciNode psci = psci_in(
      R"(firmware { monitor { compatible = "arm,psci"; method = "smc"; cpu_on = <0x95c1ba60>;
         migrate = <0x95c1ba61>; }; };)");
  EXPECT_EQ(psci.version, PsciVersion::k0_1);
  EXPECT_EQ(psci.method, PsciMethod::kSmc);
  ASSERT_TRUE(psci.ids);
  EXPECT_EQ(psci.ids->cpu_suspend, 0u);
  EXPECT_EQ(psci.ids->cpu_off, 0u);
  EXPECT_EQ(psci.ids->cpu_on, 0x95c1ba60u);
  EXPECT_EQ(psci.ids->migrate, 0x95c1ba61u);
}

TEST(Psci, an_id_that_is_not_one_cell_is_refused) {
  for (const char* name : {"cpu_suspend", "cpu_off", "cpu_on", "migrate"}) {
    for (const char* value : {"", " = <0 1>", " = [01 02 03]", " = \"0x84000003\""}) {
      const std::string property = std::string(name) + value + ";";
      const PsciNode psci =
          psci_in("psci { compatible = \"arm,psci\"; method = \"smc\"; " + property + " };");
      EXPECT_EQ(psci.version, PsciVersion::k0_1) << property;
      EXPECT_FALSE(psci.ids) << property;
    }
  }
}

TEST(Psci, survey_says_0_1_and_the_ids_that_there_are) {
  const auto line = [](const std::string& properties) {
    std::array<char, 256> memory{};
    bare::Voice voice{bare::Uart(), bare::Log(memory)};
    print_psci_0_1(voice, psci_in("psci { compatible = \"arm,psci\"; " + properties + " };"));
    return std::string(memory.data());
  };
  EXPECT_EQ(line("method = \"smc\"; cpu_suspend = <0x95c1ba5e>; cpu_off = <0x95c1ba5f>; "
                 "cpu_on = <0x95c1ba60>; migrate = <0x95c1ba61>;"),
            "PSCI 0.1 by SMC: cpu_suspend 0x95c1ba5e, cpu_off 0x95c1ba5f, cpu_on 0x95c1ba60, "
            "migrate 0x95c1ba61, and nothing is asked");
  EXPECT_EQ(line("method = \"hvc\"; cpu_off = <1>; cpu_on = <2>;"),
            "PSCI 0.1 by HVC: cpu_off 0x1, cpu_on 0x2, and nothing is asked");
  EXPECT_EQ(line("cpu_on = <0 2>;"),
            "PSCI 0.1 without a conduit: an id in the tree is not one cell, and nothing is asked");
}

}  // namespace
}  // namespace hyprelay::hyp_check
