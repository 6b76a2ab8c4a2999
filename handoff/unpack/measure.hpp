// SPDX-License-Identifier: BSD-2-Clause
// How much an initrd takes when the next kernel has unpacked it. Environment: Linux.
#pragma once

#include "handoff/archive.hpp"
#include "handoff/initrd.hpp"
#include "handoff/prepare.hpp"
#include "os/files.hpp"

namespace hyprelay::handoff {

// Unpacks the file and throws the content away, in a process of its own with limits: whatever the
// file says, it takes at most a minute of CPU time and a bounded amount of memory, and a fault in a
// decompressor ends that process alone. `page_size_bytes`: of the kernel that will unpack it. What
// cannot be unpacked is bounded, and InitrdSize::not_measured says why.
// `part`: what of the file is the initrd.
InitrdSize measure_initrd(const os::InputFile& file, const InitrdPart& part,
                          std::uint32_t page_size_bytes);

// The same of an initrd that is in memory.
InitrdSize measure_contained_initrd(base::ByteView initrd, std::uint32_t page_size_bytes);

}  // namespace hyprelay::handoff
