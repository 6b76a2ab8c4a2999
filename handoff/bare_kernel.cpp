// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/bare_kernel.hpp"

#include "base/number_text.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace hyprelay::handoff {
namespace {

// The decompressor's text and read-only data lie in front of the payload: 60 KiB in Debian's 6.1,
// with the EFI stub.
constexpr std::uint64_t kMostDecompressor = 1 << 20;
// The decompressor of xz, for one, has the magic of xz among its data.
constexpr int kMostTries = 64;
// What is taken for a payload by chance does not unpack to that much.
constexpr std::uint64_t kNoChance = 1 << 16;
// Less than the linear mapping of a 32-bit kernel, of which there must be some left.
constexpr std::uint64_t kMostKernel = 1 << 28;

BareRead kept(std::string why_not) {
  return {.view = std::nullopt, .why_not = std::move(why_not)};
}

constexpr std::string_view kBanner = "Linux version ";

// "Linux version 6.1.0-50-armmp (USER@HOST) (COMPILER) " [linux/init/version-timestamp.c
// linux_banner].
bool read_version(base::ByteView bytes, std::uint64_t from, BareKernel& bare) {
  const std::string_view all = base::text_of(bytes);
  std::string_view text =
      all.substr(static_cast<std::size_t>(std::min<std::uint64_t>(from, all.size())));
  while (!(text = behind_linux_version(text)).empty()) {
    // A string of one line.
    std::string_view rest = text.substr(0, text.find_first_of(std::string_view("\n\0", 2)));
    const auto major = base::take_number(rest);
    if (!major || !rest.starts_with('.')) {
      continue;
    }
    rest.remove_prefix(1);
    const auto minor = base::take_number(rest);
    const std::string_view made_by = rest.substr(std::min(rest.find(" ("), rest.size()));
    const bool is_banner = made_by.substr(0, made_by.find(") (")).find('@') != made_by.npos &&
                           made_by.find(") (") != made_by.npos;
    if (!minor || *major >= 1000 || *minor >= 1000 || !is_banner) {
      continue;
    }
    // An initramfs, which may hold text of others, lies behind it.
    bare.major = static_cast<std::uint32_t>(*major);
    bare.minor = static_cast<std::uint32_t>(*minor);
    bare.version_at = all.size() - text.size() - kBanner.size();
    return true;
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

constexpr const char* kOtherSize = "it is not what its size table says";

// The try that came farthest.
struct Farthest {
  std::uint64_t bytes = 0;
  std::string why_not = "how its payload is compressed is not known";
  bool is_damaged = false;

  void missed(std::uint64_t made, const char* packing, std::string_view why, bool damaged) {
    if (made >= bytes) {
      *this = {made, std::string(packing).append(": ").append(why), damaged && made > kNoChance};
    }
  }
};

// The content of a payload behind the lead, when all of it unpacks to just the promised bytes.
std::optional<std::vector<std::byte>> content_of(const Payload& payload, std::uint64_t promised,
                                                 const Unpack& unpack, Farthest& farthest) {
  std::vector<std::byte> bytes(kBareLead);
  bytes.reserve(static_cast<std::size_t>(kBareLead + promised));
  const Unpacked unpacked = unpack(payload.packing, payload.bytes, [&](base::ByteView some) {
    const std::size_t room = static_cast<std::size_t>(kBareLead + promised) - bytes.size();
    if (some.size() > room) {
      // More than is promised: how it ends does not matter.
      bytes.insert(bytes.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(room));
      return false;
    }
    bytes.insert(bytes.end(), some.begin(), some.end());
    return true;
  });
  const std::uint64_t made = bytes.size() - kBareLead;
  const char* const packing = packing_name(payload.packing);
  if (!unpacked.packed_bytes) {
    const bool more = made == promised && !unpacked.is_damaged;
    farthest.missed(made, packing, more ? kOtherSize : unpacked.why_not, unpacked.is_damaged);
    return std::nullopt;
  }
  if (*unpacked.packed_bytes != payload.bytes.size() || made != promised) {
    farthest.missed(made, packing, kOtherSize, false);
    return std::nullopt;
  }
  return bytes;
}

}  // namespace

std::string_view behind_linux_version(std::string_view text) {
  // It goes through MiB: memmem does not look at most bytes, string_view::find at each 'L'.
  const void* const found = ::memmem(text.data(), text.size(), kBanner.data(), kBanner.size());
  return found == nullptr
             ? std::string_view()
             : text.substr(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) +
                           kBanner.size());
}

BareRead read_bare_kernel(const ZImage& zimage, base::ByteView bytes, std::uint64_t version_at) {
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
  if (!read_version(bytes, version_at, bare)) {
    return kept("what it inflates to does not say which Linux it is");
  }
  ImageView view;
  view.arch = Arch::kArm;
  view.bytes = bytes;
  view.zimage = zimage;
  view.bare = bare;
  return {.view = std::move(view)};
}

BareInflation inflate_zimage(const ImageView& zimage, const Unpack& unpack) {
  const auto word = payload_size_word(zimage.bytes);
  if (zimage.zimage.sizes_are_bounds || !word) {
    return {.read = kept("it has no size table (before 4.15)")};
  }
  if (zimage.zimage.inflated_bytes > kMostKernel) {
    return {.read = kept("its size table promises more than a 32-bit kernel can be")};
  }
  // The word is the trailer of gzip, and appended to all others [linux/scripts/Makefile.lib
  // size_append].
  const base::ByteView with_word = zimage.bytes.first(static_cast<std::size_t>(*word + 4));
  Farthest farthest;
  int tries = 0;
  for (std::size_t at = 0; at < std::min<std::uint64_t>(*word, kMostDecompressor); ++at) {
    const base::ByteView rest = with_word.subspan(at);
    const Packing packing = packing_of(rest);
    if (!is_packed(packing)) {
      continue;
    }
    if (++tries > kMostTries) {
      break;
    }
    const Payload payload{packing == Packing::kGzip ? rest : rest.first(rest.size() - 4), packing};
    auto content = content_of(payload, zimage.zimage.inflated_bytes, unpack, farthest);
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
  return {.read = {std::nullopt, farthest.why_not, farthest.is_damaged}};
}

std::string kept_note(std::string_view name, std::string_view why_not) {
  return std::string(name) +
         ": handed over as a zImage, which inflates itself: " + std::string(why_not);
}

}  // namespace hyprelay::handoff
