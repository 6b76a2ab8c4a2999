// SPDX-License-Identifier: BSD-2-Clause
// A kernel's file, unpacked where it is packed as a whole: Image.gz and the like, and an EFI zboot
// program. Pure: what decompresses is handed in.
#pragma once

#include "handoff/archive.hpp"
#include "handoff/image.hpp"

#include <string_view>
#include <vector>

namespace hyprelay::handoff {

struct KernelFile {
  // What `image` is a view of, when the file is packed; else empty, and it is one of the file.
  std::vector<std::byte> unpacked = {};
  ImageView image;
  // What is odd about the file, for who wants to know; or empty.
  std::string note = {};
};

// Whether a file begins as what read_kernel() unpacks; kImageStartBytes of it suffice.
bool is_packed_kernel(base::ByteView start);

// As read_image(), also of what is packed: no more is unpacked than the Image inside says that it
// needs, or than a kernel may have. Errors (subject: `name`): those of read_image(), also of what
// is inside; IMAGE_COMPRESSED (it cannot be unpacked, and why), IMAGE_ZBOOT (its payload is packed
// otherwise).
base::Result<KernelFile> read_kernel(base::ByteView file, std::string_view name,
                                     const Unpack& unpack);

}  // namespace hyprelay::handoff
