// SPDX-License-Identifier: BSD-2-Clause
// A host of another architecture, which makes bundles: what the compiler makes of the plain code.
#include "digest/digest.hpp"

namespace hyprelay::digest {

Engine engine_of_process() {
  return {};
}

}  // namespace hyprelay::digest
