// SPDX-License-Identifier: BSD-2-Clause
// A memory image that is a file: /proc/vmcore, or a copy of one. Environment: Linux.
#pragma once

#include "capture/source.hpp"
#include "os/files.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::capture {

// Some of a file, mapped; unmapped when it goes.
class Window {
 public:
  Window() = default;
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window() { close(); }

  // From that offset, a multiple of the page size, on. False: the file cannot be mapped there.
  bool open(int fd, std::uint64_t offset, std::size_t size_bytes);
  void close();
  // Where the byte at that offset lies; null when it is outside. `size_bytes`: how many follow it.
  const std::byte* find(std::uint64_t offset, std::size_t& size_bytes) const;

 private:
  std::byte* start_ = nullptr;
  std::uint64_t offset_ = 0;
  std::size_t size_bytes_ = 0;
};

// By mapping it, which costs Linux a table's entry for a page of the dead kernel's memory, where
// read() maps, copies and unmaps each by itself, on arm uncached
// [linux/fs/proc/vmcore.c mmap_vmcore, linux/arch/arm/kernel/crash_dump.c]. And memory that does
// not answer is an error here, where it is the end of a kernel that reads it for us. What cannot
// be mapped is read: before 3.11 nothing can.
//
// Headers and notes are never mapped. Linux inserts the pages of the notes into the mapping as its
// own, and a 32-bit kernel without LPAE, whose page tables have no bit for pages that are not,
// takes the header's for its own too when they lie in one mapping: unmapped, it is free while it is
// in use. Seen with armmp 6.1: "BUG: Bad page map", and a /proc/vmcore that nobody could read any
// more [linux/fs/proc/vmcore.c mmap_vmcore, linux/mm/memory.c vm_normal_page].
class FileSource : public ByteSource {
 public:
  // Errors (subject: the path): CAPTURE_NO_CORE, FILE_UNREADABLE.
  static base::Result<FileSource> open(const std::string& path);
  FileSource(FileSource&& other) noexcept
      : ByteSource(),
        fd_(std::move(other.fd_)),
        size_bytes_(other.size_bytes_),
        mapped_from_(other.mapped_from_) {}

  // Where memory begins, behind all notes: from the next page on it is mapped. Without it nothing
  // is.
  void map_from(std::uint64_t offset);

  std::uint64_t size_bytes() const override { return size_bytes_; }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override;

 private:
  FileSource() = default;
  // Maps what holds that many bytes from there; who reads on where he ended gets more of it.
  bool map(std::uint64_t offset, std::size_t size_bytes);
  base::Result<void> read_unmapped(std::uint64_t offset, std::span<std::byte> into);

  os::FileDescriptor fd_;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t mapped_from_ = ~std::uint64_t{0};
  Window window_;
  std::uint64_t last_end_ = 0;
};

}  // namespace hyprelay::capture
