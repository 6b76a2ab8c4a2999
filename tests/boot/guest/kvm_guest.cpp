// SPDX-License-Identifier: BSD-2-Clause
// Uses EL2: runs a virtual machine of one CPU and 64 KiB with KVM.
//
//   kvm_guest            it writes to a device 1000 times, every one an exit to this program
//   kvm_guest --stay N   then it goes on in a loop on CPU N of the host, without any exit, and this
//                        program comes back
//
// [Linux Documentation/virt/kvm/api.rst]
#include "tests/boot/guest/kvm.hpp"

#include <sched.h>
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

namespace guest = hyprelay::boot_guest;
using guest::Machine;

constexpr std::size_t kMemoryBytes = 0x10000;
constexpr std::uint64_t kCounter = 0x800;
constexpr std::uint64_t kDevice = 0x10000000;
constexpr std::uint32_t kWrites = 1000;

Machine machine_with_guest(void* memory) {
  std::memcpy(memory, guest_begin, static_cast<std::size_t>(guest_end - guest_begin));
  return guest::make_machine(memory, kMemoryBytes, 0);
}

void go_to(const Machine& machine, const unsigned char* label) {
  guest::set_pc(machine, guest::kMemory + static_cast<std::uint64_t>(label - guest_begin));
}

void run_to_exit(const Machine& machine) {
  guest::call(machine.cpu, KVM_RUN, "KVM_RUN", 0);
}

// Every write leaves the guest, with the number that it counts.
void run_writes(const Machine& machine) {
  go_to(machine, guest_begin);
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
      guest::fail("the CPU");
    }
    const Machine machine = machine_with_guest(memory);
    run_writes(machine);
    go_to(machine, guest_loop);
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
  void* memory = guest::make_memory(kMemoryBytes);
  if (argc == 3 && std::string_view(argv[1]) == "--stay") {
    stay(memory, std::atoi(argv[2]));
  } else {
    run_writes(machine_with_guest(memory));
  }
  return 0;
}
