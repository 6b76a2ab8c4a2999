// SPDX-License-Identifier: BSD-2-Clause
#include "cli/text.hpp"

#include <algorithm>

namespace hyprelay::cli {

std::string_view version() {
  return HR_VERSION;
}

std::string version_number(std::uint32_t version) {
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
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

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view line : split(text, "\n")) {
    for (const std::string_view word : split(line, " ")) {
      words.push_back(word);
    }
  }
  return words;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string lines;
  for (const std::string_view paragraph : split(text, "\n\n")) {
    if (!lines.empty()) {
      lines += '\n';
    }
    std::string line = margin;
    for (const std::string_view word : words_of(paragraph)) {
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

}  // namespace hyprelay::cli
