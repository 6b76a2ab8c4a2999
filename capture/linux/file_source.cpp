// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/file_source.hpp"

#include "base/number_text.hpp"
#include "os/fault_safe.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// As much as one walk through the page tables is worth, and little beside a 32-bit address space.
constexpr std::size_t kWindow = std::size_t{4} << 20;
constexpr std::size_t kLarge = std::size_t{1} << 19;

std::uint64_t page_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

bool Window::open(int fd, std::uint64_t offset, std::size_t size_bytes) {
  close();
  void* const start =
      ::mmap(nullptr, size_bytes, PROT_READ, MAP_PRIVATE, fd, static_cast<off_t>(offset));
  if (start == MAP_FAILED) {
    return false;
  }
  start_ = static_cast<std::byte*>(start);
  offset_ = offset;
  size_bytes_ = size_bytes;
  return true;
}

void Window::close() {
  if (start_ != nullptr) {
    ::munmap(start_, size_bytes_);
  }
  start_ = nullptr;
  size_bytes_ = 0;
}

const std::byte* Window::find(std::uint64_t offset, std::size_t& size_bytes) const {
  if (start_ == nullptr || offset < offset_ || offset - offset_ >= size_bytes_) {
    return nullptr;
  }
  const auto into = static_cast<std::size_t>(offset - offset_);
  size_bytes = size_bytes_ - into;
  return start_ + into;
}

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

void FileSource::map_from(std::uint64_t offset) {
  mapped_from_ = base::align_up(offset, page_bytes());
}

bool FileSource::map(std::uint64_t offset, std::size_t size_bytes) {
  const std::uint64_t start = base::align_down(offset, page_bytes());
  // Ahead of who reads all of it alone: what reads a little at a time, the log, would leave
  // a window behind that is in the way of the copy's memory.
  const bool ahead = offset == last_end_ && size_bytes >= kLarge;
  const std::uint64_t wanted = ahead ? kWindow : offset - start + size_bytes;
  return window_.open(fd_.get(), start,
                      static_cast<std::size_t>(std::min(wanted, size_bytes_ - start)));
}

base::Result<void> FileSource::read(std::uint64_t offset, std::span<std::byte> into) {
  if (offset < mapped_from_) {
    const std::span<std::byte> part =
        into.first(std::min<std::uint64_t>(into.size(), mapped_from_ - offset));
    HR_TRYV(read_unmapped(offset, part));
    into = into.subspan(part.size());
    offset += part.size();
    last_end_ = offset;
  }
  while (!into.empty()) {
    std::size_t there = 0;
    const std::byte* from = window_.find(offset, there);
    if (from == nullptr && offset < size_bytes_ && map(offset, into.size())) {
      from = window_.find(offset, there);
    }
    if (from == nullptr) {
      return read_unmapped(offset, into);
    }
    const std::span<std::byte> part = into.first(std::min(into.size(), there));
    if (!os::fault_safe_copy(part, from)) {
      return Error(Code::CAPTURE_UNREADABLE, Stage::kCapture)
          .with_at(offset)
          .with_limit(size_bytes_);
    }
    into = into.subspan(part.size());
    offset += part.size();
    last_end_ = offset;
  }
  return base::success();
}

base::Result<void> FileSource::read_unmapped(std::uint64_t offset, std::span<std::byte> into) {
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
