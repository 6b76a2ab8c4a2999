// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/stub/translation.hpp"

#include "bare/system.hpp"

// The program, from its first byte to its last (harness.ld.S).
extern "C" const unsigned char hr_target_start[];
extern "C" const unsigned char hr_target_end[];

namespace hyprelay::target {
namespace {

// Blocks of 1 GiB [arm/ddi0406c B3.6.1], [arm/ddi0487 D8.3]: devices, RAM, RAM again. AF, inner
// shareable; the attributes are 0 write-back and 1 device.
constexpr std::uint64_t kBlock = 1 | 3 << 8 | 1 << 10;
// Not executable: XN, and at EL1 PXN, where XN is the user's.
constexpr std::uint64_t kDevice = kBlock | 1 << 2 | std::uint64_t{1} << 54;
constexpr std::uint64_t kPl1Never = std::uint64_t{1} << 53;
// AP[1] is 1 by architecture at HYP/EL2, and would mean EL0 at EL1.
constexpr std::uint64_t kHyp = 1 << 6;
constexpr std::uint64_t kRam = 0x40000000;
alignas(32) constinit const std::uint64_t hyp_table[4] = {kDevice | kHyp, kBlock | kHyp | kRam,
                                                          kBlock | kHyp | kRam, 0};
alignas(32) constinit const std::uint64_t pl1_table[4] = {kDevice | kPl1Never, kBlock | kRam,
                                                          kBlock | kRam, 0};
constexpr Word kAttributes = 0xff;

}  // namespace

void hyp_mmu_on() {
  // All that this program has written, past the caches: a copy from the last time may be older.
  const auto begin = reinterpret_cast<Word>(hr_target_start);
  hr_cache_flush(begin, reinterpret_cast<Word>(hr_target_end) - begin);
  write_hyp_mair(kAttributes);
  write_hyp_tcr(kTranslationControl);
  write_hyp_ttbr(reinterpret_cast<Word>(hyp_table));
  forget_hyp_translation();
  write_sctlr(read_sctlr() | kSctlrMmuAndCaches);
}

void prepare_pl1_mmu() {
  write_pl1_mair(kAttributes);
  write_pl1_tcr(kTranslationControl);
  write_pl1_ttbr(reinterpret_cast<Word>(pl1_table));
  forget_pl1_translation();
}

}  // namespace hyprelay::target
