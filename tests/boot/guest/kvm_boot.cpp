// SPDX-License-Identifier: BSD-2-Clause
// Boots kernels as KVM guests, as a small virtual machine monitor does: one CPU, memory, KVM's own
// GICv3, timer and PSCI, a PL011 that it emulates, stolen time. The init of its own kernel: boots
// guest 0, then 1, and so on until there is none, and powers the machine off.
//
//   /guests/N/kernel    an arm64 Image, or a zImage of ours, for a CPU in AArch32
//   /guests/N/initrd    may be missing
//   /guests/N/line      the command line
//   /guests/N/mib       how many MiB of memory it has
//
// What a guest prints goes on this one's console. It says "kvm_boot: guest N has powered off" when
// the guest did; a guest that is reset, or leaves KVM for any other reason, is the end.
#include "base/number_text.hpp"
#include "os/files.hpp"
#include "rehearse/guest/console.hpp"
#include "tests/boot/guest/kvm.hpp"
#include "tests/boot/guest/layout.hpp"
#include "tests/boot/guest/pl011.hpp"

#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

namespace hyprelay::boot_guest {
namespace {

// Of the two, the tree may be anywhere within 512 MiB of the kernel, in no block of 2 MiB with
// anything else [linux/Documentation/arch/arm64/booting.rst section 2].
constexpr std::uint64_t kTreeBytes = 0x200000;
constexpr std::uint64_t kPage = 0x1000;

struct Guest {
  std::string name;
  std::string kernel;
  std::string initrd;
  std::string line;
  std::uint64_t memory_bytes = 0;
};

[[noreturn]] void power_off() {
  sync();
  reboot(RB_POWER_OFF);
  for (;;) {
    pause();
  }
}

[[noreturn]] void give_up(const std::string& guest, const std::string& why) {
  os::write_all(STDOUT_FILENO, "kvm_boot: " + guest + ": " + why + "\n");
  power_off();
}

std::string folder_of(unsigned number) {
  return "/guests/" + std::to_string(number) + "/";
}

Guest read_guest(unsigned number) {
  const std::string name = "guest " + std::to_string(number);
  const auto text = [&](const char* file) {
    return os::read_file(folder_of(number) + file).value_or("");
  };
  Guest guest{name, text("kernel"), text("initrd"), text("line"), 0};
  const std::string mib = text("mib");
  std::string_view digits = mib;
  guest.memory_bytes = base::take_number(digits).value_or(0) << 20;
  constexpr std::size_t kHeader = 64;
  if (guest.kernel.size() < kHeader ||
      guest.memory_bytes < guest.kernel.size() + guest.initrd.size() + 2 * kTreeBytes) {
    give_up(name, "no kernel, or not enough memory for it");
  }
  return guest;
}

std::uint64_t word_at(const std::string& bytes, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

// [linux/Documentation/arch/arm/booting.rst; linux/arch/arm/boot/compressed/head.S: the magic]
bool is_arm(const Guest& guest) {
  constexpr std::size_t kMagicAt = 0x24;
  constexpr std::uint32_t kMagic = 0x016f2818;
  return static_cast<std::uint32_t>(word_at(guest.kernel, kMagicAt)) == kMagic;
}

// Kernel at the start, initrd and tree at the end.
void load(const Guest& guest, const Machine& machine, unsigned char* memory) {
  constexpr std::size_t kTextOffset = 8;  // in the header of an Image
  const std::uint64_t text = is_arm(guest) ? 0 : word_at(guest.kernel, kTextOffset);
  if (text > guest.memory_bytes - guest.kernel.size()) {
    give_up(guest.name, "the kernel wants to be elsewhere");
  }
  std::memcpy(memory + text, guest.kernel.data(), guest.kernel.size());
  const std::uint64_t tree_at = guest.memory_bytes - kTreeBytes;
  const std::uint64_t initrd_at = (tree_at - guest.initrd.size()) & ~(kPage - 1);
  std::memcpy(memory + initrd_at, guest.initrd.data(), guest.initrd.size());
  TreeRequest request{guest.memory_bytes, guest.line, kMemory + initrd_at, guest.initrd.size(), 0};
  if (getrandom(&request.seed, sizeof request.seed, 0) != sizeof request.seed) {
    fail("getrandom");
  }
  const auto tree = make_tree(request);
  if (!tree || tree.value().size() > kTreeBytes) {
    give_up(guest.name, "its device tree cannot be made");
  }
  std::memcpy(memory + tree_at, tree.value().data(), tree.value().size());
  if (is_arm(guest)) {
    set_x(machine, 1, 0xffffffff);
  }
  set_x(machine, is_arm(guest) ? 2 : 0, kMemory + tree_at);
  set_pc(machine, kMemory + text);
}

void set_attribute(int file, std::uint32_t group, std::uint64_t attribute, const void* value,
                   const char* what) {
  const kvm_device_attr request = {0, group, attribute, address_of(value)};
  call(file, KVM_SET_DEVICE_ATTR, what, address_of(&request));
}

void add_gic(const Machine& machine) {
  kvm_create_device device = {KVM_DEV_TYPE_ARM_VGIC_V3, 0, 0};
  call(machine.vm, KVM_CREATE_DEVICE, "a GICv3", address_of(&device));
  const int gic = static_cast<int>(device.fd);
  set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &kDistributor,
                "the distributor");
  set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &kRedistributor,
                "the redistributor");
  set_attribute(gic, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, nullptr,
                "the GIC's start");
}

void add_stolen_time(const Machine& machine) {
  const kvm_userspace_memory_region region = {1, 0, kStolenTime, kPage,
                                              address_of(make_memory(kPage))};
  call(machine.vm, KVM_SET_USER_MEMORY_REGION, "stolen time", address_of(&region));
  set_attribute(machine.cpu, KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &kStolenTime,
                "stolen time");
}

void set_uart_line(const Machine& machine, bool level) {
  constexpr std::uint32_t kFirstSpi = 32;
  kvm_irq_level line = {};
  line.irq = KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | (kFirstSpi + kUartSpi);
  line.level = level ? 1 : 0;
  call(machine.vm, KVM_IRQ_LINE, "the UART's interrupt", address_of(&line));
}

// Lines are shown whole, so that the host's own lines do not cut them.
void show(std::string& shown, const std::string& sent, bool all) {
  shown += sent;
  const std::size_t end = all ? shown.size() : shown.rfind('\n') + 1;
  if (end != 0) {
    os::write_all(STDOUT_FILENO, shown.substr(0, end));
    shown.erase(0, end);
  }
}

// One access to a device: the UART, or nothing, which reads as 0.
void answer(kvm_run& run, Pl011& uart) {
  auto& mmio = run.mmio;
  const bool ours = mmio.phys_addr - kUart < Pl011::kBytes;
  std::uint32_t value = 0;
  if (mmio.is_write != 0) {
    std::memcpy(&value, mmio.data, std::min<std::size_t>(mmio.len, sizeof value));
    if (ours) {
      uart.write(mmio.phys_addr - kUart, value);
    }
    return;
  }
  value = ours ? uart.read(mmio.phys_addr - kUart) : 0;
  std::memset(mmio.data, 0, sizeof mmio.data);
  std::memcpy(mmio.data, &value, sizeof value);
}

// True when an exit of the guest's CPU is one to go on after; else it has powered off.
bool goes_on(const Guest& guest, const Machine& machine, Pl011& uart) {
  switch (machine.run->exit_reason) {
    case KVM_EXIT_MMIO: {
      const bool before = uart.interrupts();
      answer(*machine.run, uart);
      if (uart.interrupts() != before) {
        set_uart_line(machine, !before);
      }
      return true;
    }
    case KVM_EXIT_INTR:
      return true;
    case KVM_EXIT_SYSTEM_EVENT:
      if (machine.run->system_event.type == KVM_SYSTEM_EVENT_SHUTDOWN) {
        return false;
      }
      give_up(guest.name, "was reset");
    default:
      give_up(guest.name, "KVM ended with " + std::to_string(machine.run->exit_reason));
  }
}

void boot(unsigned number) {
  const Guest guest = read_guest(number);
  auto* const memory = static_cast<unsigned char*>(make_memory(guest.memory_bytes));
  const Machine machine = make_machine(
      memory, guest.memory_bytes,
      1U << KVM_ARM_VCPU_PSCI_0_2 | (is_arm(guest) ? 1U << KVM_ARM_VCPU_EL1_32BIT : 0));
  add_gic(machine);
  add_stolen_time(machine);
  load(guest, machine, memory);
  Pl011 uart;
  std::string shown;
  bool on = true;
  while (on) {
    if (ioctl(machine.cpu, KVM_RUN, 0) < 0 && errno != EINTR) {
      show(shown, uart.take_sent(), true);
      fail("KVM_RUN");
    }
    on = goes_on(guest, machine, uart);
    show(shown, uart.take_sent(), !on);
  }
  os::write_all(STDOUT_FILENO, "kvm_boot: " + guest.name + " has powered off\n");
}

int run_guests() {
  mkdir("/dev", 0755);
  mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
  rehearse::guest::open_console();
  for (unsigned number = 0; access(folder_of(number).c_str(), F_OK) == 0; ++number) {
    boot(number);
  }
  power_off();
}

}  // namespace
}  // namespace hyprelay::boot_guest

int main() {
  try {
    return hyprelay::boot_guest::run_guests();
  } catch (const std::exception& error) {
    hyprelay::boot_guest::fail(error.what());
  }
}
