// SPDX-License-Identifier: BSD-2-Clause
#include "os/folders.hpp"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace hyprelay::os {

std::vector<std::string> list_files(const std::string& folder) {
  std::vector<std::string> names;
  const std::string root = folder + "/";
  DIR* dir = ::opendir(folder.c_str());
  if (dir == nullptr) {
    return names;
  }
  while (const dirent* entry = ::readdir(dir)) {
    struct stat facts = {};
    const std::string name = entry->d_name;
    if (::stat((root + name).c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) {
      names.push_back(name);
    }
  }
  ::closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

base::Result<TemporaryFolder> TemporaryFolder::make(const std::string& name, base::Stage stage) {
  std::error_code ignored;
  std::string pattern =
      (std::filesystem::temp_directory_path(ignored) / (name + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return base::Error(base::Code::FILE_UNWRITABLE, stage, pattern);
  }
  return TemporaryFolder(std::move(pattern));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) {
    std::filesystem::remove_all(path_, ignored);
  }
}

}  // namespace hyprelay::os
