// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/uimage_sums.hpp"

#include "handoff/unpack/sums.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace hyprelay::handoff {
namespace {

constexpr std::size_t kHeaderSum = 4;

base::Error wrong_sum(std::string_view name, std::string_view part) {
  return {base::Code::INITRD_DAMAGED, base::Stage::kImage,
          std::string(name).append(": the uImage's ").append(part)};
}

}  // namespace

base::Result<void> check_uimage_header(base::ByteView start, std::string_view name) {
  const auto magic = base::read_be<std::uint32_t>(start, 0);
  if (!magic.has_value() || magic.value() != kUImageMagic || start.size() < kUImageHeaderBytes) {
    return base::success();
  }
  std::array<std::byte, kUImageHeaderBytes> header{};
  std::copy_n(start.begin(), header.size(), header.begin());
  HR_TRY(promised, base::read_be<std::uint32_t>(start, kHeaderSum));
  std::fill_n(header.begin() + kHeaderSum, 4, std::byte{0});
  return crc32_of(header) == promised ? base::Result<void>(base::success())
                                      : wrong_sum(name, "header");
}

base::Result<void> check_uimage_content(const InitrdPart& part, base::ByteView content,
                                        std::string_view name) {
  return !part.content_sum || crc32_of(content) == *part.content_sum
             ? base::Result<void>(base::success())
             : wrong_sum(name, "content");
}

}  // namespace hyprelay::handoff
