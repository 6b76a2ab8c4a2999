// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/file_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hyprelay::capture {

using base::Code;
using base::Error;
using base::Stage;

base::Result<FileSource> FileSource::open(const std::string& path) {
  FileSource source;
  source.fd_ = os::FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.fd_.valid()) {
    return Error(errno == ENOENT ? Code::CAPTURE_NO_CORE : Code::FILE_UNREADABLE, Stage::kCapture,
                 path);
  }
  struct stat facts {};
  if (::fstat(source.fd_.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error(Code::FILE_UNREADABLE, Stage::kCapture, path);
  }
  source.size_bytes_ = static_cast<std::uint64_t>(facts.st_size);
  return source;
}

base::Result<void> FileSource::read(std::uint64_t offset, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return Error(got == 0 ? Code::CAPTURE_TRUNCATED : Code::CAPTURE_UNREADABLE, Stage::kCapture)
          .with_at(offset)
          .with_limit(size_bytes_);
    }
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return base::success();
}

}  // namespace hyprelay::capture
