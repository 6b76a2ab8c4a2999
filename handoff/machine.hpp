// SPDX-License-Identifier: BSD-2-Clause
// What a machine is, as far as a handoff needs to know: plain data, gathered by handoff/linux on
// the machine itself or read from a JSON file that somebody attached to a report.
#pragma once

#include "abi/hr_abi.h"
#include "base/range.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

enum class Arch : std::uint8_t { kArm = 32, kArm64 = 64 };

// The rows of abi/mode.def.
enum class Mode : std::uint8_t {
#define HR_MODE(name, value, ...) k##name = value,
#include "abi/mode.def"
#undef HR_MODE
};

// "arm", "arm64"; "HYP", "SVC", "EL2", "EL1", "unknown". The views live for ever.
const char* arch_name(Arch arch);
const char* mode_name(Mode mode);
// nullopt: no row of abi/mode.def has this text.
std::optional<Mode> parse_mode(std::string_view text);
// kUNKNOWN also for a number without a row.
Mode mode_of(std::uint32_t number);
// The text of the row of abi/dialect.def; "unknown" for a number without a row.
std::string_view dialect_name(std::uint32_t dialect);
// The same for abi/climb.def.
std::string_view climb_name(std::uint32_t climb);

struct NamedRange {
  base::PhysRange range;
  std::string name;

  bool operator==(const NamedRange&) const = default;
};

// Where to look for a resident in memory. 0: not known, or shown as zero to who may not see it.
struct HypAddresses {
  // Virtual, by kallsyms: __hyp_stub_vectors, __kvm_hyp_vector, _stext.
  std::uint64_t stub_vectors = 0;
  std::uint64_t kvm_vectors = 0;
  std::uint64_t stext = 0;
  // Physical: where "Kernel code" of /proc/iomem starts.
  std::uint64_t kernel_code = 0;

  bool operator==(const HypAddresses&) const = default;
};

// What user space saw that bears on who is resident at HYP/EL2, as it stood there: what follows
// from it is for handoff/evidence.hpp to say, so that a saved machine gives the same answer
// on every host, and a better one with a later hyprelay. nullopt and empty texts: not known.
struct HypFacts {
  // The sentences of the kernel's log about modes, KVM and hypervisors.
  std::vector<std::string> log;
  // Of the functions that tell the dialects apart, those that are in kallsyms.
  std::optional<std::vector<std::string>> symbols;
  HypAddresses addresses;
  // The kernel offers /dev/kvm.
  std::optional<bool> kvm_device;
  // File descriptors of virtual machines and their CPUs that processes hold.
  std::optional<std::uint32_t> kvm_descriptors;
  // /sys/devices/jailhouse/enabled; false also when there is no such file.
  std::optional<bool> jailhouse;
  // /sys/bus/vmbus is there: Hyper-V's bus, on which everything but the guest's id depends.
  std::optional<bool> vmbus;
  // /sys/hypervisor/type: "xen".
  std::string hypervisor_type;
  // The hypervisor vendor identity of ACPI's FACP, "MsHyperV", as older
  // versions saved it: where Machine has the table, that counts.
  std::string acpi_hypervisor;
  // Main ID Register of each CPU, by /proc/cpuinfo.
  std::vector<std::uint32_t> cpu_ids;

  bool operator==(const HypFacts&) const = default;
};

// Physical memory that the running kernel sees at a virtual address: its linear mapping, and on
// arm64 its own image a second time.
struct VirtualMapping {
  base::PhysRange range;
  std::uint64_t virtual_start = 0;

  bool operator==(const VirtualMapping&) const = default;
};

// What a dump of the running kernel after a panic needs besides its memory.
struct CrashFacts {
  // Where each possible CPU will note its registers (crash_notes of sysfs), by number of the CPU.
  std::vector<base::PhysRange> cpu_notes;
  // Where the kernel describes itself (/sys/kernel/vmcoreinfo); empty when it does not.
  base::PhysRange vmcoreinfo;
  // Empty when nobody could tell: dumps then name physical addresses alone.
  std::vector<VirtualMapping> mappings;

  bool operator==(const CrashFacts&) const = default;
};

// A device that writes to memory by itself and that nobody may stop when the kernel leaves: what
// /sys shows of them. That a driver has no shutdown hook is not shown there.
struct BusyDevice {
  // "pci": a bus master without a driver; "vfio-pci", "vfio-platform": lent to a process; and
  // "virtio-mmio": a device of that transport which writes unasked (network, input and the like).
  std::string kind;
  // As /sys calls it: "0000:00:02.0", "virtio0".
  std::string name;
  // "1af4:1000" of PCI, the number of the kind of virtio; empty: not known.
  std::string id;
  // An IOMMU translates its addresses; nullopt: it is in no group, or nobody can tell.
  std::optional<bool> translated;

  bool operator==(const BusyDevice&) const = default;
};

struct Machine {
  Arch arch = Arch::kArm;
  // uname -r, e.g. "6.1.0-50-armmp"; empty when not known.
  std::string kernel_release;
  // /proc/cmdline without the newline.
  std::string command_line;
  // The mode the running kernel says it was booted in ("started in HYP mode" in its log).
  Mode boot_mode = Mode::kUNKNOWN;
  std::uint32_t page_size_bytes = 4096;
  std::uint32_t cpus = 1;
  // "System RAM" of /proc/iomem.
  std::vector<base::PhysRange> ram;
  // Memory that a driver has brought along and may take away again, "System RAM (virtio_mem)" or
  // "(kmem)" of /proc/iomem: it is in use, and so in a dump, but nothing is to be put there
  // [linux/include/linux/ioport.h IORESOURCE_SYSRAM_DRIVER_MANAGED].
  std::vector<base::PhysRange> driver_ram;
  // "System RAM (boot alias)" of /proc/iomem: where kernels see some of `ram` when they start, and
  // the addresses that kexec_load takes [linux/arch/arm/kernel/setup.c
  // request_standard_resources]. Empty on most machines.
  std::vector<base::PhysRange> boot_alias;
  // Inside RAM, and not to be touched: the ranges that /proc/iomem calls "reserved" and the crash
  // regions. (Kernel code and data of the running kernel are not listed: kexec moves it away.)
  std::vector<NamedRange> reserved;
  // "Crash kernel" of /proc/iomem, low to high.
  std::vector<base::PhysRange> crash_regions;
  // The flattened device tree of the running machine, empty when there is none.
  std::vector<std::byte> device_tree;
  // Where device_tree came from: "/sys/firmware/fdt", "/proc/device-tree" or a file.
  std::string device_tree_source;
  // ACPI's tables as they stand in /sys/firmware/acpi/tables, by name: those that a handoff reads
  // (acpi/facts.hpp). Empty: the running kernel does not use ACPI. nullopt: the table is there, but
  // only root may read it.
  std::map<std::string, std::optional<std::vector<std::byte>>, std::less<>> acpi;
  std::vector<BusyDevice> busy_devices;
  // Empty when nobody gathered them: a handoff does not need them.
  HypFacts hyp;
  // Empty as well; needed to load for a panic.
  CrashFacts crash;

  bool operator==(const Machine&) const = default;
};

// Pages of 4, 16 or 64 KiB: a machine with others does not exist [arm/ddi0487 D8.1].
bool is_page_size(std::uint64_t bytes);

// The part number in a MIDR of Arm's own CPUs; 0: it is somebody else's [arm/ddi0487 MIDR_EL1].
std::uint32_t arm_part(std::uint32_t cpu_id);

}  // namespace hyprelay::handoff
