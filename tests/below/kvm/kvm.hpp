// SPDX-License-Identifier: BSD-2-Clause
// What is asked of KVM, in both forms of each client: every answer is checked. Each returns how
// many calls it made.
#pragma once

namespace hyprelay::below {

unsigned smccc_inline();
unsigned psci_inline();
unsigned trng_inline();
unsigned vendor_inline();
unsigned smccc_out_of_line();
unsigned psci_out_of_line();
unsigned trng_out_of_line();
unsigned vendor_out_of_line();

}  // namespace hyprelay::below
