// SPDX-License-Identifier: BSD-2-Clause
// hr_hyperv.h below hyperv_of_ours: no emulator has Hyper-V, so that who answers is written from
// what Linux does with it.
#include "compat/hr_hyperv.h"
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

constexpr Word kId = 0x8100'0006'0100'0000;

void fresh(Word guest_id) {
  hyperv() = {};
  hyperv().guest_id = guest_id;
  hyperv().has_synic = true;
}

// The registers of get and set in one call of the log.
void check_one_register(unsigned i, Word code, Word name) {
  const Asked& call = asked().asked[i];
  CHECK_EQ(call.immediate, 0u);
  CHECK_EQ(call.r[0], Word{0x46000001});
  CHECK_EQ(call.r[1], Word{1} << 32 | 0x10000 | code);
  CHECK_EQ(call.r[2], ~Word{0});
  CHECK_EQ(call.r[3], Word{0xfffffffe});
  CHECK_EQ(call.r[4], name);
  CHECK_EQ(call.r[5], Word{0});
}

HR_TEST(hyperv_begin, "hyperv_of_ours, " OF_OURS_FORM ": nothing is answered before a guest id") {
  fresh(0);
  Word early = 0;
  Word value[2] = {1, 1};
  hr_word status = 1;
  hr_hyperv_facts facts = {{9, 9}, {9, 9}, {9, 9}};
  bool kept = false;
  const bool ended = below_of_ours(hyperv_of_ours, [&] {
    early = hr_hyperv_get_register(HR_HYPERV_REGISTER_FEATURES, value);
    kept = keeps_values([&] { status = hr_hyperv_begin(kId, &facts); });
  });
  CHECK(ended);
  CHECK(kept);
  CHECK(HR_HYPERV_STATUS_OF(early) != 0);
  CHECK_EQ(status, Word{0});
  CHECK_EQ(facts.features[0], Word{0x2e7f'0000'0070});
  CHECK_EQ(facts.features[1], Word{0x8000'0000'0400'0012});
  CHECK_EQ(facts.enlightenments[0], Word{0x2c2c});
  CHECK_EQ(facts.version[1], Word{0x11});
  CHECK_EQ(hyperv().guest_id, kId);
  CHECK_EQ(asked().count, 5u);
  check_one_register(1, 0x51, 0x90002);
  check_one_register(2, 0x50, 0x200);
  check_one_register(3, 0x50, 0x201);
  check_one_register(4, 0x50, 0x100);
  CHECK_EQ(HR_HYPERV_GUEST_ID(HR_HYPERV_SYSTEM_LINUX, 0x60100, 0), kId);
  note_row("hyper-v", OF_OURS_FORM, "ours", asked().count);
}

HR_TEST(hyperv_registers,
        "hyperv_of_ours, " OF_OURS_FORM ": 128 bits read, unknown registers refused") {
  fresh(kId);
  Word status[4] = {};
  Word value[4][2] = {};
  below_of_ours(hyperv_of_ours, [&] {
    status[0] = hr_hyperv_set_register(HR_HYPERV_REGISTER_CRASH_P0 + 4, 0x1122'3344'5566'7788, 0);
    status[1] = hr_hyperv_get_register(HR_HYPERV_REGISTER_CRASH_P4, value[1]);
    status[2] = hr_hyperv_get_register(0x777, value[2]);
    status[3] = hr_hyperv_set_register(HR_HYPERV_REGISTER_FEATURES, 1, 0);
  });
  // One repetition was done.
  CHECK_EQ(status[0], Word{1} << 32);
  CHECK_EQ(value[1][0], Word{0x1122'3344'5566'7788});
  CHECK_EQ(HR_HYPERV_STATUS_OF(status[2]), Word{5});
  CHECK_EQ(HR_HYPERV_STATUS_OF(status[3]), Word{5});
}

HR_TEST(hyperv_calls,
        "hyperv_of_ours, " OF_OURS_FORM ": fast ones, one with addresses, repetitions") {
  fresh(kId);
  Word result[5] = {};
  below_of_ours(hyperv_of_ours, [&] {
    result[0] = hr_hyperv_fast8(0x08, 0xfedc'ba98);
    result[1] = hr_hyperv_fast16(0x0b, 0x21, 0xf0);
    result[2] = hr_hyperv_call(0x46, 0, 0x4100'0000);
    result[3] = hr_hyperv_repeat(0x03, 7, 0x4100'1000, 0);
    result[4] = hr_hyperv_call(0x7777, 0, 0);
  });
  CHECK_EQ(result[0], Word{0});
  CHECK_EQ(result[1], Word{0});
  CHECK_EQ(result[2], Word{0});
  CHECK_EQ(result[3], Word{7} << 32);
  CHECK_EQ(HR_HYPERV_STATUS_OF(result[4]), Word{2});
  // Three at a time: three calls, each from where the one before had stopped.
  CHECK_EQ(asked().count, 7u);
  CHECK_EQ(asked().asked[0].r[1], Word{0x10008});
  CHECK_EQ(asked().asked[0].r[2], Word{0xfedc'ba98});
  CHECK_EQ(asked().asked[1].r[3], Word{0xf0});
  CHECK_EQ(asked().asked[2].r[1], Word{0x46});
  CHECK_EQ(asked().asked[3].r[1], Word{7} << 32 | 3);
  CHECK_EQ(asked().asked[4].r[1], Word{3} << 48 | Word{7} << 32 | 3);
  CHECK_EQ(asked().asked[5].r[1], Word{6} << 48 | Word{7} << 32 | 3);
}

HR_TEST(hyperv_panic, "hyperv_of_ours, " OF_OURS_FORM ": a panic in registers, and one in words") {
  fresh(kId);
  Word status[3] = {1, 1, 0};
  HypervState first = {};
  below_of_ours(hyperv_of_ours, [&] {
    status[0] = hr_hyperv_report_panic(0xe4404, kId, 0x4000'1234, 0x4000'ff00);
    first = hyperv();
    status[1] = hr_hyperv_report_message(0x4200'0100, 0xf00);
    status[2] = hr_hyperv_report_message(0x4200'0101, 0xf00);  // crosses a page
  });
  CHECK_EQ(status[0], Word{0});
  CHECK_EQ(first.reports, 1u);
  constexpr Word kWords[] = {0xe4404, kId, 0x4000'1234, 0x4000'ff00, 0, Word{1} << 63};
  for (unsigned i = 0; i < 6; ++i) {
    CHECK_EQ(first.crash[i], kWords[i]);
    check_one_register(i, 0x51, 0x210 + i);
  }
  CHECK_EQ(status[1], Word{0});
  CHECK_EQ(hyperv().reports, 2u);
  CHECK_EQ(hyperv().crash[0] | hyperv().crash[1] | hyperv().crash[2], Word{0});
  CHECK_EQ(hyperv().crash[3], Word{0x4200'0100});
  CHECK_EQ(hyperv().crash[4], Word{0xf00});
  CHECK_EQ(hyperv().crash[5], Word{3} << 62);
  CHECK_EQ(status[2], Word{5});
  CHECK_EQ(asked().count, 12u);
}

alignas(4096) constinit Word pages[3][512] = {};

void own_everything() {
  HypervState& state = hyperv();
  state.reference_tsc = address_of(pages[0]) | 1;
  state.simp = address_of(pages[1]) | 1;
  state.siefp = address_of(pages[2]) | 1;
  state.scontrol = 1;
  state.sint[2] = 0x2f;
  state.stimer[0] = 0x1a0001;
  state.stimer[6] = 0x1a0001;
}

HR_TEST(hyperv_teardown,
        "hyperv_of_ours, " OF_OURS_FORM ": after the teardown nothing is written") {
  fresh(kId);
  own_everything();
  // What a kexec without it leaves behind.
  hyperv_tick();
  for (auto& page : pages) {
    CHECK(page[0] != 0);
    page[0] = 0;
  }
  Word status = 1;
  const bool ended = below_of_ours(hyperv_of_ours, [&] { status = hr_hyperv_teardown(); });
  CHECK(ended);
  CHECK_EQ(status, Word{0});
  hyperv_tick();
  for (const auto& page : pages) {
    CHECK_EQ(page[0], Word{0});
  }
  const HypervState& state = hyperv();
  for (const Word sint : state.sint) {
    CHECK_EQ(sint & 0x10000, Word{0x10000});
  }
  CHECK_EQ((state.stimer[0] | state.stimer[2] | state.stimer[4] | state.stimer[6]) & 1, Word{0});
  CHECK_EQ(state.guest_id | state.reference_tsc | state.simp | state.siefp | state.scontrol,
           Word{0});
  // The guest id goes last: nothing would be answered after it.
  CHECK_EQ(asked().count, 25u);
  check_one_register(24, 0x51, 0x90002);
  check_one_register(23, 0x51, 0x90017);
}

HR_TEST(hyperv_teardown_cpu,
        "hyperv_of_ours, " OF_OURS_FORM ": a CPU's part; a partition without SynIC") {
  fresh(kId);
  own_everything();
  Word cpu = 1;
  below_of_ours(hyperv_of_ours, [&] { cpu = hr_hyperv_teardown_cpu(); });
  CHECK_EQ(cpu, Word{0});
  CHECK_EQ(hyperv().guest_id, kId);
  CHECK(hyperv().reference_tsc != 0);
  CHECK_EQ(hyperv().scontrol | hyperv().simp, Word{0});
  // The first refusal is told, and the rest is done all the same.
  fresh(kId);
  hyperv().has_synic = false;
  hyperv().reference_tsc = 1;
  Word all = 0;
  below_of_ours(hyperv_of_ours, [&] { all = hr_hyperv_teardown(); });
  CHECK_EQ(all, Word{6});
  CHECK_EQ(hyperv().reference_tsc | hyperv().guest_id, Word{0});
}

}  // namespace
}  // namespace hyprelay::target
