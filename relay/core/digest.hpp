// SPDX-License-Identifier: BSD-2-Clause
// The fastest SHA-256 that this CPU has. The instructions are in arm and arm64 sha256.S.
#pragma once

#include "abi/hr_abi.h"
#include "base/sha256.hpp"

#include <cstdint>

namespace hyprelay::relay {

struct DigestEngine {
  base::Sha256Compress compress;
  // HR_VERIFY_CRYPTO, or 0 for plain C++.
  std::uint32_t verify_flags;
};

DigestEngine best_digest_engine();

}  // namespace hyprelay::relay
