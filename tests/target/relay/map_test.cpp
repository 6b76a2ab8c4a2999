// SPDX-License-Identifier: BSD-2-Clause
// The relay's translation tables and its cache maintenance, judged by the CPU: what is no code does
// not run, and the traps of a resident count each line.
#include "bare/system.hpp"
#include "relay/core/arch.hpp"
#include "relay/core/identity_map.hpp"
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

#include <cstring>

extern "C" {
extern const unsigned char hr_target_end[];
extern const unsigned char hr_relay_test_line_vectors[];
// How many, first, last.
extern hyprelay::target::Word hr_relay_test_lines[3];
hyprelay::target::Word hr_relay_test_execute(const std::uint64_t* root,
                                             hyprelay::target::Word address,
                                             hyprelay::target::Word first,
                                             hyprelay::target::Word second);
}

namespace hyprelay::target {
namespace {

using relay::Access;
using relay::IdentityMap;
using relay::Table;

// Where memory begins; the program lies a little above (harness.ld.S).
constexpr Word kMemoryAt = 0x40000000;
constexpr std::uint64_t kTablesAt = 0x47800000;
constexpr std::size_t kTables = 16;
// 2 MiB, which one block of level 2 maps, and a page of level 3.
constexpr std::uint64_t kBlockAt = 0x47200000;
constexpr std::uint64_t kPageAt = 0x47403000;

constexpr Word kFaultStatus = 0x3f;
constexpr Word kPermissionFault = 0x0c;  // and the level of the entry

// The stack and this program's data are in here too: nothing writes while the MMU is on.
Word execute(const base::PhysRange& code, Access access, bool at_top) {
  auto* tables = reinterpret_cast<Table*>(memory(kTablesAt));
  std::memset(tables, 0, kTables * sizeof(Table));
  IdentityMap map(tables, kTables, hr_mmu_address_bits(), at_top);
  const auto program = base::PhysRange::from_size(
      base::PhysAddr(kMemoryAt), reinterpret_cast<Word>(hr_target_end) - kMemoryAt);
  CHECK(program && map.map(*program, Access::kCode) && map.map(code, access));
  return hr_relay_test_execute(map.root(), static_cast<Word>(code.start().raw()), 0, 0);
}

void check_access(bool at_top) {
  struct Case {
    std::uint64_t start;
    std::uint64_t size_bytes;
    Word level;
  };
  for (const Case& c : {Case{kBlockAt, 0x200000, 2}, Case{kPageAt, 0x1000, 3}}) {
    const auto code = base::PhysRange::from_size(base::PhysAddr(c.start), c.size_bytes);
    CHECK(code.has_value());
    // A cache may hold it from when it was mapped before.
    put_return(c.start);
    hr_cache_flush(static_cast<Word>(c.start), sizeof(Word));
    CHECK_EQ(execute(*code, Access::kCode, at_top), Word{0});
    for (const Access access : {Access::kData, Access::kReadOnly, Access::kDevice}) {
      CHECK_EQ(execute(*code, access, at_top) & kFaultStatus, kPermissionFault | c.level);
    }
  }
}

HR_TEST(no_execution_at_top, "at HYP/EL2 only what is mapped as code runs") {
  check_access(true);
}

HR_TEST(no_execution_below,
        "at SVC/EL1 too: data that user mode may not run, this mode may not either") {
  hr_target_run_at_pl1([](void*) { check_access(false); }, nullptr, 0);
}

// HCR.TPC, HCR_EL2.TPCP: operations to the point of coherency by address are trapped.
constexpr Word kHcrTrapLines = 1u << 23;

struct Flush {
  Word start;
  Word size_bytes;
};

void count_lines(Flush flush) {
  for (Word& seen : hr_relay_test_lines) {
    seen = 0;
  }
  const Word hcr = read_hcr();
  write_hcr(hcr | kHcrTrapLines);
  run_below(
      hr_relay_test_line_vectors,
      [](void* argument) {
        const auto& wanted = *static_cast<Flush*>(argument);
        hr_cache_flush(wanted.start, wanted.size_bytes);
      },
      &flush);
  write_hcr(hcr);
}

void check_flush(const Flush& flush, Word line) {
  count_lines(flush);
  if (flush.size_bytes == 0) {
    CHECK_EQ(hr_relay_test_lines[0], Word{0});
    return;
  }
  const Word first = flush.start & ~(line - 1);
  const Word last = (flush.start + (flush.size_bytes - 1)) & ~(line - 1);
  CHECK_EQ(hr_relay_test_lines[0], (last - first) / line + 1);
  CHECK_EQ(hr_relay_test_lines[1], first);
  CHECK_EQ(hr_relay_test_lines[2], last);
}

HR_TEST(flushes_lines, "hr_cache_flush meets every line of a range, up to the last byte there is") {
  const Word line = Word{4} << (read_ctr() >> 16 & 15);
  CHECK(line >= 16);
  count_lines({0x42000000, 1});
  if (hr_relay_test_lines[0] == 0 && sizeof(Word) == 4 && !has_sha256()) {
    note("QEMU's models of ARMv7 do not trap these operations");
    return;
  }
  const Word top = ~Word{0};
  const Flush flushes[] = {
      {0x42000000, 0},        {0x42000000, 1},        {0x42000000, line},
      {0x42000000, line + 1}, {0x42000001, line},     {0x4200003f, 0x1001},
      {top - 0xfff, 0x1000},  {top - 0x1001, 0x1002}, {top, 1},
  };
  for (const Flush& flush : flushes) {
    check_flush(flush, line);
  }
}

}  // namespace
}  // namespace hyprelay::target
