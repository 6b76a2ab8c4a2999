// SPDX-License-Identifier: BSD-2-Clause
#include "capture/names.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace hyprelay::capture {
namespace {

// A device's header has 63 bytes for both.
constexpr std::size_t kReleaseBytes = 40;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("+-._").find(c) != std::string_view::npos;
}

std::string plain(std::string_view text) {
  std::string name(text);
  std::ranges::replace_if(
      name, [](char c) { return !is_plain(c); }, '_');
  return name;
}

// Empty for a time whose year has more than four digits.
std::string time_text(std::uint64_t seconds) {
  constexpr std::uint64_t kYear10000 = 253'402'300'800;
  std::tm parts{};
  const std::time_t when = static_cast<std::time_t>(seconds);
  if (seconds >= kYear10000 || !std::in_range<std::time_t>(seconds) ||
      ::gmtime_r(&when, &parts) == nullptr) {
    return "";
  }
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

}  // namespace

std::string dump_name(const VmcoreInfo& info, std::uint64_t now) {
  std::string name = time_text(info.crash_time().value_or(now));
  if (name.empty()) {
    name = time_text(now);
  }
  const std::string release = plain(info.release().substr(0, kReleaseBytes));
  if (!name.empty() && !release.empty()) {
    name += "-";
  }
  return folder_name(name + release).value_or("dump");
}

std::optional<std::string> folder_name(std::string_view named) {
  if (named == "." || named == ".." || named.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  return named.empty() ? "dump" : plain(named);
}

bool is_image_name(std::string_view name) {
  return name == kNoImage || (name.starts_with("vmcore") && std::ranges::all_of(name, is_plain));
}

}  // namespace hyprelay::capture
