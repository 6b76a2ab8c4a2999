// SPDX-License-Identifier: BSD-2-Clause
#include "capture/dmesg.hpp"

#include "tests/unit/capture/support.hpp"
#include "tests/unit/capture/synthetic.hpp"

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

TEST(Dmesg, a_fact_that_is_missing_is_named) {
  RingLog ring(false, kVirtual);
  std::string info = ring.info();
  info.replace(info.find("SIZE(prb_desc)"), 14, "SIZE(xxx_desc)");
  const auto log = log_of(ring.memory, info, false);
  expect_code(log, Code::CAPTURE_NO_INFO);
  EXPECT_EQ(log.error().subject(), "SIZE(prb_desc)");
  expect_code(log_of(ring.memory, "", false), Code::CAPTURE_NO_INFO);
}

// The log of 3.5 to 5.9: 16 bytes of header, then the text, padded to 4.
class RecordLog {
 public:
  RecordLog() {
    memory.put(0, kVirtual + 0x100, 4);  // log_buf
    memory.put(4, 0x400, 4);             // log_buf_len
  }
  void set_ends(std::uint64_t first, std::uint64_t next) {
    memory.put(8, first, 4);
    memory.put(12, next, 4);
  }
  std::uint64_t add(std::uint64_t at, std::uint64_t nanoseconds, std::string_view text) {
    const std::uint64_t length = (16 + text.size() + 3) / 4 * 4;
    memory.put(0x100 + at, nanoseconds, 8);
    memory.put(0x100 + at + 8, length, 2);
    memory.put(0x100 + at + 10, text.size(), 2);
    memory.put(0x100 + at + 16, text);
    return at + length;
  }
  static std::string info(const std::string& name = "printk_log") {
    return "OSRELEASE=4.9.0\nSYMBOL(log_buf)=c0100000\nSYMBOL(log_buf_len)=c0100004\n"
           "SYMBOL(log_first_idx)=c0100008\nSYMBOL(log_next_idx)=c010000c\nSIZE(" +
           name + ")=16\nOFFSET(" + name + ".ts_nsec)=0\nOFFSET(" + name + ".len)=8\nOFFSET(" +
           name + ".text_len)=10\n";
  }
  Memory memory{4096};
};

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
