// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/warnings.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "compat/evidence.hpp"
#include "fdt/facts.hpp"
#include "handoff/command_line.hpp"
#include "handoff/line_limit.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace hyprelay::handoff {
namespace {

std::string guess_warning(const InitrdSize& initrd) {
  return "what the initrd unpacks to is not known: " + initrd.not_measured +
         "; the region's size is judged by a guess";
}

// kexec_load's EINVAL on 32-bit ARM, in words and before it [linux/arch/arm/kernel/machine_kexec.c
// machine_kexec_prepare]. Whether the platform has code of its own nobody can tell from outside.
bool may_keep_its_cpus(const Machine& machine) {
  if (machine.arch != Arch::kArm || machine.cpus < 2 || machine.device_tree.empty() ||
      machine.kernel_release.empty()) {
    return false;
  }
  const auto tree = fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source);
  const auto conduit = tree ? fdt::psci_conduit(tree.value()) : tree.error();
  return conduit && conduit.value() == fdt::Conduit::kNone;
}

// Names of at most that many.
std::string names_of(const std::vector<const BusyDevice*>& devices) {
  constexpr std::size_t kMost = 4;
  std::string names;
  for (std::size_t i = 0; i < devices.size() && i < kMost; ++i) {
    names += (i == 0 ? "" : ", ") + devices[i]->name;
    names += devices[i]->id.empty() ? "" : " (" + devices[i]->id + ")";
  }
  return devices.size() > kMost ? names + " and " + std::to_string(devices.size() - kMost) + " more"
                                : names;
}

// Whether the running kernel leaves a device of that kind at work.
bool is_left_at_work(const BusyDevice& device, compat::Release release) {
  // "PCI: Disable Bus Master only on kexec reboot" of 3.13: it does, with a driver or without
  // [linux/drivers/pci/pci-driver.c pci_device_shutdown].
  constexpr compat::Release kPciStopped = compat::release_of(3, 13);
  // "virtio: break and reset virtio devices on device_shutdown()" [linux/drivers/virtio/virtio.c
  // virtio_dev_shutdown]; stable releases may have it earlier.
  constexpr compat::Release kVirtioReset = compat::release_of(6, 15);
  if (device.kind == "vfio-platform") {
    return true;
  }
  return release != 0 && release < (device.kind == "virtio-mmio" ? kVirtioReset : kPciStopped);
}

std::vector<std::string> crash_warnings(const Planned& planned,
                                        const std::optional<InitrdSize>& initrd) {
  std::vector<std::string> warnings;
  const FoundCrash& crash = *planned.found.crash;
  if (crash.header.left_out_bytes != 0) {
    warnings.push_back(
        base::size_text(crash.header.left_out_bytes) +
        " of memory above 4 GiB will not be in the dump: 32-bit Linux reads no 64-bit header");
  }
  if (planned.found.machine.arch == Arch::kArm && planned.found.machine.crash.mappings.empty()) {
    warnings.emplace_back(
        "the facts do not tell how far the running kernel's linear mapping reaches "
        "(crash.mappings): it was not checked that it can start what lies in its crash region");
  }
  if (const auto& registered = planned.found.resident.registered) {
    warnings.push_back(registered->what +
                       ": the crash kernel has memory of its own, but whether it is let in again "
                       "nobody has tried; save the dump where no such device is needed");
  }
  if (auto none = vmcore_warning(planned)) {
    warnings.push_back(std::move(*none));
  }
  if (auto small = region_warning(planned)) {
    warnings.push_back(std::move(*small));
  }
  if (initrd && !initrd->not_measured.empty()) {
    warnings.push_back(guess_warning(*initrd));
  }
  return warnings;
}

}  // namespace

std::vector<std::string> warnings_of(const Planned& planned,
                                     const std::optional<InitrdSize>& initrd,
                                     std::string_view line) {
  std::vector<std::string> warnings;
  const Found& found = planned.found;
  if (auto cut = command_line_warning(line, found.machine.arch)) {
    warnings.push_back(std::move(*cut));
  }
  for (const std::string& word : initrd_words(line)) {
    warnings.push_back("the command line has " + word +
                       ": the next kernel takes what lies there for its initrd, whatever is "
                       "loaded; leave the word out with --command-line");
  }
  if (hangs_when_it_leaves(found.machine,
                           found.crash ? compat::Handover::kCrash : compat::Handover::kKexec)) {
    warnings.emplace_back(
        "a virtual machine runs: hyprelay exec will refuse until all are stopped, because this "
        "kernel (4.8 to 4.11) would hang in its shutdown");
  }
  if (may_keep_its_cpus(found.machine)) {
    warnings.emplace_back(
        "the running machine has several CPUs and no PSCI: its kernel refuses the load unless the "
        "platform's own code can take them down; boot it with nr_cpus=1, or by firmware that has "
        "PSCI, if it does");
  }
  if (!found.crash) {
    std::ranges::move(busy_warnings(found.machine), std::back_inserter(warnings));
  }
  warnings.insert(warnings.end(), found.source.warnings.begin(), found.source.warnings.end());
  if (found.crash) {
    std::ranges::move(crash_warnings(planned, initrd), std::back_inserter(warnings));
  }
  return warnings;
}

std::vector<std::string> busy_warnings(const Machine& machine) {
  struct Kind {
    std::string_view name;
    std::string_view what;
    std::string_view remedy;
  };
  constexpr auto kKinds = std::to_array<Kind>({
      {"pci", "bus masters without a driver, which a kernel before 3.13 does not stop",
       "clear their bit with setpci -s NAME COMMAND=0:4 before hyprelay exec"},
      {"vfio-pci", "lent to a process by vfio, which a kernel before 3.13 does not stop",
       "end the process before hyprelay exec"},
      {"vfio-platform", "lent to a process by vfio, which nobody stops",
       "end the process before hyprelay exec"},
      {"virtio-mmio", "a kernel before 6.15 may not reset them when it leaves",
       "unbind them from their drivers before hyprelay exec, as by ip link and modprobe -r"},
  });
  std::vector<std::string> warnings;
  const compat::Release release = compat::parse_release(machine.kernel_release);
  for (const Kind& kind : kKinds) {
    std::vector<const BusyDevice*> devices;
    bool translated = true;
    for (const BusyDevice& device : machine.busy_devices) {
      if (device.kind == kind.name && is_left_at_work(device, release)) {
        devices.push_back(&device);
        translated = translated && device.translated.value_or(false);
      }
    }
    if (devices.empty()) {
      continue;
    }
    warnings.push_back("devices may go on writing to memory that is the next kernel's: " +
                       names_of(devices) + ": " + std::string(kind.what) +
                       (translated ? ", behind an IOMMU that this kernel switches off as well"
                                   : ", and no IOMMU translates for them") +
                       "; " + std::string(kind.remedy));
  }
  return warnings;
}

std::optional<std::string> region_warning(const Planned& planned) {
  if (!planned.found.crash || planned.found.crash->region.size_bytes() >= planned.needed_bytes) {
    return std::nullopt;
  }
  return "the crash kernel may run out of memory: " +
         crashkernel_parameter(planned.recommended_bytes) + " is recommended";
}

std::optional<std::string> vmcore_warning(const Planned& planned) {
  if (!planned.found.crash || planned.found.crash->has_vmcore) {
    return std::nullopt;
  }
  const base::ErrorRow& row = base::row_of(base::Code::CRASH_NO_VMCORE);
  return std::string(row.sentence).append("; ").append(row.remedy);
}

}  // namespace hyprelay::handoff
