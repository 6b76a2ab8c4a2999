// SPDX-License-Identifier: BSD-2-Clause
#include "os/files.hpp"

#include "os/fault_safe.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <utility>

namespace hyprelay::os {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// Appends what is left to read, to bytes or text, and ends when there is more than `most`. False
// when a read failed.
template <class Content>
bool read_rest(int fd, Content& content, std::uint64_t most) {
  // Most files of /proc and /sys are a line; and what is made room for is cleared first, so that a
  // file of a MiB which gives a page for each read is not to clear as much as it may give.
  constexpr std::size_t kLeast = 4096;
  constexpr std::size_t kMost = std::size_t{64} * 1024;
  std::size_t used = content.size();
  for (;;) {
    if (content.size() - used < kLeast) {
      content.resize(used + std::clamp(used, kLeast, kMost));
    }
    const ssize_t got = ::read(fd, content.data() + used, content.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    used += got > 0 ? static_cast<std::size_t>(got) : 0;
    if (got <= 0 || used > most) {
      content.resize(used);
      return got >= 0;
    }
  }
}

Error too_large(const std::string& path, const FileBound& bound, std::uint64_t size_bytes) {
  return Error(Code::FILE_TOO_LARGE, Stage::kFile,
               std::string(path).append(": for ").append(bound.kind))
      .with_at(size_bytes)
      .with_limit(bound.most_bytes);
}

// What the body returns. Where its content does not fit into memory, nobody else knows whose it
// was.
template <class Body>
auto with_memory_for(const std::string& path, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Error(Code::NO_MEMORY, Stage::kFile, path);
  } catch (const std::length_error&) {
    return Error(Code::NO_MEMORY, Stage::kFile, path);
  }
}

// Fills the memory from where the file stands. Less than all: it ended early, or cannot be read.
std::size_t read_into(int fd, std::byte* memory, std::size_t size_bytes) {
  std::size_t used = 0;
  while (used < size_bytes) {
    const ssize_t got = ::read(fd, memory + used, size_bytes - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    used += static_cast<std::size_t>(got);
  }
  return used;
}

// Whether nobody can write to the file or cut it before the descriptor is closed: who tries waits
// [fcntl(2)]. Not of another user's file without CAP_LEASE, nor of one that is open for writing,
// nor on every file system. Who waits is told of by a signal, which is one that is ignored by
// default.
bool lease(int fd) {
  return ::fcntl(fd, F_SETSIG, SIGURG) == 0 && ::fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
}

// Whether nobody can any more, which holds for ever [fcntl(2) F_ADD_SEALS].
bool is_sealed(int fd) {
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK;
  const int seals = ::fcntl(fd, F_GET_SEALS);
  return seals >= 0 && (seals & kSeals) == kSeals;
}

// To read. What may be a file alone is not waited for.
int open_to_read(const std::string& path, const FileBound& bound) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | (bound.file_alone ? O_NONBLOCK : 0));
}

Code open_code(int system_error) {
  return system_error == ENOENT || system_error == ENOTDIR ? Code::FILE_MISSING
                                                           : Code::FILE_UNREADABLE;
}

}  // namespace

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

FileContent::FileContent(FileContent&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)),
      leased_(std::move(other.leased_)),
      piped_(std::move(other.piped_)) {}

FileContent& FileContent::operator=(FileContent&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(size_bytes_, other.size_bytes_);
  std::swap(leased_, other.leased_);
  std::swap(piped_, other.piped_);
  return *this;
}

FileContent::~FileContent() {
  if (memory_ != nullptr) {
    ::munmap(memory_, size_bytes_);
  }
}

base::Result<InputFile> InputFile::open(std::string path, const FileBound& bound) {
  InputFile file;
  file.path_ = std::move(path);
  // The path as the subject: an Error copies it.
  const Error unreadable(Code::FILE_UNREADABLE, Stage::kFile, file.path_);
  file.fd_ = FileDescriptor(open_to_read(file.path_, bound));
  if (!file.fd_.valid()) {
    return Error(open_code(errno), Stage::kFile, file.path_);
  }
  struct stat status {};
  if (::fstat(file.fd_.get(), &status) != 0) {
    return unreadable;
  }
  FileBound most = bound;
  if (S_ISFIFO(status.st_mode) && !bound.file_alone) {
    most = kPipedContent.most_bytes < bound.most_bytes ? kPipedContent : bound;
    HR_TRYV(with_memory_for(file.path_, [&]() -> base::Result<void> {
      return read_rest(file.fd_.get(), file.piped_, most.most_bytes)
                 ? base::Result<void>(base::success())
                 : unreadable;
    }));
    file.size_bytes_ = file.piped_.size();
  } else if (S_ISREG(status.st_mode)) {
    file.size_bytes_ = static_cast<std::uint64_t>(status.st_size);
    most.most_bytes = std::min<std::uint64_t>(most.most_bytes, file.piped_.max_size());
  } else {
    return unreadable;
  }
  if (file.size_bytes_ > most.most_bytes) {
    return too_large(file.path_, most, file.size_bytes_);
  }
  if (file.size_bytes_ == 0) {
    return Error(Code::FILE_EMPTY, Stage::kFile, file.path_);
  }
  return file;
}

base::Result<std::vector<std::byte>> InputFile::peek(std::size_t size_bytes) const {
  const std::uint64_t wanted = std::min<std::uint64_t>(size_bytes, size_bytes_);
  if (!piped_.empty()) {
    return std::vector<std::byte>(piped_.begin(),
                                  piped_.begin() + static_cast<std::ptrdiff_t>(wanted));
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(wanted));
  // One call reads less than 2 GiB [pread(2)].
  std::size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t got =
        ::pread(fd_.get(), bytes.data() + used, bytes.size() - used, static_cast<off_t>(used));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    // What cannot be read must not pass for what it would have been without it.
    if (got <= 0) {
      return ends_early(used);
    }
    used += static_cast<std::size_t>(got);
  }
  return bytes;
}

base::Result<std::vector<std::byte>> InputFile::read() {
  if (!piped_.empty()) {
    return std::move(piped_);
  }
  return with_memory_for(path_, [&]() -> base::Result<std::vector<std::byte>> {
    std::vector<std::byte> bytes(static_cast<std::size_t>(size_bytes_));
    const std::size_t used = read_into(fd_.get(), bytes.data(), bytes.size());
    if (used < bytes.size()) {
      return ends_early(used);
    }
    return bytes;
  });
}

base::Result<FileContent> InputFile::content() {
  FileContent content;
  if (!piped_.empty()) {
    content.piped_ = std::move(piped_);
    return content;
  }
  const auto size_bytes = static_cast<std::size_t>(size_bytes_);
  const bool leased = is_sealed(fd_.get()) || lease(fd_.get());
  // Not less than open() found: reading behind the end of a mapped file is a signal.
  struct stat status {};
  if (leased && (::fstat(fd_.get(), &status) != 0 ||
                 static_cast<std::uint64_t>(status.st_size) != size_bytes_)) {
    return ends_early(static_cast<std::uint64_t>(status.st_size));
  }
  void* memory =
      leased ? ::mmap(nullptr, size_bytes, PROT_READ, MAP_PRIVATE, fd_.get(), 0) : MAP_FAILED;
  // A block that cannot be read would be a signal later. What reads it says which it is.
  if (memory != MAP_FAILED && !answers({static_cast<const std::byte*>(memory), size_bytes})) {
    ::munmap(memory, size_bytes);
    memory = MAP_FAILED;
  }
  const bool mapped = memory != MAP_FAILED;
  if (!mapped) {
    memory =
        ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  if (memory == MAP_FAILED) {
    return Error(Code::NO_MEMORY, Stage::kFile, path_);
  }
  content.memory_ = static_cast<std::byte*>(memory);
  content.size_bytes_ = size_bytes;
  if (mapped) {
    content.leased_ = std::move(fd_);
    return content;
  }
  const std::size_t used = read_into(fd_.get(), content.memory_, size_bytes);
  if (used < size_bytes) {
    return ends_early(used);
  }
  return content;
}

Error InputFile::ends_early(std::uint64_t at) const {
  return Error(Code::FILE_UNREADABLE, Stage::kFile, path_).with_at(at).with_limit(size_bytes_);
}

base::Result<std::vector<std::byte>> read_fact(const std::string& path, std::uint64_t most_bytes) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    const Code code =
        open_code(errno) == Code::FILE_MISSING ? Code::FILE_MISSING : Code::MACHINE_UNREADABLE;
    return Error(code, Stage::kMachine, path);
  }
  std::vector<std::byte> bytes;
  if (!read_rest(fd.get(), bytes, most_bytes)) {
    return Error(Code::MACHINE_UNREADABLE, Stage::kMachine, path);
  }
  if (bytes.size() > most_bytes) {
    return Error(Code::MACHINE_MALFORMED, Stage::kMachine, path)
        .with_at(bytes.size())
        .with_limit(most_bytes);
  }
  return bytes;
}

base::Result<std::string> read_fact_text(const std::string& path) {
  HR_TRY(bytes, read_fact(path));
  std::string_view text = base::text_of(bytes);
  while (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

base::Result<std::string> read_input_text(const std::string& path, const FileBound& bound) {
  const FileDescriptor fd(open_to_read(path, bound));
  if (!fd.valid()) {
    return Error(open_code(errno), Stage::kFile, path);
  }
  struct stat status {};
  if (bound.file_alone && (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))) {
    return Error(Code::FILE_UNREADABLE, Stage::kFile, path);
  }
  std::string text;
  if (!read_rest(fd.get(), text, bound.most_bytes)) {
    return Error(Code::FILE_UNREADABLE, Stage::kFile, path);
  }
  if (text.size() > bound.most_bytes) {
    return too_large(path, bound, text.size());
  }
  return text;
}

std::optional<std::string> read_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  struct stat facts {};
  // Files of /proc and /sys say size 0: it is only where the memory comes from.
  if (::fstat(file.get(), &facts) == 0 && S_ISREG(facts.st_mode)) {
    content.reserve(static_cast<std::size_t>(facts.st_size) + std::size_t{64} * 1024);
  }
  return file.valid() && read_rest(file.get(), content, kInitrdFile.most_bytes)
             ? std::optional(std::move(content))
             : std::nullopt;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool is_there(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

base::Result<void> write_text(const std::string& path, std::string_view text) {
  const bool to_stdout = path == "-";
  const FileDescriptor file(
      to_stdout ? -1 : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!write_all(to_stdout ? STDOUT_FILENO : file.get(), text)) {
    return Error(Code::FILE_UNWRITABLE, Stage::kFile, to_stdout ? "standard output" : path);
  }
  return base::success();
}

base::Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode) {
  std::string part;
  FileDescriptor file;
  // A name that is taken may be another's: it is left to him.
  constexpr int kMostNames = 100;
  for (int number = 0; !file.valid() && number < kMostNames; ++number) {
    part = path + ".part" + std::to_string(::getpid()) + "-" + std::to_string(number);
    file = FileDescriptor(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.valid() && errno != EEXIST) {
      break;
    }
  }
  if (!file.valid()) {
    return Error(Code::FILE_UNWRITABLE, Stage::kFile, path);
  }
  if (!write_all(file.get(), content) || ::rename(part.c_str(), path.c_str()) != 0) {
    ::unlink(part.c_str());
    return Error(Code::FILE_UNWRITABLE, Stage::kFile, path);
  }
  return base::success();
}

}  // namespace hyprelay::os
