// SPDX-License-Identifier: BSD-2-Clause
// VMCOREINFO, the dead kernel's description of itself: lines of KEY=VALUE
// [linux/Documentation/admin-guide/kdump/vmcoreinfo.rst]. Environment: hosted. Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::capture {

class VmcoreInfo {
 public:
  VmcoreInfo() = default;
  // Lines without "=" are skipped: nothing that is looked up would be among them.
  explicit VmcoreInfo(std::string_view text);

  // All lines, sorted by key.
  std::string to_text() const;
  bool empty() const { return values_.empty(); }
  std::optional<std::string> text(std::string_view key) const;

  // SYMBOL(name): hexadecimal without 0x. SIZE(name), OFFSET(structure.member): decimal.
  // NUMBER(name): decimal, with a sign, or 0x.... nullopt: not there, or no number.
  std::optional<std::uint64_t> symbol(std::string_view name) const;
  std::optional<std::uint64_t> size(std::string_view name) const;
  std::optional<std::uint64_t> offset(std::string_view name) const;
  std::optional<std::uint64_t> number(std::string_view name) const;

  // The same for what cannot be done without. Error: CAPTURE_NO_INFO (subject: "SYMBOL(prb)").
  base::Result<std::uint64_t> need_symbol(std::string_view name) const;
  base::Result<std::uint64_t> need_size(std::string_view name) const;
  base::Result<std::uint64_t> need_offset(std::string_view name) const;

  // OSRELEASE, of which no more than utsname holds, and CRASHTIME (seconds since 1970, UTC).
  std::string release() const { return text("OSRELEASE").value_or("").substr(0, 64); }
  std::optional<std::uint64_t> crash_time() const;

 private:
  std::optional<std::uint64_t> lookup(const char* kind, std::string_view name, int base) const;
  base::Result<std::uint64_t> need(const char* kind, std::string_view name, int base) const;

  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace hyprelay::capture
