// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/capture/synthetic.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hyprelay::test {
namespace {

void append(std::vector<std::byte>& to, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    to.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
}

}  // namespace

void CoreBuilder::add_memory(std::uint64_t start, std::uint64_t virtual_start,
                             const std::vector<std::byte>& bytes) {
  if (!pieces_.empty()) {
    Piece& last = pieces_.back();
    const std::uint64_t size = last.bytes.size();
    if (last.start + size == start &&
        (virtual_start == 0 ? last.virtual_start == 0
                            : last.virtual_start + size == virtual_start)) {
      last.bytes.insert(last.bytes.end(), bytes.begin(), bytes.end());
      return;
    }
  }
  pieces_.push_back({start, virtual_start, bytes});
}

std::vector<std::byte> CoreBuilder::build() const {
  const std::size_t word = wide_ ? 8 : 4;
  const std::size_t header = wide_ ? 64 : 52;
  const std::size_t entry = wide_ ? 56 : 32;
  std::vector<std::byte> note;
  append(note, 11, 4);
  append(note, info_.size(), 4);
  append(note, 0, 4);
  for (const char c : std::string_view("VMCOREINFO\0\0", 12)) {
    append(note, static_cast<unsigned char>(c), 1);
  }
  for (const char c : info_) {
    append(note, static_cast<unsigned char>(c), 1);
  }
  note.resize(note.size() + (4 - note.size() % 4) % 4);

  std::vector<std::byte> file;
  for (const unsigned byte :
       {0x7fu, unsigned{'E'}, unsigned{'L'}, unsigned{'F'}, wide_ ? 2u : 1u, 1u, 1u}) {
    append(file, byte, 1);
  }
  file.resize(16);
  append(file, 4, 2);
  append(file, machine_, 2);
  append(file, 1, 4);
  append(file, 0, word);
  append(file, header, word);
  append(file, 0, word);
  append(file, 0, 4);
  append(file, header, 2);
  append(file, entry, 2);
  append(file, pieces_.size() + 1, 2);
  file.resize(header);

  std::uint64_t offset = header + entry * (pieces_.size() + 1);
  const auto put_entry = [&](std::uint64_t type, std::uint64_t virtual_start, std::uint64_t start,
                             std::uint64_t size) {
    append(file, type, 4);
    if (wide_) {
      append(file, 7, 4);
    }
    for (const std::uint64_t field : {offset, virtual_start, start, size, size}) {
      append(file, field, word);
    }
    if (!wide_) {
      append(file, 7, 4);
    }
    append(file, 0, word);
    offset += size;
  };
  put_entry(4, 0, 0, note.size());
  for (const Piece& piece : pieces_) {
    put_entry(1, piece.virtual_start, piece.start, piece.bytes.size());
  }
  file.insert(file.end(), note.begin(), note.end());
  for (const Piece& piece : pieces_) {
    file.insert(file.end(), piece.bytes.begin(), piece.bytes.end());
  }
  return file;
}

// Where the parts of the log lie in `memory`: the pointer prb, the ring buffer, and its arrays.
namespace {
constexpr std::size_t kPointer = 0;
constexpr std::size_t kRing = 64;
constexpr std::size_t kTextRing = kRing + 64;
constexpr std::size_t kDescs = 512;
constexpr std::size_t kInfos = 2048;
constexpr std::size_t kText = 4096;
constexpr std::size_t kDescBytes = 32;
constexpr std::size_t kInfoBytes = 48;
}  // namespace

RingLog::RingLog(bool is_wide, std::uint64_t virtual_address)
    : wide_(is_wide), address_(virtual_address), word_(is_wide ? 8 : 4) {
  put_word(kPointer, address_ + kRing);
  memory.put(kRing, 3, 4);  // count_bits
  put_word(kRing + 8, address_ + kDescs);
  put_word(kRing + 16, address_ + kInfos);
  memory.put(kTextRing, 8, 4);  // size_bits
  put_word(kTextRing + 8, address_ + kText);
  set_first_id(0);
}

void RingLog::set_first_id(std::uint64_t id) {
  first_id_ = id;
  next_id_ = id;
}

void RingLog::put_word(std::size_t at, std::uint64_t value) {
  memory.put(at, value, word_);
}

void RingLog::add(std::uint64_t nanoseconds, std::string_view text, unsigned state) {
  const std::uint64_t mask = (wide_ ? ~std::uint64_t{0} : 0xffffffff) >> 2;
  const std::uint64_t id = next_id_++ & mask;
  const std::size_t index = id % kDescriptors;
  std::uint64_t begin = head_;
  const std::uint64_t size = (word_ + text.size() + word_ - 1) / word_ * word_;
  std::uint64_t next = begin + size;
  std::uint64_t data = begin % kTextBytes;
  if (begin / kTextBytes != (next - 1) / kTextBytes) {
    data = 0;
    next = next / kTextBytes * kTextBytes + size;
  }
  if (text.empty()) {
    begin = next = 3;  // NO_LPOS
  } else {
    head_ = next;
    put_word(kText + data, id);
    memory.put(kText + data + word_, text);
  }
  const std::uint64_t flags = std::uint64_t{state} << (8 * word_ - 2);
  put_word(kDescs + index * kDescBytes, flags | id);
  put_word(kDescs + index * kDescBytes + 8, begin);
  put_word(kDescs + index * kDescBytes + 16, next);
  memory.put(kInfos + index * kInfoBytes, nanoseconds, 8);
  memory.put(kInfos + index * kInfoBytes + 8, text.size(), 2);
  put_word(kRing + 24, id);
  const std::uint64_t count = next_id_ - first_id_;
  put_word(kRing + 32, (count > kDescriptors ? next_id_ - kDescriptors : first_id_) & mask);
}

void RingLog::point_at_text_of(std::size_t other, std::size_t index) {
  const auto copy = [this](std::size_t from, std::size_t to, std::size_t size) {
    std::copy_n(memory.bytes.begin() + static_cast<std::ptrdiff_t>(from), size,
                memory.bytes.begin() + static_cast<std::ptrdiff_t>(to));
  };
  copy(kDescs + other * kDescBytes + 8, kDescs + index * kDescBytes + 8, 16);
  copy(kInfos + other * kInfoBytes + 8, kInfos + index * kInfoBytes + 8, 2);
}

std::string RingLog::info() const {
  std::array<char, 40> symbol{};
  std::snprintf(symbol.data(), symbol.size(), "SYMBOL(prb)=%llx\n",
                static_cast<unsigned long long>(address_) + kPointer);
  return "OSRELEASE=6.1.0-test\nPAGESIZE=4096\n" + std::string(symbol.data()) +
         "OFFSET(printk_ringbuffer.desc_ring)=0\n"
         "OFFSET(printk_ringbuffer.text_data_ring)=64\n"
         "OFFSET(prb_desc_ring.count_bits)=0\n"
         "OFFSET(prb_desc_ring.descs)=8\n"
         "OFFSET(prb_desc_ring.infos)=16\n"
         "OFFSET(prb_desc_ring.head_id)=24\n"
         "OFFSET(prb_desc_ring.tail_id)=32\n"
         "SIZE(prb_desc)=32\n"
         "OFFSET(prb_desc.state_var)=0\n"
         "OFFSET(prb_desc.text_blk_lpos)=8\n"
         "OFFSET(prb_data_blk_lpos.begin)=0\n"
         "OFFSET(prb_data_blk_lpos.next)=8\n"
         "SIZE(printk_info)=48\n"
         "OFFSET(printk_info.ts_nsec)=0\n"
         "OFFSET(printk_info.text_len)=8\n"
         "OFFSET(prb_data_ring.size_bits)=0\n"
         "OFFSET(prb_data_ring.data)=8\n"
         "OFFSET(atomic_long_t.counter)=0\n";
}

void add_noise(std::vector<std::byte>& memory, std::size_t size_bytes) {
  std::uint64_t seed = 1;
  while (memory.size() < size_bytes) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    memory.push_back(static_cast<std::byte>(seed >> 56));
  }
}

std::vector<std::byte> newline_core() {
  constexpr std::uint64_t kVirtual = 0xffff800000000000;
  constexpr std::size_t kCount = 1024;
  constexpr std::size_t kDescsAt = 0x1000;
  constexpr std::size_t kInfosAt = 0x10000;
  constexpr std::size_t kTextAt = 0x20000;
  Memory memory(kTextAt + 0x10000);
  memory.put(kPointer, kVirtual + kRing, 8);
  memory.put(kRing, 10, 4);
  memory.put(kRing + 8, kVirtual + kDescsAt, 8);
  memory.put(kRing + 16, kVirtual + kInfosAt, 8);
  memory.put(kRing + 24, kCount - 1, 8);
  memory.put(kTextRing, 16, 4);
  memory.put(kTextRing + 8, kVirtual + kTextAt, 8);
  memory.put(kTextAt, std::string(0x10000, '\n'));
  for (std::size_t i = 0; i < kCount; ++i) {
    memory.put(kDescsAt + i * kDescBytes, (std::uint64_t{2} << 62) | i, 8);
    memory.put(kDescsAt + i * kDescBytes + 16, 0x10000, 8);
    memory.put(kInfosAt + i * kInfoBytes + 8, 0xffff, 2);
  }
  add_noise(memory.bytes, std::size_t{6} << 20);
  CoreBuilder builder(true, capture::kMachineArm64);
  builder.set_info(RingLog(true, kVirtual).info() + "CRASHTIME=86400\n");
  builder.add_memory(0x40000000, kVirtual, memory.bytes);
  return builder.build();
}

}  // namespace hyprelay::test
