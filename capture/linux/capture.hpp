// SPDX-License-Identifier: BSD-2-Clause
// A dump from beginning to end: the log first, then the image. Environment: Linux.
#pragma once

#include "base/result.hpp"
#include "capture/settings.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace hyprelay::capture {

struct Request {
  std::string image = "/proc/vmcore";
  Settings settings;
};

struct Report {
  // Why the dump is not there, or not whole. Whatever else is set was saved all the same.
  std::optional<base::Error> failure;
  // The destination that was used last, as the configuration writes it; fallback: it is the other
  // one.
  std::string to;
  bool fallback = false;
  // Of the dead kernel.
  std::string release;
  std::optional<std::uint64_t> crash_time;
  std::uint64_t memory_bytes = 0;
  std::uint64_t estimate_bytes = 0;
  // Places of the log and of the image; empty: not saved.
  std::string log;
  double log_seconds = 0;
  std::string image;
  // "kdump-compressed", "kdump-flattened", "elf.zst" or "elf".
  std::string format;
  // "makedumpfile" or "hyprelay".
  std::string saved_by;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::uint64_t unreadable_bytes = 0;
  bool complete = false;
  double seconds = 0;
};

// Called with each sentence about what is going on.
using Say = std::function<void(const std::string& sentence)>;

// Does it. Whatever goes wrong is said at once and the rest is done all the same: without a log, or
// memory to read it, the image is saved, when makedumpfile fails a plain copy is made, without
// memory for a compressor one that is not compressed, and when the destination fails the fallback
// is taken. Throws nothing. SIGPIPE and SIGXFSZ are ignored from here on: what they tell is told by
// the write that failed as well.
Report run_capture(const Request& request, const Say& say);

// Opens one destination as a capture would, and tells its free space in bytes; nullopt: it does not
// tell. The destination's own folder is made when it is missing, what else was made is removed; a
// device is not written to. Errors: as open_target.
base::Result<std::optional<std::uint64_t>> check_target(const TargetName& name,
                                                        const Settings& settings);

// Opens every destination that the settings name and tells of its free space, and whether there is
// makedumpfile; saves nothing but an empty folder, which it removes. Errors: as open_target,
// CAPTURE_NO_TARGET.
base::Result<void> check_capture(const Settings& settings, const Say& say);

// The log of the dead kernel in an image, or in a vmcore.zst, also one that is not complete.
// Errors: those of the image, of UnpackedSource and of read_dmesg.
base::Result<std::string> log_of_image(const std::string& image);

// The signals that end a program whose terminal, session or user goes are ignored from here on, by
// the programs that it starts too: for a capture that ends the machine, which would go on as the
// crash kernel.
void outlast_signals();

// Reboots, powers off or becomes a shell; comes back only for kNothing, or when it may not.
// Error: NO_PERMISSION, FILE_MISSING (no shell).
base::Result<void> finish(After after);

}  // namespace hyprelay::capture
