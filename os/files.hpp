// SPDX-License-Identifier: BSD-2-Clause
// Reading and writing whole files, with errors that name them.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "os/file_bounds.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::os {

// A file descriptor that closes itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The content of a file as memory that nobody else changes, for large files: it is not copied where
// the file can be mapped and be kept from writers meanwhile.
class FileContent {
 public:
  FileContent() = default;
  FileContent(FileContent&& other) noexcept;
  FileContent& operator=(FileContent&& other) noexcept;
  FileContent(const FileContent&) = delete;
  FileContent& operator=(const FileContent&) = delete;
  ~FileContent();

  // Stays where it is when the object moves.
  base::ByteView bytes() const {
    return memory_ != nullptr ? base::ByteView(memory_, size_bytes_) : base::ByteView(piped_);
  }

 private:
  friend class InputFile;
  // A mapping, of the file or of memory; null: it is piped_.
  std::byte* memory_ = nullptr;
  std::size_t size_bytes_ = 0;
  // Has the lease on the file, if there is one.
  FileDescriptor leased_;
  std::vector<std::byte> piped_;
};

// A file that the user named. Its size is known before its content is read, so that a plan can be
// refused without reading an initrd that is larger than the machine.
class InputFile {
 public:
  // Errors (stage file, subject: the path): FILE_MISSING, FILE_UNREADABLE (a directory or a device
  // too), FILE_EMPTY, FILE_TOO_LARGE (more than its kind may have, or than one object can: 2 GiB on
  // 32 bits; known before anything is read, but of a pipe), NO_MEMORY (of a pipe).
  static base::Result<InputFile> open(std::string path, const FileBound& bound);

  const std::string& path() const { return path_; }
  // The name that messages have for it, where it was opened by another path than it goes by.
  void rename(std::string path) { path_ = std::move(path); }
  std::uint64_t size_bytes() const { return size_bytes_; }
  // The first bytes, as many as open() found of that many. Error: FILE_UNREADABLE.
  base::Result<std::vector<std::byte>> peek(std::size_t size_bytes) const;
  // The content; to be called once. Errors: FILE_UNREADABLE when it is not what open() found,
  // NO_MEMORY.
  base::Result<std::vector<std::byte>> read();
  // The same without a copy, where that can be had: a lease keeps who wants to write to the file
  // waiting as long as the content lives, but not longer than lease-break-time, 45 seconds
  // [fcntl(2) F_SETLEASE]. Errors: as read().
  base::Result<FileContent> content();

 private:
  base::Error ends_early(std::uint64_t at) const;

  FileDescriptor fd_;
  std::string path_;
  std::uint64_t size_bytes_ = 0;
  // Content of a pipe, whose size is only known once it was read.
  std::vector<std::byte> piped_;
};

// The content of a file of /proc, /sys or a test's copy of them; files there do not tell their
// size. Errors (stage machine, subject: the path): FILE_MISSING, MACHINE_UNREADABLE,
// MACHINE_MALFORMED (more than `most_bytes`).
base::Result<std::vector<std::byte>> read_fact(const std::string& path,
                                               std::uint64_t most_bytes = kFactFile.most_bytes);
// The same as text, without the newline at its end.
base::Result<std::string> read_fact_text(const std::string& path);

// The text of what the user named, a pipe or a device as well; it may be empty. No more is read
// than the kind may have. Errors (stage file, subject: the path): FILE_MISSING, FILE_UNREADABLE,
// FILE_TOO_LARGE.
base::Result<std::string> read_input_text(const std::string& path, const FileBound& bound);

// The content, of whatever size the file says it has; nullopt when it cannot be opened or read to
// its end. For whoever has another way to say so than an Error, and made the file himself.
std::optional<std::string> read_file(const std::string& path);

// Whether anything is at that path that can be reached.
bool is_there(const std::string& path);

// False, and errno as the system set it, when not every byte could be written.
bool write_all(int fd, std::string_view bytes);

// To what the user named, whatever that is: a link is followed, a device written to; "-" is stdout.
// Errors (stage file): FILE_UNWRITABLE.
base::Result<void> write_text(const std::string& path, std::string_view text);

// A file of that content, with these permissions, less the umask, in a folder that others may write
// to: it is made under a name of its own and then takes the place of whatever has the name, a link
// too, which is not followed. Errors (stage file, subject: the path): FILE_UNWRITABLE.
base::Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode);

}  // namespace hyprelay::os
