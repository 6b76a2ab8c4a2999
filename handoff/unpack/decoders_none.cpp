// SPDX-License-Identifier: BSD-2-Clause
// In place of decoders_all.cpp where a cross build's sysroot lacks their libraries.
#include "handoff/unpack/stream.hpp"

namespace hyprelay::handoff {

Unpacked unpack_other(Packing packing, base::ByteView, const TakeUnpacked&) {
  static_cast<void>(packing);
  return failed("this hyprelay was built without what unpacks it");
}

}  // namespace hyprelay::handoff
