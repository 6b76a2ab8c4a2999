// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/gather.hpp"

#include "acpi/facts.hpp"
#include "base/boot_mode.hpp"
#include "base/number_text.hpp"
#include "handoff/linux/devices.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/linux/iomem.hpp"
#include "handoff/linux/live_tree.hpp"
#include "handoff/linux/record.hpp"
#include "os/files.hpp"
#include "os/kernel_log.hpp"

#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>

namespace hyprelay::handoff::linux_host {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// Counts a CPU list such as "0-3,6" [linux/Documentation/admin-guide/cputopology.rst]. nullopt when
// it is none.
std::optional<std::uint32_t> count_cpus(std::string_view list) {
  std::uint64_t count = 0;
  while (!list.empty()) {
    const auto first = base::take_number(list);
    auto last = first;
    if (first && list.starts_with('-')) {
      list.remove_prefix(1);
      last = base::take_number(list);
    }
    constexpr std::uint64_t kMost = 0xffffff;
    if (!first || !last || *last < *first || *last > kMost || count > kMost) {
      return std::nullopt;
    }
    count += *last - *first + 1;
    if (!list.empty() && list.front() != ',') {
      return std::nullopt;
    }
    list.remove_prefix(list.empty() ? 0 : 1);
  }
  return count == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(count));
}

// A file without which there is nothing to say about the machine.
base::Result<std::string> required_text(const Root& root, const char* path) {
  auto text = os::read_fact_text(root.path + path);
  if (!text && text.error().code() == Code::FILE_MISSING) {
    return Error(Code::MACHINE_UNREADABLE, Stage::kMachine, root.path + path);
  }
  return text;
}

// /sys/firmware/fdt is the blob that the kernel was given, memory reservations included; only root
// may read it. /proc/device-tree has the same nodes, and changes made since, without those.
base::Result<void> gather_tree(const Root& root, Machine& machine) {
  const std::string blob_path = root.path + "/sys/firmware/fdt";
  if (auto blob = os::read_fact(blob_path); blob && !blob.value().empty()) {
    machine.device_tree = std::move(blob).value();
    machine.device_tree_source = "/sys/firmware/fdt";
    return base::success();
  }
  const std::string nodes_path = root.path + "/proc/device-tree";
  if (::access(nodes_path.c_str(), X_OK) != 0) {
    return base::success();
  }
  HR_TRY(tree, tree_from_directory(nodes_path));
  machine.device_tree = tree.packed();
  machine.device_tree_source = "/proc/device-tree";
  return base::success();
}

// Only root may read them: a table that is there and hidden is not one that is missing
// [linux/Documentation/ABI/testing/sysfs-firmware-acpi].
base::Result<void> gather_acpi(const Root& root, Machine& machine) {
  // A MADT of 4096 CPUs has 400 KiB.
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;
  for (const std::string_view name : acpi::kTables) {
    auto bytes =
        os::read_fact(root.path + "/sys/firmware/acpi/tables/" + std::string(name), kMostBytes);
    if (bytes) {
      machine.acpi[std::string(name)] = std::move(bytes).value();
    } else if (bytes.error().code() == Code::MACHINE_UNREADABLE) {
      machine.acpi[std::string(name)] = std::nullopt;
    } else if (bytes.error().code() != Code::FILE_MISSING) {
      return bytes.error();
    }
  }
  return base::success();
}

// On arm /proc/iomem says of nothing that it is reserved [linux/arch/arm/kernel/setup.c
// request_standard_resources]. Where the tables lie that the next kernel reads before it knows of
// any memory, the log tells: "efi: SMBIOS=0x7ffee000 SMBIOS 3.0=0x7ffec000 MEMRESERVE=0x7c212b10".
void reserve_efi_tables(std::string_view log, Machine& machine) {
  constexpr std::string_view kStart = "efi: ";
  constexpr std::string_view kEquals = "=0x";
  constexpr std::uint64_t kPage = 4096;
  while (!log.empty()) {
    std::string_view line = base::take_line(log);
    if (!line.starts_with(kStart)) {
      continue;
    }
    line.remove_prefix(kStart.size());
    for (std::size_t at = line.find(kEquals); at != line.npos; at = line.find(kEquals)) {
      std::string name = "EFI's " + std::string(line.substr(0, at));
      line.remove_prefix(at + kEquals.size());
      const base::PhysAddr address(base::take_number(line, 16).value_or(0));
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      // None is known to be longer.
      const auto table = base::PhysRange::from_size(address, kPage);
      if (table && std::ranges::any_of(machine.ram, [&](const base::PhysRange& ram) {
            return ram.overlaps(*table);
          })) {
        machine.reserved.push_back({table->widened_to(kPage), std::move(name)});
      }
    }
  }
}

}  // namespace

Root Root::live() {
  Root root;
  struct utsname names {};
  if (::uname(&names) == 0) {
    root.machine = names.machine;
    root.kernel_release = names.release;
  }
  root.page_size_bytes = static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));
  return root;
}

base::Result<Arch> arch_of(std::string_view uname_machine) {
  // A 32-bit program sees "armv8l" on a 64-bit kernel only under the personality that asks for it;
  // kexec_load decides by the architecture of its flags anyway.
  if (uname_machine.starts_with("armv7") || uname_machine.starts_with("armv8l")) {
    return Arch::kArm;
  }
  if (uname_machine == "aarch64") {
    return Arch::kArm64;
  }
  return Error(Code::MACHINE_WRONG_ARCH, Stage::kMachine, uname_machine);
}

Mode mode_from_log(std::string_view kernel_log, Arch arch) {
  const Mode mode = parse_mode(base::boot_mode_in(kernel_log)).value_or(Mode::kUNKNOWN);
  const bool is_arm = mode == Mode::kHYP || mode == Mode::kSVC;
  return is_arm == (arch == Arch::kArm) ? mode : Mode::kUNKNOWN;
}

Mode find_boot_mode(const Root& root, Arch arch) {
  const Mode mode = mode_from_log(read_kernel_log(root), arch);
  if (mode != Mode::kUNKNOWN) {
    return mode;
  }
  const auto record = read_record(root);
  return record ? record.value().left : Mode::kUNKNOWN;
}

std::string read_kernel_log(const Root& root) {
  return os::read_kernel_log(root.path + root.log);
}

base::Result<Machine> gather(const Root& root) {
  Machine machine;
  HR_TRY(arch, arch_of(root.machine));
  machine.arch = arch;
  machine.kernel_release = root.kernel_release;
  machine.page_size_bytes = root.page_size_bytes;

  HR_TRY(iomem_text, required_text(root, "/proc/iomem"));
  HR_TRY(iomem, parse_iomem(iomem_text));
  machine.ram = std::move(iomem.ram);
  machine.driver_ram = std::move(iomem.driver_ram);
  machine.boot_alias = std::move(iomem.boot_alias);
  machine.reserved = std::move(iomem.reserved);
  machine.crash_regions = std::move(iomem.crash_regions);

  HR_TRY(command_line, required_text(root, "/proc/cmdline"));
  machine.command_line = std::move(command_line);

  HR_TRY(cpus, possible_cpus(root));
  machine.cpus = cpus;
  machine.boot_mode = find_boot_mode(root, arch);
  HR_TRYV(gather_tree(root, machine));
  HR_TRYV(gather_acpi(root, machine));
  machine.busy_devices = gather_busy_devices(root);
  if (arch == Arch::kArm && os::is_there(root.path + "/sys/firmware/efi")) {
    reserve_efi_tables(read_kernel_log(root), machine);
  }
  return machine;
}

base::Result<std::uint32_t> possible_cpus(const Root& root) {
  const std::string path = root.path + "/sys/devices/system/cpu/possible";
  const auto list = os::read_fact_text(path);
  const auto count = list ? count_cpus(list.value()) : std::optional(1u);
  return count ? base::Result<std::uint32_t>(*count)
               : Error(Code::MACHINE_MALFORMED, Stage::kMachine, path);
}

base::Result<Machine> gather_for_probe(const Root& root) {
  Machine machine;
  HR_TRY(arch, arch_of(root.machine));
  machine.arch = arch;
  machine.kernel_release = root.kernel_release;
  machine.page_size_bytes = root.page_size_bytes;
  machine.boot_mode = find_boot_mode(root, arch);
  HR_TRYV(gather_tree(root, machine));
  HR_TRYV(gather_acpi(root, machine));
  machine.hyp = gather_hyp_facts(root);
  return machine;
}

std::optional<Seeds> fresh_seeds() {
  Seeds seeds;
  std::array<std::byte, sizeof seeds.kaslr + sizeof seeds.rng> bytes{};
  // Up to 256 bytes come whole or not at all [getrandom(2)].
  while (::getrandom(bytes.data(), bytes.size(), GRND_NONBLOCK) !=
         static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) {
      return std::nullopt;
    }
  }
  std::copy_n(bytes.begin(), seeds.kaslr.size(), seeds.kaslr.begin());
  std::copy_n(bytes.begin() + sizeof seeds.kaslr, seeds.rng.size(), seeds.rng.begin());
  return seeds;
}

}  // namespace hyprelay::handoff::linux_host
