// SPDX-License-Identifier: BSD-2-Clause
// A virtual machine of one CPU with KVM on arm64, for the programs of this folder: what they have
// in common. Whatever KVM refuses ends the program with a message. [Linux
// Documentation/virt/kvm/api.rst]
#pragma once

#include <linux/kvm.h>

#include <cstddef>
#include <cstdint>

namespace hyprelay::boot_guest {

// Where the guest's memory begins.
inline constexpr std::uint64_t kMemory = 0x40000000;

// Says `what` and errno's text on stderr.
[[noreturn]] void fail(const char* what);

// ioctl(), which must not fail.
int call(int file, unsigned long request, const char* what, std::uintptr_t argument);

inline std::uintptr_t address_of(const void* object) {
  return reinterpret_cast<std::uintptr_t>(object);
}

// Zeroed, shared with children; the end of the process frees it.
void* make_memory(std::size_t size_bytes);

// The end of the process closes it.
struct Machine {
  int kvm = -1;
  int vm = -1;
  int cpu = -1;
  kvm_run* run = nullptr;
};

// `memory` is the guest's at kMemory. The CPU has the host's type, and what `features` has the bits
// of, KVM_ARM_VCPU_*; it starts in EL1, or in SVC with EL1_32BIT, with MMU and caches off, all
// registers 0.
Machine make_machine(void* memory, std::size_t size_bytes, std::uint32_t features);

// Register xN, N up to 30 (rN, up to 12), and the program counter.
void set_x(const Machine& machine, unsigned number, std::uint64_t value);
void set_pc(const Machine& machine, std::uint64_t address);

}  // namespace hyprelay::boot_guest
