// SPDX-License-Identifier: BSD-2-Clause
// From what a kernel shows to who is at HYP/EL2.
#include "handoff/linux/evidence.hpp"

#include "compat/probe.hpp"
#include "compat/text.hpp"
#include "fdt/tree.hpp"
#include "handoff/json.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

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

struct Expected {
  const char* folder;
  const char* verdict;
};

class CapturedEvidence : public testing::TestWithParam<Expected> {};

TEST_P(CapturedEvidence, NamesTheResident) {
  const auto machine = gather_for_probe(test::captured(HR_TEST_DATA, GetParam().folder));
  ASSERT_TRUE(machine) << machine.error().subject();
  EXPECT_EQ(verdict_of(machine.value()), GetParam().verdict);
  // The same on a host that only has the file.
  const auto saved = machine_from_json(to_json(machine.value()).dump(), "saved");
  ASSERT_TRUE(saved) << saved.error().subject();
  EXPECT_EQ(saved.value(), machine.value());
  EXPECT_EQ(verdict_of(saved.value()), GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(
    Machines, CapturedEvidence,
    testing::Values(
        Expected{"armmp", "arm-stub-5.7 (likely)"}, Expected{"armmp-lpae", "arm-stub-5.7 (likely)"},
        // QEMU answers PSCI on HVC there; servers above a guest look the same without a call.
        Expected{"armmp-svc", "unknown: one of smccc, smccc-undef, qemu-psci"},
        // Whether a virtual machine exists is not among the captured files.
        Expected{"arm64", "unknown: one of arm64-stub-5.12, arm64-kvm-5.10"},
        Expected{"arm64-max", "arm64-vhe (certain)"},
        Expected{"arm64-el1",
                 "unknown: one of hyper-v, gunyah, hafnium, smccc, smccc-undef, qemu-psci"}),
    [](const auto& param) {
      std::string name = param.param.folder;
      std::erase(name, '-');
      return name;
    });

// A machine whose files a test writes.
class HypFiles : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) /
                 ("hyprelay-evidence-" + std::to_string(::getpid()) + "-" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(directory_);
    fs::create_directories(directory_ / "proc");
    root_.path = directory_.string();
    root_.log = "/kmsg.txt";
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const std::string& path, std::string_view text) {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }
  void link(const std::string& path, const std::string& target) {
    fs::create_directories((directory_ / path).parent_path());
    fs::create_symlink(target, directory_ / path);
  }
  HypFacts facts() const { return gather_hyp_facts(root_); }

  Root root_;
  fs::path directory_;
};

TEST_F(HypFiles, NothingIsKnownWithoutThem) {
  EXPECT_EQ(facts(), HypFacts());
}

TEST_F(HypFiles, KallsymsAreSiftedForTheWrappers) {
  write("proc/kallsyms",
        "00000000 T __hyp_set_vectors\n00000000 T not__hyp_get_vectors\n00000000 T stext\n"
        "00000000 T __kvm_hyp_vector\nbf000000 t __hyp_get_vectors\t[x]\n"
        "00000000 T __kvm_hyp_vector\n");
  EXPECT_EQ(facts().symbols, (std::vector<std::string>{"__hyp_set_vectors", "__kvm_hyp_vector"}));
}

TEST_F(HypFiles, AddressesAreThoseOfTheKernelItself) {
  write("proc/kallsyms",
        "c0300000 T _stext\nc0311640 T __hyp_stub_vectors\nc0412000 T __kvm_hyp_vector\n"
        "bf000000 t _stext\t[x]\n");
  write("proc/iomem",
        "40000000-7fffffff : System RAM\n  40208000-411fffff : Kernel code\n"
        "  41400000-41607587 : Kernel data\n");
  EXPECT_EQ(facts().addresses, (HypAddresses{0xc0311640, 0xc0412000, 0xc0300000, 0x40208000}));
  write("proc/kallsyms", "00000000 T _stext\n00000000 T __hyp_stub_vectors\n");
  EXPECT_EQ(facts().addresses.stub_vectors, 0u) << "not for everybody to see";
}

TEST_F(HypFiles, KvmIsADeviceOfTheKernel) {
  write("proc/misc", "235 autofs\n237 loop-control\n");
  EXPECT_EQ(facts().kvm_device, false);
  write("proc/misc", "235 autofs\n232 kvm\n");
  EXPECT_EQ(facts().kvm_device, true);
  fs::remove(directory_ / "proc/misc");
  EXPECT_EQ(facts().kvm_device, std::nullopt);
  write("dev/kvm", "");
  EXPECT_EQ(facts().kvm_device, true);
}

TEST_F(HypFiles, VirtualMachinesAreDescriptorsOfProcesses) {
  link("proc/7/fd/0", "/dev/null");
  EXPECT_EQ(facts().kvm_descriptors, std::nullopt) << "only a part of the processes is shown";
  link("proc/1/fd/0", "/dev/console");
  EXPECT_EQ(facts().kvm_descriptors, 0u);
  link("proc/7/fd/4", "anon_inode:kvm-vcpu:0");
  link("proc/7/fd/3", "anon_inode:kvm-vm");
  EXPECT_EQ(facts().kvm_descriptors, 2u);
  fs::remove_all(directory_ / "proc/1");
  EXPECT_EQ(facts().kvm_descriptors, 2u) << "what was found is there";
}

TEST_F(HypFiles, HypervisorsAreNamed) {
  write("sys/devices/system/cpu/possible", "0\n");
  EXPECT_EQ(facts().jailhouse, false);
  write("sys/devices/jailhouse/enabled", "0\n");
  EXPECT_EQ(facts().jailhouse, false);
  write("sys/devices/jailhouse/enabled", "1\n");
  EXPECT_EQ(facts().jailhouse, true);
  write("sys/hypervisor/type", "xen\n");
  EXPECT_EQ(facts().hypervisor_type, "xen");
  write("sys/firmware/acpi/tables/FACP", std::string(268, 'x') + "MsHyperV");
  EXPECT_EQ(facts().acpi_hypervisor, "MsHyperV");
  write("sys/firmware/acpi/tables/FACP", std::string(268, 'x') + std::string(8, '\0'));
  EXPECT_EQ(facts().acpi_hypervisor, "");
  write("sys/firmware/acpi/tables/FACP", std::string(244, 'x'));
  EXPECT_EQ(facts().acpi_hypervisor, "") << "before ACPI 6.0 the table ends earlier";
}

TEST(HypFactsOf, ARealCpuAndItsLog) {
  const HypFacts facts = gather_hyp_facts(test::captured(HR_TEST_DATA, "arm64"));
  // Cortex-A57 r1p0.
  EXPECT_EQ(facts.cpu_ids, (std::vector<std::uint32_t>{0x411fd070, 0x411fd070}));
  ASSERT_FALSE(facts.log.empty());
  EXPECT_EQ(facts.log.front(), "CPU: All CPU(s) started at EL2");
  EXPECT_EQ(facts.log.back(), "kvm [1]: Hyp mode initialized successfully");
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
  EXPECT_TRUE(tree.set("/hypervisor", "compatible", bytes_of(compatible)));
  return tree.packed();
}

TEST(EvidenceOf, EveryEraOfKvmIsTold) {
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

TEST(EvidenceOf, KallsymsTellWhatABackportedReleaseHides) {
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
TEST(EvidenceOf, KallsymsOfRealKernelsAgreeWithTheirReleases) {
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

TEST(EvidenceOf, TheTreeNamesHypervisors) {
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

TEST(EvidenceOf, OldCpusHaveNoHyp) {
  Machine machine = machine_of(Arch::kArm, Mode::kUNKNOWN, "6.1.0");
  machine.hyp.cpu_ids = {0x413fc090, 0x413fc090};  // Cortex-A9
  EXPECT_EQ(evidence_of(machine).value().virtualization, Tri::kNo);
  machine.hyp.cpu_ids = {0x413fc090, 0x412fc0f1};  // and an A15
  EXPECT_EQ(evidence_of(machine).value().virtualization, Tri::kUnknown);
  machine.hyp.cpu_ids.clear();
  EXPECT_EQ(evidence_of(machine).value().virtualization, Tri::kUnknown);
}

TEST(EvidenceOf, WhatIsNotKnownStaysUnknown) {
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

TEST(EvidenceOf, ABrokenTreeIsAnError) {
  Machine machine = machine_of(Arch::kArm, Mode::kHYP, "6.1.0");
  machine.device_tree.resize(100);
  EXPECT_EQ(evidence_of(machine).error().code(), base::Code::TREE_NO_MAGIC);
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
