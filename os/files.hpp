// SPDX-License-Identifier: BSD-2-Clause
// Reading and writing whole files, with errors that name them.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <limits>
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

// A file that the user named. Its size is known before its content is read, so that a plan can be
// refused without reading an initrd that is larger than the machine.
class InputFile {
 public:
  // Errors (stage file, subject: the path): FILE_MISSING, FILE_UNREADABLE (a directory or a device
  // too), FILE_EMPTY, FILE_TOO_LARGE (more than one object can have: 2 GiB on 32 bits).
  static base::Result<InputFile> open(std::string path);

  const std::string& path() const { return path_; }
  std::uint64_t size_bytes() const { return size_bytes_; }
  // The first bytes, as many as there are of that many; empty when they cannot be read.
  std::vector<std::byte> peek(std::size_t size_bytes) const;
  // The content; to be called once. FILE_UNREADABLE when it is not what open() found.
  base::Result<std::vector<std::byte>> read();

 private:
  FileDescriptor fd_;
  std::string path_;
  std::uint64_t size_bytes_ = 0;
  // Content of a pipe, whose size is only known once it was read.
  std::vector<std::byte> piped_;
};

// The content of a file of /proc, /sys or a test's copy of them; files there do not tell their
// size. Errors (stage machine, subject: the path): FILE_MISSING, MACHINE_UNREADABLE,
// MACHINE_MALFORMED (more than `most_bytes`).
constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();
base::Result<std::vector<std::byte>> read_fact(const std::string& path,
                                               std::size_t most_bytes = kAnySize);
// The same as text, without the newline at its end.
base::Result<std::string> read_fact_text(const std::string& path);

// The content, of whatever size the file says it has; nullopt when it cannot be opened or read to
// its end. For whoever has another way to say so than an Error.
std::optional<std::string> read_file(const std::string& path);

// Whether anything is at that path that can be reached.
bool is_there(const std::string& path);

// False, and errno as the system set it, when not every byte could be written.
bool write_all(int fd, std::string_view bytes);

// "-" writes to stdout. Errors (stage file): FILE_UNWRITABLE.
base::Result<void> write_text(const std::string& path, std::string_view text);

// A file of that content, with at most these permissions, less the umask; one that is there already
// keeps no more of its own, before there is content in it. Errors (stage file, subject: the path):
// FILE_UNWRITABLE.
base::Result<void> write_file(const std::string& path, std::string_view content, mode_t most);

}  // namespace hyprelay::os
