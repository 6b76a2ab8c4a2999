// SPDX-License-Identifier: BSD-2-Clause
// The list of digests that travels in the initramfs, and the check against it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse {

std::string sha256_hex(std::string_view bytes);

// One line of the manifest for a file.
std::string manifest_line(std::string_view name, std::string_view content);

struct ManifestCheck {
  std::uint32_t files = 0;
  std::uint64_t bytes = 0;
  // SHA-256 of the manifest itself: the host compares it with the one that it wrote, so that a
  // manifest that was damaged together with a file is found too.
  std::string manifest_digest;
  // One sentence per file that is missing or different. Empty: intact.
  std::vector<std::string> complaints;
};

ManifestCheck check_manifest(const std::string& folder);

}  // namespace hyprelay::rehearse
