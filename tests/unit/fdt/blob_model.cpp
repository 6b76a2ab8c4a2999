// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/fdt/blob_model.hpp"

#include <cstdio>
#include <cstdlib>

namespace hyprelay::test {
namespace {

class Reader {
 public:
  explicit Reader(std::span<const std::byte> blob) : blob_(blob) {}

  std::uint32_t word(std::size_t at) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8 | std::to_integer<std::uint32_t>(byte(at + i));
    }
    return value;
  }
  std::uint64_t double_word(std::size_t at) const {
    return std::uint64_t{word(at)} << 32 | word(at + 4);
  }
  std::string text(std::size_t at) const {
    std::string value;
    for (; byte(at) != std::byte{0}; ++at) {
      value += static_cast<char>(byte(at));
    }
    return value;
  }
  std::byte byte(std::size_t at) const {
    require(at < blob_.size());
    return blob_[at];
  }
  Bytes bytes(std::size_t at, std::size_t size) const {
    require(at <= blob_.size() && size <= blob_.size() - at);
    const auto part = blob_.subspan(at, size);
    return {part.begin(), part.end()};
  }
  static void require(bool condition) {
    if (!condition) {
      std::fputs("the oracle was given a malformed blob\n", stderr);
      std::abort();
    }
  }

 private:
  std::span<const std::byte> blob_;
};

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

std::string unique(const BlobModel& model, const std::string& path) {
  std::string name = path;
  for (int n = 2; model.nodes.contains(name); ++n) {
    name = path + "#" + std::to_string(n);
  }
  return name;
}

}  // namespace

BlobModel model_of(std::span<const std::byte> blob) {
  const Reader reader(blob);
  Reader::require(reader.word(0) == 0xd00dfeed && reader.word(4) <= blob.size());
  BlobModel model;
  for (std::size_t at = reader.word(16); reader.double_word(at + 8) != 0; at += 16) {
    model.reservations.emplace_back(reader.double_word(at), reader.double_word(at + 8));
  }
  std::vector<std::string> open;
  for (std::size_t at = reader.word(8); reader.word(at) != 9;) {
    const std::uint32_t tag = reader.word(at);
    at += 4;
    if (tag == 1) {
      const std::string name = reader.text(at);
      const std::string prefix = open.empty() ? "" : open.back() == "/" ? "/" : open.back() + "/";
      open.push_back(unique(model, open.empty() ? "/" : prefix + name));
      model.nodes[open.back()];
      at += padded(name.size() + 1);
    } else if (tag == 2) {
      open.pop_back();
    } else if (tag == 3) {
      const std::size_t size = reader.word(at);
      const std::string name = reader.text(reader.word(12) + reader.word(at + 4));
      model.nodes[open.back()][name] = reader.bytes(at + 8, size);
      at += 8 + padded(size);
    } else {
      Reader::require(tag == 4);
      ++model.nops;
    }
  }
  Reader::require(open.empty());
  return model;
}

}  // namespace hyprelay::test
