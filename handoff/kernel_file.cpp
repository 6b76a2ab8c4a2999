// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/kernel_file.hpp"

#include "handoff/image_formats.hpp"

#include <algorithm>
#include <string>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The header of a zboot program [linux/drivers/firmware/efi/libstub/zboot-header.S]: the offset and
// size of its payload, without the length that is appended to some, and how it is packed, as text.
constexpr std::uint64_t kZbootOffset = 8;
constexpr std::uint64_t kZbootSize = 12;
constexpr std::uint64_t kZbootType = 24;
constexpr std::uint64_t kZbootTypeBytes = 32;

// What tells whether it is a kernel, and how large one.
constexpr std::size_t kHeaderBytes = 64;
constexpr std::uint64_t kImageSize = 0x10;
constexpr std::uint64_t kZimageStart = 0x28;
constexpr std::uint64_t kZimageEnd = 0x2c;
// A tree may follow it.
constexpr std::uint64_t kMostAppended = 0x200000;

bool is_zboot(base::ByteView file) {
  return looks_of(file).code == Code::IMAGE_ZBOOT;
}

struct Payload {
  base::ByteView bytes;
  std::string container;
};

base::Result<Payload> zboot_payload(base::ByteView file, std::string_view name) {
  const auto offset = base::read_le<std::uint32_t>(file, kZbootOffset);
  const auto size = base::read_le<std::uint32_t>(file, kZbootSize);
  const auto type = base::slice(file, kZbootType, kZbootTypeBytes);
  const std::uint64_t end =
      offset && size ? std::uint64_t{offset.value()} + size.value() : kHeaderBytes;
  if (!type || end > file.size()) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name).with_at(end).with_limit(file.size());
  }
  const base::ByteView bytes = file.subspan(offset.value(), size.value());
  if (!is_packed(packing_of(bytes))) {
    const std::string_view text = base::text_of(type.value());
    return Error(
        Code::IMAGE_ZBOOT, Stage::kImage,
        std::string(name) + ": packed by \"" + std::string(text.substr(0, text.find('\0'))) + "\"");
  }
  return Payload{bytes, "EFI zboot"};
}

// Takes content as long as it can be a kernel's.
class Collector {
 public:
  bool take(base::ByteView some) {
    const bool knew = bytes_.size() >= kHeaderBytes;
    bytes_.insert(bytes_.end(), some.begin(), some.end());
    if (!knew && bytes_.size() >= kHeaderBytes) {
      look();
    }
    if (bytes_.size() > limit_) {
      why_not_ = "it unpacks to more than the kernel in it says that it needs";
    }
    return !is_no_kernel_ && why_not_.empty();
  }
  const std::string& why_not() const { return why_not_; }
  bool is_no_kernel() const { return is_no_kernel_; }
  std::vector<std::byte>& bytes() { return bytes_; }

 private:
  void look() {
    if (has_arm64_magic(bytes_)) {
      // 0, of before 3.17, is refused when all of it is read.
      const auto size = base::read_le<std::uint64_t>(bytes_, kImageSize);
      limit_ = size && size.value() != 0 ? std::min(size.value(), kSaneBytes) : kSaneBytes;
      bytes_.reserve(static_cast<std::size_t>(std::min(limit_, kUsualBytes)));
      return;
    }
    is_no_kernel_ = !has_zimage_magic(bytes_);
    const auto start = base::read_le<std::uint32_t>(bytes_, kZimageStart);
    const auto end = base::read_le<std::uint32_t>(bytes_, kZimageEnd);
    // Lies are for who reads all of it.
    if (start && end && start.value() < end.value()) {
      limit_ = std::min<std::uint64_t>(end.value() - start.value() + kMostAppended, kSaneBytes);
    }
  }

  static constexpr std::uint64_t kUsualBytes = 1 << 26;
  std::vector<std::byte> bytes_;
  std::uint64_t limit_ = kSaneBytes;
  std::string why_not_;
  bool is_no_kernel_ = false;
};

}  // namespace

bool is_packed_kernel(base::ByteView start) {
  return is_packed(packing_of(start)) || is_zboot(start);
}

base::Result<KernelFile> read_kernel(base::ByteView file, std::string_view name,
                                     const Unpack& unpack) {
  if (!is_packed_kernel(file)) {
    HR_TRY(image, read_image(file, name));
    return KernelFile{.image = std::move(image)};
  }
  Payload payload{file, ""};
  if (is_zboot(file)) {
    HR_TRY(found, zboot_payload(file, name));
    payload = std::move(found);
  }
  const Packing packing = packing_of(payload.bytes);
  Collector collector;
  const Unpacked unpacked =
      unpack(packing, payload.bytes, [&](base::ByteView some) { return collector.take(some); });
  if (collector.is_no_kernel()) {
    return read_image(collector.bytes(), std::string(name) + ", unpacked").error();
  }
  if (!unpacked.packed_bytes) {
    return Error(Code::IMAGE_COMPRESSED, Stage::kImage,
                 std::string(name) + ": " + packing_name(packing) + ": " +
                     (collector.why_not().empty() ? unpacked.why_not : collector.why_not()));
  }
  KernelFile kernel{.unpacked = std::move(collector.bytes()), .image = {}, .note = {}};
  if (const std::size_t rest = payload.bytes.size() - *unpacked.packed_bytes;
      rest != 0 && payload.container.empty()) {
    kernel.note = std::string(name) + ": " + std::to_string(rest) + " bytes behind what is " +
                  "compressed are nobody's, and are left out";
  }
  HR_TRY(image, read_image(kernel.unpacked, std::string(name) + ", unpacked"));
  kernel.image = std::move(image);
  kernel.image.inflated_from = payload.container.empty()
                                   ? packing_name(packing)
                                   : payload.container + " (" + packing_name(packing) + ")";
  return kernel;
}

}  // namespace hyprelay::handoff
