// SPDX-License-Identifier: BSD-2-Clause
// What a file that is no kernel of ours looks like, so that the message can say it.
#include "handoff/archive.hpp"
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

// In this order: the first that fits is the answer.
constexpr auto kSignatures = std::to_array<Signature>({
    // What lz4(1) makes unless it is told -l; Linux knows the other kind alone
    // [linux/lib/decompress_unlz4.c].
    {0,
     "\x04\x22\x4d\x18"sv,
     {Code::IMAGE_COMPRESSED, "lz4 frames, which Linux does not unpack: use lz4 -l", false}},
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

// What an initrd may begin with comes first: it decides at the file's first byte. "0" alone, which
// Linux takes for a cpio archive, is too little to call it one.
Looks looks_of(base::ByteView file) {
  if (const Packing packing = packing_of(file); is_packed(packing)) {
    return compressed(packing_name(packing));
  }
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
