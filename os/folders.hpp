// SPDX-License-Identifier: BSD-2-Clause
// Folders: what lies in one, and one that goes away by itself.
#pragma once

#include "base/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hyprelay::os {

// Names of the regular files in a folder, sorted. Empty when it cannot be read.
std::vector<std::string> list_files(const std::string& folder);

// A fresh folder below the system's place for temporary files, removed with everything in it.
class TemporaryFolder {
 public:
  // `name`: how its own name begins. Error: FILE_UNWRITABLE (stage: the caller's).
  static base::Result<TemporaryFolder> make(const std::string& name, base::Stage stage);
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace hyprelay::os
