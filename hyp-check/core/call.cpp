// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/call.hpp"

namespace hyprelay::hyp_check {
namespace {

using compat::Dialect;

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
  if (place < HR_CHECK_NUMBERED) {
    voice << kNumberedPrefix << std::uint64_t{place};
  } else {
    voice << name_of(place);
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

RegisterSet registers_changed(Dialect dialect) {
  const compat::DialectRow* row = compat::find_dialect(static_cast<std::uint32_t>(dialect));
  const compat::Lost lost =
      compat::lost_by(row == nullptr ? compat::Loss::kC : row->changes, kArch);
  return lost.registers | (lost.flags ? one_register(HR_CHECK_R_FLAGS) : 0);
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

void print_answer(bare::Voice& voice, compat::Call call, const Exchange& exchange) {
  print_answer(voice, exchange);
  // Who knows no such function answers in r0 alone.
  constexpr RegisterSet kOthers = 0xe;
  const hr_uid uid = compat::uid_of(exchange.answer(), kArch);
  if (!compat::asks_for_uid(call) || exchange.undefined() || (exchange.changed & kOthers) == 0) {
    return;
  }
  for (unsigned i = 1; i < 4; ++i) {
    voice << " " << bare::Hex{exchange.r[i]};
  }
  voice << " (" << text_of(uid) << ")";
}

// Comparisons, not a switch: that would become a table of pointers.
std::string_view text_of(hr_uid uid) {
#define HR_UID(name, value, text, ...) \
  if (uid == HR_UID_##name) {          \
    return text;                       \
  }
#include "abi/uid.def"
#undef HR_UID
  return uid == HR_UID_NONE ? "nobody" : "not known here";
}

}  // namespace hyprelay::hyp_check
