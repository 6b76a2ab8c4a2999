// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/chain.hpp"

#include "os/files.hpp"
#include "tests/target/residents/below.hpp"

#include <cstring>
#include <fstream>

namespace hyprelay::boot_test {
namespace {

using nlohmann::json;
using target::BelowTable;

// Where a zImage and an Image say how large they are [linux/arm/booting section 6,
// linux/arm64/booting section 4].
constexpr std::size_t kZImageEnd = 0x2c;
constexpr std::size_t kImageSize = 0x10;

void pad(std::string& image) {
  image.resize((image.size() + target::kBelowAlign - 1) & ~(target::kBelowAlign - 1));
}

}  // namespace

bool write_chain(bool arm, const std::string& below, const std::string& bundle,
                 const json& manifest, const std::string& path) {
  auto program = os::read_file(below);
  const json& files = manifest["files"];
  if (!program || program->empty() || program->size() % target::kBelowAlign != 0 ||
      files.size() > target::kBelowSegments) {
    return false;
  }
  std::string image = std::move(*program);
  const std::size_t table_at = image.size();
  BelowTable table{};
  table.magic = target::kBelowMagic;
  table.segment_count = static_cast<std::uint32_t>(files.size());
  table.entry = manifest["entry"].get<std::uint64_t>();
  image.resize(image.size() + sizeof table);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto content = os::read_file(bundle + "/" + files[i]["name"].get<std::string>());
    if (!content) {
      return false;
    }
    pad(image);
    table.segments[i] = {image.size(), files[i]["start"].get<std::uint64_t>(), content->size()};
    image += *content;
  }
  pad(image);
  table.image_bytes = image.size();
  std::memcpy(&image[table_at], &table, sizeof table);
  const std::uint64_t size = image.size();
  std::memcpy(&image[arm ? kZImageEnd : kImageSize], &size, arm ? 4 : 8);
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file << image);
}

}  // namespace hyprelay::boot_test
