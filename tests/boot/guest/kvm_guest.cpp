// SPDX-License-Identifier: BSD-2-Clause
// Uses EL2: runs a virtual machine of one CPU and 64 KiB with KVM.
//
//   kvm_guest            it writes to a device 1000 times, every one an exit to this program
//   kvm_guest --stay N   then it goes on in a loop on CPU N of the host, without any exit, and this
//                        program comes back
//
// [Linux Documentation/virt/kvm/api.rst]
#include <fcntl.h>
#include <linux/kvm.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

// In: PC = the first instruction, MMU off. Never ends. guest_loop begins with an instruction to
// lose: the write before is only now over for KVM, which goes on behind it, at PC + 4. Clobbers: x0
// to x3.
asm(R"(
    .pushsection .rodata
    .balign 4
    .globl guest_begin, guest_loop, guest_end
    .hidden guest_begin, guest_loop, guest_end
guest_begin:
    movz  x0, #0x1000, lsl #16
1:  str   w1, [x0]
    add   w1, w1, #1
    b     1b
guest_loop:
    nop
    movz  x2, #0x4000, lsl #16
2:  ldr   w3, [x2, #0x800]
    add   w3, w3, #1
    str   w3, [x2, #0x800]
    b     2b
guest_end:
    .popsection
)");
#pragma GCC visibility push(hidden)
extern "C" const unsigned char guest_begin[], guest_loop[], guest_end[];
#pragma GCC visibility pop

namespace {

constexpr std::uint64_t kMemory = 0x40000000;
constexpr std::uint64_t kMemoryBytes = 0x10000;
constexpr std::uint64_t kCounter = 0x800;
constexpr std::uint64_t kDevice = 0x10000000;
constexpr std::uint32_t kWrites = 1000;

[[noreturn]] void fail(const char* what) {
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

std::uintptr_t address_of(const void* object) {
  return reinterpret_cast<std::uintptr_t>(object);
}

// The end of the process closes it.
struct Machine {
  int kvm = -1;
  int vm = -1;
  int cpu = -1;
  kvm_run* run = nullptr;
};

Machine make_machine(void* memory) {
  Machine machine;
  machine.kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (machine.kvm < 0) {
    fail("/dev/kvm");
  }
  machine.vm = call(machine.kvm, KVM_CREATE_VM, "KVM_CREATE_VM", 0);
  std::memcpy(memory, guest_begin, static_cast<std::size_t>(guest_end - guest_begin));
  const kvm_userspace_memory_region region = {0, 0, kMemory, kMemoryBytes, address_of(memory)};
  call(machine.vm, KVM_SET_USER_MEMORY_REGION, "memory", address_of(&region));
  machine.cpu = call(machine.vm, KVM_CREATE_VCPU, "KVM_CREATE_VCPU", 0);
  kvm_vcpu_init target = {};
  call(machine.vm, KVM_ARM_PREFERRED_TARGET, "KVM_ARM_PREFERRED_TARGET", address_of(&target));
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

void set_pc(const Machine& machine, const unsigned char* label) {
  const std::uint64_t pc = kMemory + static_cast<std::uint64_t>(label - guest_begin);
  const kvm_one_reg reg = {
      KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(regs.pc),
      address_of(&pc)};
  call(machine.cpu, KVM_SET_ONE_REG, "the program counter", address_of(&reg));
}

void run_to_exit(const Machine& machine) {
  call(machine.cpu, KVM_RUN, "KVM_RUN", 0);
}

// Every write leaves the guest, with the number that it counts.
void run_writes(const Machine& machine) {
  set_pc(machine, guest_begin);
  std::uint32_t first = 0;
  for (std::uint32_t i = 0; i < kWrites; ++i) {
    run_to_exit(machine);
    const kvm_run& run = *machine.run;
    std::uint32_t value = 0;
    std::memcpy(&value, run.mmio.data, sizeof value);
    first = i == 0 ? value : first;
    if (run.exit_reason != KVM_EXIT_MMIO || run.mmio.phys_addr != kDevice ||
        run.mmio.is_write == 0 || value != first + i) {
      std::fprintf(stderr, "kvm_guest: exit %u has reason %u, value %u\n", i, run.exit_reason,
                   value);
      std::exit(1);
    }
  }
  std::printf("kvm_guest: a guest wrote %u times\n", kWrites);
  std::fflush(stdout);
}

// The guest runs in a child, whose memory it shares with us.
void stay(void* memory, int cpu) {
  const pid_t child = fork();
  if (child == 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) {
      fail("the CPU");
    }
    const Machine machine = make_machine(memory);
    run_writes(machine);
    set_pc(machine, guest_loop);
    for (;;) {
      run_to_exit(machine);
    }
  }
  const auto* counter = reinterpret_cast<const volatile std::uint32_t*>(
      static_cast<const unsigned char*>(memory) + kCounter);
  while (*counter < 1000) {
    if (waitpid(child, nullptr, WNOHANG) != 0) {
      std::fprintf(stderr, "kvm_guest: the guest has ended\n");
      std::exit(1);
    }
    usleep(1000);
  }
  std::printf("kvm_guest: the guest goes on on CPU %d\n", cpu);
}

}  // namespace

int main(int argc, char** argv) {
  void* memory =
      mmap(nullptr, kMemoryBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fail("memory");
  }
  if (argc == 3 && std::string_view(argv[1]) == "--stay") {
    stay(memory, std::atoi(argv[2]));
  } else {
    run_writes(make_machine(memory));
  }
  return 0;
}
