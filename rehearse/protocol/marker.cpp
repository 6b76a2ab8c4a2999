// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/protocol/marker.hpp"

#include "base/number_text.hpp"
#include "rehearse/protocol/words.hpp"

namespace hyprelay::rehearse {
namespace {

constexpr std::size_t kPage = 4096;

}  // namespace

std::string marker_page(std::string_view token) {
  std::string page;
  while (!token.empty() && page.size() + token.size() <= kPage) {
    page += token;
  }
  page.resize(kPage, '.');
  return page;
}

std::string marker_parameter(const Marker& marker) {
  return std::string(kMarkerParameter) + base::hex(marker.physical) + "," + marker.token;
}

std::optional<Marker> marker_of(std::string_view command_line) {
  const std::size_t at = command_line.find(kMarkerParameter);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = command_line.substr(at + kMarkerParameter.size());
  const std::size_t comma = rest.find(',');
  const auto physical = base::parse_number(rest.substr(0, comma));
  if (comma == std::string_view::npos || !physical) {
    return std::nullopt;
  }
  const std::string_view token = rest.substr(comma + 1);
  return Marker{*physical, std::string(token.substr(0, token.find_first_of(" \n")))};
}

}  // namespace hyprelay::rehearse
