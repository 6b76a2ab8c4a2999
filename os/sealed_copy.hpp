// SPDX-License-Identifier: BSD-2-Clause
// A file's content at one moment, which nobody changes from then on: not who writes to the file,
// nor who holds the same descriptor. Environment: Linux 3.17 and later [memfd_create(2)].
#pragma once

#include "base/result.hpp"
#include "os/file_bounds.hpp"
#include "os/files.hpp"

#include <string>

namespace hyprelay::os {

// In memory. What is opened as path_of() that descriptor is mapped and not copied. Errors: those of
// InputFile::open() and content(); NO_MEMORY (also where the kernel has no such files).
base::Result<FileDescriptor> sealed_copy(const std::string& path, const FileBound& bound);

// "/proc/self/fd/5"
std::string path_of(const FileDescriptor& fd);

}  // namespace hyprelay::os
