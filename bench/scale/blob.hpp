// SPDX-License-Identifier: BSD-2-Clause
// Device trees of any size, written from the specification alone [devicetree-specification-v0.4
// section 5], in one pass: libfdt moves the tree for each thing that is added to it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyprelay::scale {

class Blob {
 public:
  Blob& begin(std::string_view name) {
    word(1);
    struct_ += name;
    struct_ += '\0';
    pad();
    return *this;
  }
  Blob& end() {
    word(2);
    return *this;
  }
  // `value` as it stands there.
  Blob& property(const std::string& name, std::string_view value) {
    const auto [at, is_new] = offsets_.try_emplace(name, strings_.size());
    if (is_new) {
      strings_ += name;
      strings_ += '\0';
    }
    word(3);
    word(value.size());
    word(at->second);
    struct_ += value;
    pad();
    return *this;
  }
  // A string with its NUL.
  Blob& text(const std::string& name, const std::string& value) {
    return property(name, std::string_view(value.c_str(), value.size() + 1));
  }
  Blob& cells(const std::string& name, const std::vector<std::uint32_t>& values) {
    std::string bytes;
    for (const std::uint32_t value : values) {
      put(bytes, value, 4);
    }
    return property(name, bytes);
  }
  // Two cells of address and two of size.
  Blob& reg(std::uint64_t start, std::uint64_t size_bytes) {
    std::string bytes;
    put(bytes, start, 8);
    put(bytes, size_bytes, 8);
    return property("reg", bytes);
  }
  void reserve(std::uint64_t start, std::uint64_t size_bytes) {
    put(reservations_, start, 8);
    put(reservations_, size_bytes, 8);
  }
  std::vector<std::byte> finish() {
    word(9);
    reserve(0, 0);
    constexpr std::uint64_t kHeader = 40;
    const std::uint64_t structure = kHeader + reservations_.size();
    const std::uint64_t strings = structure + struct_.size();
    std::string all;
    for (const std::uint64_t field :
         {std::uint64_t{0xd00dfeed}, strings + strings_.size(), structure, strings, kHeader,
          std::uint64_t{17}, std::uint64_t{16}, std::uint64_t{0}, std::uint64_t{strings_.size()},
          std::uint64_t{struct_.size()}}) {
      put(all, field, 4);
    }
    all += reservations_ + struct_ + strings_;
    const auto* const bytes = reinterpret_cast<const std::byte*>(all.data());
    return {bytes, bytes + all.size()};
  }

 private:
  static void put(std::string& bytes, std::uint64_t value, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      bytes += static_cast<char>(value >> shift);
    }
  }
  void word(std::uint64_t value) { put(struct_, value, 4); }
  void pad() { struct_.resize((struct_.size() + 3) & ~std::size_t{3}); }

  std::string reservations_;
  std::string struct_;
  std::string strings_;
  std::map<std::string, std::size_t> offsets_;
};

}  // namespace hyprelay::scale
