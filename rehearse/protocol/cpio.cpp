// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/protocol/cpio.hpp"

#include "os/files.hpp"
#include "rehearse/protocol/words.hpp"

#include <sys/stat.h>

#include <cstdio>

namespace hyprelay::rehearse {

bool CpioWriter::add_folder(std::string_view path) {
  return add(path, {}, S_IFDIR | 0755);
}

bool CpioWriter::add_file(std::string_view path, std::string_view content,
                          std::uint32_t permissions) {
  return add(path, content, S_IFREG | permissions);
}

bool CpioWriter::add_ours(std::string_view name, std::string_view content) {
  const bool program = name == kInit || name == kTool;
  return add_file(std::string(kFolder).append("/").append(name), content, program ? 0755 : 0644);
}

bool CpioWriter::finish() {
  // Archives that follow one another in an initrd begin at multiples of 4; 512 is what cpio(1)
  // writes and what every unpacker skips.
  return add("TRAILER!!!", {}, 0) && pad(512);
}

bool CpioWriter::add(std::string_view path, std::string_view content, std::uint32_t mode) {
  // Magic, then inode, mode, uid, gid, links, mtime, size, device and special device as two numbers
  // each, name size with its NUL, checksum: eight hex digits each.
  char header[6 + 13 * 8 + 1];
  std::snprintf(header, sizeof header, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
                ++inode_, mode, 0U, 0U, 1U, 0U, static_cast<unsigned>(content.size()), 0U, 0U, 0U,
                0U, static_cast<unsigned>(path.size() + 1), 0U);
  return put({header, sizeof header - 1}) && put(path) && put(std::string(1, '\0')) && pad(4) &&
         put(content) && pad(4);
}

bool CpioWriter::pad(std::uint64_t align) {
  const std::uint64_t rest = written_bytes_ % align;
  return rest == 0 || put(std::string(align - rest, '\0'));
}

bool CpioWriter::put(std::string_view bytes) {
  written_bytes_ += bytes.size();
  return os::write_all(fd_, bytes);
}

}  // namespace hyprelay::rehearse
