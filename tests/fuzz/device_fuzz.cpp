// SPDX-License-Identifier: BSD-2-Clause
// Any header of a device, with its digest put right: refused, or one whose names are those of a
// folder and of an image, and which comes back as it was read.
#include "base/sha256.hpp"
#include "capture/device_header.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace {

namespace capture = hyprelay::capture;
namespace base = hyprelay::base;
using hyprelay::fuzz::require;

// Told once more, and by what is allowed instead of by what is not.
bool is_safe(std::string_view name) {
  return !name.empty() && name.size() < 64 && name != "." && name != ".." &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "+-._") == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> block(capture::kDeviceBlock);
  constexpr std::size_t kDigest = capture::kDeviceBlock - 32;
  std::ranges::copy(hyprelay::fuzz::bytes_of(data, std::min(size, kDigest)), block.begin());
  const auto digest = base::sha256(base::ByteView(block).first(kDigest));
  std::ranges::copy(digest, block.begin() + kDigest);
  const auto header = capture::decode(block);
  if (!header) {
    require(header.error().code() == base::Code::CAPTURE_DEVICE_EMPTY ||
            header.error().code() == base::Code::CAPTURE_DAMAGED);
    return 0;
  }
  require(is_safe(header.value().dump_name));
  require(is_safe(header.value().image_name) &&
          (header.value().image_name == "none" || header.value().image_name.starts_with("vmcore")));
  require(header.value().log_bytes <= capture::kMostDeviceLogBytes);
  require(header.value().image_offset() % capture::kDeviceBlock == 0);
  const auto again = capture::decode(capture::encode(header.value()));
  require(again && again.value() == header.value());
  return 0;
}
