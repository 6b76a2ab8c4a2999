// SPDX-License-Identifier: BSD-2-Clause
// makedumpfile, which leaves out pages that nobody wants to see. Environment: Linux.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "capture/linux/target.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyprelay::capture {

struct DumpResult {
  std::uint64_t bytes = 0;
  base::Sha256Digest digest{};
};

// Empty: it is not installed.
std::string find_makedumpfile();

// Whether its --num-threads can be used, by what `makedumpfile -v` says. Before 1.7.8 its threads
// tell each other that a page is ready by a store that nothing orders behind the page: on arm and
// arm64, which reorder stores, pages of a dump may be those of others [makedumpfile issue 15; in
// Fedora's changelog as "Fix a data race in multi-threading mode" of 1.7.7-3].
bool has_sound_threads(std::string_view version);

// Runs it on the image at that path, with one thread per CPU where that is sound, pages compressed
// by LZO. It writes to
// the target's path_for_programs(), or else "flattened" through a pipe; what it prints goes to
// stderr. Between the target's begin() and commit(). Errors: CAPTURE_TOOL (subject: how it ended),
// CAPTURE_FULL, those of the target.
base::Result<DumpResult> run_makedumpfile(const std::string& program, const std::string& image,
                                          std::uint32_t level, unsigned threads, Target& target);

}  // namespace hyprelay::capture
