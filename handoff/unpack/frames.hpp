// SPDX-License-Identifier: BSD-2-Clause
// Whether an initrd is whole, as far as that can be told without unpacking: archives have lengths
// of files, frames of zstd and lz4 have lengths of blocks, and an xz stream has a footer. Nothing
// tells the end of gzip, bzip2, lzma or lzo: what is behind their first bytes is not looked at.
// Content is not compared with checksums. 30 MiB take some milliseconds.
#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string>

namespace hyprelay::handoff {

// Why Linux would stop before its end: "it ends within a file at byte 77". nullopt: it would not,
// or that is not known, as of what begins as no archive.
std::optional<std::string> why_not_whole(base::ByteView initrd);

}  // namespace hyprelay::handoff
