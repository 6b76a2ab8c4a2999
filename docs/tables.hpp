// SPDX-License-Identifier: BSD-2-Clause
// Generated tables in a page of docs/: rows in, the page's tables compared or rewritten.
// A table stands between "<!-- table NAME -->" and "<!-- end NAME -->".
#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::docs {

using Row = std::vector<std::string>;

inline std::string hex(std::uint64_t value, int digits) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%0*llx", digits, static_cast<unsigned long long>(value));
  return text;
}

inline std::string table(const Row& header, const std::vector<Row>& rows) {
  const auto line = [](const Row& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) {
      text += " ";
      for (const char c : cell) {
        text += c == '|' ? "\\|" : std::string(1, c);  // a bar would end the cell
      }
      text += " |";
    }
    return text + "\n";
  };
  std::string text = line(header) + line(Row(header.size(), "---"));
  for (const Row& row : rows) {
    text += line(row);
  }
  return text;
}

using Tables = std::map<std::string, std::function<std::string()>>;

// The document with every table fresh; nullopt, and a message, when a marker is missing.
inline std::optional<std::string> refreshed(const Tables& tables, std::string text) {
  for (const auto& [name, make] : tables) {
    const std::string begin = "<!-- table " + name + " -->\n";
    const std::string end = "<!-- end " + name + " -->\n";
    const std::size_t from = text.find(begin);
    const std::size_t to = text.find(end);
    if (from == std::string::npos || to == std::string::npos || to < from) {
      std::fprintf(stderr, "no place for the table \"%s\"\n", name.c_str());
      return std::nullopt;
    }
    text.replace(from + begin.size(), to - from - begin.size(), make());
  }
  return text;
}

// --check FILE: compares, and says so when a table is stale. --write FILE: rewrites them in place.
inline int run(const Tables& tables, int argc, char** argv) {
  const std::string verb = argc == 3 ? argv[1] : "";
  if (verb != "--check" && verb != "--write") {
    std::fprintf(stderr, "usage: %s --check|--write FILE\n", argv[0]);
    return 2;
  }
  std::ifstream in(argv[2], std::ios::binary);
  const std::string old{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::optional<std::string> fresh = refreshed(tables, old);
  if (!fresh) {
    return 1;
  }
  if (verb == "--check") {
    if (*fresh != old) {
      std::fprintf(stderr, "%s is stale: run ./x docs\n", argv[2]);
    }
    return *fresh == old ? 0 : 1;
  }
  std::ofstream out(argv[2], std::ios::binary);
  out << *fresh;
  return out.good() ? 0 : 1;
}

}  // namespace hyprelay::docs
