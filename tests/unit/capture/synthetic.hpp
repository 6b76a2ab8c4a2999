// SPDX-License-Identifier: BSD-2-Clause
// ELF cores made of pieces of memory, and logs in them.
#pragma once

#include "capture/core.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::test {

// Memory that a test fills by number, little endian.
class Memory {
 public:
  explicit Memory(std::size_t size_bytes) : bytes(size_bytes) {}
  void put(std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
      bytes.at(at + i) = static_cast<std::byte>(value >> (8 * i));
    }
  }
  void put(std::size_t at, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      bytes.at(at + i) = static_cast<std::byte>(text[i]);
    }
  }
  std::vector<std::byte> bytes;
};

class CoreBuilder {
 public:
  CoreBuilder(bool wide, std::uint16_t machine) : wide_(wide), machine_(machine) {}

  // Pieces that touch become one PT_LOAD. virtual_start 0: none.
  void add_memory(std::uint64_t start, std::uint64_t virtual_start,
                  const std::vector<std::byte>& bytes);
  void set_info(std::string text) { info_ = std::move(text); }

  std::vector<std::byte> build() const;

 private:
  struct Piece {
    std::uint64_t start;
    std::uint64_t virtual_start;
    std::vector<std::byte> bytes;
  };
  bool wide_;
  std::uint16_t machine_;
  std::string info_;
  std::vector<Piece> pieces_;
};

// A log as 5.10 and later keep it, of 8 descriptors and 256 bytes of text, with structures of our
// own layout, which VMCOREINFO describes. `at`: where it lies, physically and virtually.
struct RingLog {
  RingLog(bool is_wide, std::uint64_t virtual_address);

  // One message. Its text wraps to the front of the ring as the kernel does it.
  void add(std::uint64_t nanoseconds, std::string_view text, unsigned state = 2);
  // The descriptor `index` is given the text of another one, and its length.
  void point_at_text_of(std::size_t other, std::size_t index);
  // The descriptors' numbers start here.
  void set_first_id(std::uint64_t id);

  std::string info() const;
  Memory memory{8192};

  static constexpr std::uint64_t kDescriptors = 8;
  static constexpr std::uint64_t kTextBytes = 256;

 private:
  void put_word(std::size_t at, std::uint64_t value);

  bool wide_;
  std::uint64_t address_;
  std::uint64_t word_;
  std::uint64_t next_id_ = 0;
  std::uint64_t first_id_ = 0;
  std::uint64_t head_ = 0;
};

// The log of 3.5 to 5.9 of a 32-bit kernel at kVirtual: 16 bytes of header, then the text, padded
// to 4.
class RecordLog {
 public:
  static constexpr std::uint64_t kVirtual = 0xc0100000;

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

// Fills the memory up to that size with bytes that no compressor shortens, the same ones each time.
void add_noise(std::vector<std::byte>& memory, std::size_t size_bytes);

// A memory image of 6 MiB of a 64-bit kernel: noise, and in front of it a log, laid out as
// RingLog's, in which each of 1024 descriptors points at all of the 64 KiB of text, which are
// newlines: 65 million lines, were they believed.
std::vector<std::byte> newline_core();

}  // namespace hyprelay::test
