// SPDX-License-Identifier: BSD-2-Clause
// The record log of 3.5 to 5.9 [linux v5.9 kernel/printk/printk.c]: records one behind the other in
// one buffer, each with its length; a record of length 0 says that the next one is at the front.
#include "capture/dmesg.hpp"
#include "capture/log_text.hpp"

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::uint32_t kMostBytes = 1u << 28;

Error bad(const char* what, std::uint64_t value) {
  return Error(Code::CAPTURE_BAD_LOG, Stage::kCapture, what).with_at(value);
}

// struct printk_log was struct log before 3.11.
std::string record_name(const VmcoreInfo& info) {
  return info.size("printk_log") ? "printk_log" : "log";
}

struct Layout {
  std::uint64_t header_bytes = 0;
  std::uint64_t time_at = 0;
  std::uint64_t length_at = 0;
  std::uint64_t text_length_at = 0;
};

base::Result<Layout> find_layout(const VmcoreInfo& info) {
  const std::string name = record_name(info);
  HR_TRY(header_bytes, info.need_size(name));
  HR_TRY(time_at, info.need_offset(name + ".ts_nsec"));
  HR_TRY(length_at, info.need_offset(name + ".len"));
  HR_TRY(text_length_at, info.need_offset(name + ".text_len"));
  // A header of nothing but its fields has 12 bytes; what does not fit into it is damage.
  constexpr std::uint64_t kMostHeader = 4096;
  const auto fits = [header_bytes = header_bytes](std::uint64_t at, std::uint64_t size) {
    return at < header_bytes && size <= header_bytes - at;
  };
  if (header_bytes < 12 || header_bytes > kMostHeader) {
    return bad("SIZE(printk_log)", header_bytes);
  }
  if (!fits(time_at, 8) || !fits(length_at, 2) || !fits(text_length_at, 2)) {
    return bad("OFFSET(printk_log)", header_bytes);
  }
  return Layout{header_bytes, time_at, length_at, text_length_at};
}

// Where the next record is, after this one's message went to the log. An error is the end of what
// can be read.
base::Result<std::uint64_t> take_record(OldArray& records, const Layout& layout, std::uint64_t at,
                                        LogText& log) {
  HR_TRY(length_field, records.read(at + layout.length_at, 2));
  HR_TRY(length, base::read_le<std::uint16_t>(length_field, 0));
  if (length == 0 && at != 0) {
    return std::uint64_t{0};
  }
  HR_TRY(header, records.read(at, layout.header_bytes));
  HR_TRY(time, base::read_le<std::uint64_t>(header, layout.time_at));
  HR_TRY(text_length, base::read_le<std::uint16_t>(header, layout.text_length_at));
  if (length < layout.header_bytes || text_length > length - layout.header_bytes) {
    return bad("length of a record", at);
  }
  HR_TRY(text, records.read(at + layout.header_bytes, text_length));
  if (!log.append(time, base::text_of(text))) {
    return bad("length of the records", at);
  }
  return at + length;
}

base::Result<std::string> read_records(OldArray& records, const Layout& layout, std::uint64_t first,
                                       std::uint64_t end) {
  LogText log(records.size_bytes());
  bool wrapped = false;
  for (std::uint64_t at = first; at != end;) {
    const auto next = take_record(records, layout, at, log);
    const bool goes_round = next && next.value() < at;
    if (!next || (goes_round && wrapped)) {
      if (log.empty()) {
        return next || next.error().code() == Code::OUT_OF_BOUNDS ? bad("index of a record", at)
                                                                  : next.error();
      }
      return log.finish(0, true);
    }
    wrapped = wrapped || goes_round;
    at = next.value();
  }
  return log.finish(0, false);
}

}  // namespace

base::Result<std::string> read_record_log(const OldMemory& memory) {
  const VmcoreInfo& info = memory.core().info;
  HR_TRY(layout, find_layout(info));
  HR_TRY(buffer_at, info.need_symbol("log_buf"));
  HR_TRY(size_at, info.need_symbol("log_buf_len"));
  HR_TRY(first_at, info.need_symbol("log_first_idx"));
  HR_TRY(next_at, info.need_symbol("log_next_idx"));
  HR_TRY(buffer, memory.read_word(buffer_at));
  HR_TRY(size, memory.read_u32(size_at));
  HR_TRY(index, memory.read_u32(first_at));
  HR_TRY(next, memory.read_u32(next_at));
  if (size == 0 || size > kMostBytes) {
    return bad("log_buf_len", size);
  }
  HR_TRY(records, OldArray::open(memory, buffer, size));
  return read_records(records, layout, index, next);
}

}  // namespace hyprelay::capture
