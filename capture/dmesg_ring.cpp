// SPDX-License-Identifier: BSD-2-Clause
// The lockless ring buffer of 5.10 and later [linux/kernel/printk/printk_ringbuffer.c]: a ring of
// descriptors that are numbered for ever (the id), an information structure beside each, and a ring
// of text whose positions are numbered for ever too (the lpos).
#include "capture/dmesg.hpp"
#include "capture/log_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hyprelay::capture {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::Stage;

// Logs are of kilobytes to megabytes; numbers above these are damage.
constexpr std::uint32_t kMostCountBits = 20;
constexpr std::uint32_t kMostSizeBits = 28;
// In bits of the state variable's top: committed and finalized descriptors have a message.
constexpr std::uint64_t kCommitted = 1;
constexpr std::uint64_t kFinalized = 2;

Error bad(const char* what, std::uint64_t value) {
  return Error(Code::CAPTURE_BAD_LOG, Stage::kCapture, what).with_at(value);
}

struct Ring {
  bool wide = false;
  std::uint64_t word_bits = 32;
  // Descriptors.
  std::uint64_t count = 0;
  std::uint64_t head_id = 0;
  std::uint64_t tail_id = 0;
  std::optional<OldArray> descriptors;
  std::optional<OldArray> infos;
  std::uint64_t descriptor_bytes = 0;
  std::uint64_t info_bytes = 0;
  std::uint64_t state_at = 0;
  std::uint64_t begin_at = 0;
  std::uint64_t next_at = 0;
  std::uint64_t time_at = 0;
  std::uint64_t length_at = 0;
  // Text.
  std::uint64_t size_bits = 0;
  std::optional<OldArray> text;

  std::uint64_t id_mask() const {
    const std::uint64_t ones = wide ? ~std::uint64_t{0} : 0xffffffff;
    return ones >> 2;
  }
};

// Offsets of one structure's members inside another that embeds it.
base::Result<void> find_offsets(const VmcoreInfo& info, Ring& ring) {
  HR_TRY(descriptor_bytes, info.need_size("prb_desc"));
  HR_TRY(info_bytes, info.need_size("printk_info"));
  HR_TRY(state, info.need_offset("prb_desc.state_var"));
  HR_TRY(block, info.need_offset("prb_desc.text_blk_lpos"));
  HR_TRY(begin, info.need_offset("prb_data_blk_lpos.begin"));
  HR_TRY(next, info.need_offset("prb_data_blk_lpos.next"));
  HR_TRY(time, info.need_offset("printk_info.ts_nsec"));
  HR_TRY(length, info.need_offset("printk_info.text_len"));
  HR_TRY(counter, info.need_offset("atomic_long_t.counter"));
  constexpr std::uint64_t kMostBytes = 4096;
  if (descriptor_bytes == 0 || descriptor_bytes > kMostBytes) {
    return bad("SIZE(prb_desc)", descriptor_bytes);
  }
  if (info_bytes == 0 || info_bytes > kMostBytes) {
    return bad("SIZE(printk_info)", info_bytes);
  }
  const std::uint64_t word = ring.wide ? 8 : 4;
  const auto fits = [](std::uint64_t outer, std::uint64_t inner, std::uint64_t size,
                       std::uint64_t all) {
    return outer < all && inner < all && outer + inner + size <= all;
  };
  if (!fits(state, counter, word, descriptor_bytes) ||
      !fits(block, begin, word, descriptor_bytes) || !fits(block, next, word, descriptor_bytes)) {
    return bad("OFFSET(prb_desc)", descriptor_bytes);
  }
  if (!fits(time, 0, 8, info_bytes) || !fits(length, 0, 2, info_bytes)) {
    return bad("OFFSET(printk_info)", info_bytes);
  }
  ring.descriptor_bytes = descriptor_bytes;
  ring.info_bytes = info_bytes;
  ring.state_at = state + counter;
  ring.begin_at = block + begin;
  ring.next_at = block + next;
  ring.time_at = time;
  ring.length_at = length;
  return base::success();
}

base::Result<void> read_descriptors(const OldMemory& memory, std::uint64_t at, Ring& ring) {
  const VmcoreInfo& info = memory.core().info;
  HR_TRY(counter, info.need_offset("atomic_long_t.counter"));
  HR_TRY(bits_at, info.need_offset("prb_desc_ring.count_bits"));
  HR_TRY(descs_at, info.need_offset("prb_desc_ring.descs"));
  HR_TRY(infos_at, info.need_offset("prb_desc_ring.infos"));
  HR_TRY(head_at, info.need_offset("prb_desc_ring.head_id"));
  HR_TRY(tail_at, info.need_offset("prb_desc_ring.tail_id"));
  HR_TRY(bits, memory.read_u32(at + bits_at));
  if (bits == 0 || bits > kMostCountBits) {
    return bad("prb_desc_ring.count_bits", bits);
  }
  ring.count = std::uint64_t{1} << bits;
  HR_TRY(head, memory.read_word(at + head_at + counter));
  HR_TRY(tail, memory.read_word(at + tail_at + counter));
  ring.head_id = head & ring.id_mask();
  ring.tail_id = tail & ring.id_mask();
  HR_TRY(descs, memory.read_word(at + descs_at));
  HR_TRY(infos, memory.read_word(at + infos_at));
  HR_TRY(descriptors, OldArray::open(memory, descs, ring.count * ring.descriptor_bytes));
  HR_TRY(all_infos, OldArray::open(memory, infos, ring.count * ring.info_bytes));
  ring.descriptors = std::move(descriptors);
  ring.infos = std::move(all_infos);
  return base::success();
}

base::Result<void> read_text(const OldMemory& memory, std::uint64_t at, Ring& ring) {
  const VmcoreInfo& info = memory.core().info;
  HR_TRY(bits_at, info.need_offset("prb_data_ring.size_bits"));
  HR_TRY(data_at, info.need_offset("prb_data_ring.data"));
  HR_TRY(bits, memory.read_u32(at + bits_at));
  if (bits == 0 || bits > kMostSizeBits) {
    return bad("prb_data_ring.size_bits", bits);
  }
  HR_TRY(data, memory.read_word(at + data_at));
  HR_TRY(text, OldArray::open(memory, data, std::uint64_t{1} << bits));
  ring.size_bits = bits;
  ring.text = std::move(text);
  return base::success();
}

// Where the text of a message lies in the ring of text.
struct TextPlace {
  std::uint64_t at = 0;
  std::uint64_t size_bytes = 0;
};

// Of no size for a message that has no text or whose numbers are damaged.
TextPlace place_of(const Ring& ring, std::uint64_t begin, std::uint64_t next,
                   std::uint64_t length) {
  // Odd positions say that there is no text [printk_ringbuffer.h LPOS_DATALESS].
  if ((begin & 1) != 0 || (next & 1) != 0) {
    return {};
  }
  const std::uint64_t size = std::uint64_t{1} << ring.size_bits;
  const std::uint64_t end = next % size == 0 && next != begin ? size : next % size;
  std::uint64_t start = begin % size;
  if (begin >> ring.size_bits != (next - 1) >> ring.size_bits) {
    start = 0;  // A block that would not fit behind the last one starts over at the front.
  }
  // A block begins with the id of its descriptor.
  const std::uint64_t word = ring.wide ? 8 : 4;
  if (start + word > end) {
    return {};
  }
  return {start + word, std::min(length, end - start - word)};
}

// False: the messages are more than the ring holds. Error: this one cannot be read.
base::Result<bool> append(Ring& ring, std::uint64_t id, LogText& log) {
  const std::uint64_t index = id & (ring.count - 1);
  HR_TRY(descriptor, ring.descriptors->read(index * ring.descriptor_bytes, ring.descriptor_bytes));
  HR_TRY(variable, read_word(descriptor, ring.state_at, ring.wide));
  const std::uint64_t state = variable >> (ring.word_bits - 2);
  if ((variable & ring.id_mask()) != id || (state != kCommitted && state != kFinalized)) {
    return true;
  }
  HR_TRY(begin, read_word(descriptor, ring.begin_at, ring.wide));
  HR_TRY(next, read_word(descriptor, ring.next_at, ring.wide));
  HR_TRY(info, ring.infos->read(index * ring.info_bytes, ring.info_bytes));
  HR_TRY(time, base::read_le<std::uint64_t>(info, ring.time_at));
  HR_TRY(length, base::read_le<std::uint16_t>(info, ring.length_at));
  const TextPlace place = place_of(ring, begin, next, length);
  if (place.size_bytes == 0) {
    return log.append(time, "");  // Nothing is read for nothing: a read ahead may cost a frame.
  }
  HR_TRY(text, ring.text->read(place.at, place.size_bytes));
  return log.append(time, base::text_of(text));
}

// From the tail to the head, and no more than a whole turn, whatever the two say.
base::Result<std::string> read_messages(Ring& ring) {
  LogText log(std::uint64_t{1} << ring.size_bits);
  std::uint64_t id = ring.tail_id;
  std::uint64_t lost = 0;
  bool damaged = false;
  std::optional<Error> fault;
  for (std::uint64_t i = 0; i < ring.count && !damaged; ++i) {
    const auto taken = append(ring, id, log);
    if (!taken) {
      ++lost;
      fault = fault ? fault : taken.error();
    }
    damaged = taken && !taken.value();
    if (id == ring.head_id) {
      break;
    }
    id = (id + 1) & ring.id_mask();
  }
  if (log.empty() && fault) {
    return *fault;
  }
  return log.finish(lost, damaged);
}

}  // namespace

base::Result<std::string> read_ring_buffer(const OldMemory& memory) {
  const VmcoreInfo& info = memory.core().info;
  HR_TRY(symbol, info.need_symbol("prb"));
  HR_TRY(descriptors_at, info.need_offset("printk_ringbuffer.desc_ring"));
  HR_TRY(text_at, info.need_offset("printk_ringbuffer.text_data_ring"));
  HR_TRY(buffer, memory.read_word(symbol));
  Ring ring;
  ring.wide = memory.core().wide;
  ring.word_bits = ring.wide ? 64 : 32;
  HR_TRYV(find_offsets(info, ring));
  HR_TRYV(read_descriptors(memory, buffer + descriptors_at, ring));
  HR_TRYV(read_text(memory, buffer + text_at, ring));

  return read_messages(ring);
}

}  // namespace hyprelay::capture
