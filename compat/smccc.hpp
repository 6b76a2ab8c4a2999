// SPDX-License-Identifier: BSD-2-Clause
// SMCCC and PSCI for C++, on top of hr_smccc.h and hr_psci.h: who answers is found once, and every
// answer is a Result.
//
//   const compat::Smccc smccc(HR_CONDUIT_SMC, HR_PSCI_0_2);
//   HR_TRYV(compat::Psci(smccc).cpu_on(1, entry, context));
//
// Errors (stage relay, at: the answer as its 32 bits): RESIDENT_CANNOT, there is no such function
// or nobody to ask; RESIDENT_ARGUMENT, an argument or an address it cannot have; RESIDENT_REFUSED,
// any other; RESIDENT_UNDEFINED, what the caller's handler says. Environment: that of hr_smccc.h.
#pragma once

#include "base/result.hpp"
#include "compat/hr_psci.h"

namespace hyprelay::compat {

// [arm/den0028 7.1, arm/den0022 5.2.2]: NOT_SUPPORTED is the same number in both.
inline base::Result<std::int32_t> answer_of(std::int32_t status) {
  if (status >= 0) {
    return status;
  }
  const base::Code code =
      status == HR_PSCI_NOT_SUPPORTED ? base::Code::RESIDENT_CANNOT
      : status == HR_PSCI_INVALID_PARAMETERS || status == HR_PSCI_INVALID_ADDRESS
          ? base::Code::RESIDENT_ARGUMENT
          : base::Code::RESIDENT_REFUSED;
  return base::Error(code, base::Stage::kRelay).with_at(static_cast<std::uint32_t>(status));
}

class Smccc {
 public:
  // Asks as hr_smccc_discover does: nothing below PSCI 0.2. psci_of_tree: HR_PSCI_0_1 and so on.
  Smccc(hr_word conduit, std::uint32_t psci_of_tree) : conduit_(conduit) {
    hr_smccc_discover(conduit, psci_of_tree, &found_);
  }

  hr_word conduit() const { return conduit_; }
  // Versions, and what ARCH_FEATURES said.
  const hr_smccc_found& found() const { return found_; }

  // Every register; RESIDENT_CANNOT before 1.2, which alone has results in all of them.
  base::Result<hr_registers> call(const hr_registers& in) const {
    hr_registers out = in;
    if (found_.version < HR_SMCCC_1_2) {
      return base::Error(base::Code::RESIDENT_CANNOT, base::Stage::kRelay);
    }
    if (hr_smccc_call(conduit_, &in, &out) != HR_ISSUE_DONE) {
      return base::Error(base::Code::RESIDENT_UNDEFINED, base::Stage::kRelay);
    }
    return out;
  }

  // The vendor's UID, else the standard one, in uid; RESIDENT_CANNOT before 1.1, and when nobody
  // has one.
  base::Result<hr_uid> hypervisor(std::uint32_t (&uid)[4]) const {
    constexpr std::uint32_t kIds[] = {HR_FID(VENDOR_HYPERVISOR_UID),
                                      HR_FID(STANDARD_HYPERVISOR_UID)};
    for (const std::uint32_t id : kIds) {
      const hr_uid name =
          found_.version < HR_SMCCC_1_1 ? HR_UID_NONE : hr_smccc_uid(conduit_, id, uid);
      if (name != HR_UID_NONE) {
        return name;
      }
    }
    return base::Error(base::Code::RESIDENT_CANNOT, base::Stage::kRelay);
  }

  // HR_SMCCC_SOC_VERSION or _REVISION.
  base::Result<std::int32_t> soc_id(hr_word which) const {
    HR_TRYV(answer_of(found_.soc_id));
    return answer_of(hr_smccc_soc_id(conduit_, which));
  }

 private:
  hr_word conduit_;
  hr_smccc_found found_ = {};
};

// PSCI 0.2 and later; RESIDENT_CANNOT, without a call, below who has an older one.
class Psci {
 public:
  explicit Psci(const Smccc& smccc)
      : conduit_(smccc.found().psci >= HR_PSCI_0_2 ? smccc.conduit() : hr_word{HR_CONDUIT_NONE}),
        version_(smccc.found().psci) {}

  // Its flags; RESIDENT_CANNOT if it is not there, and for all before 1.0, which cannot say it.
  base::Result<std::int32_t> features(std::uint32_t id) const {
    return answer_of(version_ < HR_PSCI_1_0 ? HR_PSCI_NOT_SUPPORTED
                                            : hr_psci_features(conduit_, id));
  }
  // The entry is physical, bit 0 set for Thumb.
  base::Result<void> cpu_on(hr_word mpidr, hr_word entry, hr_word context) const {
    HR_TRYV(answer_of(hr_psci_cpu_on(conduit_, mpidr, entry, context)));
    return base::success();
  }
  base::Result<hr_psci_affinity> affinity_info(hr_word mpidr) const {
    HR_TRY(state, answer_of(hr_psci_affinity_info(conduit_, mpidr, 0)));
    return static_cast<hr_psci_affinity>(state);
  }
  // These come back only with an error.
  base::Error cpu_off() const { return failed(hr_psci_cpu_off(conduit_)); }
  base::Error system_off() const { return failed(hr_psci_system_off(conduit_)); }
  base::Error system_reset() const { return failed(hr_psci_system_reset(conduit_)); }

 private:
  // 0 too: it came back.
  static base::Error failed(std::int32_t status) {
    const base::Result<std::int32_t> answer = answer_of(status);
    return answer ? base::Error(base::Code::RESIDENT_REFUSED, base::Stage::kRelay).with_at(0)
                  : answer.error();
  }

  hr_word conduit_;
  std::uint32_t version_;
};

}  // namespace hyprelay::compat
