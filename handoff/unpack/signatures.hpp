// SPDX-License-Identifier: BSD-2-Clause
// What minisign's signatures are made of, by libsodium. Apart from hr_handoff, which does not need
// it.
#pragma once

#include "handoff/minisign.hpp"

namespace hyprelay::handoff {

SignatureTools signature_tools();

}  // namespace hyprelay::handoff
