// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/image.hpp"

#include "handoff/image_formats.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The 64-byte header of [linux/arm64/booting section 4].
constexpr std::uint64_t kTextOffset = 0x08;
constexpr std::uint64_t kImageSize = 0x10;
constexpr std::uint64_t kFlags = 0x18;
constexpr std::uint64_t kMagic = 0x38;
constexpr std::uint64_t kHeaderBytes = 0x40;
constexpr std::uint32_t kArm64Magic = 0x644d5241;
constexpr std::uint64_t kBaseAlign = 0x200000;

// Before 3.17 the header had no size and no flags, and text_offset was in the kernel's own
// endianness: "Where image_size is zero, text_offset can be assumed to be 0x80000", and "a
// bootloader should attempt to keep as much memory as possible free [...] immediately after the end
// of the kernel image" [linux/arm64/booting section 4]. U-Boot (arch/arm/lib/image.c) and
// kexec-tools (kexec-arm64.c) keep 16 MiB for all of it; here they are kept behind the file: bss
// and page tables of such a kernel take less than 2.
constexpr std::uint64_t kOldTextOffset = 0x80000;
constexpr std::uint64_t kOldRoom = 0x1000000;

// What stands before the magic of both formats: "MZ" where there is an EFI stub, else the zImage's
// first `mov r0, r0` [linux/arm64/booting section 4; linux/arch/arm/boot/compressed/head.S].
bool begins_like_a_kernel(base::ByteView file) {
  const auto half = base::read_le<std::uint16_t>(file, 0);
  const auto word = base::read_le<std::uint32_t>(file, 0);
  return (half && half.value() == 0x5a4d) || (word && word.value() == 0xe1a00000);
}

}  // namespace

bool has_arm64_magic(base::ByteView file) {
  const auto magic = base::read_le<std::uint32_t>(file, kMagic);
  return magic.has_value() && magic.value() == kArm64Magic;
}

std::optional<std::uint64_t> pe_raw_end(base::ByteView file) {
  // [pe-format "MS-DOS Stub", "COFF File Header", "Section Table"].
  const auto dos = base::read_le<std::uint16_t>(file, 0);
  const auto at = base::read_le<std::uint32_t>(file, 0x3c);
  if (!dos.has_value() || dos.value() != 0x5a4d || !at.has_value()) {
    return std::nullopt;
  }
  const std::uint64_t pe = at.value();
  const std::uint64_t more_than_there_is = file.size() + 1;
  const auto signature = base::read_le<std::uint32_t>(file, pe);
  if (!signature.has_value()) {
    return more_than_there_is;
  }
  if (signature.value() != 0x00004550) {
    return std::nullopt;
  }
  const auto sections = base::read_le<std::uint16_t>(file, pe + 6);
  const auto optional_bytes = base::read_le<std::uint16_t>(file, pe + 20);
  if (!sections.has_value() || !optional_bytes.has_value()) {
    return more_than_there_is;
  }
  std::uint64_t end = 0;
  for (std::uint64_t i = 0; i < sections.value(); ++i) {
    const std::uint64_t row = pe + 24 + optional_bytes.value() + 40 * i;
    const auto raw_bytes = base::read_le<std::uint32_t>(file, row + 16);
    const auto raw_start = base::read_le<std::uint32_t>(file, row + 20);
    if (!raw_bytes.has_value() || !raw_start.has_value()) {
      return more_than_there_is;
    }
    end = std::max<std::uint64_t>(end, std::uint64_t{raw_start.value()} + raw_bytes.value());
  }
  return end;
}

base::Result<ImageView> read_arm64_image(base::ByteView file, std::string_view name) {
  HR_TRY(told_offset, base::read_le<std::uint64_t>(file, kTextOffset));
  HR_TRY(told_size, base::read_le<std::uint64_t>(file, kImageSize));
  HR_TRY(flags, base::read_le<std::uint64_t>(file, kFlags));
  if ((flags & 1) != 0) {
    return Error(Code::IMAGE_WRONG_ENDIAN, Stage::kImage, name).with_at(kFlags);
  }
  const bool is_old = told_size == 0;
  if (is_old && flags != 0) {
    return Error(Code::IMAGE_NO_SIZE, Stage::kImage, name).with_at(kImageSize);
  }
  if (is_old && told_offset == __builtin_bswap64(kOldTextOffset)) {
    return Error(Code::IMAGE_WRONG_ENDIAN, Stage::kImage, name).with_at(kTextOffset);
  }
  const std::uint64_t text_offset = is_old ? kOldTextOffset : told_offset;
  const std::uint64_t image_size = is_old ? file.size() + kOldRoom : told_size;
  if (image_size > kSaneBytes) {
    return Error(Code::IMAGE_LIES, Stage::kImage, name).with_at(kImageSize).with_limit(kSaneBytes);
  }
  if (text_offset >= kBaseAlign) {
    return Error(Code::IMAGE_LIES, Stage::kImage, name).with_at(kTextOffset).with_limit(kBaseAlign);
  }
  // Only the PE header, which every kernel with an EFI stub has, says how long the file must be.
  const std::uint64_t raw_end = pe_raw_end(file).value_or(kHeaderBytes);
  if (raw_end > file.size()) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name)
        .with_at(raw_end)
        .with_limit(file.size());
  }
  if (raw_end > image_size) {
    return Error(Code::IMAGE_LIES, Stage::kImage, name).with_at(kImageSize).with_limit(image_size);
  }
  ImageView view;
  view.arch = Arch::kArm64;
  view.image.size_bytes = std::min<std::uint64_t>(file.size(), image_size);
  view.image.image_size = image_size;
  view.image.size_is_bound = is_old;
  view.image.text_offset = text_offset;
  view.image.page_size_code = static_cast<std::uint8_t>(flags >> 1 & 3);
  view.image.anywhere = (flags >> 3 & 1) != 0;
  view.bytes = file.first(static_cast<std::size_t>(view.image.size_bytes));
  return view;
}

base::Result<ImageView> read_image(base::ByteView file, std::string_view name) {
  if (file.empty()) {
    return Error(Code::FILE_EMPTY, Stage::kImage, name);
  }
  if (has_zimage_magic(file)) {
    return read_zimage(file, name);
  }
  if (has_arm64_magic(file)) {
    if (file.size() < kHeaderBytes) {
      return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name)
          .with_at(kHeaderBytes)
          .with_limit(file.size());
    }
    return read_arm64_image(file, name);
  }
  const Error unknown = unknown_image(file, name);
  if (unknown.code() == Code::IMAGE_UNKNOWN && file.size() < kHeaderBytes &&
      begins_like_a_kernel(file)) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name)
        .with_at(kHeaderBytes)
        .with_limit(file.size());
  }
  return unknown;
}

base::Result<void> check_image_start(base::ByteView start, std::string_view name) {
  if (start.empty() || has_zimage_magic(start) || has_arm64_magic(start)) {
    return base::success();
  }
  return read_image(start, name).error();
}

ImageArch arch_of_image(base::ByteView start) {
  if (has_zimage_magic(start)) {
    return ImageArch::kArm;
  }
  if (has_arm64_magic(start)) {
    return ImageArch::kArm64;
  }
  return unknown_image(start, "").code() == Code::IMAGE_WRONG_ARCH ? ImageArch::kForeign
                                                                   : ImageArch::kUntold;
}

}  // namespace hyprelay::handoff
