// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/dts_value.hpp"

#include "base/number_text.hpp"

#include <algorithm>
#include <cstdint>

namespace hyprelay::fdt {
namespace {

constexpr std::string_view kBlanks = " \t\n\r";
constexpr std::string_view kDigits = "0123456789abcdef";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

bool take(std::string_view& text, std::string_view sign) {
  if (!text.starts_with(sign)) {
    return false;
  }
  text.remove_prefix(sign.size());
  return true;
}

std::string_view take_word(std::string_view& text, std::string_view ends) {
  const std::string_view word = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(word.size());
  return word;
}

// Of `bits`; a negative one as two's complement.
std::optional<std::uint64_t> number_of(std::string_view word, unsigned bits) {
  const bool negative = take(word, "-");
  const std::uint64_t most = ~std::uint64_t{0} >> (64 - bits);
  const auto number = base::parse_number(word, negative ? most / 2 + 1 : most);
  return number && negative ? std::optional(-*number & most) : number;
}

void append_number(std::vector<std::byte>& bytes, std::uint64_t number, unsigned bits) {
  for (unsigned shift = bits; shift > 0; shift -= 8) {
    bytes.push_back(static_cast<std::byte>(number >> (shift - 8)));
  }
}

// Each reader takes its part off `text` and gives what is wrong with it; empty: nothing.
class ValueReader {
 public:
  DtsRead run(std::string_view text) {
    if (text.empty() || !is_dts(text)) {
      return plain(text);
    }
    std::string wrong;
    do {
      skip_blanks(text);
      wrong = part(text);
      skip_blanks(text);
    } while (wrong.empty() && take(text, ","));
    if (wrong.empty() && !text.empty()) {
      wrong = "\"" + std::string(text) + "\" stands behind the value; a comma divides";
    }
    return wrong.empty() ? DtsRead{std::move(value_), ""} : DtsRead{std::nullopt, wrong};
  }

 private:
  static bool is_dts(std::string_view text) {
    skip_blanks(text);
    return text.starts_with('"') || text.starts_with('<') || text.starts_with('[') ||
           text.starts_with("/bits/");
  }

  DtsRead plain(std::string_view text) {
    if (text.starts_with('&') || number_of(text, 64)) {
      const std::string shown(text);
      return {std::nullopt, "write <" + shown + "> for a cell or \"" + shown + "\" for a text"};
    }
    append_text(text);
    return {std::move(value_), ""};
  }

  void append_text(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    value_.bytes.insert(value_.bytes.end(), bytes.begin(), bytes.end());
    value_.bytes.push_back(std::byte{0});
  }

  std::string part(std::string_view& text) {
    if (take(text, "\"")) {
      return string(text);
    }
    if (take(text, "[")) {
      return byte_list(text);
    }
    unsigned bits = 32;
    if (take(text, "/bits/")) {
      skip_blanks(text);
      const auto width = base::parse_number<unsigned>(take_word(text, " \t\n\r<"));
      if (width != 8u && width != 16u && width != 32u && width != 64u) {
        return "/bits/ takes 8, 16, 32 or 64";
      }
      bits = *width;
      skip_blanks(text);
    }
    return take(text, "<")
               ? cells(text, bits)
               : "a part begins with a quote, <, [ or /bits/, not \"" + std::string(text) + "\"";
  }

  std::string string(std::string_view& text) {
    std::string content;
    while (!text.empty() && text.front() != '"') {
      char sign = text.front();
      text.remove_prefix(1);
      if (sign == '\\') {
        const auto escaped = escape(text);
        if (!escaped) {
          return "of escapes there are \\\" \\\\ \\n \\r \\t and \\xHH";
        }
        sign = *escaped;
      }
      content += sign;
    }
    append_text(content);
    return take(text, "\"") ? "" : "a string without its quote at the end";
  }

  static std::optional<char> escape(std::string_view& text) {
    constexpr std::string_view kNames = "\"\\nrt";
    constexpr std::string_view kMeanings = "\"\\\n\r\t";
    const std::size_t known = text.empty() ? std::string_view::npos : kNames.find(text.front());
    if (known != std::string_view::npos) {
      text.remove_prefix(1);
      return kMeanings[known];
    }
    if (text.size() < 3 || !take(text, "x")) {
      return std::nullopt;
    }
    const auto code = byte_of(text.substr(0, 2));
    text.remove_prefix(2);
    return code ? std::optional(static_cast<char>(*code)) : std::nullopt;
  }

  static std::optional<unsigned> byte_of(std::string_view digits) {
    const auto number = base::take_number(digits, 16);
    return number && digits.empty() ? std::optional(static_cast<unsigned>(*number)) : std::nullopt;
  }

  // As dtc reads them: pairs of digits, with blanks between them or without.
  std::string byte_list(std::string_view& text) {
    for (skip_blanks(text); !text.empty() && text.front() != ']'; skip_blanks(text)) {
      const auto byte = text.size() < 2 ? std::nullopt : byte_of(text.substr(0, 2));
      if (!byte) {
        return "bytes are pairs of hexadecimal digits, not \"" + std::string(text) + "\"";
      }
      value_.bytes.push_back(static_cast<std::byte>(*byte));
      text.remove_prefix(2);
    }
    return take(text, "]") ? "" : "bytes without ] at the end";
  }

  std::string cells(std::string_view& text, unsigned bits) {
    for (skip_blanks(text); !text.empty() && text.front() != '>'; skip_blanks(text)) {
      const std::string_view word = take_word(text, " \t\n\r>");
      if (word.starts_with('&') && word.size() > 1 && bits == 32) {
        const bool by_path = word.starts_with("&{") && word.ends_with('}');
        value_.references.push_back(
            {value_.bytes.size(), std::string(by_path ? word.substr(2, word.size() - 3) : word)});
        append_number(value_.bytes, 0, bits);
      } else if (const auto number = number_of(word, bits)) {
        append_number(value_.bytes, *number, bits);
      } else {
        return "\"" + std::string(word) + "\" is no number of " + std::to_string(bits) + " bits" +
               (bits == 32 ? ", nor a reference" : "");
      }
    }
    return take(text, ">") ? "" : "cells without > at the end";
  }

  DtsValue value_;
};

bool is_text(base::ByteView bytes) {
  bool is_empty = true;
  for (const std::byte byte : bytes) {
    const auto sign = std::to_integer<unsigned char>(byte);
    if (sign == 0 ? is_empty : sign < 0x20 || sign > 0x7e) {
      return false;
    }
    is_empty = sign == 0;
  }
  return is_empty && !bytes.empty();
}

std::string strings_text(std::string_view rest) {
  std::string text;
  for (; !rest.empty(); rest.remove_prefix(rest.find('\0') + 1)) {
    text += text.empty() ? "\"" : ", \"";
    for (const char sign : rest.substr(0, rest.find('\0'))) {
      text += sign == '"' || sign == '\\' ? "\\" : "";
      text += sign;
    }
    text += '"';
  }
  return text;
}

}  // namespace

DtsRead read_dts_value(std::string_view text) {
  return ValueReader().run(text);
}

std::string dts_text(base::ByteView bytes) {
  if (is_text(bytes)) {
    return strings_text(base::text_of(bytes));
  }
  const bool are_cells = bytes.size() % 4 == 0;
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += are_cells ? 4 : 1) {
    text += text.empty() ? (are_cells ? "<" : "[") : " ";
    if (are_cells) {
      text += base::hex(base::read_be<std::uint32_t>(bytes, at).value());
    } else {
      const auto byte = std::to_integer<unsigned>(bytes[at]);
      text += {kDigits[byte / 16], kDigits[byte % 16]};
    }
  }
  return text + (text.empty() ? "" : are_cells ? ">" : "]");
}

}  // namespace hyprelay::fdt
