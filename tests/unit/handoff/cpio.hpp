// SPDX-License-Identifier: BSD-2-Clause
// Archives in the format "newc", by its description
// [linux/Documentation/driver-api/early-userspace/ buffer-format.rst].
#pragma once

#include <cstdio>
#include <string>

namespace hyprelay::handoff::testing {

inline void pad_to_four(std::string& archive) {
  archive.resize((archive.size() + 3) / 4 * 4, '\0');
}

inline void add_entry(std::string& archive, const std::string& name, unsigned mode,
                      const std::string& content) {
  char header[112];
  std::snprintf(header, sizeof header,
                "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", 1, mode, 0, 0, 1, 0,
                content.size(), 0, 0, 0, 0, name.size() + 1, 0);
  archive += header;
  archive.append(name).push_back('\0');
  pad_to_four(archive);
  archive += content;
  pad_to_four(archive);
}

inline std::string archive_of(const std::string& name, const std::string& content) {
  std::string archive;
  add_entry(archive, "folder", 040755, "");
  add_entry(archive, name, 0100644, content);
  add_entry(archive, "TRAILER!!!", 0, "");
  archive.resize((archive.size() + 511) / 512 * 512, '\0');
  return archive;
}

}  // namespace hyprelay::handoff::testing
