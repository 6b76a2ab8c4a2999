// SPDX-License-Identifier: BSD-2-Clause
// Calling a resident whose dialect is known at run time, and reading what it answers. What goes
// into which register is data (request_for); who makes the HVC is the caller's choice, so that the
// same code talks to a real resident through hr_issue() and to a model on a host.
//
//   const auto issue = [](compat::Request& request) { ... hr_issue(&registers, immediate) ... };
//   compat::Client client(Dialect::kARM_STUB_3_7, CallerArch::kARM, issue);
//   HR_TRY(vectors, client.get_vectors());
//
// Environment: everywhere, also freestanding; no allocation.
#pragma once

#include "base/result.hpp"
#include "compat/dialect.hpp"
#include "compat/hr_client.h"

#include <array>
#include <cstdint>

namespace hyprelay::compat {

enum class Op : std::uint8_t { kGetVectors, kSetVectors, kSoftRestart, kResetVectors, kCall };

// One HVC: in, and after it was made, out. Registers by number, as struct hr_registers has them.
struct Request {
  std::uint16_t immediate = 0;
  std::array<std::uint64_t, HR_REGISTERS> registers{};
};

// What an op is about: vectors, a function; and the first three registers that the function shall
// find. Zero is no wish: some dialects leave other things in those that they cannot set.
struct OpArguments {
  std::uint64_t address = 0;
  std::array<std::uint64_t, 3> registers{};
};

// True when the dialect has the op.
bool can(Dialect dialect, CallerArch arch, Op op);

// Errors (stage relay): RESIDENT_UNKNOWN (no such dialect), RESIDENT_CANNOT, RESIDENT_MISALIGNED
// (at: the address), RESIDENT_ARGUMENT (at: the register's number).
base::Result<Request> request_for(Dialect dialect, CallerArch arch, Op op,
                                  const OpArguments& arguments);

// What came back: the vectors, a function's result, otherwise 0.
// Errors: RESIDENT_REFUSED (at: r0); for kSoftRestart always, since coming back is the failure.
base::Result<std::uint64_t> read_answer(Dialect dialect, CallerArch arch, Op op,
                                        const Request& sent, const Request& came_back);

// Issue: callable as hr_word(Request&), returning HR_ISSUE_DONE, _UNDEFINED or _UNSUPPORTED.
template <class Issue>
class Client {
 public:
  Client(Dialect dialect, CallerArch arch, Issue issue)
      : dialect_(dialect), arch_(arch), issue_(issue) {}

  // Physical, or from a KVM virtual at HYP/EL2.
  base::Result<std::uint64_t> get_vectors() { return make(Op::kGetVectors, {}); }
  base::Result<void> set_vectors(std::uint64_t vectors) {
    HR_TRYV(make(Op::kSetVectors, {vectors, {}}));
    return base::success();
  }
  base::Result<void> reset_vectors() {
    HR_TRYV(make(Op::kResetVectors, {}));
    return base::success();
  }
  // Comes back only with an error.
  base::Result<void> soft_restart(std::uint64_t function,
                                  const std::array<std::uint64_t, 3>& registers) {
    HR_TRYV(make(Op::kSoftRestart, {function, registers}));
    return base::success();
  }
  // A function at HYP/EL2 that returns; only KVMs have this.
  base::Result<std::uint64_t> call(std::uint64_t function,
                                   const std::array<std::uint64_t, 3>& words) {
    return make(Op::kCall, {function, words});
  }

 private:
  base::Result<std::uint64_t> make(Op op, const OpArguments& arguments) {
    HR_TRY(request, request_for(dialect_, arch_, op, arguments));
    Request came_back = request;
    switch (issue_(came_back)) {
      case HR_ISSUE_DONE:
        return read_answer(dialect_, arch_, op, request, came_back);
      case HR_ISSUE_UNDEFINED:
        return base::Error(base::Code::RESIDENT_UNDEFINED, base::Stage::kRelay);
      default:
        return base::Error(base::Code::INTERNAL, base::Stage::kRelay, "hr_issue")
            .with_at(request.immediate);
    }
  }

  Dialect dialect_;
  CallerArch arch_;
  Issue issue_;
};

}  // namespace hyprelay::compat
