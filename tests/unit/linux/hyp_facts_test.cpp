// SPDX-License-Identifier: BSD-2-Clause
// What a kernel shows about HYP/EL2, and who that names on the captured machines.
#include "handoff/linux/hyp_facts.hpp"

#include "compat/probe.hpp"
#include "compat/text.hpp"
#include "handoff/evidence.hpp"
#include "handoff/json.hpp"
#include "os/files.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

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

TEST_P(CapturedEvidence, names_the_resident) {
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
        Expected{"armmp-svc", "unknown: one of xen-4.10, smccc, smccc-undef, qemu-psci"},
        // Whether a virtual machine exists is not among the captured files.
        Expected{"arm64", "unknown: one of arm64-stub-5.12, arm64-kvm-5.10"},
        Expected{"arm64-max", "arm64-vhe (certain)"},
        Expected{
            "arm64-el1",
            "unknown: one of xen-4.10, hyper-v, gunyah, hafnium, smccc, smccc-undef, qemu-psci"},
        // By ACPI the same, although their tree has no /psci.
        Expected{"arm64-efi-acpi", "unknown: one of arm64-stub-5.12, arm64-kvm-5.10"},
        Expected{
            "arm64-efi-el1",
            "unknown: one of xen-4.10, hyper-v, gunyah, hafnium, smccc, smccc-undef, qemu-psci"}),
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

TEST_F(HypFiles, nothing_is_known_without_them) {
  EXPECT_EQ(facts(), HypFacts());
}

TEST_F(HypFiles, kallsyms_are_sifted_for_the_wrappers) {
  write("proc/kallsyms",
        "00000000 T __hyp_set_vectors\n00000000 T not__hyp_get_vectors\n00000000 T stext\n"
        "00000000 T __kvm_hyp_vector\nbf000000 t __hyp_get_vectors\t[x]\n"
        "00000000 T __kvm_hyp_vector\n");
  EXPECT_EQ(facts().symbols, (std::vector<std::string>{"__hyp_set_vectors", "__kvm_hyp_vector"}));
}

TEST_F(HypFiles, addresses_are_those_of_the_kernel_itself) {
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

TEST_F(HypFiles, kvm_is_a_device_of_the_kernel) {
  write("proc/misc", "235 autofs\n237 loop-control\n");
  EXPECT_EQ(facts().kvm_device, false);
  write("proc/misc", "235 autofs\n232 kvm\n");
  EXPECT_EQ(facts().kvm_device, true);
  fs::remove(directory_ / "proc/misc");
  EXPECT_EQ(facts().kvm_device, std::nullopt);
  write("dev/kvm", "");
  EXPECT_EQ(facts().kvm_device, true);
}

TEST_F(HypFiles, virtual_machines_are_descriptors_of_processes) {
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

// Whoever may write to /dev/kmsg may write any sentence; the kernel gives it a facility.
TEST_F(HypFiles, only_the_kernels_own_lines_count) {
  write("kmsg.txt",
        "12,1,1,-;CPU: All CPU(s) started at EL2\n"
        "8,2,2,-;kvm [1]: VHE mode initialized successfully\n"
        " SUBSYSTEM=CPU: All CPU(s) started at EL2\nCPU: All CPU(s) started at EL2\n"
        "6,3,3,-,caller=T1;CPU: All CPU(s) started at EL1\n");
  EXPECT_EQ(facts().log, (std::vector<std::string>{"CPU: All CPU(s) started at EL1"}));
  EXPECT_EQ(find_boot_mode(root_, Arch::kArm64), Mode::kEL1);
}

TEST_F(HypFiles, symbols_are_read_when_asked_for) {
  write("proc/kallsyms", "c0300000 T _stext\n00000000 T __hyp_set_vectors\n");
  EXPECT_TRUE(gather_hyp_facts(root_).symbols);
  const HypFacts without = gather_hyp_facts(root_, Symbols::kLeaveOut);
  EXPECT_FALSE(without.symbols);
  EXPECT_EQ(without.addresses.stext, 0u);
}

TEST_F(HypFiles, hypervisors_are_named) {
  write("sys/devices/system/cpu/possible", "0\n");
  EXPECT_EQ(facts().jailhouse, false);
  write("sys/devices/jailhouse/enabled", "0\n");
  EXPECT_EQ(facts().jailhouse, false);
  write("sys/devices/jailhouse/enabled", "1\n");
  EXPECT_EQ(facts().jailhouse, true);
  EXPECT_EQ(facts().vmbus, std::nullopt);
  write("sys/bus/platform/uevent", "");
  EXPECT_EQ(facts().vmbus, false);
  write("sys/bus/vmbus/uevent", "");
  EXPECT_EQ(facts().vmbus, true);
  write("sys/hypervisor/type", "xen\n");
  EXPECT_EQ(facts().hypervisor_type, "xen");
}

// A table of EDK2, then of somebody else. What a file of an older version says comes after it.
TEST_F(HypFiles, a_hypervisor_names_itself_in_acpi) {
  root_.machine = "aarch64";
  const std::string name = "sys/firmware/acpi/tables/FACP";
  const std::string edk2 = test::captured(HR_TEST_DATA, "arm64-efi-acpi").path;
  std::string fixed = os::read_file(edk2 + "/" + name).value();
  const auto named = [&] {
    write(name, fixed);
    Machine machine = gather_for_probe(root_).value();
    machine.hyp.acpi_hypervisor = "XenVMMHV";
    return evidence_of(machine).value().hypervisor;
  };
  EXPECT_EQ(named(), compat::NamedHypervisor::kUnknown);
  const std::string_view identity = "MsHyperV";
  unsigned sum = 0;
  for (std::size_t i = 0; i < identity.size(); ++i) {
    sum += static_cast<unsigned char>(identity[i]) - static_cast<unsigned char>(fixed[268 + i]);
    fixed[268 + i] = identity[i];
  }
  EXPECT_EQ(named(), compat::NamedHypervisor::kUnknown) << "the checksum is another's";
  fixed[9] = static_cast<char>(fixed[9] - static_cast<char>(sum));
  EXPECT_EQ(named(), compat::NamedHypervisor::kHyperV);
}

TEST(HypFactsOf, a_real_cpu_and_its_log) {
  const HypFacts facts = gather_hyp_facts(test::captured(HR_TEST_DATA, "arm64"));
  // Cortex-A57 r1p0.
  EXPECT_EQ(facts.cpu_ids, (std::vector<std::uint32_t>{0x411fd070, 0x411fd070}));
  ASSERT_FALSE(facts.log.empty());
  EXPECT_EQ(facts.log.front(), "CPU: All CPU(s) started at EL2");
  EXPECT_EQ(facts.log.back(), "kvm [1]: Hyp mode initialized successfully");
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
