// SPDX-License-Identifier: BSD-2-Clause
#include "capture/source.hpp"

#include <algorithm>

namespace hyprelay::capture {

base::Result<void> ViewSource::read(std::uint64_t offset, std::span<std::byte> into) {
  const auto found = base::slice(bytes_, offset, into.size());
  if (!found) {
    return base::Error(base::Code::CAPTURE_TRUNCATED, base::Stage::kCapture)
        .with_at(offset)
        .with_limit(bytes_.size());
  }
  std::ranges::copy(found.value(), into.begin());
  return base::success();
}

}  // namespace hyprelay::capture
