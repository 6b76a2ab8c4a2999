// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/sweeps.hpp"

#include <algorithm>
#include <bit>

namespace hyprelay::coherence {

void Sweeps::geometry(uint64_t ccsidr, bool wide) {
  const bool instructions = (selected_ & 1) != 0;
  const unsigned number = selected_ >> 1 & 7;
  if (instructions || number >= levels_.size())
    return;
  Level& level = levels_[number];
  level.line_shift = (ccsidr & 7) + 4;
  level.ways = (wide ? ccsidr >> 3 & 0x1fffff : ccsidr >> 3 & 0x3ff) + 1;
  level.sets = (wide ? ccsidr >> 32 & 0xffffff : ccsidr >> 13 & 0x7fff) + 1;
  level.done.resize(size_t{level.sets} * level.ways);
}

void Sweeps::operation(Op op, uint64_t operand, uint64_t now) {
  const unsigned number = operand >> 1 & 7;
  if (number >= levels_.size() || levels_[number].done.empty())
    return;
  Level& level = levels_[number];
  if (level.op != op)
    std::ranges::fill(level.done, 0);
  level.op = op;
  // The way is in the highest bits that its number needs.
  const unsigned bits = static_cast<unsigned>(std::bit_width(level.ways - 1));
  const uint64_t way = bits == 0 ? 0 : (operand & 0xffffffff) >> (32 - bits);
  const uint64_t below =
      bits == 0 ? operand & 0xffffffff : operand & ((uint64_t{1} << (32 - bits)) - 1);
  const uint64_t set = below >> level.line_shift;
  if (way < level.ways && set < level.sets)
    level.done[way * level.sets + set] = now;
  changed_ = true;
}

uint64_t Sweeps::complete(Op& op) {
  if (!changed_)
    return 0;
  changed_ = false;
  const unsigned coherency = clidr_ >> 24 & 7;
  uint64_t since = ~uint64_t{0};
  for (unsigned number = 0; number < coherency; number++) {
    if ((clidr_ >> (3 * number) & 7) < 2)
      continue;  // no data in it
    const Level& level = levels_[number];
    if (level.done.empty())
      return 0;
    op = level.op;
    since = std::min(since, std::ranges::min(level.done));
  }
  return since == ~uint64_t{0} ? 0 : since;
}

}  // namespace hyprelay::coherence
