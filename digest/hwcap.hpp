// SPDX-License-Identifier: BSD-2-Clause
// What arm/ and arm64/ tell of the CPU that a process runs on. Environment: Linux.
#pragma once

namespace hyprelay::digest {

struct Simd {
  bool is_there;
  bool sha256_instructions;
};

Simd simd_of_process();

}  // namespace hyprelay::digest
