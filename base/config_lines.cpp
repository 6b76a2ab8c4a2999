// SPDX-License-Identifier: BSD-2-Clause
#include "base/config_lines.hpp"

#include "base/bytes.hpp"
#include "base/printable.hpp"

#include <algorithm>
#include <string>

namespace hyprelay::base {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Whether a carriage return stands around the line, where a shell takes it for a part of a word.
bool has_return_around(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos &&
         (line[first] == '\r' || line[line.find_last_not_of(" \t")] == '\r');
}

// What a shell would not take as it stands [POSIX XCU 2.2]: where there are no quotes, and in
// double ones. A tilde stays: in front of a folder of another host it is that host's.
constexpr std::string_view kSpecialBare = "$`\\'\";&|<>()";
constexpr std::string_view kSpecialInDouble = "$`\\";

// What may follow a value: nothing, or a comment, which begins behind a blank.
bool is_rest(std::string_view rest) {
  return trimmed(rest).empty() ||
         (trimmed(rest).front() == '#' && trimmed(rest).data() != rest.data());
}

// The value as a shell would have it: one word, or in quotes; nullopt for anything cleverer.
std::optional<std::string_view> unquoted(std::string_view value) {
  const bool in_quotes = !value.empty() && (value.front() == '"' || value.front() == '\'');
  const std::size_t end =
      in_quotes ? value.find(value.front(), 1) : std::min(value.find_first_of(" \t"), value.size());
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view content = in_quotes ? value.substr(1, end - 1) : value.substr(0, end);
  const std::string_view special = !in_quotes             ? kSpecialBare
                                   : value.front() == '"' ? kSpecialInDouble
                                                          : std::string_view();
  if (content.find_first_of(special) != std::string_view::npos ||
      !is_rest(value.substr(end + (in_quotes ? 1 : 0)))) {
    return std::nullopt;
  }
  return content;
}

}  // namespace

std::vector<ConfigLine> read_config_lines(std::string_view text) {
  std::vector<ConfigLine> lines;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string_view whole = take_line(text);
    const std::string_view line = trimmed(whole);
    if (line.empty() || line.front() == '#') {
      continue;
    }
    const std::size_t equals = line.find('=');
    lines.push_back(
        {number, line, line.substr(0, equals),
         equals == std::string_view::npos ? std::nullopt : unquoted(line.substr(equals + 1)),
         has_return_around(whole)});
  }
  return lines;
}

void take_config_lines(std::string_view text, std::string_view file, std::vector<Error>& complaints,
                       const TakeConfigLine& take) {
  const auto complain = [&](unsigned number, std::string_view what) {
    std::string where(file);
    where.append(":").append(std::to_string(number)).append(": ").append(what);
    complaints.emplace_back(Code::CONFIG_LINE, Stage::kFile, where);
  };
  if (take_prefix(text, "\xef\xbb\xbf")) {
    complain(1, "a byte-order mark (EF BB BF) in front, to be removed");
  }
  bool returns = false;
  for (const ConfigLine& line : read_config_lines(text)) {
    if (line.has_return && !returns) {
      returns = true;
      complain(line.number, "a carriage return (0D) at a line's end; write the file with LF alone");
    }
    // No file, host or kernel can be given one; a kernel's command line would end at a NUL.
    if (find_control(line.value.value_or("")) != std::string_view::npos) {
      complain(line.number, std::string(line.key) + ": a control character in the value");
      continue;
    }
    const TakenLine done = line.value ? take(line.key, *line.value) : TakenLine(false);
    if (!done.taken) {
      complain(line.number, done.advice.empty() ? line.text : std::string_view(done.advice));
    }
  }
}

std::string quoted_for_shell(std::string_view value) {
  // Double ones where a shell needs no more: who does not ask one has always read those.
  if (value.find_first_of("$`\\\"") == std::string_view::npos) {
    return "\"" + std::string(value) + "\"";
  }
  if (value.find('\'') == std::string_view::npos) {
    return "'" + std::string(value) + "'";
  }
  std::string text = "\"";
  for (const char c : value) {
    text += c == '"' || kSpecialInDouble.find(c) != std::string_view::npos ? "\\" : "";
    text += c;
  }
  return text + "\"";
}

bool take_prefix(std::string_view& key, std::string_view prefix) {
  const bool has = key.starts_with(prefix);
  key.remove_prefix(has ? prefix.size() : 0);
  return has;
}

std::optional<bool> parse_yes(std::string_view text) {
  return text == "yes" ? std::optional(true) : text == "no" ? std::optional(false) : std::nullopt;
}

}  // namespace hyprelay::base
