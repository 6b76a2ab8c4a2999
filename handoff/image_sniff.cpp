// SPDX-License-Identifier: BSD-2-Clause
// What a file that is no kernel of ours looks like, so that the message can say it.
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

struct Signature {
  std::uint64_t at;
  std::string_view bytes;
  Code code;
  std::string_view looks_like;
};

using namespace std::string_view_literals;

// In this order: the first that fits is the answer.
constexpr auto kSignatures = std::to_array<Signature>({
    {4, "zimg"sv, Code::IMAGE_ZBOOT, "an EFI zboot kernel"},
    {0x38, "RSC\x05"sv, Code::IMAGE_WRONG_ARCH, "a RISC-V Image"},
    {0x202, "HdrS"sv, Code::IMAGE_WRONG_ARCH, "an x86 bzImage"},
    {0, "\x1f\x8b"sv, Code::IMAGE_COMPRESSED, "gzip"},
    {0, "\xfd\x37zXZ\0"sv, Code::IMAGE_COMPRESSED, "xz"},
    {0, "\x28\xb5\x2f\xfd"sv, Code::IMAGE_COMPRESSED, "zstd"},
    {0, "\x04\x22\x4d\x18"sv, Code::IMAGE_COMPRESSED, "lz4"},
    {0, "\x02\x21\x4c\x18"sv, Code::IMAGE_COMPRESSED, "lz4"},
    {0, "\x5d\0\0"sv, Code::IMAGE_COMPRESSED, "lzma"},
    {0, "\x89LZO"sv, Code::IMAGE_COMPRESSED, "lzo"},
    {0, "BZh"sv, Code::IMAGE_COMPRESSED, "bzip2"},
    {0,
     "\x7f"
     "ELF"sv,
     Code::IMAGE_UNKNOWN, "an ELF file"},
    {0, "\x27\x05\x19\x56"sv, Code::IMAGE_UNKNOWN, "a uImage"},
    {0, "\xd0\x0d\xfe\xed"sv, Code::IMAGE_UNKNOWN, "a device tree or a FIT"},
    {0, "ANDROID!"sv, Code::IMAGE_UNKNOWN, "an Android boot image"},
    {0, "0707"sv, Code::IMAGE_UNKNOWN, "a cpio archive, like an initrd"},
    {0, "!<arch>\n"sv, Code::IMAGE_UNKNOWN, "an ar archive, like a .deb"},
    {0, "MZ"sv, Code::IMAGE_UNKNOWN, "an EFI or Windows program"},
});

bool fits(base::ByteView file, const Signature& s) {
  const auto there = base::slice(file, s.at, s.bytes.size());
  return there.has_value() &&
         std::ranges::equal(there.value(),
                            std::as_bytes(std::span(s.bytes.data(), s.bytes.size())));
}

// The first bytes are printable, as of a script or a letter.
bool is_text(base::ByteView file) {
  return std::ranges::all_of(file.first(std::min<std::size_t>(file.size(), 256)), [](std::byte b) {
    const int c = std::to_integer<int>(b);
    return std::isprint(c) != 0 || std::isspace(c) != 0;
  });
}

bool is_zeroes(base::ByteView file) {
  return std::ranges::all_of(file, [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

base::Error unknown_image(base::ByteView file, std::string_view name) {
  Code code = Code::IMAGE_UNKNOWN;
  std::string_view looks_like;
  const auto found =
      std::ranges::find_if(kSignatures, [&](const Signature& s) { return fits(file, s); });
  if (found != kSignatures.end()) {
    code = found->code;
    looks_like = found->looks_like;
  } else if (is_zeroes(file)) {
    looks_like = "nothing but zeroes";
  } else if (is_text(file)) {
    looks_like = "a text file";
  }
  std::string subject(name);
  if (!looks_like.empty()) {
    subject.append(": looks like ").append(looks_like);
  }
  return Error(code, Stage::kImage, subject);
}

}  // namespace hyprelay::handoff
