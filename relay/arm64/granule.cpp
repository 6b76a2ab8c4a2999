// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/granule.hpp"

#include "bare/read.hpp"

namespace hyprelay::relay {
namespace {

HR_READ(read_mmfr0, id_aa64mmfr0_el1)

}  // namespace

std::uint32_t missing_page_bytes(const hr_baton_segment& kernel) {
  const base::ByteView image(reinterpret_cast<const std::byte*>(kernel.start), kernel.size);
  const std::uint32_t page_bytes = page_bytes_of_image(image);
  return has_pages(read_mmfr0(), page_bytes) ? 0 : page_bytes;
}

}  // namespace hyprelay::relay
