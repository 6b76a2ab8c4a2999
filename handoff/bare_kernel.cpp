// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/bare_kernel.hpp"

#include "base/number_text.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace hyprelay::handoff {
namespace {

// The decompressor's text and read-only data lie in front of the payload: 60 KiB in Debian's 6.1,
// with the EFI stub.
constexpr std::uint64_t kMostDecompressor = 1 << 20;
// The decompressor of xz, for one, has the magic of xz among its data.
constexpr int kMostTries = 64;

BareRead kept(std::string why_not) {
  return {std::nullopt, std::move(why_not)};
}

// "Linux version 6.1.0-50-armmp (" [linux/init/version-timestamp.c linux_banner].
bool read_version(base::ByteView bytes, BareKernel& bare) {
  constexpr std::string_view kBanner = "Linux version ";
  std::string_view text = base::text_of(bytes);
  // It goes through MiB: memmem does not look at most bytes, string_view::find at each 'L'.
  while (const void* found = ::memmem(text.data(), text.size(), kBanner.data(), kBanner.size())) {
    text.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) +
                       kBanner.size());
    std::string_view rest = text.substr(0, 16);
    const auto major = base::take_number(rest);
    if (!major || !rest.starts_with('.')) {
      continue;
    }
    rest.remove_prefix(1);
    const auto minor = base::take_number(rest);
    if (minor && *major < 1000 && *minor < 1000) {
      bare.major = static_cast<std::uint32_t>(*major);
      bare.minor = static_cast<std::uint32_t>(*minor);
      return true;
    }
  }
  return false;
}

// A kernel that runs at any start of memory (ARM_PATCH_PHYS_VIRT) has a decompressor that computes
// it (AUTO_ZRELADDR): by AND with 0xf8000000, in A32 or T32 [linux/arch/arm/Kconfig;
// linux/arch/arm/boot/compressed/head.S; arm/ddi0406c A8.8.13]. One that does not was built for one
// address alone, which nothing tells.
bool computes_start_of_memory(base::ByteView decompressor) {
  const auto half = [&](std::size_t at) {
    return static_cast<std::uint32_t>(std::to_integer<unsigned>(decompressor[at]) |
                                      std::to_integer<unsigned>(decompressor[at + 1]) << 8);
  };
  for (std::size_t at = 0; at + 4 <= decompressor.size(); at += 2) {
    const std::uint32_t first = half(at);
    const std::uint32_t second = half(at + 2);
    const bool a32 = at % 4 == 0 && (second & 0xfff0) == 0xe200 && (first & 0x0fff) == 0x033e;
    const bool t32 = (first & 0xfff0) == 0xf000 && (second & 0xf0ff) == 0x4078;
    if (a32 || t32) {
      return true;
    }
  }
  return false;
}

struct Payload {
  base::ByteView bytes;
  Packing packing = Packing::kNone;
};

// The content of a payload behind the lead, when all of it unpacks to just the promised bytes.
std::optional<std::vector<std::byte>> content_of(const Payload& payload, std::uint64_t promised,
                                                 const Unpack& unpack, std::string& why_not) {
  std::vector<std::byte> bytes(kBareLead);
  bytes.reserve(static_cast<std::size_t>(kBareLead + promised));
  const Unpacked unpacked = unpack(payload.packing, payload.bytes, [&](base::ByteView some) {
    if (some.size() > kBareLead + promised - bytes.size()) {
      return false;
    }
    bytes.insert(bytes.end(), some.begin(), some.end());
    return true;
  });
  if (!unpacked.packed_bytes) {
    why_not = std::string(packing_name(payload.packing)) + ": " + unpacked.why_not;
    return std::nullopt;
  }
  if (*unpacked.packed_bytes != payload.bytes.size() || bytes.size() != kBareLead + promised) {
    why_not = "its payload is not what its size table says";
    return std::nullopt;
  }
  return bytes;
}

}  // namespace

BareRead read_bare_kernel(const ZImage& zimage, base::ByteView bytes) {
  if (zimage.sizes_are_bounds) {
    return kept("it has no size table (before 4.15)");
  }
  if (zimage.text_offset != zimage.text_offset_max) {
    return kept("its size table has no TEXT_OFFSET (before 5.8)");
  }
  const auto lead = bytes.first(std::min<std::size_t>(bytes.size(), kBareLead));
  if (bytes.size() != kBareLead + zimage.inflated_bytes ||
      std::ranges::any_of(lead, [](std::byte b) { return b != std::byte{0}; })) {
    return kept("what it inflates to is not what its size table says");
  }
  BareKernel bare{.lead_bytes = kBareLead, .size_bytes = bytes.size()};
  if (!read_version(bytes, bare)) {
    return kept("what it inflates to does not say which Linux it is");
  }
  ImageView view;
  view.arch = Arch::kArm;
  view.bytes = bytes;
  view.zimage = zimage;
  view.bare = bare;
  return {std::move(view)};
}

BareInflation inflate_zimage(const ImageView& zimage, const Unpack& unpack) {
  const auto word = payload_size_word(zimage.bytes);
  if (zimage.zimage.sizes_are_bounds || !word) {
    return {.read = kept("it has no size table (before 4.15)")};
  }
  // The word is the trailer of gzip, and appended to all others [linux/scripts/Makefile.lib
  // size_append].
  const base::ByteView with_word = zimage.bytes.first(static_cast<std::size_t>(*word + 4));
  std::string why_not = "how its payload is compressed is not known";
  int tries = 0;
  for (std::size_t at = 0; at < std::min<std::uint64_t>(*word, kMostDecompressor); ++at) {
    const base::ByteView rest = with_word.subspan(at);
    const Packing packing = packing_of(rest);
    if (packing == Packing::kNone || packing == Packing::kCpio) {
      continue;
    }
    if (++tries > kMostTries) {
      break;
    }
    const Payload payload{packing == Packing::kGzip ? rest : rest.first(rest.size() - 4), packing};
    auto content = content_of(payload, zimage.zimage.inflated_bytes, unpack, why_not);
    if (!content) {
      continue;
    }
    if (!computes_start_of_memory(with_word.first(at))) {
      return {.read = kept("it was built for one address of memory (no AUTO_ZRELADDR)")};
    }
    BareInflation made{.bytes = std::move(*content)};
    made.read = read_bare_kernel(zimage.zimage, made.bytes);
    if (made.read.view) {
      made.read.view->appended_tree = zimage.appended_tree;
      made.read.view->inflated_from = std::string("zImage (") + packing_name(packing) + ")";
    } else {
      made.bytes.clear();
    }
    return made;
  }
  return {.read = kept(why_not)};
}

std::string kept_note(std::string_view name, std::string_view why_not) {
  return std::string(name) +
         ": handed over as a zImage, which inflates itself: " + std::string(why_not);
}

}  // namespace hyprelay::handoff
