// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/guest/kvm.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>

namespace hyprelay::boot_guest {
namespace {

void set_core(const Machine& machine, std::uint64_t offset_words, std::uint64_t value) {
  const kvm_one_reg reg = {KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | offset_words,
                           address_of(&value)};
  call(machine.cpu, KVM_SET_ONE_REG, "a register", address_of(&reg));
}

}  // namespace

void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int call(int file, unsigned long request, const char* what, std::uintptr_t argument) {
  const int result = ioctl(file, request, argument);
  if (result < 0) {
    fail(what);
  }
  return result;
}

void* make_memory(std::size_t size_bytes) {
  void* memory =
      mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fail("memory");
  }
  return memory;
}

Machine make_machine(void* memory, std::size_t size_bytes, std::uint32_t features) {
  Machine machine;
  machine.kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (machine.kvm < 0) {
    fail("/dev/kvm");
  }
  machine.vm = call(machine.kvm, KVM_CREATE_VM, "KVM_CREATE_VM", 0);
  const kvm_userspace_memory_region region = {0, 0, kMemory, size_bytes, address_of(memory)};
  call(machine.vm, KVM_SET_USER_MEMORY_REGION, "memory", address_of(&region));
  machine.cpu = call(machine.vm, KVM_CREATE_VCPU, "KVM_CREATE_VCPU", 0);
  kvm_vcpu_init target = {};
  call(machine.vm, KVM_ARM_PREFERRED_TARGET, "KVM_ARM_PREFERRED_TARGET", address_of(&target));
  target.features[0] = features;
  call(machine.cpu, KVM_ARM_VCPU_INIT, "KVM_ARM_VCPU_INIT", address_of(&target));
  const int bytes = call(machine.kvm, KVM_GET_VCPU_MMAP_SIZE, "KVM_GET_VCPU_MMAP_SIZE", 0);
  void* run = mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ | PROT_WRITE, MAP_SHARED,
                   machine.cpu, 0);
  if (run == MAP_FAILED) {
    fail("kvm_run");
  }
  machine.run = static_cast<kvm_run*>(run);
  return machine;
}

void set_x(const Machine& machine, unsigned number, std::uint64_t value) {
  set_core(machine, KVM_REG_ARM_CORE_REG(regs.regs[0]) + 2 * std::uint64_t{number}, value);
}

void set_pc(const Machine& machine, std::uint64_t address) {
  set_core(machine, KVM_REG_ARM_CORE_REG(regs.pc), address);
}

}  // namespace hyprelay::boot_guest
