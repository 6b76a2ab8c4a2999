// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/law.hpp"

namespace hyprelay::hyp_check {

bool has_tree(Word address) {
  // The magic 0xd00dfeed is big endian [devicetree specification section 5.2].
  return address != 0 && (address & 3) == 0 &&
         *reinterpret_cast<const volatile std::uint32_t*>(address) == 0xedfe0dd0;
}

void read_law(const Entry& entry, void* context, TakeRule take) {
  if (entry.qemu_tree == 0) {
    read_law_registers(entry, context, take);
  }
  switch (mode_of(entry)) {
    case Mode::kTop:
      read_law_top(entry, context, take);
      break;
    case Mode::kLow:
      read_law_low(entry, context, take);
      break;
    case Mode::kOther:
      break;
  }
}

}  // namespace hyprelay::hyp_check
