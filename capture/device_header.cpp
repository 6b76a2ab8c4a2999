// SPDX-License-Identifier: BSD-2-Clause
#include "capture/device_header.hpp"

#include "base/address.hpp"
#include "capture/names.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::string_view kMagic = "HRDUMP\r\n";
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kComplete = 1;
constexpr std::uint64_t kFetched = 2;
constexpr std::size_t kNameBytes = 64;

// Where each field lies.
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kFlagsAt = 16;
constexpr std::size_t kLogBytesAt = 24;
constexpr std::size_t kImageBytesAt = 32;
constexpr std::size_t kLogDigestAt = 64;
constexpr std::size_t kImageDigestAt = 96;
constexpr std::size_t kDumpNameAt = 128;
constexpr std::size_t kImageNameAt = kDumpNameAt + kNameBytes;
constexpr std::size_t kDigestAt = kDeviceBlock - 32;

void put(std::vector<std::byte>& block, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) {
    block[at + i] = static_cast<std::byte>(value >> (8 * i));
  }
}

void put(std::vector<std::byte>& block, std::size_t at, std::string_view name) {
  std::memcpy(block.data() + at, name.data(), std::min(name.size(), kNameBytes - 1));
}

std::string name_at(base::ByteView block, std::size_t at) {
  const char* const text = reinterpret_cast<const char*>(block.data()) + at;
  return {text, strnlen(text, kNameBytes)};
}

}  // namespace

std::uint64_t DeviceHeader::image_offset() const {
  return base::align_up(kDeviceBlock + log_bytes, kDeviceBlock);
}

std::vector<std::byte> encode(const DeviceHeader& header) {
  std::vector<std::byte> block(kDeviceBlock);
  put(block, 0, kMagic);
  put(block, kVersionAt, kVersion);
  put(block, kFlagsAt, (header.complete ? kComplete : 0) | (header.fetched ? kFetched : 0));
  put(block, kLogBytesAt, header.log_bytes);
  put(block, kImageBytesAt, header.image_bytes);
  std::ranges::copy(header.log_digest, block.begin() + kLogDigestAt);
  std::ranges::copy(header.image_digest, block.begin() + kImageDigestAt);
  put(block, kDumpNameAt, header.dump_name);
  put(block, kImageNameAt, header.image_name);
  std::ranges::copy(base::sha256(base::ByteView(block).first(kDigestAt)),
                    block.begin() + kDigestAt);
  return block;
}

base::Result<DeviceHeader> decode(base::ByteView block) {
  if (block.size() < kDeviceBlock || std::memcmp(block.data(), kMagic.data(), kMagic.size()) != 0) {
    return Error(Code::CAPTURE_DEVICE_EMPTY, Stage::kCapture);
  }
  const base::Sha256Digest digest = base::sha256(block.first(kDigestAt));
  if (!std::ranges::equal(digest, block.subspan(kDigestAt, digest.size()))) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, "header of the dump");
  }
  HR_TRY(version, base::read_le<std::uint64_t>(block, kVersionAt));
  if (version != kVersion) {
    return Error(Code::CAPTURE_DEVICE_EMPTY, Stage::kCapture, "a dump of another version")
        .with_at(version)
        .with_limit(kVersion);
  }
  DeviceHeader header;
  HR_TRY(flags, base::read_le<std::uint64_t>(block, kFlagsAt));
  HR_TRY(log_bytes, base::read_le<std::uint64_t>(block, kLogBytesAt));
  HR_TRY(image_bytes, base::read_le<std::uint64_t>(block, kImageBytesAt));
  header.complete = (flags & kComplete) != 0;
  header.fetched = (flags & kFetched) != 0;
  header.log_bytes = log_bytes;
  header.image_bytes = image_bytes;
  std::ranges::copy(block.subspan(kLogDigestAt, 32), header.log_digest.begin());
  std::ranges::copy(block.subspan(kImageDigestAt, 32), header.image_digest.begin());
  const auto folder = folder_name(name_at(block, kDumpNameAt));
  header.image_name = name_at(block, kImageNameAt);
  if (!folder || !is_image_name(header.image_name)) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, "names of the dump");
  }
  header.dump_name = *folder;
  if (log_bytes > kMostDeviceLogBytes) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, "size of the log")
        .with_at(log_bytes)
        .with_limit(kMostDeviceLogBytes);
  }
  return header;
}

}  // namespace hyprelay::capture
