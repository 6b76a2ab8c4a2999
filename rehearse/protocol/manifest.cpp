// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/protocol/manifest.hpp"

#include "base/number_text.hpp"
#include "base/sha256.hpp"
#include "os/files.hpp"
#include "rehearse/protocol/words.hpp"

#include <sstream>

namespace hyprelay::rehearse {

std::string sha256_hex(std::string_view bytes) {
  return base::hex_bytes(base::sha256(std::as_bytes(std::span(bytes))));
}

std::string manifest_line(std::string_view name, std::string_view content) {
  std::ostringstream line;
  line << sha256_hex(content) << ' ' << content.size() << ' ' << name << '\n';
  return line.str();
}

ManifestCheck check_manifest(const std::string& folder) {
  ManifestCheck check;
  const auto manifest = os::read_file(folder + "/" + std::string(kManifest));
  if (!manifest) {
    check.complaints.emplace_back("the manifest is missing");
    return check;
  }
  check.manifest_digest = sha256_hex(*manifest);
  std::istringstream lines(*manifest);
  const std::string root = folder + "/";
  std::string digest;
  std::uint64_t size_bytes = 0;
  std::string name;
  while (lines >> digest >> size_bytes >> name) {
    const auto content = os::read_file(root + name);
    check.files += 1;
    if (!content) {
      check.complaints.push_back(name + " is missing");
    } else if (content->size() != size_bytes) {
      check.complaints.push_back(name + " has " + std::to_string(content->size()) + " bytes, not " +
                                 std::to_string(size_bytes));
    } else if (sha256_hex(*content) != digest) {
      check.complaints.push_back(name + " has another SHA-256");
    } else {
      check.bytes += size_bytes;
    }
  }
  if (check.files == 0) {
    check.complaints.emplace_back("the manifest is empty or damaged");
  }
  return check;
}

}  // namespace hyprelay::rehearse
