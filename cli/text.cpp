// SPDX-License-Identifier: BSD-2-Clause
#include "cli/text.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::cli {

std::string_view version() {
  return HR_VERSION;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + separator.size(), text.size()));
  }
  return parts;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string lines;
  for (const std::string_view paragraph : split(text, "\n\n")) {
    if (!lines.empty()) {
      lines += '\n';
    }
    std::string line = margin;
    for (const std::string_view word : split(paragraph, " ")) {
      if (line.size() > indent && line.size() + 1 + word.size() > width) {
        lines += line + '\n';
        line = margin;
      }
      line.append(line.size() > indent ? " " : "").append(word);
    }
    lines += line + '\n';
  }
  return lines;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) {
    return std::to_string(bytes) + " B";
  }
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", size, kUnits[unit]);
  return text.data();
}

}  // namespace hyprelay::cli
