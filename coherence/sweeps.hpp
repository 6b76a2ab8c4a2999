// SPDX-License-Identifier: BSD-2-Clause
// Maintenance by set and way: whether a CPU went through all of its caches, and since when. Pure:
// no QEMU.
#ifndef HR_COHERENCE_SWEEPS_HPP
#define HR_COHERENCE_SWEEPS_HPP

#include "coherence/decode.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace hyprelay::coherence {

class Sweeps {
 public:
  // Of CLIDR: which levels there are, and up to which they count.
  void set_levels(uint64_t clidr) { clidr_ = clidr; }
  void select(uint64_t csselr) { selected_ = csselr; }
  // What CCSIDR says of the level that is selected. [arm/ddi0487 D19.2.26]
  void geometry(uint64_t ccsidr, bool wide);
  void operation(Op op, uint64_t operand, uint64_t now);
  // At a DSB: since when every set and way was gone through by `op`; 0: not all.
  uint64_t complete(Op& op);

 private:
  struct Level {
    unsigned sets = 0, ways = 0, line_shift = 0;
    std::vector<uint64_t> done;  // when, by way and set
    Op op = Op::none;
  };
  std::array<Level, 7> levels_;
  uint64_t clidr_ = 0, selected_ = 0;
  bool changed_ = false;
};

}  // namespace hyprelay::coherence

#endif
