// SPDX-License-Identifier: BSD-2-Clause
// A kernel's file: a zImage or Image as it is, unpacked where it is packed as a whole (Image.gz and
// the like, and an EFI zboot program), and taken out of the containers around it. Pure: what
// decompresses is handed in.
#pragma once

#include "handoff/archive.hpp"
#include "handoff/container.hpp"
#include "handoff/image.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

struct KernelFile {
  // What `image` is a view of, when the file is packed; else empty, and it is one of the file. They
  // stay where they are when the object moves.
  std::vector<std::vector<std::byte>> unpacked = {};
  ImageView image;
  // From the outermost in: "FIT, configuration conf-1", "gzip".
  std::vector<std::string> layers = {};
  // What else the containers hold. Of two that hold a thing the outer one counts.
  Contained contained = {};
  // What is odd about the file, for who wants to know.
  std::vector<std::string> notes = {};
};

// Whether a file begins as what read_kernel() unpacks or opens; kImageStartBytes of it suffice.
bool is_packed_kernel(base::ByteView start);

// As read_image(), also of what is packed or contained: no more is unpacked than the Image inside
// says that it needs, or than a kernel may have. Errors (subject: `name`): those of read_image(),
// also of what is inside; IMAGE_COMPRESSED (it cannot be unpacked, and why), IMAGE_ZBOOT (its
// payload is packed otherwise), IMAGE_NESTED; those of open_container().
base::Result<KernelFile> read_kernel(base::ByteView file, std::string_view name,
                                     const KernelTools& tools);

// The same; what was understood before an error is in `so_far`.
base::Result<void> read_kernel_into(base::ByteView file, std::string_view name,
                                    const KernelTools& tools, KernelFile& so_far);

}  // namespace hyprelay::handoff
