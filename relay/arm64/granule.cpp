// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/granule.hpp"

#include "bare/read.hpp"

namespace hyprelay::relay {
namespace {

constexpr std::size_t kHeaderBytes = 64;

HR_READ(read_mmfr0, id_aa64mmfr0_el1)

}  // namespace

std::uint32_t missing_page_bytes(const hr_baton_segment& kernel) {
  if (kernel.size < kHeaderBytes) {
    return 0;
  }
  const auto* header = reinterpret_cast<const std::byte*>(kernel.start);
  const std::uint32_t page_bytes = page_bytes_of_image(header);
  return has_pages(read_mmfr0(), page_bytes) ? 0 : page_bytes;
}

}  // namespace hyprelay::relay
