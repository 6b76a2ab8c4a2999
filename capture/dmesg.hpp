// SPDX-License-Identifier: BSD-2-Clause
// The dead kernel's log, from its memory. Environment: hosted.
//
// Two programs do this too. makedumpfile --dump-dmesg refuses the images of Debian's armmp-lpae
// ("Can't get the kernel version"); vmcore-dmesg of kexec-tools refuses an arm64 image whose
// headers do not carry the kernel's virtual addresses ("No program header covering vaddr"). Neither
// fits into an initrd without its libraries. Reading the log needs a hundredth of the memory image,
// so that it can be saved before anything else, on every kernel, by the program that is there
// anyway.
#pragma once

#include "base/result.hpp"
#include "capture/old_memory.hpp"

#include <string>

namespace hyprelay::capture {

// The log as dmesg prints it: "[    5.076789] Loading crashdump kernel...", a line each. Messages
// that were half written when the kernel died are left out, and a log that is damaged in its middle
// ends there and says so.
//
// Reads the ring buffer of 5.10 and later (VMCOREINFO names prb) and the record log of 3.5 to 5.9
// (log_buf with records); [linux/Documentation/admin-guide/kdump/vmcoreinfo.rst] lists the fields,
// [linux/kernel/printk/printk_ringbuffer.c] and [linux v5.9 kernel/printk/printk.c] their meaning.
// Errors: CAPTURE_NO_INFO (neither, or a field is missing), CAPTURE_BAD_LOG (subject: which
// number), CAPTURE_UNMAPPED, CAPTURE_TRUNCATED, CAPTURE_UNREADABLE.
base::Result<std::string> read_dmesg(const OldMemory& memory);

// The two of them, for read_dmesg.
base::Result<std::string> read_ring_buffer(const OldMemory& memory);
base::Result<std::string> read_record_log(const OldMemory& memory);
}  // namespace hyprelay::capture
