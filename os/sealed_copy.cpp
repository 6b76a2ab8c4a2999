// SPDX-License-Identifier: BSD-2-Clause
#include "os/sealed_copy.hpp"

#include <fcntl.h>
#include <sys/mman.h>

namespace hyprelay::os {

base::Result<FileDescriptor> sealed_copy(const std::string& path, const FileBound& bound) {
  const base::Error no_memory(base::Code::NO_MEMORY, base::Stage::kFile, path);
  HR_TRY(file, InputFile::open(path, bound));
  HR_TRY(content, file.content());
  FileDescriptor copy(::memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!copy.valid() || !write_all(copy.get(), base::text_of(content.bytes())) ||
      ::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) !=
          0) {
    return no_memory;
  }
  return copy;
}

std::string path_of(const FileDescriptor& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

}  // namespace hyprelay::os
