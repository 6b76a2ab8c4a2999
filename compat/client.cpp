// SPDX-License-Identifier: BSD-2-Clause
#include "compat/client.hpp"

namespace hyprelay::compat {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

// How the answer to an op shows that it was done: the column "shown by" of abi/dialect_op.def.
enum class Shown : std::uint8_t { kNEVER, kVECTORS, kZERO, kKEPT, kKNOWN, kALWAYS };

constexpr auto kGET_VECTORS = Op::kGetVectors;
constexpr auto kSET_VECTORS = Op::kSetVectors;
constexpr auto kSOFT_RESTART = Op::kSoftRestart;
constexpr auto kRESET_VECTORS = Op::kResetVectors;
constexpr auto kCALL = Op::kCall;

// The architectures that have the dialect, put in when this is compiled.
constexpr CallerArch arch_of(Dialect dialect) {
  return find_dialect(static_cast<std::uint32_t>(dialect))->arch;
}

// Narrow: the relay carries this table.
struct Spoken {
  std::uint16_t immediate;
  std::uint8_t dialect;
  std::int8_t number;
  std::int8_t where;
  CallerArch arch;
  Op op;
  Shown shown;
};

constexpr Spoken kSpoken[] = {
#define HR_DIALECT_OP(dialect, op, immediate, number, where, shown)              \
  {immediate, HR_DIALECT_##dialect, number, where, arch_of(Dialect::k##dialect), \
   k##op,     Shown::k##shown},
#include "abi/dialect_op.def"
#undef HR_DIALECT_OP
};

// Where a function finds what: registers of its caller, -1 for none, and bits of its address that
// must be 0.
struct Function {
  Dialect dialect;
  CallerArch arch;
  std::int8_t registers[3];
  std::uint8_t zero_bits;
};

constexpr Function kRestarted[] = {
#define HR_DIALECT_RESTART(dialect, arch, r0, r1, r2, zero_bits) \
  {Dialect::k##dialect, CallerArch::k##arch, {r0, r1, r2}, zero_bits},
#include "abi/dialect_restart.def"
#undef HR_DIALECT_RESTART
};
constexpr Function kCalled = {Dialect::kUNKNOWN, CallerArch::kBOTH, {1, 2, 3}, 0};
constexpr Function kNoFunction = {Dialect::kUNKNOWN, CallerArch::kBOTH, {-1, -1, -1}, 0};

bool is_of(CallerArch one, CallerArch arch) {
  return (static_cast<unsigned>(one) & static_cast<unsigned>(arch)) != 0;
}

const Spoken* find(Dialect dialect, CallerArch arch, Op op) {
  for (const Spoken& spoken : kSpoken) {
    if (spoken.dialect == static_cast<std::uint32_t>(dialect) && spoken.op == op &&
        is_of(spoken.arch, arch)) {
      return &spoken;
    }
  }
  return nullptr;
}

const Function& function_of(Dialect dialect, CallerArch arch, Op op) {
  for (const Function& function : kRestarted) {
    if (op == Op::kSoftRestart && function.dialect == dialect && function.arch == arch) {
      return function;
    }
  }
  return op == Op::kCall ? kCalled : kNoFunction;
}

// A row of abi/dialect.def, without its table: that would be reached through a global offset table.
bool is_dialect(Dialect dialect) {
  switch (dialect) {
#define HR_DIALECT(name, ...) case Dialect::k##name:
#include "abi/dialect.def"
#undef HR_DIALECT
    return dialect != Dialect::kUNKNOWN;
  }
  return false;
}

std::uint64_t width_mask(CallerArch arch) {
  return arch == CallerArch::kARM ? 0xffffffff : ~std::uint64_t{0};
}

Error refusal(Code code, std::uint64_t at) {
  return Error(code, Stage::kRelay).with_at(at);
}

// On arm bit 0 chooses Thumb, and bit 1 alone is neither instruction set's: UNPREDICTABLE, whoever
// branches there.
bool is_no_function(CallerArch arch, Op op, std::uint64_t address) {
  return arch == CallerArch::kARM && (op == Op::kSoftRestart || op == Op::kCall) &&
         (address & 3) == 2;
}

bool is_misaligned(CallerArch arch, Op op, const Function& function, std::uint64_t address) {
  return is_no_function(arch, op, address) || (address & ~width_mask(arch)) != 0 ||
         (address & function.zero_bits) != 0 ||
         (op == Op::kSetVectors && !are_vectors(address, arch));
}

}  // namespace

bool can(Dialect dialect, CallerArch arch, Op op) {
  return find(dialect, arch, op) != nullptr;
}

Result<Request> request_for(Dialect dialect, CallerArch arch, Op op, const OpArguments& arguments) {
  const Spoken* const spoken = find(dialect, arch, op);
  if (spoken == nullptr) {
    return Error(is_dialect(dialect) ? Code::RESIDENT_CANNOT : Code::RESIDENT_UNKNOWN,
                 Stage::kRelay);
  }
  const Function& function = function_of(dialect, arch, op);
  if (is_misaligned(arch, op, function, arguments.address)) {
    return refusal(Code::RESIDENT_MISALIGNED, arguments.address);
  }
  Request request;
  request.immediate = spoken->immediate;
  request.registers[0] = static_cast<std::uint64_t>(spoken->number) & width_mask(arch);
  if (spoken->where >= 0) {
    request.registers[static_cast<std::uint8_t>(spoken->where)] = arguments.address;
  }
  for (std::size_t i = 0; i < arguments.registers.size(); ++i) {
    if (function.registers[i] >= 0) {
      request.registers[static_cast<std::uint8_t>(function.registers[i])] =
          arguments.registers[i] & width_mask(arch);
    } else if (arguments.registers[i] != 0) {
      return refusal(Code::RESIDENT_ARGUMENT, i);
    }
  }
  return request;
}

Result<std::uint64_t> read_answer(Dialect dialect, CallerArch arch, Op op, const Request& sent,
                                  const Request& came_back) {
  const std::uint64_t r0 = came_back.registers[0] & width_mask(arch);
  const Spoken* const spoken = find(dialect, arch, op);
  switch (spoken == nullptr ? Shown::kNEVER : spoken->shown) {
    case Shown::kNEVER:
      break;
    case Shown::kVECTORS:
      if (are_vectors(r0, arch)) {
        return r0;
      }
      break;
    case Shown::kZERO:
      if (r0 == 0) {
        return std::uint64_t{0};
      }
      break;
    case Shown::kKEPT:
      if (r0 == sent.registers[0]) {
        return std::uint64_t{0};
      }
      break;
    case Shown::kKNOWN:
      if (r0 != HR_LINUX_4_7_ERROR) {
        return std::uint64_t{0};
      }
      break;
    case Shown::kALWAYS:
      return r0;
  }
  return refusal(Code::RESIDENT_REFUSED, r0);
}

}  // namespace hyprelay::compat
