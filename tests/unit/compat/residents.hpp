// SPDX-License-Identifier: BSD-2-Clause
// Residents as models: what each one does on an HVC, written from the descriptions of their code in
// docs/dialects.md, one rule at a time and without looking at the collision matrix, which is
// checked against them. Destructive where the real one is destructive.
#pragma once

#include "compat/collision.hpp"
#include "compat/dialect.hpp"

#include <array>
#include <cstdint>
#include <set>

namespace hyprelay::compat::testing {

using Registers = std::array<std::uint64_t, 18>;

enum class Outcome : std::uint8_t {
  kReturned,   // to the instruction after the HVC
  kUndefined,  // by an Undefined Instruction exception
  kJumped,     // to resident.jumped_to, at HYP/EL2
  kDestroyed,  // this CPU, or all of it, is lost
};

// What a caller has of the registers.
inline Answer answer_of(const Registers& r, bool undefined) {
  return {r[0], undefined, static_cast<std::uint32_t>(r[1]), static_cast<std::uint32_t>(r[2]),
          static_cast<std::uint32_t>(r[3])};
}

class Resident {
 public:
  // variant: picks one where versions of one dialect differ (0: answers -1, 1: UNDEFINED).
  explicit Resident(Dialect dialect, CallerArch arch, int variant = 0);

  Outcome hvc(std::uint16_t immediate, Registers& r);

  // What the test may look at, and set up.
  std::uint64_t vectors_pa = 0x48000800;
  std::uint64_t vectors_va = 0xc0008800;
  // Addresses of vector tables and of functions that really exist.
  std::set<std::uint64_t> tables;
  std::set<std::uint64_t> functions;
  bool torn_down = false;
  std::uint64_t jumped_to = 0;
  // r0, r1 and r2 as the function that was jumped to finds them.
  std::array<std::uint64_t, 3> jump_registers{};
  std::uint64_t called = 0;
  std::array<std::uint64_t, 3> call_arguments{};

 private:
  Outcome common(std::uint16_t immediate, Registers& r);
  Outcome legacy_stub(Registers& r);
  Outcome linux_stub(Registers& r);
  Outcome rmk(Registers& r);
  Outcome kvm(Registers& r);
  Outcome old_arm64_stub(Registers& r);
  Outcome levand(std::uint16_t immediate, Registers& r);
  Outcome xen(std::uint16_t immediate, Registers& r);
  Outcome server(std::uint16_t immediate, Registers& r);

  Outcome set(std::uint64_t table, Registers& r, bool zero_r0);
  Outcome jump(std::uint64_t target, std::array<std::uint64_t, 3> registers);
  Outcome call(Registers& r);
  Outcome answer(Registers& r, std::uint64_t r0) const;
  Outcome uid(Registers& r, std::array<std::uint32_t, 4> words) const;
  Outcome minus_one(Registers& r) const { return answer(r, ~std::uint64_t{0}); }

  bool arm() const { return arch_ == CallerArch::kARM; }

  Dialect dialect_;
  CallerArch arch_;
  int variant_;
};

}  // namespace hyprelay::compat::testing
