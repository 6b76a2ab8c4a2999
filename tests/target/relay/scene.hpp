// SPDX-License-Identifier: BSD-2-Clause
// A handoff in miniature: a relay, a kernel, a tree and a baton in the memory of QEMU's virt
// machine.
#pragma once

#include "abi/hr_abi.h"
#include "digest/digest.hpp"
#include "tests/target/harness/tap.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::target {

// What the place that the relay jumped or called to was entered with.
struct Landing {
  Word r[4];
  Word lr;
  // CPSR; arm64: DAIF | CurrentEL.
  Word psr;
};

constexpr std::uint64_t kRelayAt = 0x44000000;
// Not at 2 MiB, longer than 2 MiB, and of odd size: blocks, pages and a part of a page are mapped.
constexpr std::uint64_t kKernelAt = 0x42003000;
constexpr std::uint64_t kKernelBytes = 0x241235;
constexpr std::uint64_t kTreeAt = 0x46001000;
constexpr std::uint64_t kTreeBytes = 0x2345;
constexpr std::uint64_t kRecordAt = kTreeAt + 0x104;
// Where the kernel is loaded when it travels packed, and what is then at its place.
constexpr std::uint64_t kPackedAt = 0x47003000;
constexpr std::uint8_t kWiped = 0xee;
// A page for registers of a console that the test plays itself.
constexpr std::uint64_t kFakeConsoleAt = 0x46010000;

// Everything is written again by each constructor. Tests change fields and segments, then seal.
class Scene {
 public:
  explicit Scene(std::uint64_t relay_at = kRelayAt,
                 std::uint32_t digest_algorithm = HR_DIGEST_FAST);

  hr_baton& baton() { return baton_; }
  const hr_baton& baton() const { return baton_; }
  // The baton names a PL011 there, with registers of 32 bits.
  void set_pl011(std::uint64_t base);
  // What the kernel does with its first instructions: come back to the test, or return to the
  // relay.
  void set_kernel_returns();

  // The kernel becomes an LZ4 block elsewhere that inflates to its place, which is wiped.
  void pack();

  // Computes the digests of all segments. seal() computes the baton's own and hands it over.
  void digest();
  void seal();

  // Runs the relay at HYP/EL2, or at SVC/EL1 below a resident that serves PSCI on hvc #0.
  Landing run_at_top();
  Landing run_below();
  // Starts it on another CPU, at HYP/EL2, where it will end by halting; waits for `text` in the
  // log.
  bool halts_on_cpu(unsigned index, std::string_view text);

  // What the relay said, from its log in memory.
  std::string_view log() const;
  // A field of the record, by its offset.
  std::uint32_t record32(std::size_t offset) const;
  std::uint64_t record64(std::size_t offset) const;

  std::uint64_t relay_at() const { return relay_at_; }
  std::uint32_t header(std::size_t offset) const;

 private:
  std::uint64_t relay_at_;
  hr_baton baton_{};
};

// CHECKs that the log has this text, and shows the log when it has not.
void check_said(const Scene& scene, std::string_view text);
// That the relay asked the resident for a reset, and started nothing.
void check_reset(const Landing& landing);

std::uint8_t* memory(std::uint64_t address);
// A function there that only returns.
void put_return(std::uint64_t address);
// function(argument) at SVC/EL1, below a resident with these vectors, which has a stack.
void run_below(const unsigned char* vectors, void (*function)(void*), void* argument);

}  // namespace hyprelay::target
