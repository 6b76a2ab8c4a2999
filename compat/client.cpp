// SPDX-License-Identifier: BSD-2-Clause
#include "compat/client.hpp"

namespace hyprelay::compat {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

// How the answer to an op shows that it was done.
enum class Done : std::uint8_t {
  kNever,    // the op does not come back
  kVectors,  // r0 is an aligned address
  kZero,     // r0 is 0
  kKept,     // r0 is what was sent
  kKnown,    // anything but the 2 that stands for an unknown op
  kAlways,   // whatever it is: a function's result
};

// One op of one dialect. The address goes into register `address`; r0 is `op`, unless the address
// is there. Of the three registers that a function shall find, those in `carried` are put into
// consecutive registers from `first` on (the lowest may be one that is not carried).
struct Form {
  bool exists = false;
  std::uint16_t immediate = 0;
  std::uint64_t op = 0;
  std::uint8_t address = 0;
  std::uint8_t carried = 0;
  std::uint8_t first = 0;
  Done done = Done::kNever;
};

constexpr std::uint64_t kMinusOne = ~std::uint64_t{0};
constexpr Form kNone{};

constexpr Form get(std::uint64_t op, std::uint16_t immediate = 0) {
  return {true, immediate, op, HR_REGISTERS, 0, 0, Done::kVectors};
}
// The address is all there is, in r0.
constexpr Form set_by_address(std::uint16_t immediate = 0) {
  return {true, immediate, 0, 0, 0, 0, Done::kKept};
}
constexpr Form set(std::uint64_t op, Done done) {
  return {true, 0, op, 1, 0, 0, done};
}
constexpr Form restart(std::uint64_t op, std::uint8_t address, std::uint8_t carried,
                       std::uint8_t first) {
  return {true, 0, op, address, carried, first, Done::kNever};
}
constexpr Form reset(std::uint64_t op, Done done) {
  return {true, 0, op, HR_REGISTERS, 0, 0, done};
}
constexpr Form call(std::uint16_t immediate = 0) {
  return {true, immediate, 0, 0, 0b111, 1, Done::kAlways};
}

struct Forms {
  Dialect dialect;
  CallerArch arch;
  Form get;
  Form set;
  Form restart;
  Form reset;
  Form call;
};

constexpr auto kARM = CallerArch::kARM;
constexpr auto kARM64 = CallerArch::kARM64;

// Sources: docs/dialects.md. On arm the function of a restart finds the caller's own registers, but
// r0 (and r1 on 4.12 and later), which the dialect uses; on arm64 they move down.
constexpr Forms kForms[] = {
    {Dialect::kCOMMON, kARM, get(HR_OP_GET_VECTORS), set(HR_OP_SET_VECTORS, Done::kKept),
     restart(HR_OP_SOFT_RESTART, 3, 0b110, 0), reset(HR_OP_RESET_VECTORS, Done::kKept), kNone},
    {Dialect::kCOMMON, kARM64, get(HR_OP_GET_VECTORS), set(HR_OP_SET_VECTORS, Done::kKept),
     restart(HR_OP_SOFT_RESTART, 3, 0b011, 1), reset(HR_OP_RESET_VECTORS, Done::kKept), kNone},
    {Dialect::kARM_RMK_2017, kARM, get(0), set(1, Done::kKept), restart(2, 3, 0b110, 0), kNone,
     kNone},
    {Dialect::kARM_STUB_3_7, kARM, get(kMinusOne), set_by_address(), kNone, kNone, kNone},
    {Dialect::kARM_STUB_4_12, kARM, kNone, set(0, Done::kZero), restart(1, 1, 0b100, 0),
     reset(2, Done::kZero), kNone},
    {Dialect::kARM_STUB_5_7, kARM, kNone, kNone, restart(1, 1, 0b100, 0), kNone, kNone},
    {Dialect::kARM_KVM_3_9, kARM, kNone, kNone, kNone, kNone, call()},
    {Dialect::kARM_KVM_3_14, kARM, get(kMinusOne), kNone, kNone, kNone, call()},
    {Dialect::kARM_KVM_4_8, kARM, get(kMinusOne), kNone, kNone, kNone, call()},
    {Dialect::kARM_KVM_4_12, kARM, kNone, kNone, restart(1, 1, 0b100, 0), reset(2, Done::kZero),
     call()},
    {Dialect::kARM64_STUB_3_8, kARM64, get(0), set_by_address(), kNone, kNone, kNone},
    {Dialect::kARM64_STUB_4_7, kARM64, get(0), set(1, Done::kKnown), kNone, kNone, kNone},
    {Dialect::kARM64_STUB_4_8, kARM64, get(0), set(1, Done::kKnown), restart(2, 1, 0b111, 2), kNone,
     kNone},
    {Dialect::kARM64_STUB_4_12, kARM64, kNone, set(0, Done::kZero), restart(1, 1, 0b111, 2),
     reset(2, Done::kZero), kNone},
    {Dialect::kARM64_STUB_5_12, kARM64, kNone, set(0, Done::kZero), restart(1, 1, 0b111, 2),
     reset(2, Done::kZero), kNone},
    {Dialect::kARM64_FREEBSD, kARM64, kNone, set_by_address(), kNone, kNone, kNone},
    {Dialect::kARM64_KVM_3_11, kARM64, kNone, kNone, kNone, kNone, call()},
    {Dialect::kARM64_KVM_3_14, kARM64, get(0), kNone, kNone, kNone, call()},
    {Dialect::kARM64_KVM_4_7, kARM64, get(0), kNone, kNone, kNone, call()},
    // Until 5.7 x0 is lost on the way [linux e86a688bce9e].
    {Dialect::kARM64_KVM_4_12, kARM64, kNone, kNone, restart(1, 1, 0b110, 2), reset(2, Done::kZero),
     call()},
    {Dialect::kARM64_KVM_5_10, kARM64, kNone, kNone, restart(1, 1, 0b111, 2), reset(2, Done::kZero),
     kNone},
    {Dialect::kARM64_LEVAND_EARLY, kARM64, get(0, 1), set_by_address(2), kNone, kNone, call(3)},
};

const Form& form_of(Dialect dialect, CallerArch arch, Op op) {
  for (const Forms& forms : kForms) {
    if (forms.dialect == dialect && forms.arch == arch) {
      switch (op) {
        case Op::kGetVectors:
          return forms.get;
        case Op::kSetVectors:
          return forms.set;
        case Op::kSoftRestart:
          return forms.restart;
        case Op::kResetVectors:
          return forms.reset;
        case Op::kCall:
          return forms.call;
      }
    }
  }
  return kNone;
}

std::uint64_t width_mask(CallerArch arch) {
  return arch == CallerArch::kARM ? 0xffffffff : ~std::uint64_t{0};
}

bool is_table(std::uint64_t address, CallerArch arch) {
  return (address & (arch == CallerArch::kARM ? 31 : 2047)) == 0;
}

Error refusal(Code code, std::uint64_t at) {
  return Error(code, Stage::kRelay).with_at(at);
}

Result<void> check_address(Dialect dialect, CallerArch arch, Op op, std::uint64_t address) {
  if ((address & ~width_mask(arch)) != 0) {
    return refusal(Code::RESIDENT_MISALIGNED, address);
  }
  const bool restart = op == Op::kSoftRestart;
  if (op == Op::kSetVectors ? !is_table(address, arch)
                            : restart && arch == CallerArch::kARM64 && (address & 3) != 0) {
    return refusal(Code::RESIDENT_MISALIGNED, address);
  }
  // This one stays in its kernel's instruction set whatever bit 0 says.
  if (restart && dialect == Dialect::kARM_KVM_4_12 && (address & 1) != 0) {
    return refusal(Code::RESIDENT_MISALIGNED, address);
  }
  return base::success();
}

}  // namespace

bool can(Dialect dialect, CallerArch arch, Op op) {
  return form_of(dialect, arch, op).exists;
}

Result<Request> request_for(Dialect dialect, CallerArch arch, Op op, const OpArguments& arguments) {
  if (dialect == Dialect::kUNKNOWN ||
      find_dialect(static_cast<std::uint32_t>(dialect)) == nullptr) {
    return Error(Code::RESIDENT_UNKNOWN, Stage::kRelay);
  }
  const Form& form = form_of(dialect, arch, op);
  if (!form.exists) {
    return Error(Code::RESIDENT_CANNOT, Stage::kRelay);
  }
  HR_TRYV(check_address(dialect, arch, op, arguments.address));
  Request request;
  request.immediate = form.immediate;
  request.registers[0] = form.op & width_mask(arch);
  if (form.address < HR_REGISTERS) {
    request.registers[form.address] = arguments.address;
  }
  for (std::size_t i = 0; i < arguments.registers.size(); ++i) {
    if ((form.carried >> i & 1) != 0) {
      request.registers[form.first + i] = arguments.registers[i] & width_mask(arch);
    } else if (arguments.registers[i] != 0) {
      return refusal(Code::RESIDENT_ARGUMENT, i);
    }
  }
  return request;
}

Result<std::uint64_t> read_answer(Dialect dialect, CallerArch arch, Op op, const Request& sent,
                                  const Request& came_back) {
  const std::uint64_t r0 = came_back.registers[0] & width_mask(arch);
  switch (form_of(dialect, arch, op).done) {
    case Done::kNever:
      break;
    case Done::kVectors:
      if (is_table(r0, arch)) {
        return r0;
      }
      break;
    case Done::kZero:
      if (r0 == 0) {
        return std::uint64_t{0};
      }
      break;
    case Done::kKept:
      if (r0 == sent.registers[0]) {
        return std::uint64_t{0};
      }
      break;
    case Done::kKnown:
      if (r0 != HR_LINUX_4_7_ERROR) {
        return std::uint64_t{0};
      }
      break;
    case Done::kAlways:
      return r0;
  }
  return refusal(Code::RESIDENT_REFUSED, r0);
}

}  // namespace hyprelay::compat
