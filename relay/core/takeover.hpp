// SPDX-License-Identifier: BSD-2-Clause
// HYP from a KVM of 32-bit ARM that never gives it back (3.9 to 4.7, and 4.8 to 4.11 while a
// virtual machine is alive): its vectors are ordinary memory, which belongs to whoever runs at SVC.
#pragma once

#include "relay/core/climb.hpp"

namespace hyprelay::relay {

// On arm64 there is no such KVM, and no way. The baton's resident_vectors and resident_virtual must
// be set. Overwrites some words of that memory, makes one HVC, and puts the words back.
ClimbOutcome take_over(const hr_baton& baton);

}  // namespace hyprelay::relay
