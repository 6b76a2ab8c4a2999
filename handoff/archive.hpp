// SPDX-License-Identifier: BSD-2-Clause
// An initrd as Linux unpacks it: a series of cpio archives, each plain or compressed as a whole,
// with zeroes between them [linux/init/initramfs.c unpack_to_rootfs]. Pure: what decompresses is
// handed in.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace hyprelay::handoff {

// What bytes begin as. kNone: neither an archive nor anything that Linux decompresses.
enum class Packing : std::uint8_t { kNone, kCpio, kGzip, kBzip2, kLzma, kXz, kLzo, kLz4, kZstd };

// By the first bytes, as Linux tells them apart [linux/lib/decompress.c compressed_formats].
Packing packing_of(base::ByteView start);
// Neither kNone nor a plain archive.
bool is_packed(Packing packing);

// "gzip".
const char* packing_name(Packing packing);

// What the files of an archive take in the memory of the kernel that unpacks it.
struct ArchiveContent {
  std::uint64_t entries = 0;
  // Of the content of regular files.
  std::uint64_t bytes = 0;
  // The same in whole pages of 4, 16 and 64 KiB.
  std::array<std::uint64_t, 3> page_bytes = {};

  // Pages of that size, and what each entry takes besides.
  std::uint64_t memory_bytes(std::uint32_t page_size_bytes) const;
};

struct ArchiveWalk {
  ArchiveContent content = {};
  // Compressed parts; plain archives are not counted.
  std::uint64_t packed_parts = 0;
  // Of the initrd: what is in front of it was understood.
  std::uint64_t understood_bytes = 0;
  // Why nothing behind it was; empty: all was. Where Linux would stop too, its own words are in it.
  std::string stopped = {};
};

// Takes content that was unpacked; false: no more of it.
using TakeUnpacked = std::function<bool(base::ByteView)>;
// What became of one compressed part.
struct Unpacked {
  // How long it is; nullopt: it could not be unpacked to its end.
  std::optional<std::size_t> packed_bytes = {};
  std::string why_not = {};
  // Nobody else can unpack it either.
  bool is_damaged = false;
};
// Unpacks the part that `packed` begins with.
using Unpack = std::function<Unpacked(Packing, base::ByteView packed, const TakeUnpacked&)>;

// Content of more than `most_bytes` is not looked at: an archive of zeroes may unpack to anything.
ArchiveWalk walk_archive(base::ByteView initrd, const Unpack& unpack, std::uint64_t most_bytes);

}  // namespace hyprelay::handoff
