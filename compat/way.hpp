// SPDX-License-Identifier: BSD-2-Clause
// The rows of abi/way.def: through whom there is a way up from SVC/EL1 to HYP/EL2, by which calls,
// and what must be known before the first of them. docs/climb.md says why each is safe.
// Environment: everywhere, also freestanding.
#pragma once

#include "compat/collision.hpp"

#include <cstdint>
#include <span>

namespace hyprelay::compat {

// How it ends.
enum class Approach : std::uint8_t {
  kVECTORS,   // own vectors are set, and called
  kRESTART,   // the resident restarts a function
  kTAKEOVER,  // the vectors of a KVM that gives nothing back are written over
};

// The call that is made first.
enum class Question : std::uint8_t { kNOTHING, kMINUS_ONE, kZERO };

// The address that the answer to GET is compared with.
enum class Known : std::uint8_t { kNOTHING, kSTUB, kKVM };

enum class ChosenBy : std::uint8_t { kEVIDENCE, kNAMED };

struct Way {
  Dialect dialect;
  // Whoever of the two is there, the way ends at HYP/EL2. kUNKNOWN: no other.
  Dialect also;
  CallerArch arch;
  Approach approach;
  Question question;
  // What the dialect does on the question, and on an op that it does not know (collision.def).
  Cell answer;
  Cell unknown_op;
  Known known;
  ChosenBy chosen_by;

  // Everybody who may be there when the way is gone.
  constexpr DialectSet serves() const {
    return also == Dialect::kUNKNOWN ? DialectSet::of(dialect) : DialectSet::of(dialect, also);
  }
};

// All of them, in the order of the rows.
std::span<const Way> ways();

// nullptr: no way through this resident is known.
const Way* find_way(Dialect dialect, CallerArch arch);

}  // namespace hyprelay::compat
