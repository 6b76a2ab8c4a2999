// SPDX-License-Identifier: BSD-2-Clause
// How a dump lies on a raw partition: this header in the first 4 KiB, the log behind it, and the
// image at the next multiple of 4 KiB. Numbers are little endian. Environment: hosted. Pure.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::capture {

inline constexpr std::uint64_t kDeviceBlock = 4096;

struct DeviceHeader {
  // Everything arrived, and image_digest holds. Otherwise image_bytes is how far it came.
  bool complete = false;
  // hyprelay capture --from-device has saved it elsewhere.
  bool fetched = false;
  // A name for the folder, and the name of the image in it: "vmcore.zst".
  std::string dump_name;
  std::string image_name;
  std::uint64_t log_bytes = 0;
  base::Sha256Digest log_digest{};
  std::uint64_t image_bytes = 0;
  base::Sha256Digest image_digest{};

  std::uint64_t image_offset() const;
  bool operator==(const DeviceHeader&) const = default;
};

// More than any log that LogText makes: a header that says more is damaged.
inline constexpr std::uint64_t kMostDeviceLogBytes = std::uint64_t{64} << 20;

// kDeviceBlock bytes, the last 32 of them the digest of the others. Names longer than 63 bytes are
// cut.
std::vector<std::byte> encode(const DeviceHeader& header);

// Names are those of folder_name() and is_image_name(): a header without a name, or with one that
// no file should have, is read all the same. Errors: CAPTURE_DEVICE_EMPTY (no header),
// CAPTURE_DAMAGED (not as it was written, more than kMostDeviceLogBytes, or names that lead
// elsewhere).
base::Result<DeviceHeader> decode(base::ByteView block);

}  // namespace hyprelay::capture
