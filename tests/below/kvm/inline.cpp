// SPDX-License-Identifier: BSD-2-Clause
#include "tests/below/kvm/ask.hpp"

namespace hyprelay::below {

unsigned smccc_inline() {
  return ask_smccc();
}
unsigned psci_inline() {
  return ask_psci();
}
unsigned trng_inline() {
  return ask_trng();
}
unsigned vendor_inline() {
  return ask_vendor();
}

}  // namespace hyprelay::below
