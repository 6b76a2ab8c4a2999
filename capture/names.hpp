// SPDX-License-Identifier: BSD-2-Clause
// What a dump is called: made from what the dead kernel says of itself, and read from a device, so
// that neither is believed. Environment: hosted. Pure.
#pragma once

#include "capture/vmcoreinfo.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::capture {

// "20261120T112910Z-6.1.0-50-armmp": when it died and what it was. Never empty, of letters, digits
// and "+-._" alone, and short enough for a device's header. `now`: seconds since 1970, taken where
// the dead kernel tells no time or one that no calendar has.
std::string dump_name(const VmcoreInfo& info, std::uint64_t now);

// The folder for a dump whose header names it so: with '_' for whatever could not be in a name of
// ours, "dump" for none. nullopt: it would lead to another folder.
std::optional<std::string> folder_name(std::string_view named);

// "vmcore", "vmcore.zst" and their like, or "none" while there is no image. Nothing else, or an
// image would take the place of the log or of SHA256SUMS beside it.
bool is_image_name(std::string_view name);
inline constexpr std::string_view kNoImage = "none";

}  // namespace hyprelay::capture
