// SPDX-License-Identifier: BSD-2-Clause
// Facts from the files that real guests showed (tests/data/linux).
#include "handoff/linux/gather.hpp"

#include "fdt/tree.hpp"
#include "handoff/linux/live_tree.hpp"
#include "os/files.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::Code;
using base::PhysAddr;
using base::PhysRange;

struct Expected {
  const char* folder;
  Arch arch;
  Mode mode;
  std::uint32_t cpus;
  std::uint64_t ram_bytes;
  std::size_t crash_regions;
};

class Captured : public testing::TestWithParam<Expected> {};

TEST_P(Captured, is_gathered_as_it_was) {
  const Expected& expected = GetParam();
  const auto machine = gather(test::captured(HR_TEST_DATA, expected.folder));
  ASSERT_TRUE(machine) << machine.error().subject();
  const Machine& m = machine.value();
  EXPECT_EQ(m.arch, expected.arch);
  EXPECT_EQ(m.boot_mode, expected.mode);
  EXPECT_EQ(m.cpus, expected.cpus);
  ASSERT_EQ(m.ram.size(), 1u);
  EXPECT_EQ(m.ram[0], PhysRange::from_size(PhysAddr(0x40000000), expected.ram_bytes).value());
  EXPECT_EQ(m.crash_regions.size(), expected.crash_regions);
  for (const NamedRange& reserved : m.reserved) {
    EXPECT_TRUE(m.ram[0].contains(reserved.range)) << reserved.name;
  }
  EXPECT_TRUE(m.kernel_release.starts_with("6.1.0-")) << m.kernel_release;
  EXPECT_TRUE(m.command_line.starts_with("rdinit=/init console=ttyAMA0 panic=1"));
  EXPECT_FALSE(m.command_line.ends_with('\n'));
  EXPECT_EQ(m.device_tree_source, "/sys/firmware/fdt");
  EXPECT_TRUE(fdt::Tree::from_bytes(m.device_tree, expected.folder));
}

INSTANTIATE_TEST_SUITE_P(
    Machines, Captured,
    testing::Values(Expected{"armmp", Arch::kArm, Mode::kHYP, 2, 0x40000000, 0},
                    Expected{"armmp-svc", Arch::kArm, Mode::kSVC, 2, 0x40000000, 1},
                    Expected{"armmp-lpae", Arch::kArm, Mode::kHYP, 2, 0xc0000000, 0},
                    Expected{"arm64", Arch::kArm64, Mode::kEL2, 2, 0x40000000, 0},
                    Expected{"arm64-max", Arch::kArm64, Mode::kEL2, 4, 0x40000000, 1},
                    Expected{"arm64-el1", Arch::kArm64, Mode::kEL1, 1, 0x40000000, 0}),
    [](const auto& param) {
      std::string name = param.param.folder;
      std::erase(name, '-');
      return name;
    });

// A copy of a captured machine that a test may change.
class Altered : public testing::Test {
 protected:
  void SetUp() override {
    root_ = test::captured(HR_TEST_DATA, "armmp");
    directory_ = fs::path(testing::TempDir()) /
                 ("hyprelay-linux-" + std::to_string(::getpid()) + "-" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(directory_);
    fs::copy(root_.path, directory_, fs::copy_options::recursive);
    root_.path = directory_.string();
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const std::string& path, std::string_view text) {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }
  void remove(const std::string& path) { fs::remove_all(directory_ / path); }
  Code code() {
    const auto machine = gather(root_);
    return machine ? Code::INTERNAL : machine.error().code();
  }

  Root root_;
  fs::path directory_;
};

TEST_F(Altered, other_architectures_are_not_ours) {
  for (const char* name : {"x86_64", "armv6l", "riscv64", "", "arm", "aarch64_be"}) {
    root_.machine = name;
    EXPECT_EQ(code(), Code::MACHINE_WRONG_ARCH) << name;
  }
}

TEST_F(Altered, missing_proc_is_named) {
  remove("proc/iomem");
  const auto machine = gather(root_);
  ASSERT_FALSE(machine);
  EXPECT_EQ(machine.error().code(), Code::MACHINE_UNREADABLE);
  EXPECT_TRUE(machine.error().subject().ends_with("/proc/iomem"));
}

TEST_F(Altered, a_log_that_lost_its_beginning_leaves_the_mode_unknown) {
  write("kmsg.txt", "6,900,1,-;something later\n");
  EXPECT_EQ(gather(root_).value().boot_mode, Mode::kUNKNOWN);
  remove("kmsg.txt");
  EXPECT_EQ(gather(root_).value().boot_mode, Mode::kUNKNOWN);
}

TEST_F(Altered, the_record_tells_the_mode_when_the_log_does_not) {
  std::string record(HR_RECORD_SIZE, '\0');
  record.replace(0, 8, std::string("HRRC\0\1\0\0", 8));
  record[0x0f] = HR_MODE_HYP;  // left_mode, the last byte of a big-endian word
  write("proc/device-tree/chosen/hyprelay,record", record);
  EXPECT_EQ(gather(root_).value().boot_mode, Mode::kHYP);
  root_.log = "/no-log";
  EXPECT_EQ(gather(root_).value().boot_mode, Mode::kHYP);
  record[0x0f] = HR_MODE_SVC;
  write("proc/device-tree/chosen/hyprelay,record", record);
  EXPECT_EQ(gather(root_).value().boot_mode, Mode::kSVC);
}

TEST_F(Altered, cpu_lists_are_counted) {
  for (const auto& [list, count] :
       {std::pair{"0", 1u}, {"0-3", 4u}, {"0,2-3", 3u}, {"0-1,4-7", 6u}}) {
    write("sys/devices/system/cpu/possible", std::string(list) + "\n");
    EXPECT_EQ(gather(root_).value().cpus, count) << list;
  }
  for (const char* list : {"", "x", "3-0", "0-", "0-1x", "0-1 4"}) {
    write("sys/devices/system/cpu/possible", list);
    EXPECT_EQ(code(), Code::MACHINE_MALFORMED) << list;
  }
}

TEST_F(Altered, acpi_tables_are_taken_as_they_are) {
  EXPECT_TRUE(gather(root_).value().acpi.empty());
  const std::string tables = "sys/firmware/acpi/tables/";
  write(tables + "APIC", "APIC, or not");
  write(tables + "DSDT", "nobody reads it");
  // What only root may read gives an error when it is read, as a folder does.
  fs::create_directories(directory_ / (tables + "FACP"));
  const Machine machine = gather(root_).value();
  EXPECT_EQ(machine.acpi.size(), 2u);
  EXPECT_EQ(base::text_of(machine.acpi.at("APIC").value()), "APIC, or not");
  EXPECT_FALSE(machine.acpi.at("FACP").has_value());
  write(tables + "SPCR", std::string((1 << 20) + 1, 'x'));
  const auto too_large = gather(root_);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code(), Code::MACHINE_MALFORMED);
  EXPECT_TRUE(too_large.error().subject().ends_with("/tables/SPCR"));
}

// As EDK2 and Linux 6.1 on arm have it, whose /proc/iomem names nothing "reserved".
TEST_F(Altered, tables_of_the_firmware_are_reserved_by_the_log) {
  const auto own = gather(root_).value().reserved;
  write("kmsg.txt",
        "6,9,0,-;efi: EFI v2.70 by EDK II\n"
        "6,10,0,-;efi: SMBIOS=0xfffee000 SMBIOS 3.0=0x7ffec000 MEMRESERVE=0x7c212ff8 \n"
        "6,11,0,-;efi:   0x000040000000-0x000040202fff [Conventional|   |  |   |WB|  |  |  ]\n"
        "12,12,0,-;efi: MEMATTR=0x50000000\n");
  EXPECT_EQ(gather(root_).value().reserved, own) << "no EFI";
  write("sys/firmware/efi/fw_platform_size", "32\n");
  auto expected = own;
  const auto range = [](std::uint64_t start, std::uint64_t size_bytes) {
    return PhysRange::from_size(PhysAddr(start), size_bytes).value();
  };
  expected.push_back({range(0x7ffec000, 0x1000), "EFI's SMBIOS 3.0"});
  expected.push_back({range(0x7c212000, 0x2000), "EFI's MEMRESERVE"});
  EXPECT_EQ(gather(root_).value().reserved, expected);
}

TEST_F(Altered, no_device_tree_is_no_error) {
  remove("sys/firmware/fdt");
  const Machine machine = gather(root_).value();
  EXPECT_TRUE(machine.device_tree.empty());
  EXPECT_EQ(machine.device_tree_source, "");
}

// Writes a tree the way the kernel shows it in /proc/device-tree.
void write_nodes(const fdt::Tree& tree, const std::string& node, const fs::path& directory) {
  fs::create_directories(directory);
  for (const std::string& name : tree.property_names(node)) {
    const auto value = tree.property(node, name).value();
    std::ofstream(directory / name, std::ios::binary) << base::text_of(value);
  }
  const std::string own = node == "/" ? "" : fs::path(node).filename().string();
  std::ofstream(directory / "name", std::ios::binary) << own << '\0';
  for (const std::string& child : tree.children(node)) {
    write_nodes(tree, child, directory / fs::path(child).filename());
  }
}

void expect_same_nodes(const fdt::Tree& a, const fdt::Tree& b, const std::string& node) {
  auto names = a.property_names(node);
  auto other_names = b.property_names(node);
  std::ranges::sort(names);
  std::ranges::sort(other_names);
  ASSERT_EQ(names, other_names) << node;
  for (const std::string& name : names) {
    EXPECT_TRUE(std::ranges::equal(*a.property(node, name), *b.property(node, name)))
        << node << " " << name;
  }
  auto children = a.children(node);
  auto other_children = b.children(node);
  std::ranges::sort(children);
  std::ranges::sort(other_children);
  ASSERT_EQ(children, other_children) << node;
  for (const std::string& child : children) {
    expect_same_nodes(a, b, child);
  }
}

TEST_F(Altered, the_tree_of_proc_is_the_tree_of_the_firmware) {
  const Machine with_blob = gather(root_).value();
  const fdt::Tree blob = fdt::Tree::from_bytes(with_blob.device_tree, "blob").value();
  write_nodes(blob, "/", directory_ / "proc/device-tree");
  remove("sys/firmware/fdt");
  const Machine machine = gather(root_).value();
  EXPECT_EQ(machine.device_tree_source, "/proc/device-tree");
  const fdt::Tree tree = fdt::Tree::from_bytes(machine.device_tree, "nodes").value();
  expect_same_nodes(blob, tree, "/");
  // The kernel numbers CPUs in the order of their nodes.
  const auto cpus = tree.children("/cpus");
  const auto first = std::ranges::find(cpus, "/cpus/cpu@0");
  const auto second = std::ranges::find(cpus, "/cpus/cpu@1");
  ASSERT_NE(second, cpus.end());
  EXPECT_LT(first, second);
}

TEST(Mode, is_what_the_log_says) {
  EXPECT_EQ(mode_from_log("x\nCPU: All CPU(s) started in HYP mode.\n", Arch::kArm), Mode::kHYP);
  EXPECT_EQ(mode_from_log("CPU: All CPU(s) started in SVC mode.", Arch::kArm), Mode::kSVC);
  EXPECT_EQ(mode_from_log("CPU: All CPU(s) started at EL2", Arch::kArm64), Mode::kEL2);
  EXPECT_EQ(mode_from_log("CPU: All CPU(s) started at EL1", Arch::kArm64), Mode::kEL1);
  EXPECT_EQ(mode_from_log("", Arch::kArm), Mode::kUNKNOWN);
  // Quoted by the kernel: its command line, a program's name.
  EXPECT_EQ(mode_from_log("Kernel command line: CPU: All CPU(s) started in HYP mode.", Arch::kArm),
            Mode::kUNKNOWN);
  // The sentence of the other architecture, or of CPUs that disagree, says nothing.
  EXPECT_EQ(mode_from_log("CPU: All CPU(s) started at EL2", Arch::kArm), Mode::kUNKNOWN);
  EXPECT_EQ(mode_from_log("CPU: WARNING: CPU(s) started in wrong/inconsistent modes", Arch::kArm),
            Mode::kUNKNOWN);
}

// A machine that builds this has had its random source ready for long.
TEST(Seeds, are_fresh_each_time) {
  const Seeds first = fresh_seeds().value();
  const Seeds second = fresh_seeds().value();
  EXPECT_NE(first.kaslr, second.kaslr);
  EXPECT_NE(first.rng, second.rng);
  EXPECT_NE(first.rng, Seeds().rng);
}

// Makes getrandom fail with that error in this process, and ends it when it could wait.
void without_random(int system_error) {
  const auto flags_at =
      static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t));
  const auto fail = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(system_error);
  sock_filter rules[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 0, 3),
                         BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags_at),
                         BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, GRND_NONBLOCK, 2, 0),
                         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                         BPF_STMT(BPF_RET | BPF_K, fail)};
  const sock_fprog program{std::size(rules), rules};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    ::_exit(2);
  }
}

// As on a board without a hardware source, early in boot; and before Linux 3.17.
TEST(Seeds, are_left_out_where_there_are_none_and_nobody_waits) {
  for (const int system_error : {EAGAIN, ENOSYS}) {
    const pid_t child = ::fork();
    if (child == 0) {
      without_random(system_error);
      ::_exit(fresh_seeds() ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << system_error << " " << status;
  }
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
