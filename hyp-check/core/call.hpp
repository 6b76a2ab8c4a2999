// SPDX-License-Identifier: BSD-2-Clause
// One call to the resident with every register watched.
#pragma once

#include "bare/console.hpp"
#include "compat/client.hpp"
#include "compat/collision.hpp"
#include "hyp-check/core/arch.hpp"

namespace hyprelay::hyp_check {

// A set of places in Registers.
using RegisterSet = std::uint64_t;
static_assert(HR_CHECK_REGISTERS <= 64);
constexpr RegisterSet one_register(unsigned place) {
  return RegisterSet{1} << place;
}

struct Exchange {
  // HR_CHECK_DONE and the others of layout.h.
  std::uint32_t outcome = HR_CHECK_UNSUPPORTED;
  // What came back in r0 to r3.
  Word r[4] = {};
  // Those that differ from what was sent.
  RegisterSet changed = 0;

  bool undefined() const { return outcome == HR_CHECK_UNDEFINED; }
  compat::Answer answer() const {
    return {r[0], undefined(), static_cast<std::uint32_t>(r[1]), static_cast<std::uint32_t>(r[2]),
            static_cast<std::uint32_t>(r[3])};
  }
};

// Must be called below HYP/EL2. Registers that the request does not name hold patterns.
Exchange make_call(compat::Call call);
Exchange make_call(const compat::Request& request);

// What code that speaks this dialect is known to change besides r0 (abi/dialect.def).
RegisterSet registers_changed(compat::Dialect dialect);

// "hvc #0, r0 = -1"; the text of a row of call.def.
void print_call(bare::Voice& voice, compat::Call call);
// "r0, r3, lr_usr".
void print_registers(bare::Voice& voice, RegisterSet registers);
// "0x40012000", or "an Undefined Instruction exception".
void print_answer(bare::Voice& voice, const Exchange& exchange);
// The same for a call, which may have asked for a UID: its four words, and whose it is.
void print_answer(bare::Voice& voice, compat::Call call, const Exchange& exchange);
// A row of abi/uid.def by its text; "nobody", or that it is not known.
std::string_view text_of(hr_uid uid);

}  // namespace hyprelay::hyp_check
