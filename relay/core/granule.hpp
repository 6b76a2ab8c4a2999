// SPDX-License-Identifier: BSD-2-Clause
// Pages of a size that the CPU has not: a kernel that was built for them stops at its first
// translation, without a word.
#pragma once

#include "abi/hr_abi.h"
#include "base/bytes.hpp"

#include <cstdint>

namespace hyprelay::relay {

// What this arm64 Image was built for, in bytes: 4096, 16384 or 65536. 0: it does not say (before
// 4.8 [linux/arm64/booting section 4]), or these bytes, fewer than its header perhaps, are none.
std::uint32_t page_bytes_of_image(base::ByteView image);

// Whether a CPU with this ID_AA64MMFR0_EL1 translates with pages of that size
// [arm/ddi0487 D19.2, TGran4, TGran16, TGran64]. True for sizes that do not exist.
bool has_pages(std::uint64_t mmfr0, std::uint32_t page_bytes);

// granule.cpp of arm and arm64: the page size that the kernel needs and this CPU lacks, in bytes; 0
// when there is none. `kernel`: its segment, verified.
std::uint32_t missing_page_bytes(const hr_baton_segment& kernel);

}  // namespace hyprelay::relay
