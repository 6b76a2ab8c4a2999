// SPDX-License-Identifier: BSD-2-Clause
// The readers behind read_image, one per format. Private to handoff.
#pragma once

#include "handoff/image.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hyprelay::handoff {

// No kernel needs as much memory; beyond it the arithmetic of a plan would say nonsense.
inline constexpr std::uint64_t kSaneBytes = 0x40000000;

// Where the word lies that says what the payload of a zImage inflates to: its last four bytes
// [linux/arch/arm/boot/compressed/vmlinux.lds.S __piggy_size_addr]. nullopt: no table says so.
std::optional<std::uint64_t> payload_size_word(base::ByteView zimage);

// The magic is in its place; nothing else is known yet.
bool has_zimage_magic(base::ByteView file);
bool has_arm64_magic(base::ByteView file);

base::Result<ImageView> read_zimage(base::ByteView file, std::string_view name);
base::Result<ImageView> read_arm64_image(base::ByteView file, std::string_view name);

// What the first bytes of a file that is neither look like.
struct Looks {
  // What to call it as a kernel.
  base::Code code = base::Code::IMAGE_UNKNOWN;
  // "gzip"; empty: nobody knows.
  std::string_view text = {};
  // A kernel unpacks it as its initrd.
  bool is_initrd = false;
};
Looks looks_of(base::ByteView file);

// As the most helpful error.
base::Error unknown_image(base::ByteView file, std::string_view name);

// Bytes of the file that the raw data of a PE program's sections need; one more than the file has
// when it ends before, or within, the header that its DOS stub names. nullopt when it is no PE
// program.
std::optional<std::uint64_t> pe_raw_end(base::ByteView file);

}  // namespace hyprelay::handoff
