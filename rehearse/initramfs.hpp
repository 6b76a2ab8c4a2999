// SPDX-License-Identifier: BSD-2-Clause
// The initramfs that every kernel of a rehearsal starts with. Environment: hosted.
#pragma once

#include "base/result.hpp"
#include "rehearse/options.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::rehearse {

// The programs that run in the guest.
struct GuestPrograms {
  std::string init;
  std::string hyprelay;
};

struct InitramfsRequest {
  const Options& options;
  GuestPrograms programs;
  // Without the parameter that counts the hops.
  std::string command_line;
  // The guest waits for "go" before it leaves.
  bool sync = false;
};

// Writes the initramfs: our folder, then the user's initrd. Returns the SHA-256 of the manifest, in
// hex. Errors: FILE_MISSING, FILE_EMPTY (an input), FILE_UNWRITABLE (the output).
base::Result<std::string> write_initramfs(const InitramfsRequest& request, const std::string& path);

// Bytes that no compressor shortens, the same for every run: the rehearsal of yesterday can be
// repeated. A counter through SplitMix64 [Steele, Lea, Flood: Fast splittable pseudorandom number
// generators, 2014].
std::string make_payload(std::uint64_t size_bytes);

}  // namespace hyprelay::rehearse
