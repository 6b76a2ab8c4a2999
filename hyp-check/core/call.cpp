// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/call.hpp"

namespace hyprelay::hyp_check {
namespace {

using compat::Dialect;
using compat::Family;

// Both hold what they name, whatever it means; flags, masks and a mode for a saved PSR.
#ifdef __arm__
constexpr Word kFlags = 0xa8000000;
constexpr Word kSpsr = 0xa80001d3;
constexpr unsigned kNumbered = 13;
constexpr RegisterSet kCallerSaved = 0x100f;  // r0 to r3, r12
constexpr RegisterSet kSmcccLost = 0xf;
constexpr RegisterSet kXenLost = 0x101f;  // the arguments, and the number
#else
constexpr Word kFlags = 0xa0000000;
constexpr Word kSpsr = 0xa00003c5;
constexpr unsigned kNumbered = 31;
constexpr RegisterSet kCallerSaved = 0x7ffff;  // x0 to x18
constexpr RegisterSet kSmcccLost = 0x3ffff;    // x0 to x17
constexpr RegisterSet kXenLost = kSmcccLost;
constexpr RegisterSet kSecond = one_register(1);
constexpr RegisterSet kLink = one_register(30);
#endif

// Nothing that a resident could take for one of its ops, a function identifier or an address.
constexpr Word pattern(unsigned place) {
  return (static_cast<Word>(~Word{0}) / 255) * (0x60 + place) | 1;
}

Exchange exchange(Registers registers[2], std::uint32_t immediate) {
  registers[0].word[HR_CHECK_R_SPSR] = kSpsr;
  registers[0].word[HR_CHECK_R_FLAGS] = kFlags;
  Exchange result;
  result.outcome = hr_check_call(registers, immediate);
  if (result.outcome != HR_CHECK_DONE) {
    return result;
  }
  for (unsigned place = 0; place < HR_CHECK_REGISTERS; ++place) {
    result.changed |=
        registers[0].word[place] != registers[1].word[place] ? one_register(place) : 0;
  }
  for (unsigned i = 0; i < 4; ++i) {
    result.r[i] = registers[1].word[i];
  }
  return result;
}

void fill(Registers& registers) {
  for (unsigned place = 0; place < HR_CHECK_REGISTERS; ++place) {
    registers.word[place] = pattern(place);
  }
}

void print_name(bare::Voice& voice, unsigned place) {
  if (place < kNumbered) {
    voice << (kNumbered == 13 ? "r" : "x") << std::uint64_t{place};
    return;
  }
  // A switch: a table of strings would need relocation.
  switch (place - kNumbered) {
#ifdef __arm__
    case 0:
      voice << "lr";
      break;
    case 1:
      voice << "lr_usr";
      break;
    case 2:
      voice << "spsr";
      break;
#else
    case 0:
      voice << "sp_el0";
      break;
    case 1:
      voice << "elr_el1";
      break;
    case 2:
      voice << "spsr_el1";
      break;
#endif
    default:
      voice << "flags";
      break;
  }
}

}  // namespace

Exchange make_call(compat::Call call) {
  const compat::CallRow& row = compat::row_of(call);
  Registers registers[2];
  fill(registers[0]);
  registers[0].word[0] = static_cast<Word>(row.r0);
  // compat/probe.hpp counts on nothing there; some who should not be asked would take it as
  // vectors.
  registers[0].word[1] = row.r0 == 0 ? reinterpret_cast<Word>(hr_check_spare_vectors) : 0;
  registers[0].word[2] = 0;
  registers[0].word[3] = 0;
  registers[0].word[kNumberRegister] = row.r12;
  return exchange(registers, row.immediate);
}

Exchange make_call(const compat::Request& request) {
  Registers registers[2];
  fill(registers[0]);
  for (unsigned i = 0; i < 4; ++i) {
    registers[0].word[i] = static_cast<Word>(request.registers[i]);
  }
  return exchange(registers, request.immediate);
}

RegisterSet registers_lost(Dialect dialect) {
  const compat::DialectRow* row = compat::find_dialect(static_cast<std::uint32_t>(dialect));
  switch (row == nullptr ? Family::kNOBODY : row->family) {
    case Family::kCOMMON:
      return 0;
    case Family::kSTUB:
#ifdef __aarch64__
      // The syndrome goes through a register until 4.11 [linux/arch/arm64/kernel/hyp-stub.S].
      return dialect == Dialect::kARM64_STUB_3_8                                          ? kSecond
             : dialect == Dialect::kARM64_STUB_4_7 || dialect == Dialect::kARM64_STUB_4_8 ? kLink
                                                                                          : 0;
#else
      return 0;
#endif
    case Family::kGUEST:
      return (dialect == Dialect::kXEN_4_9 || dialect == Dialect::kXEN_4_10 ? kXenLost
                                                                            : kSmcccLost) |
             one_register(HR_CHECK_R_FLAGS);
    default:
      return kCallerSaved;
  }
}

void print_call(bare::Voice& voice, compat::Call call) {
#define HR_CALL(name, index, immediate, r0, r12, text) \
  if (call == compat::Call::k##name) {                 \
    voice << text;                                     \
  }
#include "abi/call.def"
#undef HR_CALL
}

void print_registers(bare::Voice& voice, RegisterSet registers) {
  bool first = true;
  for (unsigned place = 0; place < HR_CHECK_REGISTERS; ++place) {
    if ((registers & one_register(place)) != 0) {
      voice << (first ? "" : ", ");
      print_name(voice, place);
      first = false;
    }
  }
  if (first) {
    voice << "nothing";
  }
}

void print_answer(bare::Voice& voice, const Exchange& exchange) {
  if (exchange.undefined()) {
    voice << "an Undefined Instruction exception";
  } else {
    voice << bare::Hex{exchange.r[0]};
  }
}

}  // namespace hyprelay::hyp_check
