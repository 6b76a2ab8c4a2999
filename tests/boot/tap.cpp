// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/tap.hpp"

#include "os/files.hpp"
#include "tests/boot/expect.hpp"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <sstream>

namespace hyprelay::boot_test {
namespace {

// More than the program is large.
constexpr std::uint64_t kImageBytes = 0x10000;

// The number behind the first `mark`.
std::optional<std::uint64_t> number_behind(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos
             ? std::nullopt
             : std::optional(std::stoull(text.substr(at + mark.size(), 18), nullptr, 0));
}

// Every "0x..." of the text through the function; an empty answer leaves it as it is.
std::string replace_hex(const std::string& text,
                        const std::function<std::string(std::uint64_t)>& name) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t hex = text.find("0x", at);
    result += text.substr(at, hex - at);
    if (hex == std::string::npos) {
      break;
    }
    const std::size_t digits = text.find_first_not_of("0123456789abcdef", hex + 2);
    const std::string number = text.substr(hex, digits - hex);
    const std::string named = number.size() > 2 ? name(std::stoull(number, nullptr, 16)) : "";
    result += named.empty() ? number : named;
    at = hex + number.size();
  }
  return result;
}

std::string without_tree_size(std::string report) {
  constexpr std::string_view kMark = "# tree: ";
  const std::size_t at = report.find(kMark);
  const std::size_t end = report.find(" bytes at ", at);
  return at == std::string::npos || end == std::string::npos
             ? report
             : report.replace(at + kMark.size(), end - at - kMark.size(), "SIZE");
}

bool is_whole(const std::string& report) {
  std::istringstream lines(report);
  std::size_t seen = 0;
  std::string plan;
  for (std::string line; std::getline(lines, line);) {
    const bool result = line.starts_with("ok ") || line.starts_with("not ok ");
    if (result && line.find("ok " + std::to_string(++seen) + " - ") == std::string::npos) {
      return false;
    }
    plan = line.starts_with("1..") ? line : plan;
  }
  return seen != 0 && plan == "1.." + std::to_string(seen);
}

}  // namespace

std::string report_in(const std::string& console) {
  std::string report;
  std::istringstream lines(console);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    while (line.ends_with('\r')) {
      line.pop_back();
    }
    inside = inside || line == "TAP version 14";
    if (inside && !line.starts_with("(XEN)")) {
      report += line + "\n";
    }
    if (inside && line.starts_with("Bail out!")) {
      return report;
    }
    if (inside && line == "# end") {
      return is_whole(report) ? report : "";
    }
  }
  return "";
}

std::string normalised(const std::string& report) {
  const auto tree = number_behind(report, " bytes at ");
  const auto image = number_behind(
      report, report.find(", ELF at ") != std::string::npos ? ", ELF at " : ", image at ");
  std::string text = replace_hex(without_tree_size(report), [&](std::uint64_t number) {
    const bool inside = image && *image <= number && number < *image + kImageBytes;
    return tree && *tree != 0 && number == *tree ? "TREE" : inside ? "IMAGE" : "";
  });
  constexpr std::string_view kVectors = "# vectors found at ";
  const std::size_t at = text.find(kVectors);
  if (at == std::string::npos) {
    return text;
  }
  const std::size_t end = text.find('\n', at);
  return text.substr(0, at) +
         replace_hex(text.substr(at, end - at),
                     [](std::uint64_t number) { return number == 0 ? "" : "VECTORS"; }) +
         text.substr(end);
}

bool is_golden(const std::string& console, const std::string& file) {
  // A real kernel's stub lies elsewhere with every build of that kernel.
  const auto left = number_behind(console, "below: going below the resident at ");
  const std::string found = replace_hex(
      normalised(report_in(console)),
      [&left](std::uint64_t number) { return left && number == *left ? "RESIDENT" : ""; });
  if (std::getenv("HR_UPDATE_GOLDEN") != nullptr && !found.empty()) {
    std::ofstream(file, std::ios::binary) << found;
  }
  const std::string golden = os::read_file(file).value_or("");
  std::istringstream one(found);
  std::istringstream two(golden);
  std::string is;
  std::string wanted;
  for (std::size_t line = 1; found != golden; ++line) {
    const bool more = static_cast<bool>(std::getline(one, is));
    const bool wants = static_cast<bool>(std::getline(two, wanted));
    if (!more || !wants || is != wanted) {
      std::cout << "  line " << line << "\n  is     " << (more ? is : "(the end)") << "\n  wanted "
                << (wants ? wanted : "(the end)") << "\n";
      break;
    }
  }
  return check("the report is as in", file, !found.empty() && found == golden);
}

}  // namespace hyprelay::boot_test
