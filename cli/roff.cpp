// SPDX-License-Identifier: BSD-2-Clause
#include "cli/roff.hpp"

#include "base/error_text.hpp"
#include "cli/text.hpp"

namespace hyprelay::cli {

std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string man_paragraphs(std::string_view text) {
  std::string page;
  for (const std::string_view paragraph : split(text, "\n\n")) {
    page += roff(wrapped(paragraph, 0, std::string_view::npos)) + ".PP\n";
  }
  return page;
}

std::string man_exit_status() {
  std::string page = ".SH EXIT STATUS\n";
  for (const base::ExitRow& row : base::exit_rows()) {
    page += ".TP\n.B " + std::to_string(row.code) + "\n" + roff(row.meaning) + "\n";
  }
  return page;
}

}  // namespace hyprelay::cli
