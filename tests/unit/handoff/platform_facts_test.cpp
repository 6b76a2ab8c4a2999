// SPDX-License-Identifier: BSD-2-Clause
// Console, interrupt controller and PSCI of captured machines: by tree, by ACPI, and where one of
// the tables is not what it should be.
#include "handoff/platform_facts.hpp"

#include "abi/hr_abi.h"
#include "base/error_text.hpp"
#include "fdt/facts.hpp"
#include "handoff/linux/gather.hpp"
#include "tests/unit/handoff/synthetic.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Conduit;
using base::PhysAddr;

Machine captured(const char* folder) {
  return linux_host::gather(test::captured(HR_TEST_DATA, folder)).value();
}

fdt::Tree tree_of(const Machine& machine) {
  return fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source).value();
}

PlatformFacts facts_of(const Machine& machine) {
  auto facts = platform_facts(tree_of(machine), machine);
  EXPECT_TRUE(facts) << base::describe(facts.error());
  return std::move(facts).value();
}

base::Error refusal(const Machine& machine) {
  const auto facts = platform_facts(tree_of(machine), machine);
  EXPECT_FALSE(facts);
  return facts ? base::Error() : facts.error();
}

bool says(const std::vector<std::string>& sentences, const std::string& part) {
  return std::ranges::any_of(sentences, [&part](const std::string& sentence) {
    return sentence.find(part) != std::string::npos;
  });
}

// EDK2 describes the same machine twice: with acpi=off by a tree.
TEST(PlatformFactsOf, acpi_says_the_same_as_the_tree_of_the_same_machine) {
  const PlatformFacts by_acpi = facts_of(captured("arm64-efi-acpi"));
  const PlatformFacts by_tree = facts_of(captured("arm64-efi-tree"));
  EXPECT_EQ(by_acpi.gic, by_tree.gic);
  EXPECT_EQ(by_acpi.gic.its.size(), 1u);
  EXPECT_EQ(by_acpi.psci, by_tree.psci);
  EXPECT_EQ(by_acpi.psci, Conduit::kSmc);
  EXPECT_EQ(by_acpi.console.kind, by_tree.console.kind);
  EXPECT_EQ(by_acpi.console.base, by_tree.console.base);
  EXPECT_EQ(by_acpi.console.shift, by_tree.console.shift);
  EXPECT_EQ(by_acpi.console.width_bytes, by_tree.console.width_bytes);
  EXPECT_EQ(by_acpi.console.kind, std::uint32_t{HR_CONSOLE_PL011});
  EXPECT_TRUE(by_tree.notes.empty() && by_tree.warnings.empty() && by_acpi.warnings.empty());
  EXPECT_EQ(by_acpi.notes,
            (std::vector<std::string>{"console: pl011 at 0x9000000, by ACPI's SPCR",
                                      "interrupt controller: GICv3 with 1 ITS, by ACPI's APIC",
                                      "PSCI by SMC, by ACPI's FACP"}));
}

TEST(PlatformFactsOf, a_machine_below_el2) {
  const PlatformFacts facts = facts_of(captured("arm64-efi-el1"));
  EXPECT_EQ(facts.gic.version, 2u);
  EXPECT_EQ(facts.psci, Conduit::kHvc);
}

TEST(PlatformFactsOf, the_tree_goes_first) {
  Machine machine = captured("arm64-efi-tree");
  const PlatformFacts before = facts_of(machine);
  // Of another machine, and damaged: nobody looks.
  machine.acpi = captured("arm64-efi-el1").acpi;
  machine.acpi["APIC"]->pop_back();
  machine.acpi["SPCR"] = std::nullopt;
  const PlatformFacts after = facts_of(machine);
  EXPECT_EQ(after.gic, before.gic);
  EXPECT_EQ(after.console, before.console);
  EXPECT_EQ(after.psci, before.psci);
  EXPECT_TRUE(after.warnings.empty() && after.notes.empty());
}

TEST(PlatformFactsOf, not_root_is_a_warning_that_names_the_tables) {
  Machine machine = captured("arm64-efi-acpi");
  for (auto& [name, bytes] : machine.acpi) {
    bytes.reset();
  }
  const PlatformFacts facts = facts_of(machine);
  EXPECT_EQ(facts.gic, base::Gic());
  EXPECT_EQ(facts.psci, Conduit::kNone);
  EXPECT_EQ(facts.console.kind, std::uint32_t{HR_CONSOLE_NONE});
  ASSERT_EQ(facts.warnings.size(), 1u);
  EXPECT_TRUE(facts.warnings[0].starts_with("not root: what ACPI's SPCR, APIC, FACP says"))
      << facts.warnings[0];
}

TEST(PlatformFactsOf, a_console_that_cannot_be_read_is_a_warning) {
  Machine machine = captured("arm64-efi-acpi");
  machine.acpi["SPCR"]->resize(60);
  const PlatformFacts facts = facts_of(machine);
  EXPECT_EQ(facts.console.kind, std::uint32_t{HR_CONSOLE_NONE});
  ASSERT_EQ(facts.warnings.size(), 1u);
  EXPECT_EQ(
      facts.warnings[0],
      "machine: SPCR: length: an ACPI table ends before its header says (at 0x3c, limit 0x50) "
      "[E420]: the relay will print nothing");
  EXPECT_EQ(facts.gic.version, 3u);
}

TEST(PlatformFactsOf, the_debug_port_stands_in_for_a_console_that_is_not_told) {
  Machine machine = captured("arm64-efi-acpi");
  const PlatformFacts by_spcr = facts_of(machine);
  machine.acpi.erase("SPCR");
  const PlatformFacts by_dbg2 = facts_of(machine);
  EXPECT_EQ(by_dbg2.console.base, by_spcr.console.base);
  EXPECT_TRUE(says(by_dbg2.notes, "by ACPI's DBG2"));
  machine.acpi.erase("DBG2");
  EXPECT_EQ(facts_of(machine).console.kind, std::uint32_t{HR_CONSOLE_NONE});
}

TEST(PlatformFactsOf, psci_that_cannot_be_read_is_a_warning) {
  Machine machine = captured("arm64-efi-acpi");
  machine.acpi["FACP"]->at(200) ^= std::byte{1};
  const PlatformFacts facts = facts_of(machine);
  EXPECT_EQ(facts.psci, Conduit::kNone);
  EXPECT_TRUE(says(facts.warnings, "[E422]: the relay cannot reset the machine"));
}

// An ITS that nobody stops writes into what the next kernel believes to be its own.
TEST(PlatformFactsOf, an_interrupt_controller_that_is_not_told_is_an_error) {
  Machine machine = captured("arm64-efi-acpi");
  machine.acpi["APIC"]->pop_back();
  EXPECT_EQ(refusal(machine).code(), Code::ACPI_TRUNCATED);
  machine.acpi["APIC"] =
      testing::bytes_of(os::read_file(HR_TEST_DATA "/acpi/madt-no-gic.aml").value());
  EXPECT_EQ(refusal(machine).code(), Code::ACPI_NO_GIC);
  EXPECT_EQ(refusal(machine).subject(), "APIC has no GICD");
  machine.acpi.erase("APIC");
  EXPECT_EQ(refusal(machine).code(), Code::ACPI_NO_GIC);
  // Without any table the machine runs by its tree, and has none.
  machine.acpi.clear();
  EXPECT_EQ(facts_of(machine).gic, base::Gic());
}

}  // namespace
}  // namespace hyprelay::handoff
