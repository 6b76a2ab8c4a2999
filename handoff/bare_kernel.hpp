// SPDX-License-Identifier: BSD-2-Clause
// A 32-bit kernel out of its zImage, so that it can be started without the decompressor, which runs
// with caches off or late. Pure: what decompresses is handed in.
#pragma once

#include "handoff/archive.hpp"
#include "handoff/image.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// In front of the kernel's first instruction: its page tables, 16 KiB, or 20 KiB with LPAE
// [linux/arch/arm/kernel/head.S PG_DIR_SIZE]. They are loaded with it, as zeroes: the kernel writes
// them with its caches off, and only of what is loaded the relay leaves no line in a cache.
inline constexpr std::uint64_t kBareLead = 0x5000;

struct BareRead {
  // Unset: it cannot stand alone, and why.
  std::optional<ImageView> view;
  std::string why_not = {};
  // Its own decompressor would stop as well: most likely the file is damaged.
  bool is_damaged = false;
};

// Reads what came out of the zImage with those facts: kBareLead zeroes and the kernel. The view is
// one of `bytes`. `version_at`: where the kernel had its version when it was read before, 0
// otherwise: it is many MiB to look through.
BareRead read_bare_kernel(const ZImage& zimage, base::ByteView bytes, std::uint64_t version_at = 0);

struct BareInflation {
  // What `read.view` is one of; empty without it.
  std::vector<std::byte> bytes = {};
  BareRead read = {};
};

// Finds the payload of a zImage, unpacks it and reads it. No more than the size table promises is
// kept in memory, 256 MiB at most, and what `unpack` takes for itself.
BareInflation inflate_zimage(const ImageView& zimage, const Unpack& unpack);

// What is behind the next "Linux version " in the text, where a kernel's banner has its number
// [linux/init/version-timestamp.c linux_banner]; empty: there is none.
std::string_view behind_linux_version(std::string_view text);

// A note for who wonders why his zImage is handed over as it is.
std::string kept_note(std::string_view name, std::string_view why_not);

}  // namespace hyprelay::handoff
