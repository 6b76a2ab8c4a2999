// SPDX-License-Identifier: BSD-2-Clause
// The resident is the stub and nothing else.
#include "tests/target/stub/session.hpp"

namespace hyprelay::target {

int install_resident(unsigned personality) {
  return hr_stub_install_personality(hr_stub_vectors, personality);
}

Word sp_hyp_pattern(unsigned pattern) {
  const Word word = static_cast<Word>(0x13579bdf'2468ace0ull);
  return pattern == 0 ? word : ~word;
}

Word own_vectors(unsigned personality) {
  return table_of(hr_stub_vectors, personality);
}

Word answer_to_xen() {
  return ~Word{0};
}

}  // namespace hyprelay::target
