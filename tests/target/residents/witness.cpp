// SPDX-License-Identifier: BSD-2-Clause
// A kernel that says on QEMU's PL011 how it was entered, compares HYP/EL2 with docs/boot-law.md,
// and ends QEMU: status 0, or 1 when something breaks the law.
#include "hyp-check/core/law.hpp"
#include "tests/target/relay/arch.hpp"
#include "tests/target/residents/layout.h"
#include "tests/target/residents/say.hpp"

namespace hyprelay::target {
namespace {

bool expect(const char* what, std::uint64_t found, std::uint64_t wanted) {
  if (found == wanted) {
    return true;
  }
  say("witness: ");
  say(what);
  say(": found ");
  say_number(found);
  say(", wanted ");
  say_number(wanted);
  say("\n");
  return false;
}

// As hyp-check would have kept it; nothing has changed a control register since.
hyp_check::Entry entry_of(Word r0, Word r1, Word r2, Word r3, bool top) {
  return {{r0, r1, r2, r3}, read_psr(), top ? read_sctlr() : read_low_sctlr(), 0, 0};
}

}  // namespace

// x3: on arm64 only, where the protocol names it.
extern "C" [[noreturn]] void hr_witness_main(Word r0, Word r1, Word r2, Word mode
#ifdef __aarch64__
                                             ,
                                             Word x3
#endif
) {
  const bool top = mode == kTopPsrMode;
#ifdef __arm__
  constexpr Word x3 = 0;
#endif
  bool lawful = true;
  hyp_check::read_law(entry_of(r0, r1, r2, x3, top), [&lawful](const hyp_check::Rule& rule) {
    lawful &= expect(rule.name, rule.found & rule.mask, rule.wanted);
  });
#ifdef __arm__
  // The first word of what a takeover writes there for a moment.
  const auto slot = *reinterpret_cast<volatile std::uint32_t*>(HR_RESIDENT_VECTORS + 0x14);
  lawful &= expect("the resident's memory is as it was", slot == 0xe3a0e002, false);
#endif
  say("witness: entered in ");
  say(top ? kTopName : kLowName);
  say(lawful ? ", the boot law holds\n" : ", the boot law does not hold\n");
  end(lawful ? 0 : 1);
}

}  // namespace hyprelay::target
