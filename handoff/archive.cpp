// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/archive.hpp"

#include "base/number_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hyprelay::handoff {
namespace {

struct PackingMagic {
  std::string_view bytes;
  Packing packing;
  const char* name;
};
constexpr auto kPackings = std::to_array<PackingMagic>({
    {"0", Packing::kCpio, "cpio"},
    {"\x1f\x8b", Packing::kGzip, "gzip"},
    {"\x1f\x9e", Packing::kGzip, "gzip"},
    {"BZh", Packing::kBzip2, "bzip2"},
    {{"\x5d\x00\x00", 3}, Packing::kLzma, "lzma"},
    {{"\xfd"
      "7zXZ\x00",
      6},
     Packing::kXz,
     "xz"},
    {{"\x89LZO\x00\r\n\x1a\n", 9}, Packing::kLzo, "lzo"},
    {"\x02\x21\x4c\x18", Packing::kLz4, "lz4"},
    {"\x28\xb5\x2f\xfd", Packing::kZstd, "zstd"},
});

// Whether a magic begins with that byte: most bytes that are looked at begin none.
constexpr std::array<bool, 256> kBeginsMagic = [] {
  std::array<bool, 256> begins = {};
  for (const PackingMagic& one : kPackings) {
    begins[static_cast<unsigned char>(one.bytes.front())] = true;
  }
  return begins;
}();

constexpr std::array<std::uint32_t, 3> kCountedPages = {0x1000, 0x4000, 0x10000};
// An inode and a directory's entry of a tmpfs, rounded up [linux/include/linux/shmem_fs.h
// shmem_inode_info, linux/include/linux/dcache.h dentry].
constexpr std::uint64_t kEntryBytes = 1024;

// [linux/Documentation/driver-api/early-userspace/buffer-format.rst]
constexpr std::size_t kCpioHeaderBytes = 110;
constexpr std::size_t kModeAt = 14;
constexpr std::size_t kFileSizeAt = 54;
constexpr std::size_t kNameSizeAt = 94;
constexpr std::uint64_t kTypeMask = 0170000;
constexpr std::uint64_t kRegular = 0100000;

std::uint64_t hex_field(std::string_view header, std::size_t at) {
  std::uint64_t value = 0;
  for (const char digit : header.substr(at, 8)) {
    const char low = static_cast<char>(digit | 0x20);
    const int number = digit >= '0' && digit <= '9' ? digit - '0'
                       : low >= 'a' && low <= 'f'   ? low - 'a' + 10
                                                    : 0;
    value = value << 4 | static_cast<std::uint64_t>(number);
  }
  return value;
}

// The archive of one part, in pieces of any length.
class CpioReader {
 public:
  CpioReader(ArchiveContent& content, std::uint64_t most_bytes)
      : content_(content), most_bytes_(most_bytes) {}

  // How much of it was read: less than all when a byte is neither of an entry nor padding, or when
  // why_not() says more.
  std::size_t take(base::ByteView bytes) {
    std::size_t at = 0;
    while (at < bytes.size() && why_not_.empty()) {
      if (skip_ > 0) {
        at += skip(bytes.size() - at);
      } else if (header_.empty() && base::text_of(bytes)[at] == '\0') {
        ++at;
        ++position_;
      } else if (header_.empty() && (base::text_of(bytes)[at] != '0' || position_ % 4 != 0)) {
        break;
      } else {
        at += collect(base::text_of(bytes.subspan(at)));
      }
    }
    return at;
  }
  // Not within an entry.
  bool between() const { return skip_ == 0 && header_.empty(); }
  // Padding that Linux takes no part behind: of an entry, and no multiple of four.
  bool is_padding_broken() const { return after_entry_ && position_ % 4 != 0; }
  // Over what another has read.
  void pass(std::size_t size_bytes) {
    position_ += size_bytes;
    after_entry_ = false;
  }
  const std::string& why_not() const { return why_not_; }

 private:
  std::size_t skip(std::size_t most) {
    const std::size_t now = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, most));
    skip_ -= now;
    position_ += now;
    return now;
  }
  std::size_t collect(std::string_view bytes) {
    const std::string_view part = bytes.substr(0, kCpioHeaderBytes - header_.size());
    header_.append(part);
    position_ += part.size();
    if (header_.size() == kCpioHeaderBytes) {
      take_header();
      header_.clear();
    }
    return part.size();
  }
  void take_header() {
    if (!header_.starts_with("070701") && !header_.starts_with("070702")) {
      why_not_ = header_.starts_with("070707") ? "incorrect cpio method used: use -H newc option"
                                               : "no cpio magic";
      return;
    }
    const std::uint64_t size = hex_field(header_, kFileSizeAt);
    // Name and content each end at a multiple of four [the same, "string of length"].
    const std::uint64_t name_end = position_ + hex_field(header_, kNameSizeAt);
    skip_ = base::align_up(base::align_up(name_end, 4) + size, 4) - position_;
    ++content_.entries;
    after_entry_ = true;
    if ((hex_field(header_, kModeAt) & kTypeMask) != kRegular) {
      return;
    }
    content_.bytes += size;
    for (std::size_t i = 0; i < kCountedPages.size(); ++i) {
      content_.page_bytes[i] += base::align_up(size, kCountedPages[i]);
    }
    if (content_.bytes > most_bytes_) {
      why_not_ = "it unpacks to more than " + base::size_text(most_bytes_);
    }
  }

  ArchiveContent& content_;
  std::uint64_t most_bytes_;
  std::uint64_t position_ = 0;
  std::uint64_t skip_ = 0;
  bool after_entry_ = false;
  std::string header_;
  std::string why_not_;
};

// Of a compressed part: how long it is, or why it is not understood.
Unpacked take_packed(Packing packing, base::ByteView bytes, const Unpack& unpack,
                     std::uint64_t most_bytes, ArchiveContent& content) {
  CpioReader reader(content, most_bytes);
  bool junk = false;
  std::uint64_t unpacked_bytes = 0;
  Unpacked part = unpack(packing, bytes, [&](base::ByteView piece) {
    unpacked_bytes += piece.size();
    junk = reader.take(piece) < piece.size();
    return !junk && unpacked_bytes <= most_bytes;
  });
  std::string why = reader.why_not();
  if (why.empty() && junk) {
    why = "junk within compressed archive";
  } else if (why.empty() && unpacked_bytes > most_bytes) {
    why = "it unpacks to more than " + base::size_text(most_bytes);
  } else if (why.empty() && part.packed_bytes && !reader.between()) {
    why = "junk at the end of compressed archive";
  }
  // A part of no length would be met again and again.
  if (why.empty() && part.packed_bytes.value_or(1) == 0) {
    why = "it is empty";
  }
  return why.empty() ? part : Unpacked{{}, why};
}

}  // namespace

Packing packing_of(base::ByteView start) {
  if (start.empty() || !kBeginsMagic[std::to_integer<unsigned char>(start.front())]) {
    return Packing::kNone;
  }
  const std::string_view text = base::text_of(start);
  for (const PackingMagic& magic : kPackings) {
    if (text.starts_with(magic.bytes)) {
      return magic.packing;
    }
  }
  return Packing::kNone;
}

bool is_packed(Packing packing) {
  return packing != Packing::kNone && packing != Packing::kCpio;
}

const char* packing_name(Packing packing) {
  const auto* const found = std::ranges::find(kPackings, packing, &PackingMagic::packing);
  return found == kPackings.end() ? "nothing that Linux unpacks" : found->name;
}

std::uint64_t ArchiveContent::memory_bytes(std::uint32_t page_size_bytes) const {
  const auto* const size = std::ranges::lower_bound(kCountedPages, page_size_bytes);
  const auto index = std::min<std::size_t>(static_cast<std::size_t>(size - kCountedPages.begin()),
                                           kCountedPages.size() - 1);
  return page_bytes[index] + entries * kEntryBytes;
}

ArchiveWalk walk_archive(base::ByteView initrd, const Unpack& unpack, std::uint64_t most_bytes) {
  ArchiveWalk walk;
  CpioReader plain(walk.content, most_bytes);
  std::size_t at = 0;
  while (at < initrd.size()) {
    at += plain.take(initrd.subspan(at));
    walk.stopped = plain.why_not();
    if (walk.stopped.empty() && at == initrd.size() && !plain.between()) {
      walk.stopped = "it ends within a file";
    } else if (walk.stopped.empty() && at < initrd.size() && plain.is_padding_broken()) {
      walk.stopped = "broken padding";
    }
    if (at == initrd.size() || !walk.stopped.empty()) {
      break;
    }
    walk.understood_bytes = at;
    const base::ByteView rest = initrd.subspan(at);
    const Packing packing = packing_of(rest);
    if (!is_packed(packing)) {
      walk.stopped = "invalid magic at start of compressed archive";
      break;
    }
    const Unpacked part = take_packed(packing, rest, unpack, most_bytes, walk.content);
    ++walk.packed_parts;
    if (!part.packed_bytes) {
      walk.stopped = std::string(packing_name(packing)) + ": " + part.why_not;
      break;
    }
    at += *part.packed_bytes;
    plain.pass(*part.packed_bytes);
  }
  if (walk.stopped.empty()) {
    walk.understood_bytes = at;
  } else {
    walk.stopped += " at byte " + std::to_string(at);
  }
  return walk;
}

}  // namespace hyprelay::handoff
