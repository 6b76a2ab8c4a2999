// SPDX-License-Identifier: BSD-2-Clause
// Answers of Hyper-V, Jailhouse, Gunyah and KVM as Results, on top of their C headers.
//
//   HR_TRY(facts, compat::hyperv::begin(id));
//   HR_TRY(cells,
//   compat::jailhouse::result_of(hr_jailhouse_hypervisor_get_info(HR_JAILHOUSE_INFO_CELLS)));
//
// Errors (stage relay, at: the answer as its convention counts): RESIDENT_CANNOT, there is no such
// call; RESIDENT_ARGUMENT and RESIDENT_MISALIGNED, what was passed; RESIDENT_UNDEFINED, nobody is
// there; RESIDENT_REFUSED, any other. Environment: everywhere, also freestanding; what makes a
// call, below whom it is for.
#pragma once

#include "base/result.hpp"
#include "compat/hr_gunyah.h"
#include "compat/hr_hyperv.h"
#include "compat/hr_jailhouse.h"
#include "compat/hr_kvm_guest.h"

#include <cstdint>
#include <string_view>

namespace hyprelay::compat {

namespace hyperv {

// "ACCESS_DENIED" for 6; empty for a number that is no row of abi/hyperv.def.
constexpr std::string_view status_name(std::uint64_t status) {
#define HR_HYPERV_STATUS(name, value, text) \
  if (status == (value)) {                  \
    return #name;                           \
  }
#include "abi/hyperv.def"
  return {};
}

// A hypercall's result: the repetitions that were done. The error's subject is Hyper-V's name of
// it.
inline base::Result<std::uint64_t> result_of(std::uint64_t result) {
  const std::uint64_t status = HR_HYPERV_STATUS_OF(result);
  if (status == HR_HYPERV_STATUS_OF(~std::uint64_t{0})) {
    return base::Error(base::Code::RESIDENT_UNDEFINED, base::Stage::kRelay);
  }
  if (status == HR_HYPERV_STATUS_SUCCESS) {
    return HR_HYPERV_REPETITIONS_DONE(result);
  }
  const base::Code code =
      status == HR_HYPERV_STATUS_INVALID_CODE        ? base::Code::RESIDENT_CANNOT
      : status == HR_HYPERV_STATUS_INVALID_ALIGNMENT ? base::Code::RESIDENT_MISALIGNED
      : status == HR_HYPERV_STATUS_INVALID_INPUT || status == HR_HYPERV_STATUS_INVALID_PARAMETER
          ? base::Code::RESIDENT_ARGUMENT
          : base::Code::RESIDENT_REFUSED;
  return base::Error(code, base::Stage::kRelay, status_name(status)).with_at(status);
}

#ifdef __aarch64__

struct Value {
  hr_word low = 0;
  hr_word high = 0;
};

inline base::Result<hr_hyperv_facts> begin(hr_word guest_id) {
  hr_hyperv_facts facts = {};
  HR_TRYV(result_of(hr_hyperv_begin(guest_id, &facts)));
  return facts;
}

// A register of this processor, HR_HYPERV_REGISTER_*.
inline base::Result<Value> get(hr_word name) {
  hr_word value[2] = {};
  HR_TRYV(result_of(hr_hyperv_get_register(name, value)));
  return Value{value[0], value[1]};
}
inline base::Result<void> set(hr_word name, hr_word value) {
  HR_TRYV(result_of(hr_hyperv_set_register(name, value, 0)));
  return base::success();
}

// Everything is tried; the error is the first of all steps.
inline base::Result<void> teardown() {
  HR_TRYV(result_of(hr_hyperv_teardown()));
  return base::success();
}

#endif

}  // namespace hyperv

namespace jailhouse {

// At: the errno. 38, an unknown code, is RESIDENT_CANNOT.
inline base::Result<hr_word> result_of(hr_word result) {
  if (!HR_JAILHOUSE_FAILED(result)) {
    return result;
  }
  constexpr hr_word kUnknownCode = 38;  // ENOSYS
  const hr_word number = ~result + 1;
  return base::Error(
             number == kUnknownCode ? base::Code::RESIDENT_CANNOT : base::Code::RESIDENT_REFUSED,
             base::Stage::kRelay)
      .with_at(number);
}

}  // namespace jailhouse

namespace kvm_guest {

#if defined(__aarch64__) || defined(__arm__)

// counter: HR_KVM_GUEST_COUNTER_*.
inline base::Result<hr_kvm_guest_clock> clock(hr_word counter) {
  hr_kvm_guest_clock clock = {};
  if (hr_kvm_guest_ptp(counter, &clock) != 0) {
    return base::Error(base::Code::RESIDENT_CANNOT, base::Stage::kRelay).with_at(counter);
  }
  return clock;
}

#endif

}  // namespace kvm_guest

namespace gunyah {

// x0 of a call: -1 is an unknown one.
inline base::Result<hr_word> result_of(hr_word x0) {
  if (x0 == ~hr_word{0}) {
    return base::Error(base::Code::RESIDENT_CANNOT, base::Stage::kRelay);
  }
  return x0;
}

}  // namespace gunyah

}  // namespace hyprelay::compat
