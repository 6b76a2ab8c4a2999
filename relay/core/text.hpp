// SPDX-License-Identifier: BSD-2-Clause
// The words of abi/*.def that the relay says.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::relay {

// By rows of mode.def and segment.def; of a number that is no row, that it is none.
std::string_view mode_text(std::uint32_t mode);
std::string_view segment_text(std::uint32_t kind);

// Of error.def, those that the relay fails by alone, so that no others are in its image.
std::string_view sentence(base::Code code);

}  // namespace hyprelay::relay
