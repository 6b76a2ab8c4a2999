// SPDX-License-Identifier: BSD-2-Clause
// From what a kernel shows to who is at HYP/EL2.
#include "handoff/evidence.hpp"

#include "compat/probe.hpp"
#include "compat/text.hpp"
#include "fdt/tree.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hyprelay::handoff {
namespace {

using compat::CallerLevel;
using compat::Dialect;
using compat::KernelBoot;
using compat::KvmState;
using compat::NamedHypervisor;
using compat::PsciMethod;
using compat::Tri;

std::string verdict_of(const Machine& machine) {
  const auto evidence = evidence_of(machine);
  return evidence ? compat::summary(compat::consider(evidence.value()))
                  : "error: " + std::string(evidence.error().subject());
}

Machine machine_of(Arch arch, Mode mode, std::string release) {
  Machine machine;
  machine.arch = arch;
  machine.boot_mode = mode;
  machine.kernel_release = std::move(release);
  return machine;
}

std::vector<std::byte> tree_with(const std::string& compatible) {
  fdt::Tree tree = fdt::Tree::empty();
  EXPECT_TRUE(tree.add_node("/hypervisor"));
  EXPECT_TRUE(tree.set("/hypervisor", "compatible", base::bytes_of(compatible)));
  return tree.packed();
}

TEST(EvidenceOf, every_era_of_kvm_is_told) {
  struct Row {
    const char* release;
    const char* line;
    std::optional<std::uint32_t> descriptors;
    const char* verdict;
  };
  const Row rows[] = {
      {"3.12.1", "kvm [1]: Hyp mode initialized successfully", 0, "arm64-kvm-3.11 (likely)"},
      {"4.4.0", "kvm [1]: Hyp mode initialized successfully", 0, "arm64-kvm-3.14 (likely)"},
      {"4.9.0", "kvm [1]: Hyp mode initialized successfully", 1, "arm64-kvm-4.7 (likely)"},
      {"4.9.0", "kvm [1]: Hyp mode initialized successfully", 0, "arm64-stub-4.8 (likely)"},
      {"6.1.0", "kvm [1]: Hyp mode initialized successfully", 0, "arm64-stub-5.12 (likely)"},
      {"6.6.0", "kvm [1]: Hyp nVHE mode initialized successfully", 3, "arm64-kvm-5.10 (likely)"},
      // KVM keeps EL2 without any virtual machine there.
      {"6.12.0", "kvm [1]: Hyp nVHE mode initialized successfully", 0,
       "unknown: one of arm64-stub-5.12, arm64-kvm-5.10"},
      {"6.6.0",
       "kvm [1]: Protected nVHE mode initialized successfully",
       {},
       "arm64-pkvm-5.16 (likely)"},
      {"6.12.0", "kvm [1]: VHE+NV2 mode initialized successfully", {}, "arm64-vhe (certain)"},
      {"6.12.0",
       "CPU features: detected: Virtualization Host Extensions",
       {},
       "arm64-vhe (certain)"},
  };
  for (const Row& row : rows) {
    Machine machine = machine_of(Arch::kArm64, Mode::kEL2, row.release);
    machine.hyp.log = {row.line};
    machine.hyp.kvm_descriptors = row.descriptors;
    machine.hyp.jailhouse = false;
    EXPECT_EQ(verdict_of(machine), row.verdict) << row.release << " " << row.line;
  }
}

TEST(EvidenceOf, kallsyms_tell_what_a_backported_release_hides) {
  Machine machine = machine_of(Arch::kArm, Mode::kHYP, "4.9.0");
  machine.hyp.jailhouse = false;
  machine.hyp.kvm_device = false;
  EXPECT_EQ(verdict_of(machine), "arm-stub-3.7 (likely)");
  machine.hyp.symbols = std::vector<std::string>{"__hyp_reset_vectors", "__hyp_set_vectors"};
  EXPECT_EQ(verdict_of(machine), "unknown: the evidence contradicts itself");
  machine.kernel_release = "";
  EXPECT_EQ(evidence_of(machine).value().symbol_get, Tri::kNo);
  EXPECT_EQ(evidence_of(machine).value().symbol_reset, Tri::kYes);
  machine.hyp.symbols->clear();
  EXPECT_EQ(evidence_of(machine).value().symbol_get, Tri::kUnknown) << "a list that was cut short";
}

// The lists are those of Debian's 6.1.0-50-armmp and 6.1.0-56-arm64.
TEST(EvidenceOf, kallsyms_of_real_kernels_agree_with_their_releases) {
  Machine arm = machine_of(Arch::kArm, Mode::kHYP, "6.1.0-50-armmp");
  arm.hyp.jailhouse = false;
  arm.hyp.symbols =
      std::vector<std::string>{"__hyp_set_vectors", "__hyp_soft_restart", "__hyp_stub_install"};
  EXPECT_EQ(verdict_of(arm), "arm-stub-5.7 (likely)");
  Machine arm64 = machine_of(Arch::kArm64, Mode::kEL2, "6.1.0-56-arm64");
  arm64.hyp.jailhouse = false;
  arm64.hyp.kvm_descriptors = 0;
  arm64.hyp.log = {"kvm [1]: Hyp mode initialized successfully"};
  arm64.hyp.symbols =
      std::vector<std::string>{"__hyp_reset_vectors", "__hyp_set_vectors", "__kvm_hyp_vector"};
  EXPECT_EQ(verdict_of(arm64), "arm64-stub-5.12 (likely)");
}

TEST(EvidenceOf, hvhe_is_no_vhe) {
  Machine machine = machine_of(Arch::kArm64, Mode::kEL2, "6.6.0");
  machine.hyp.log = {"CPU features: detected: VHE for hypervisor only",
                     "kvm [1]: Hyp hVHE mode initialized successfully"};
  machine.hyp.kvm_descriptors = 0;
  machine.hyp.jailhouse = false;
  EXPECT_EQ(verdict_of(machine), "arm64-stub-5.12 (likely)");
}

// What Qualcomm's boards have instead of /hypervisor when Gunyah is below their Linux.
TEST(EvidenceOf, gunyah_is_told_by_its_memory) {
  fdt::Tree tree = fdt::Tree::empty();
  EXPECT_TRUE(tree.add_node("/reserved-memory"));
  EXPECT_TRUE(tree.add_node("/reserved-memory/gunyah-hyp@80000000"));
  Machine machine = machine_of(Arch::kArm64, Mode::kEL1, "6.18.0");
  machine.device_tree = tree.packed();
  EXPECT_EQ(verdict_of(machine), "gunyah (certain)");
  // Started at EL2 instead of it, with the same tree.
  machine.boot_mode = Mode::kEL2;
  EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kNone);
}

TEST(EvidenceOf, the_tree_names_hypervisors) {
  using namespace std::string_literals;
  struct Row {
    std::string compatible;
    NamedHypervisor hypervisor;
    compat::Release release;
  };
  for (const Row& row : {Row{"xen,xen-4.17\0xen,xen\0"s, NamedHypervisor::kXen, 4017},
                         {"xen,xen\0"s, NamedHypervisor::kXen, 0},
                         {"gunyah-hypervisor\0simple-bus\0"s, NamedHypervisor::kGunyah, 0},
                         {"linux,kvm\0"s, NamedHypervisor::kKvm, 0},
                         {"microsoft,hyperv\0"s, NamedHypervisor::kHyperV, 0},
                         {"somebody,else\0"s, NamedHypervisor::kUnknown, 0},
                         {""s, NamedHypervisor::kUnknown, 0}}) {
    Machine machine = machine_of(Arch::kArm64, Mode::kEL1, "6.1.0");
    machine.device_tree = tree_with(row.compatible);
    const auto evidence = evidence_of(machine).value();
    EXPECT_EQ(evidence.hypervisor, row.hypervisor) << row.compatible;
    EXPECT_EQ(evidence.hypervisor_release, row.release) << row.compatible;
    EXPECT_EQ(evidence.psci, PsciMethod::kNone);
  }
  Machine machine = machine_of(Arch::kArm64, Mode::kEL1, "6.1.0");
  EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kUnknown);
  machine.device_tree = fdt::Tree::empty().packed();
  EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kNone);
  machine.hyp.acpi_hypervisor = "MsHyperV";
  EXPECT_EQ(verdict_of(machine), "hyper-v (certain)");
  machine.hyp.acpi_hypervisor = "XenVMMHV";
  EXPECT_EQ(verdict_of(machine), "unknown: one of xen-4.9, xen-4.10");
}

TEST(EvidenceOf, old_cpus_have_no_hyp) {
  Machine machine = machine_of(Arch::kArm, Mode::kUNKNOWN, "6.1.0");
  machine.hyp.cpu_ids = {0x413fc090, 0x413fc090};  // Cortex-A9
  EXPECT_EQ(evidence_of(machine).value().virtualization, Tri::kNo);
  machine.hyp.cpu_ids = {0x413fc090, 0x412fc0f1};  // and an A15
  EXPECT_EQ(evidence_of(machine).value().virtualization, Tri::kUnknown);
  machine.hyp.cpu_ids.clear();
  EXPECT_EQ(evidence_of(machine).value().virtualization, Tri::kUnknown);
}

TEST(EvidenceOf, what_is_not_known_stays_unknown) {
  const auto evidence = evidence_of(machine_of(Arch::kArm64, Mode::kUNKNOWN, "")).value();
  EXPECT_EQ(evidence.level, CallerLevel::kUnknown);
  EXPECT_EQ(evidence.boot, KernelBoot::kUnknown);
  EXPECT_EQ(evidence.kvm, KvmState::kUnknown);
  EXPECT_EQ(evidence.release, 0u);
  EXPECT_EQ(evidence.vhe, Tri::kUnknown);
  EXPECT_EQ(evidence.declared, Dialect::kUNKNOWN);
  EXPECT_FALSE(evidence.undef_handler);
  EXPECT_EQ(evidence_of(machine_of(Arch::kArm, Mode::kUNKNOWN, "")).value().level,
            CallerLevel::kBelow);
}

TEST(EvidenceOf, a_broken_tree_is_an_error) {
  Machine machine = machine_of(Arch::kArm, Mode::kHYP, "6.1.0");
  machine.device_tree.resize(100);
  EXPECT_EQ(evidence_of(machine).error().code(), base::Code::TREE_NO_MAGIC);
}

}  // namespace
}  // namespace hyprelay::handoff
