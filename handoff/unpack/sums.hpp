// SPDX-License-Identifier: BSD-2-Clause
// The checksums that kernels travel with, by zlib and libmd. Apart from hr_handoff, which needs
// neither.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// As zlib and U-Boot compute it.
std::uint32_t crc32_of(base::ByteView bytes);

// A HashOf (handoff/container.hpp) of the names that U-Boot's tools have for them
// [u-boot/doc/usage/fit/source_file_format.rst "algo"]: crc32, md5, sha1, sha256, sha384, sha512.
std::optional<std::vector<std::byte>> hash_of(std::string_view name, base::ByteView bytes);

}  // namespace hyprelay::handoff
