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
  Looks looks;
};

using namespace std::string_view_literals;

constexpr Looks compressed(std::string_view text) {
  return {Code::IMAGE_COMPRESSED, text, true};
}
constexpr Looks unknown(std::string_view text) {
  return {Code::IMAGE_UNKNOWN, text, false};
}

// In this order: the first that fits is the answer. What an initrd may begin with
// [linux/lib/decompress.c, linux/init/initramfs.c] comes first: it decides at the file's first
// byte.
constexpr auto kSignatures = std::to_array<Signature>({
    {0, "\x1f\x8b"sv, compressed("gzip")},
    {0, "\xfd\x37zXZ\0"sv, compressed("xz")},
    {0, "\x28\xb5\x2f\xfd"sv, compressed("zstd")},
    {0, "\x04\x22\x4d\x18"sv, compressed("lz4")},
    {0, "\x02\x21\x4c\x18"sv, compressed("lz4")},
    {0, "\x5d\0\0"sv, compressed("lzma")},
    {0, "\x89LZO"sv, compressed("lzo")},
    {0, "BZh"sv, compressed("bzip2")},
    {0, "0707"sv, {Code::IMAGE_UNKNOWN, "a cpio archive, like an initrd", true}},
    {4, "zimg"sv, {Code::IMAGE_ZBOOT, "an EFI zboot kernel", false}},
    {0x38, "RSC\x05"sv, {Code::IMAGE_WRONG_ARCH, "a RISC-V Image", false}},
    {0x202, "HdrS"sv, {Code::IMAGE_WRONG_ARCH, "an x86 bzImage", false}},
    {0,
     "\x7f"
     "ELF"sv,
     unknown("an ELF file")},
    {0, "\x27\x05\x19\x56"sv, unknown("a uImage")},
    {0, "\xd0\x0d\xfe\xed"sv, unknown("a device tree or a FIT")},
    {0, "ANDROID!"sv, unknown("an Android boot image")},
    {0, "!<arch>\n"sv, unknown("an ar archive, like a .deb")},
    {0, "MZ"sv, unknown("an EFI or Windows program")},
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

Looks looks_of(base::ByteView file) {
  const auto found =
      std::ranges::find_if(kSignatures, [&](const Signature& s) { return fits(file, s); });
  if (found != kSignatures.end()) {
    return found->looks;
  }
  return unknown(is_zeroes(file) ? "nothing but zeroes" : is_text(file) ? "a text file" : "");
}

base::Error unknown_image(base::ByteView file, std::string_view name) {
  const Looks looks = looks_of(file);
  std::string subject(name);
  if (!looks.text.empty()) {
    subject.append(": looks like ").append(looks.text);
  }
  return Error(looks.code, Stage::kImage, subject);
}

}  // namespace hyprelay::handoff
