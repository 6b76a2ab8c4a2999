// SPDX-License-Identifier: BSD-2-Clause
#include "capture/dmesg.hpp"

#include "capture/log_text.hpp"
#include "tests/unit/capture/sources.hpp"
#include "tests/unit/capture/support.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <algorithm>
#include <utility>

namespace hyprelay::test {
namespace {

using base::Code;
using capture::ViewSource;

constexpr std::uint64_t kVirtual = 0xc0100000;

base::Result<std::string> log_of(base::ByteView file) {
  ViewSource source(file);
  HR_TRY(core, capture::read_core(source));
  return capture::read_dmesg(capture::OldMemory(core, source));
}

base::Result<std::string> log_of(const Memory& memory, const std::string& info, bool wide) {
  CoreBuilder builder(wide, wide ? capture::kMachineArm64 : capture::kMachineArm);
  builder.set_info(info);
  builder.add_memory(0x40100000, kVirtual, memory.bytes);
  return log_of(builder.build());
}

TEST(Dmesg, of_real_kernels_is_what_others_read) {
  for (const char* name : {"armmp", "armmp-lpae", "arm64-bare"}) {
    const auto log = log_of(captured_core(std::string(name) + ".core.zst"));
    ASSERT_TRUE(log) << name;
    EXPECT_EQ(log.value(), captured_text(std::string(name) + ".txt"));
  }
}

TEST(Dmesg, of_arm_needs_no_virtual_addresses_in_the_headers) {
  const auto log = log_of(captured_core("armmp-bare.core.zst"));
  ASSERT_TRUE(log);
  EXPECT_EQ(log.value(), captured_text("armmp.txt"));
}

TEST(Dmesg, a_ring_is_read_in_its_order) {
  for (const bool wide : {false, true}) {
    RingLog ring(wide, kVirtual);
    ring.add(1'000'000'001, "first");
    ring.add(2'500'000'000, "two\nlines");
    ring.add(123'456'789'000, "");
    const auto log = log_of(ring.memory, ring.info(), wide);
    ASSERT_TRUE(log);
    EXPECT_EQ(log.value(),
              "[    1.000000] first\n[    2.500000] two\n[    2.500000] lines\n[  123.456789] \n");
  }
}

TEST(Dmesg, a_ring_that_wrapped_begins_with_the_oldest_message) {
  for (const bool wide : {false, true}) {
    RingLog ring(wide, kVirtual);
    ring.set_first_id(((wide ? ~std::uint64_t{0} : 0xffffffff) >> 2) - 10);
    for (unsigned i = 0; i < 30; ++i) {
      ring.add(i * 1'000'000'000ull, "message number " + std::to_string(i));
    }
    const auto log = log_of(ring.memory, ring.info(), wide);
    ASSERT_TRUE(log);
    std::string expected;
    for (unsigned i = 22; i < 30; ++i) {
      expected +=
          "[   " + std::to_string(i) + ".000000] message number " + std::to_string(i) + "\n";
    }
    EXPECT_EQ(log.value(), expected) << wide;
  }
}

TEST(Dmesg, a_message_that_was_being_written_is_left_out) {
  RingLog ring(true, kVirtual);
  ring.add(0, "whole");
  ring.add(0, "half", 0);
  ring.add(0, "committed", 1);
  ring.add(0, "reused", 3);
  const auto log = log_of(ring.memory, ring.info(), true);
  ASSERT_TRUE(log);
  EXPECT_EQ(log.value(), "[    0.000000] whole\n[    0.000000] committed\n");
}

TEST(Dmesg, damage_to_a_ring_is_an_error_and_not_an_endless_loop) {
  RingLog ring(false, kVirtual);
  ring.add(0, "text");
  RingLog damaged = ring;
  damaged.memory.put(64, 31, 4);  // count_bits
  expect_code(log_of(damaged.memory, ring.info(), false), Code::CAPTURE_BAD_LOG);
  damaged = ring;
  damaged.memory.put(128, 0, 4);  // size_bits
  expect_code(log_of(damaged.memory, ring.info(), false), Code::CAPTURE_BAD_LOG);
  damaged = ring;
  damaged.memory.put(0, 0x12345678, 4);  // the pointer
  expect_code(log_of(damaged.memory, ring.info(), false), Code::CAPTURE_UNMAPPED);
  damaged = ring;
  damaged.memory.put(64 + 24, 0x3fffffff, 4);  // head_id, which no descriptor has
  const auto log = log_of(damaged.memory, ring.info(), false);
  ASSERT_TRUE(log);
  EXPECT_EQ(log.value(), "[    0.000000] text\n");
  damaged = ring;
  damaged.memory.put(512 + 8, 0xfffffff0, 4);  // begin
  EXPECT_TRUE(log_of(damaged.memory, ring.info(), false));
}

// What was one message is what every descriptor points at: as text, eight times what the ring
// holds.
TEST(Dmesg, a_ring_whose_messages_are_all_one_text_is_no_larger_than_the_ring) {
  for (const bool wide : {false, true}) {
    RingLog ring(wide, kVirtual);
    ring.add(0, std::string(200, '\n'));
    for (unsigned i = 1; i < RingLog::kDescriptors; ++i) {
      ring.add(0, "");
      ring.point_at_text_of(0, i);
    }
    const auto log = log_of(ring.memory, ring.info(), wide);
    ASSERT_TRUE(log);
    constexpr std::size_t kLine = std::string_view("[    0.000000] \n").size();
    EXPECT_LT(log.value().size(), RingLog::kTextBytes * kLine) << wide;
    EXPECT_TRUE(log.value().ends_with("\nhyprelay: the log is damaged behind this line\n"));
  }
}

TEST(Dmesg, a_page_that_cannot_be_read_costs_what_is_on_it_alone) {
  RingLog ring(true, kVirtual);
  ring.add(0, "first");
  ring.add(0, "second");
  ring.add(0, "third");
  CoreBuilder builder(true, capture::kMachineArm64);
  builder.set_info(ring.info());
  builder.add_memory(0x40100000, kVirtual, ring.memory.bytes);
  const auto file = builder.build();
  const base::ByteView second = base::bytes_of("second");
  const auto bad = std::search(file.begin(), file.end(), second.begin(), second.end());
  BadSource source(file, static_cast<std::uint64_t>(bad - file.begin()));
  const auto core = capture::read_core(source);
  ASSERT_TRUE(core);
  const auto log = capture::read_dmesg(capture::OldMemory(core.value(), source));
  ASSERT_TRUE(log);
  EXPECT_EQ(log.value(),
            "[    0.000000] first\n[    0.000000] third\nhyprelay: 1 messages could not be read\n");
}

TEST(Dmesg, sizes_that_do_not_hold_their_fields_are_damage) {
  RingLog ring(true, kVirtual);
  ring.add(0, "text");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"SIZE(prb_desc)=32", "SIZE(prb_desc)=8"},
           {"OFFSET(prb_desc.state_var)=0", "OFFSET(prb_desc.state_var)=25"},
           {"OFFSET(prb_data_blk_lpos.next)=8",
            "OFFSET(prb_data_blk_lpos.next)=18446744073709551615"},
           {"SIZE(printk_info)=48", "SIZE(printk_info)=9"},
           {"OFFSET(printk_info.ts_nsec)=0", "OFFSET(printk_info.ts_nsec)=41"}}) {
    std::string info = ring.info();
    info.replace(info.find(from), from.size(), to);
    expect_code(log_of(ring.memory, info, true), Code::CAPTURE_BAD_LOG);
  }
}

TEST(LogText, of_a_log_too_long_to_keep_the_newest_part_is_kept) {
  capture::LogText log(1 << 20, 1000);
  for (unsigned i = 0; i < 1000; ++i) {
    ASSERT_TRUE(log.append(i * 1'000'000'000ull, "message"));
  }
  const std::string text = log.finish(0, false);
  EXPECT_LE(text.size(), 1100u);
  EXPECT_TRUE(text.starts_with("hyprelay: "));
  EXPECT_NE(text.find(" bytes of older messages were left out\n[  "), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("[  998.000000] message\n[  999.000000] message\n"));
}

TEST(Dmesg, a_fact_that_is_missing_is_named) {
  RingLog ring(false, kVirtual);
  std::string info = ring.info();
  info.replace(info.find("SIZE(prb_desc)"), 14, "SIZE(xxx_desc)");
  const auto log = log_of(ring.memory, info, false);
  expect_code(log, Code::CAPTURE_NO_INFO);
  EXPECT_EQ(log.error().subject(), "SIZE(prb_desc)");
  expect_code(log_of(ring.memory, "", false), Code::CAPTURE_NO_INFO);
}

TEST(Dmesg, the_older_records_are_read) {
  for (const char* name : {"printk_log", "log"}) {
    RecordLog log;
    std::uint64_t at = log.add(0x40, 5'000'000, "old kernel");
    at = log.add(at, 6'000'000, "second");
    log.set_ends(0x40, at);
    const auto text = log_of(log.memory, RecordLog::info(name), false);
    ASSERT_TRUE(text) << name;
    EXPECT_EQ(text.value(), "[    0.005000] old kernel\n[    0.006000] second\n");
  }
}

TEST(Dmesg, the_older_records_go_round) {
  RecordLog log;
  log.add(0x3c0, 1'000'000, "at the end");  // 28 bytes, and a record of length 0 behind it
  const std::uint64_t end = log.add(0, 2'000'000, "at the front");
  log.set_ends(0x3c0, end);
  const auto text = log_of(log.memory, RecordLog::info(), false);
  ASSERT_TRUE(text);
  EXPECT_EQ(text.value(), "[    0.001000] at the end\n[    0.002000] at the front\n");
}

TEST(Dmesg, older_records_whose_sizes_lie_are_damage) {
  RecordLog log;
  log.set_ends(0, log.add(0, 0, "text"));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"SIZE(printk_log)=16", "SIZE(printk_log)=1"},
           {"SIZE(printk_log)=16", "SIZE(printk_log)=18446744073709551615"},
           {"OFFSET(printk_log.ts_nsec)=0", "OFFSET(printk_log.ts_nsec)=9"},
           {"OFFSET(printk_log.len)=8", "OFFSET(printk_log.len)=18446744073709551615"}}) {
    std::string info = RecordLog::info();
    info.replace(info.find(from), from.size(), to);
    expect_code(log_of(log.memory, info, false), Code::CAPTURE_BAD_LOG);
  }
}

TEST(Dmesg, damage_to_the_older_records_keeps_what_is_before) {
  RecordLog log;
  const std::uint64_t at = log.add(0, 1'000'000, "good");
  log.add(at, 1'000'000, "bad");
  log.memory.put(0x100 + at + 8, 3, 2);  // shorter than its header
  log.set_ends(0, 0x200);
  const auto text = log_of(log.memory, RecordLog::info(), false);
  ASSERT_TRUE(text);
  EXPECT_EQ(text.value(), "[    0.001000] good\nhyprelay: the log is damaged behind this line\n");
  log.set_ends(at, 0x200);
  expect_code(log_of(log.memory, RecordLog::info(), false), Code::CAPTURE_BAD_LOG);
  log.memory.put(4, 0, 4);  // log_buf_len
  expect_code(log_of(log.memory, RecordLog::info(), false), Code::CAPTURE_BAD_LOG);
}

}  // namespace
}  // namespace hyprelay::test
