// SPDX-License-Identifier: BSD-2-Clause
#include "capture/vmcoreinfo.hpp"

#include "base/bytes.hpp"
#include "base/number_text.hpp"

namespace hyprelay::capture {
namespace {

std::optional<std::uint64_t> parse(std::string_view text, int radix) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  if (text.starts_with("0x")) {
    text.remove_prefix(2);
    radix = 16;
  }
  const auto value = base::take_number(text, radix);
  if (!value || !text.empty()) {
    return std::nullopt;
  }
  return negative ? 0 - *value : *value;
}

std::string key_of(const char* kind, std::string_view name) {
  return std::string(kind) + "(" + std::string(name) + ")";
}

}  // namespace

VmcoreInfo::VmcoreInfo(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      values_.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
  }
}

std::string VmcoreInfo::to_text() const {
  std::string text;
  for (const auto& [key, value] : values_) {
    text.append(key).append("=").append(value).append("\n");
  }
  return text;
}

std::optional<std::string> VmcoreInfo::text(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> VmcoreInfo::lookup(const char* kind, std::string_view name,
                                                int base) const {
  const auto found = text(key_of(kind, name));
  return found ? parse(*found, base) : std::nullopt;
}

base::Result<std::uint64_t> VmcoreInfo::need(const char* kind, std::string_view name,
                                             int base) const {
  const auto value = lookup(kind, name, base);
  if (!value) {
    return base::Error(base::Code::CAPTURE_NO_INFO, base::Stage::kCapture, key_of(kind, name));
  }
  return *value;
}

std::optional<std::uint64_t> VmcoreInfo::symbol(std::string_view name) const {
  return lookup("SYMBOL", name, 16);
}
std::optional<std::uint64_t> VmcoreInfo::size(std::string_view name) const {
  return lookup("SIZE", name, 10);
}
std::optional<std::uint64_t> VmcoreInfo::offset(std::string_view name) const {
  return lookup("OFFSET", name, 10);
}
std::optional<std::uint64_t> VmcoreInfo::number(std::string_view name) const {
  return lookup("NUMBER", name, 10);
}
base::Result<std::uint64_t> VmcoreInfo::need_symbol(std::string_view name) const {
  return need("SYMBOL", name, 16);
}
base::Result<std::uint64_t> VmcoreInfo::need_size(std::string_view name) const {
  return need("SIZE", name, 10);
}
base::Result<std::uint64_t> VmcoreInfo::need_offset(std::string_view name) const {
  return need("OFFSET", name, 10);
}

std::optional<std::uint64_t> VmcoreInfo::crash_time() const {
  const auto value = text("CRASHTIME");
  return value ? parse(*value, 10) : std::nullopt;
}

}  // namespace hyprelay::capture
