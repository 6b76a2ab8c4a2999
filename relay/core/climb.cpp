// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/climb.hpp"

#include "compat/client.hpp"
#include "compat/way.hpp"
#include "relay/core/arch.hpp"
#include "relay/core/takeover.hpp"

namespace hyprelay::relay {
namespace {

using compat::Approach;
using compat::CallerArch;
using compat::Cell;
using compat::Dialect;
using compat::Known;
using compat::Op;
using compat::Question;
using compat::Request;
using compat::Way;

constexpr CallerArch kArch = HR_CLIMB_FOR_ARM ? CallerArch::kARM : CallerArch::kARM64;
constexpr hr_word kMinusOne = HR_CLIMB_FOR_ARM ? hr_word{0xffffffff} : ~hr_word{0};

// What is looked at of a resident: its vectors, and the slot's code that the relay may replace.
constexpr std::uint64_t kResidentBytes = HR_CLIMB_FOR_ARM ? 128 : HR_VECTORS_ALIGNMENT_ARM64;
// A kernel's text is smaller: its stub and its KVM are no further apart.
constexpr std::uint64_t kKernelText = 0x2000000;

struct Answer {
  hr_word outcome;
  hr_word r0;

  bool came() const { return outcome == HR_ISSUE_DONE; }
};

Answer call(const Request& request) {
  hr_registers registers;
  for (std::size_t i = 0; i < HR_REGISTERS; ++i) {
    registers.r[i] = static_cast<hr_word>(request.registers[i]);
  }
  const hr_word outcome = hr_climb_call(&registers, request.immediate);
  return {outcome, registers.r[0]};
}

// On hvc #0, of whoever is there.
Answer ask(hr_word r0, hr_word r1 = 0) {
  Request request;
  request.registers[0] = r0;
  request.registers[1] = r1;
  return call(request);
}

hr_word address_of(const char* place) {
  return reinterpret_cast<hr_word>(place) & kMinusOne;
}

hr_word own_vectors() {
  return address_of(hr_climb_vectors);
}

// The call that should have ended at HYP/EL2: how it really did.
ClimbOutcome arrived(const Answer& answer, std::uint32_t way) {
  switch (answer.outcome) {
    case HR_ISSUE_LANDED:
      return {way, true, 0};
    case HR_ISSUE_UNDEFINED:
      return ClimbOutcome::stopped(HR_CLIMB_UNDEFINED);
    default:
      return ClimbOutcome::stopped(HR_CLIMB_REFUSED, answer.r0);
  }
}

ClimbOutcome disagreed(const Answer& answer) {
  return answer.outcome == HR_ISSUE_UNDEFINED
             ? ClimbOutcome::stopped(HR_CLIMB_UNDEFINED)
             : ClimbOutcome::stopped(HR_CLIMB_DISAGREED, answer.r0);
}

// Code of the resident that a loaded segment lies over is not the resident's any more.
bool overwritten(const hr_baton& baton) {
  const std::uint64_t start = baton.resident_vectors;
  for (std::uint32_t i = 0; start != 0 && i < baton.segment_count; ++i) {
    const hr_baton_segment& segment = baton.segments[i];
    if (start < segment.start + segment.size && segment.start < start + kResidentBytes) {
      return true;
    }
  }
  return false;
}

bool is_known(Known known, const hr_baton& baton) {
  return known == Known::kNOTHING ||
         (baton.resident_vectors != 0 && (known == Known::kSTUB || baton.resident_virtual != 0));
}

// An answer to GET must be the address that the loader knows of. Nothing less will do: a captive
// KVM answers as well, with an address of its own translation, and would take the next call for a
// function.
bool is_right(Cell cell, const Answer& answer, const hr_baton& baton) {
  if (!answer.came()) {
    return false;
  }
  switch (cell) {
    case Cell::kPA:
      return answer.r0 == baton.resident_vectors && compat::are_vectors(answer.r0, kArch);
    case Cell::kVA:
      return answer.r0 == baton.resident_virtual && compat::are_vectors(answer.r0, kArch);
    case Cell::kBAD:
      return answer.r0 == HR_LINUX_STUB_ERROR;
    case Cell::kTWO:
      return answer.r0 == HR_LINUX_4_7_ERROR;
    case Cell::kNEG:
      return answer.r0 == kMinusOne;
    default:
      return false;
  }
}

// Own vectors are in place: whatever r0 is, the next HVC lands.
ClimbOutcome call_own_vectors() {
  return arrived(ask(kMinusOne), HR_CLIMB_VECTORS);
}

// An op of the dialect, by compat's client. done: the answer is what the dialect shows it by.
Answer make(Dialect dialect, Op op, hr_word address, bool& done) {
  const auto request = compat::request_for(dialect, kArch, op, {address, {}});
  if (!request) {
    return {HR_ISSUE_UNSUPPORTED, 0};
  }
  Request came_back;
  const Answer answer = call(request.value());
  came_back.registers[0] = answer.r0;
  done = answer.came() &&
         compat::read_answer(dialect, kArch, op, request.value(), came_back).has_value();
  return answer;
}

ClimbOutcome set_and_call(Dialect dialect) {
  bool done = false;
  const Answer set = make(dialect, Op::kSetVectors, own_vectors(), done);
  return done ? call_own_vectors() : disagreed(set);
}

ClimbOutcome restart(Dialect dialect) {
  if (dialect == Dialect::kCOMMON) {
    const Answer query = ask(HR_OP_QUERY);
    if (!query.came() || query.r0 != HR_QUERY_MAGIC) {
      return disagreed(query);
    }
  }
  bool ignored = false;
  return arrived(make(dialect, Op::kSoftRestart, address_of(hr_climb_landing), ignored),
                 HR_CLIMB_RESTART);
}

ClimbOutcome go(Approach approach, Dialect dialect, const hr_baton& baton) {
  switch (approach) {
    case Approach::kVECTORS:
      return set_and_call(dialect);
    case Approach::kRESTART:
      return restart(dialect);
    case Approach::kTAKEOVER:
      return take_over(baton);
  }
  return ClimbOutcome::stopped(HR_CLIMB_NO_WAY);
}

// x0 = 0 was answered with the address that the loader knows. The second question is our own
// vectors in x0: the stub of 3.8 sets them, all others do not know that op.
ClimbOutcome go_after_get(const Way& way, const hr_baton& baton) {
  const Answer second = ask(own_vectors());
  if (second.came() && second.r0 == own_vectors()) {
    return call_own_vectors();
  }
  return is_right(way.unknown_op, second, baton) ? go(way.approach, way.dialect, baton)
                                                 : disagreed(second);
}

// x0 = 0 with our own vectors in x1, the one question that every Linux resident of arm64 but KVM of
// 3.11 to 3.13 survives, and the common ABI too. Residents up to 4.11 and the common ABI take it
// for GET, stubs from 4.12 on for SET, and KVM from then on refuses it.
ClimbOutcome climb_by_zero(const Way& way, const hr_baton& baton) {
  const Answer first = ask(0, own_vectors());
  if (first.came() && first.r0 == 0) {
    // Own vectors are in place now, whatever the loader believed; there is no way back, but up.
    return call_own_vectors();
  }
  if (way.known != Known::kNOTHING) {
    return is_right(way.answer, first, baton) ? go_after_get(way, baton) : disagreed(first);
  }
  return is_right(Cell::kBAD, first, baton) ? restart(way.dialect) : disagreed(first);
}

// The stub of the kernel whose KVM the loader knows, by its address: not far from KVM's vectors.
// Without those it could be some other KVM's virtual one.
bool is_stub_nearby(const Answer& answer, const hr_baton& baton) {
  return answer.came() && compat::are_vectors(answer.r0, kArch) &&
         answer.r0 + kKernelText > baton.resident_vectors &&
         answer.r0 < baton.resident_vectors + kKernelText;
}

// r0 = -1 gets the vectors from a stub or KVM of 3.14 to 4.11, and stubs from 4.12 on answer it
// with their error. Only KVM of 3.9 to 3.13, and of 4.12 to 5.6 would jump to it.
ClimbOutcome climb_by_minus_one(const Way& way, const hr_baton& baton) {
  const Answer first = ask(kMinusOne);
  if (is_right(way.answer, first, baton)) {
    return go(way.approach, way.dialect, baton);
  }
  return way.also != Dialect::kUNKNOWN && is_stub_nearby(first, baton) ? set_and_call(way.also)
                                                                       : disagreed(first);
}

ClimbOutcome climb_by(const Way& way, const hr_baton& baton) {
  if (!is_known(way.known, baton)) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_EVIDENCE);
  }
  switch (way.question) {
    case Question::kZERO:
      return climb_by_zero(way, baton);
    case Question::kMINUS_ONE:
      return climb_by_minus_one(way, baton);
    case Question::kNOTHING:
      break;
  }
  return go(way.approach, way.dialect, baton);
}

}  // namespace

ClimbOutcome climb(const hr_baton& baton) {
  const auto resident = static_cast<Dialect>(baton.resident);
  if (resident == Dialect::kUNKNOWN || resident == Dialect::kNONE) {
    return ClimbOutcome::stopped(HR_CLIMB_NOT_TRIED);
  }
  if (overwritten(baton)) {
    return ClimbOutcome::stopped(HR_CLIMB_OVERWRITTEN, baton.resident_vectors);
  }
  const Way* const way = compat::find_way(resident, kArch);
  return way == nullptr ? ClimbOutcome::stopped(HR_CLIMB_NO_WAY) : climb_by(*way, baton);
}

const char* climb_text(std::uint32_t climb) {
  switch (climb) {
#define HR_CLIMB(name, value, text) \
  case HR_CLIMB_##name:             \
    return text;
#include "abi/climb.def"
#undef HR_CLIMB
  }
  return "unknown";
}

const char* dialect_text(std::uint32_t dialect) {
  switch (dialect) {
#define HR_DIALECT(name, value, text, ...) \
  case HR_DIALECT_##name:                  \
    return text;
#include "abi/dialect.def"
#undef HR_DIALECT
  }
  return "unknown";
}

}  // namespace hyprelay::relay
