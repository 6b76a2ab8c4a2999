// SPDX-License-Identifier: BSD-2-Clause
// A block device, or a file that stands for one; and getting a dump back from it.
// Environment: Linux.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "capture/device_header.hpp"
#include "capture/source.hpp"
#include "os/files.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace hyprelay::capture {

class Device {
 public:
  // Errors: FILE_MISSING, FILE_UNWRITABLE or FILE_UNREADABLE (neither device nor file, too),
  // CAPTURE_DEVICE_USED (mounted or otherwise in use).
  static base::Result<Device> open(const std::string& path, bool writable);

  const std::string& path() const { return path_; }
  std::uint64_t size_bytes() const { return size_bytes_; }

  // Errors (at: offset): CAPTURE_FULL, CAPTURE_WRITE; CAPTURE_UNREADABLE.
  base::Result<void> write(std::uint64_t offset, base::ByteView bytes);
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into);
  base::Result<void> sync();

 private:
  os::FileDescriptor fd_;
  std::string path_;
  std::uint64_t size_bytes_ = 0;
};

// What a dump on a device is the image of, byte by byte; the device must outlive it.
class DeviceImage : public ByteSource {
 public:
  DeviceImage(Device& device, const DeviceHeader& header)
      : device_(device), start_(header.image_offset()), size_bytes_(header.image_bytes) {}

  std::uint64_t size_bytes() const override { return size_bytes_; }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override;

 private:
  Device& device_;
  std::uint64_t start_;
  std::uint64_t size_bytes_;
};

// The header of the dump on a device, when log and image have their digests. Errors: as fetch_dump;
// also CAPTURE_TRUNCATED (subject: the image's name) for a dump that is not complete.
base::Result<DeviceHeader> check_dump(Device& device);

// What came off a device.
struct Fetched {
  std::string folder;
  std::string image;  // its path; empty: only the log was saved
  std::uint64_t image_bytes = 0;
  bool complete = false;
};

// Copies the dump on a device to a new folder below `directory`, checks it, and notes on the device
// that it was fetched. A dump that is incomplete is fetched as far as it goes, under a name that
// says so. A log that is damaged is an error after the image was fetched. Errors:
// CAPTURE_DEVICE_EMPTY, CAPTURE_DAMAGED, and those of Device and of a directory
// target.
base::Result<Fetched> fetch_dump(const std::string& path, const std::string& directory);

}  // namespace hyprelay::capture
