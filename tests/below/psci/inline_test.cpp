// SPDX-License-Identifier: BSD-2-Clause
// PSCI and SMCCC in place, below whoever is there; and the call that ends the machine.
#include "tests/below/psci/both_forms.hpp"

namespace hyprelay::below {

// After the last test: by SMC a reset, which ends QEMU too, by HVC the power. TF-A's ends by a
// watchdog [tf-a/plat/rpi/common/rpi3_pm.c].
extern "C" void hr_test_end() {
  const Word c = conduit();
  const std::int32_t answer = at_hyp() ? hr_psci_system_reset(c) : hr_psci_system_off(c);
  target::bail_out("the call that ends the machine came back", as_word(answer));
}

}  // namespace hyprelay::below
