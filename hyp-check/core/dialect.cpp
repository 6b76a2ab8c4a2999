// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/call.hpp"
#include "hyp-check/core/resident.hpp"

namespace hyprelay::hyp_check {
namespace {

using bare::Hex;
using compat::Call;
using compat::Dialect;
using compat::Evidence;
using compat::Op;

// r0 carries the answer; QUERY and UIDs answer in r0 to r3.
constexpr RegisterSet kAnswer = 1;
constexpr RegisterSet kFourAnswers = 0xf;

bool answers_in_four(Call call) {
  return call == Call::kQUERY || call == Call::kQUERY_ZERO || compat::asks_for_uid(call);
}

class Dialogue {
 public:
  Dialogue(Report& report, const Evidence& evidence, Dialect dialect)
      : report_(report), evidence_(evidence), dialect_(dialect) {}

  // False at the first answer that is not this dialect's: nothing may be asked after it.
  bool matrix();
  void ops();

 private:
  bool ask(Call call);
  void preserves(const Exchange& exchange, RegisterSet answer);
  // An op that must do what read_answer knows of; the value goes to `value`.
  bool op(Op op, std::string_view name, std::uint64_t address, std::uint64_t& value);

  void restart();
  void landed();

  Report& report_;
  const Evidence& evidence_;
  Dialect dialect_;
};

void Dialogue::preserves(const Exchange& exchange, RegisterSet answer) {
  if (exchange.undefined()) {
    return;
  }
  const RegisterSet lost = exchange.changed & ~(answer | registers_changed(dialect_));
  bare::Voice& line = report_.test(lost == 0) << "it changed ";
  print_registers(line, exchange.changed);
  if (lost != 0) {
    print_registers(line << ", and should have preserved ", lost);
  }
  report_.end();
}

bool Dialogue::ask(Call call) {
  const Exchange exchange = make_call(call);
  const bool fits = exchange.outcome != HR_CHECK_UNSUPPORTED &&
                    compat::accepts(compat::cell_of(dialect_, call), call, kArch,
                                    evidence_.addresses, exchange.answer());
  bare::Voice& line = report_.test(fits);
  print_call(line, call);
  line << ": ";
  print_answer(line, call, exchange);
  line << (fits ? ", as " : ", not as ") << text_of(dialect_) << " does";
  report_.end();
  if (fits) {
    preserves(exchange, answers_in_four(call) ? kFourAnswers : kAnswer);
  }
  return fits;
}

// How many residents of this architecture a call leaves in peace; those that kernels of today bring
// count before all others.
unsigned peace(Call call) {
  constexpr compat::Release kCurrent = 99999;
  unsigned count = 0;
  for (std::size_t i = 0; i < compat::kDialectCount; ++i) {
    const bool here =
        (static_cast<unsigned>(compat::kDialects[i].arch) & static_cast<unsigned>(kArch)) != 0;
    const unsigned weight =
        compat::kDialects[i].until == kCurrent ? unsigned{compat::kDialectCount} : 1;
    count += here && compat::is_harmless(compat::cell_at(i, call), true) ? weight : 0;
  }
  return count;
}

// The most peaceful calls first: if somebody else is resident than was said, one of these tells.
bool Dialogue::matrix() {
  std::uint32_t asked = 0;
  for (std::size_t round = 0; round < compat::kCallCount; ++round) {
    std::optional<Call> next;
    for (const compat::CallRow& row : compat::kCalls) {
      const bool waits = (asked >> static_cast<unsigned>(row.call) & 1) == 0;
      if (waits && compat::is_harmless(compat::cell_of(dialect_, row.call), true) &&
          (!next || peace(row.call) > peace(*next))) {
        next = row.call;
      }
    }
    if (!next) {
      break;
    }
    asked |= std::uint32_t{1} << static_cast<unsigned>(*next);
    if (!ask(*next)) {
      report_.note() << "stopped: somebody else is resident";
      report_.end();
      return false;
    }
  }
  return true;
}

bool Dialogue::op(Op op, std::string_view name, std::uint64_t address, std::uint64_t& value) {
  const auto request = compat::request_for(dialect_, kArch, op, {address, {}});
  if (!request) {
    return false;
  }
  const Exchange exchange = make_call(request.value());
  compat::Request came_back;
  came_back.registers[0] = exchange.r[0];
  const auto answer = compat::read_answer(dialect_, kArch, op, request.value(), came_back);
  const bool done = exchange.outcome == HR_CHECK_DONE && answer;
  print_answer(report_.test(done) << name << ": ", exchange);
  report_.end();
  preserves(exchange, kAnswer);
  value = done ? answer.value() : 0;
  return done;
}

// What a function of the caller finds at HYP/EL2. Only of residents that do not change by it: the
// stub stays in the vectors, and the way back down is the one that the CPU took up.
void Dialogue::restart() {
  const auto function = reinterpret_cast<Word>(hr_check_land);
  const auto request = compat::request_for(dialect_, kArch, Op::kSoftRestart, {function, {}});
  if (!request) {
    return;
  }
  const Exchange exchange = make_call(request.value());
  const bool arrived = exchange.outcome == HR_CHECK_LANDED;
  bare::Voice& line = report_.test(arrived) << "SOFT_RESTART: ";
  if (arrived) {
    line << "runs the function at " << kTopName;
  } else {
    print_answer(line, exchange);
  }
  report_.end();
  if (arrived) {
    landed();
  }
}

void Dialogue::landed() {
  const Word* found = hr_check_landing.word;
  const Word psr = found[HR_CHECK_LANDING_PSR];
  const Word control = found[HR_CHECK_LANDING_CONTROL];
  report_.test((control & 5) == 0)
      << "MMU and data cache are off there, control register " << Hex{control};
  report_.end();
  constexpr Word kMasks = kArch == compat::CallerArch::kARM ? 0x1c0 : 0x3c0;
  report_.test((psr & kMasks) == kMasks) << "exceptions are masked there";
  report_.end();
  report_.note() << "found there: r0 = " << Hex{found[0]} << ", r1 = " << Hex{found[1]}
                 << ", r2 = " << Hex{found[2]} << ", r3 = " << Hex{found[3]} << "; vectors "
                 << Hex{found[HR_CHECK_LANDING_VECTORS]};
  report_.end();
  ask(Call::kMINUS_ONE);
}

// Only residents that nothing of this takes away: a stub stays where its vectors are set to be.
void Dialogue::ops() {
  std::uint64_t vectors = 0;
  std::uint64_t ignored = 0;
  const bool known = compat::can(dialect_, kArch, Op::kGetVectors) &&
                     op(Op::kGetVectors, "GET_VECTORS", 0, vectors);
  if (known && op(Op::kSetVectors, "SET_VECTORS to the same", vectors, ignored)) {
    std::uint64_t after = 0;
    if (op(Op::kGetVectors, "GET_VECTORS once more", 0, after)) {
      report_.test(after == vectors) << "the vectors are what they were";
      report_.end();
    }
  }
  if (compat::can(dialect_, kArch, Op::kResetVectors)) {
    op(Op::kResetVectors, "RESET_VECTORS", 0, ignored);
  }
  if (compat::can(dialect_, kArch, Op::kSoftRestart)) {
    restart();
  }
}

}  // namespace

bool report_dialect(Report& report, const Evidence& evidence, Dialect dialect) {
  const compat::DialectRow* row = compat::find_dialect(static_cast<std::uint32_t>(dialect));
  Dialogue dialogue(report, evidence, dialect);
  const bool agrees = dialogue.matrix();
  const bool stub = row != nullptr && (row->family == compat::Family::kSTUB ||
                                       row->family == compat::Family::kCOMMON);
  if (agrees && stub) {
    dialogue.ops();
  }
  return agrees;
}

}  // namespace hyprelay::hyp_check
