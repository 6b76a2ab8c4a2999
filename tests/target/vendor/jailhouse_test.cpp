// SPDX-License-Identifier: BSD-2-Clause
// hr_jailhouse.h below jailhouse_of_ours. No package of Debian 12 has the real one.
#include "compat/hr_jailhouse.h"
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

constexpr Word kEperm = ~Word{0};
constexpr Word kEnosys = ~Word{0} - 37;
constexpr Word kEinval = ~Word{0} - 21;
constexpr Word kEnoent = ~Word{0} - 1;

HR_TEST(jailhouse_root, "jailhouse_of_ours, " OF_OURS_FORM ": a root cell and all nine codes") {
  jailhouse() = {true, 1, 0, {}};
  Word got[24] = {};
  bool kept = false;
  const bool ended = below_of_ours(jailhouse_of_ours, [&] {
    unsigned n = 0;
    kept = keeps_values([&] { got[n++] = hr_jailhouse_cell_create(0x4123'4000); });
    got[n++] = hr_jailhouse_cell_get_state(1);
    got[n++] = hr_jailhouse_cell_start(1);
    got[n++] = hr_jailhouse_cell_get_state(1);
    got[n++] = hr_jailhouse_hypervisor_get_info(HR_JAILHOUSE_INFO_CELLS);
    got[n++] = hr_jailhouse_cell_set_loadable(1);
    got[n++] = hr_jailhouse_cell_destroy(1);
    got[n++] = hr_jailhouse_cell_get_state(1);
    got[n++] = hr_jailhouse_hypervisor_get_info(HR_JAILHOUSE_INFO_MEM_POOL_SIZE);
    got[n++] = hr_jailhouse_hypervisor_get_info(HR_JAILHOUSE_INFO_REMAP_POOL_USED);
    got[n++] = hr_jailhouse_hypervisor_get_info(77);
    got[n++] = hr_jailhouse_cpu_get_info(0, HR_JAILHOUSE_CPU_INFO_STATE);
    got[n++] = hr_jailhouse_cpu_get_info(1, HR_JAILHOUSE_CPU_INFO_STATE);
    got[n++] = hr_jailhouse_cpu_get_info(0, HR_JAILHOUSE_CPU_INFO_STATISTICS + 3);
    got[n++] = hr_jailhouse_cpu_get_info(9, HR_JAILHOUSE_CPU_INFO_STATE);
    got[n++] = hr_jailhouse_debug_console_putc('J');
    got[n++] = hr_jailhouse_debug_console_putc('\xe9');  // a negative char on some compilers
    got[n++] = hr_jailhouse_call(9, 0, 0);
    got[n++] = hr_jailhouse_disable();
  });
  constexpr Word kWanted[] = {1,
                              HR_JAILHOUSE_CELL_SHUT_DOWN,
                              0,
                              HR_JAILHOUSE_CELL_RUNNING,
                              2,
                              0,
                              0,
                              kEnoent,
                              256,
                              9,
                              kEinval,
                              HR_JAILHOUSE_CPU_RUNNING,
                              HR_JAILHOUSE_CPU_FAILED,
                              0x700 + 1003,
                              kEinval,
                              0,
                              0,
                              kEnosys,
                              0};
  CHECK(ended);
  CHECK(kept);
  CHECK_EQ(asked().count, 19u);
  for (unsigned i = 0; i < 19; ++i) {
    CHECK_EQ(got[i], kWanted[i]);
    CHECK_EQ(asked().asked[i].immediate, 0x4a48u);
  }
  CHECK_EQ(asked().asked[0].r[0], Word{1});
  CHECK_EQ(asked().asked[0].r[1], Word{0x4123'4000});
  CHECK_EQ(asked().asked[13].r[0], Word{7});
  CHECK_EQ(asked().asked[13].r[2], Word{1003});
  CHECK_EQ(jailhouse().printed[0], 'J');
  CHECK_EQ(asked().asked[16].r[1], Word{0xe9});
  CHECK(HR_JAILHOUSE_FAILED(kEnosys) && !HR_JAILHOUSE_FAILED(Word{256}));
  note_row("jailhouse", OF_OURS_FORM, "ours", asked().count);
}

HR_TEST(jailhouse_cell, "jailhouse_of_ours, " OF_OURS_FORM ": another cell may ask, not rule") {
  jailhouse() = {false, 2, 0, {}};
  Word got[8] = {};
  const bool ended = below_of_ours(jailhouse_of_ours, [&] {
    got[0] = hr_jailhouse_disable();
    got[1] = hr_jailhouse_cell_create(0x4000'0000);
    got[2] = hr_jailhouse_cell_start(1);
    got[3] = hr_jailhouse_cell_set_loadable(1);
    got[4] = hr_jailhouse_cell_destroy(1);
    got[5] = hr_jailhouse_cell_get_state(1);
    got[6] = hr_jailhouse_cpu_get_info(1, HR_JAILHOUSE_CPU_INFO_STATE);
    got[7] = hr_jailhouse_hypervisor_get_info(HR_JAILHOUSE_INFO_MEM_POOL_USED);
  });
  CHECK(ended);
  for (unsigned i = 0; i < 7; ++i) {
    CHECK_EQ(got[i], kEperm);
  }
  CHECK_EQ(got[7], Word{0x11});
}

HR_TEST(jailhouse_parks, "jailhouse_of_ours, " OF_OURS_FORM ": any other immediate is the end") {
  jailhouse() = {true, 1, 0, {}};
  bool came_back = false;
  const bool ended = below_of_ours(jailhouse_of_ours, [&] {
    hr_registers registers = {{0x80000000}};
    hr_issue(&registers, 0);
    came_back = true;
  });
  CHECK(!ended);
  CHECK(!came_back);
  CHECK_EQ(asked().count, 1u);
  CHECK_EQ(asked().asked[0].immediate, 0u);
}

}  // namespace
}  // namespace hyprelay::target
