// SPDX-License-Identifier: BSD-2-Clause
#define HR_OUT_OF_LINE
#include "tests/below/kvm/ask.hpp"

namespace hyprelay::below {

unsigned smccc_out_of_line() {
  return ask_smccc();
}
unsigned psci_out_of_line() {
  return ask_psci();
}
unsigned trng_out_of_line() {
  return ask_trng();
}
unsigned vendor_out_of_line() {
  return ask_vendor();
}

}  // namespace hyprelay::below
