// SPDX-License-Identifier: BSD-2-Clause
// Files of the guest, read and written whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse::guest {

// A descriptor that closes itself. -1: none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

// nullopt when the file cannot be opened or read to its end.
std::optional<std::string> read_file(const std::string& path);

// False when not every byte could be written.
bool write_all(int fd, std::string_view bytes);

// Names of the regular files in a folder, sorted. Empty when it cannot be read.
std::vector<std::string> list_files(const std::string& folder);

}  // namespace hyprelay::rehearse::guest
