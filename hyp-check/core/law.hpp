// SPDX-License-Identifier: BSD-2-Clause
// The lines of docs/boot-law.md that can be read in the mode that was entered. Also for the
// witnesses of the target and boot tests. Environment: HYP/EL2 or SVC/EL1; reads registers only.
#pragma once

#include "hyp-check/core/arch.hpp"

#include <cstdint>

namespace hyprelay::hyp_check {

// As the column of that name in the law: what a boot protocol demands, what kernels rely on without
// being promised it, what a reset would have left.
enum class Kind : std::uint8_t { kProtocol, kAssumed, kReset };

struct Rule {
  Kind kind;
  const char* name;
  std::uint64_t found;
  std::uint64_t mask;
  std::uint64_t wanted;

  constexpr bool holds() const { return (found & mask) == wanted; }
};

using TakeRule = void (*)(void* context, const Rule& rule);

// The rules one by one, in the order of the law. The registers of the entry that has no boot
// protocol (an ELF) are left out.
void read_law(const Entry& entry, void* context, TakeRule take);

// The same for a lambda.
template <class Take>
void read_law(const Entry& entry, Take take) {
  read_law(entry, &take, [](void* self, const Rule& rule) { (*static_cast<Take*>(self))(rule); });
}

// True when x2 or x0 points to a flattened tree. Reads a word there if it is aligned and not 0.
bool has_tree(Word address);

// Implementations, in the twins: what can be read at HYP/EL2, and below.
void read_law_registers(const Entry& entry, void* context, TakeRule take);
void read_law_top(const Entry& entry, void* context, TakeRule take);
void read_law_low(const Entry& entry, void* context, TakeRule take);

}  // namespace hyprelay::hyp_check
