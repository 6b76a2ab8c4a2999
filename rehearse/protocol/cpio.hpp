// SPDX-License-Identifier: BSD-2-Clause
// Writing cpio archives in the "newc" format, the one that Linux unpacks as an initramfs [Linux
// Documentation/driver-api/early-userspace/buffer-format.rst]. Only folders and files: no library
// is needed for those, in the guest or before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hyprelay::rehearse {

class CpioWriter {
 public:
  // Writes to a descriptor that the caller owns.
  explicit CpioWriter(int fd) : fd_(fd) {}

  // Paths are relative to the root: "folder/file". False when a write failed.
  bool add_folder(std::string_view path);
  bool add_file(std::string_view path, std::string_view content, std::uint32_t permissions);
  // One file of the rehearsal's own folder, which must be there; its programs can be run.
  bool add_ours(std::string_view name, std::string_view content);
  // The trailer, padded so that another archive may follow.
  bool finish();

 private:
  bool add(std::string_view path, std::string_view content, std::uint32_t mode);
  bool pad(std::uint64_t align);
  bool put(std::string_view bytes);

  int fd_;
  std::uint32_t inode_ = 0;
  std::uint64_t written_bytes_ = 0;
};

}  // namespace hyprelay::rehearse
