// SPDX-License-Identifier: BSD-2-Clause
// The collision matrix (abi/collision.def): what every resident does on every call of the probe.
// Environment: everywhere, also freestanding.
#pragma once

#include "abi/hr_abi.h"
#include "compat/dialect.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hyprelay::compat {

// The calls of abi/call.def.
enum class Call : std::uint8_t {
#define HR_CALL(name, index, ...) k##name = index,
#include "abi/call.def"
#undef HR_CALL
};

struct CallRow {
  // r0 (x0, sign extended); r12 (x16); r1, r2 and r3 are 0.
  std::int64_t r0;
  std::uint32_t r12;
  std::uint16_t immediate;
  Call call;
};
inline constexpr CallRow kCalls[] = {
#define HR_CALL(name, index, immediate, r0, r12, text) {r0, r12, immediate, Call::k##name},
#include "abi/call.def"
#undef HR_CALL
};
inline constexpr std::size_t kCallCount = sizeof kCalls / sizeof kCalls[0];

constexpr const CallRow& row_of(Call call) {
  return kCalls[static_cast<std::size_t>(call)];
}

// What a resident does on a call; the legend is in abi/collision.def.
enum class Cell : std::uint8_t {
  kX,
  kCHG,
  kUND,
  kPA,
  kVA,
  kBAD,
  kTWO,
  kNEG,
  kZER,
  kKEP,
  kENO,
  kSMC,
  kPSC,
  kSMN,
  kPSN,
  kNUN,
  kUID,
  kUHV,
  kUGU,
  kUXE,
  kINF,
  kGUN,
  kMAG
};

// How the call came back: with r0 to r3, or with an Undefined Instruction exception. The others are
// looked at where a UID was asked for, which is 32 bits of each.
struct Answer {
  std::uint64_t r0 = 0;
  bool undefined = false;
  std::uint32_t r1 = 0;
  std::uint32_t r2 = 0;
  std::uint32_t r3 = 0;
};

// True for the calls that ask for a UID.
constexpr bool asks_for_uid(Call call) {
  return call == Call::kVENDOR_UID || call == Call::kSTANDARD_UID;
}

// Whose UID the answer to such a call is: a row of abi/uid.def, HR_UID_NONE for -1, or
// HR_UID_OTHER.
hr_uid uid_of(const Answer& answer, CallerArch arch);

// What is known about addresses, to tell a physical from a virtual one. 0: not known.
struct AddressFacts {
  std::uint64_t ram_start = 0;
  std::uint64_t ram_end = 0;
  // The lowest virtual address of the 32-bit kernel that installed the resident.
  std::uint64_t page_offset = 0;
};

// What the dialect does on the call. A dialect without a row is as dangerous as can be.
Cell cell_of(Dialect dialect, Call call);
// The same by the index of the dialect's row in kDialects.
Cell cell_at(std::size_t index, Call call);

// True when the call leaves everything as it was. undef_handler: the caller survives an Undefined
// Instruction exception.
constexpr bool is_harmless(Cell cell, bool undef_handler) {
  switch (cell) {
    case Cell::kX:
    case Cell::kCHG:
      return false;
    case Cell::kUND:
    case Cell::kNUN:
      return undef_handler;
    default:
      return true;
  }
}

// True when a resident with this cell can have given this answer.
bool accepts(Cell cell, Call call, CallerArch arch, const AddressFacts& addresses,
             const Answer& answer);

}  // namespace hyprelay::compat
