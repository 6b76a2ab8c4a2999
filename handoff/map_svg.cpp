// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"
#include "base/printable.hpp"
#include "handoff/map.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

constexpr std::size_t kLinePixels = 16;
constexpr std::size_t kBoxLeft = 220;
constexpr std::size_t kBoxPixels = 200;
constexpr std::size_t kPictureWidth = 900;
constexpr std::size_t kPictureTop = 40;

// Text of others as characters of XML: no control character is one, but for tab and newline, and
// bytes that are no UTF-8 would end a parser [XML 1.0 2.2, 2.4].
std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : base::printable(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += (static_cast<unsigned char>(c) < 0x80) ? c : '?';
    }
  }
  return escaped;
}

std::string pixels(std::size_t value) {
  return std::to_string(value);
}

std::string row_label(std::size_t x, std::size_t y, const std::string& text, const char* anchor) {
  return "  <text x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\" text-anchor=\"" + anchor + "\">" +
         xml_text(text) + "</text>\n";
}

std::string row_box(std::size_t y, std::size_t height, const MapRow& row) {
  const bool is_gap = row.use == MapUse::kNoMemory;
  return "  <rect x=\"" + pixels(kBoxLeft) + "\" y=\"" + pixels(y) + "\" width=\"" +
         pixels(kBoxPixels) + "\" height=\"" + pixels(height) + "\" fill=\"" +
         look_of(row.use).colour + "\" stroke=\"#555555\"" +
         (is_gap ? " stroke-dasharray=\"4 4\"" : "") + "><title>" + base::hex(row.range.start()) +
         " to " + base::hex(row.range.end()) + ": " + xml_text(row.what) + "</title></rect>\n";
}

}  // namespace

std::string to_svg(const MemoryMap& map) {
  const MapScale scale = scale_of(map);
  std::string body;
  std::size_t y = kPictureTop;
  for (std::size_t i = 0; i < map.rows.size(); ++i) {
    const MapRow& row = map.rows[i];
    const std::size_t height = scale.lines[i] * kLinePixels;
    const std::size_t text_y = y + kLinePixels - 4;
    const std::uint64_t bytes =
        row.use == MapUse::kNoMemory ? row.range.size_bytes() : row.memory_bytes;
    body += row_box(y, height, row);
    body += row_label(kBoxLeft - 90, text_y, base::hex(row.range.start()), "end");
    body += row_label(kBoxLeft - 8, text_y, base::size_text(bytes), "end");
    body += row_label(kBoxLeft + kBoxPixels + 8, text_y, row.what, "start");
    y += height;
  }
  if (!map.rows.empty()) {
    body += row_label(kBoxLeft - 90, y + kLinePixels - 4, base::hex(map.rows.back().range.end()),
                      "end");
  }
  std::string title = std::string("Memory of the plan for ") + arch_name(map.arch) + "; " +
                      pixels(kLinePixels) + " pixels are " +
                      base::size_text(scale.line_bytes, base::Round::kDown);
  if (map.boot_distance_bytes != 0) {
    title += "; kexec_load takes what is loaded " + base::hex(map.boot_distance_bytes) + " lower";
  }
  const std::size_t height = y + 2 * kLinePixels;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
         pixels(kPictureWidth) + "\" height=\"" + pixels(height) + "\" viewBox=\"0 0 " +
         pixels(kPictureWidth) + " " + pixels(height) +
         "\" font-family=\"monospace\" font-size=\"12\">\n"
         "  <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" +
         row_label(12, 24, title, "start") + body + "</svg>\n";
}

}  // namespace hyprelay::handoff
