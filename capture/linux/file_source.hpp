// SPDX-License-Identifier: BSD-2-Clause
// A memory image that is a file: /proc/vmcore, or a copy of one. Environment: Linux.
#pragma once

#include "capture/source.hpp"
#include "os/files.hpp"

#include <string>

namespace hyprelay::capture {

class FileSource : public ByteSource {
 public:
  // Errors (subject: the path): CAPTURE_NO_CORE, FILE_UNREADABLE.
  static base::Result<FileSource> open(const std::string& path);
  FileSource(FileSource&& other) noexcept
      : ByteSource(), fd_(std::move(other.fd_)), size_bytes_(other.size_bytes_) {}

  std::uint64_t size_bytes() const override { return size_bytes_; }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override;

 private:
  FileSource() = default;

  os::FileDescriptor fd_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace hyprelay::capture
