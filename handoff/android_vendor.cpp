// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/android_vendor.hpp"

#include "handoff/container_formats.hpp"

#include <algorithm>
#include <vector>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;

// [source.android.com "Vendor boot partitions", vendor_boot_img_hdr_v3 and _v4].
constexpr std::uint64_t kVVersion = 8;
constexpr std::uint64_t kVPageBytes = 12;
constexpr std::uint64_t kVRamdiskBytes = 24;
constexpr std::uint64_t kVCommandLine = 28;
constexpr std::uint64_t kVCommandLineBytes = 2048;
constexpr std::uint64_t kVTreeBytes = 2100;
constexpr std::uint64_t kVHeader3Bytes = 2112;
constexpr std::uint64_t kVHeader4Bytes = 2128;
constexpr std::uint64_t kVTableBytes = 2112;
constexpr std::uint64_t kVTableRows = 2116;
constexpr std::uint64_t kVTableRowBytes = 2120;
constexpr std::uint64_t kVConfigBytes = 2124;
// Of a row of its table of ramdisks.
constexpr std::uint64_t kVRowOffset = 4;
constexpr std::uint64_t kVRowType = 8;
constexpr std::uint64_t kVRowName = 12;
constexpr std::uint64_t kVRowNameBytes = 32;
constexpr std::uint32_t kVRecovery = 2;
constexpr std::uint32_t kMostRows = 256;
// [linux/Documentation/admin-guide/bootconfig.rst "Boot Kernel With a Boot Config"].
constexpr std::string_view kConfigMagic = "#BOOTCONFIG\n";

struct VendorParts {
  ByteView ramdisk, trees, table, config;
  std::uint32_t rows = 0;
  std::uint32_t row_bytes = 0;
};

std::uint32_t number_at(ByteView bytes, std::uint64_t at) {
  const auto word = base::read_le<std::uint32_t>(bytes, at);
  return word ? word.value() : 0;
}

base::Result<VendorParts> vendor_parts(ByteView vendor, std::string_view name) {
  const std::uint32_t version = number_at(vendor, kVVersion);
  const std::uint64_t page = number_at(vendor, kVPageBytes);
  if (!base::text_of(vendor).starts_with("VNDRBOOT") || (version != 3 && version != 4)) {
    return container_error(Code::IMAGE_VENDOR, name,
                           "--vendor-boot is no vendor_boot of version 3 or 4");
  }
  if (page < 0x800 || page > 0x20000 || (page & (page - 1)) != 0) {
    return container_error(Code::IMAGE_VENDOR, name, "the page size of --vendor-boot")
        .with_at(kVPageBytes);
  }
  const auto pages = [&](std::uint64_t bytes) { return (bytes + page - 1) / page * page; };
  std::uint64_t at = pages(version == 3 ? kVHeader3Bytes : kVHeader4Bytes);
  const auto take = [&](const char* what, std::uint64_t bytes) -> base::Result<ByteView> {
    const auto part = base::slice(vendor, at, bytes);
    if (!part) {
      return container_error(Code::IMAGE_TRUNCATED, name, std::string("vendor_boot's ") + what)
          .with_at(at + bytes)
          .with_limit(vendor.size());
    }
    at += pages(bytes);
    return part.value();
  };
  VendorParts parts;
  HR_TRY(ramdisk, take("ramdisk", number_at(vendor, kVRamdiskBytes)));
  HR_TRY(trees, take("device tree", number_at(vendor, kVTreeBytes)));
  HR_TRY(table, take("table of ramdisks", version == 4 ? number_at(vendor, kVTableBytes) : 0));
  HR_TRY(config, take("bootconfig", version == 4 ? number_at(vendor, kVConfigBytes) : 0));
  parts = {ramdisk, trees, table, config};
  if (version == 4) {
    parts.rows = number_at(vendor, kVTableRows);
    parts.row_bytes = number_at(vendor, kVTableRowBytes);
  }
  return parts;
}

void append(std::vector<std::byte>& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

// Those of the table but the ones for recovery; without a table, all.
base::Result<void> append_ramdisks(const VendorParts& parts, std::string_view name, Contained& held,
                                   std::vector<std::byte>& to) {
  if (parts.rows == 0) {
    append(to, parts.ramdisk);
    held.parts.push_back({"vendor ramdisk", "", parts.ramdisk.size(), packed_text(parts.ramdisk)});
    return base::success();
  }
  if (parts.rows > kMostRows) {
    return container_error(Code::IMAGE_VENDOR, name, "vendor_boot's table of ramdisks is too long");
  }
  std::uint64_t left = parts.ramdisk.size();
  for (std::uint32_t row = 0; row < parts.rows; ++row) {
    const auto fields =
        base::slice(parts.table, std::uint64_t{row} * parts.row_bytes, kVRowName + kVRowNameBytes);
    const ByteView entry = fields ? fields.value() : ByteView();
    const auto content =
        base::slice(parts.ramdisk, number_at(entry, kVRowOffset), number_at(entry, 0));
    if (!fields || !content) {
      return container_error(Code::IMAGE_TRUNCATED, name,
                             "vendor_boot's ramdisk " + std::to_string(row));
    }
    if (content.value().size() > left) {
      return container_error(Code::IMAGE_VENDOR, name,
                             "vendor_boot's ramdisks lie over one another");
    }
    left -= content.value().size();
    const bool used = number_at(entry, kVRowType) != kVRecovery;
    held.parts.push_back({used ? "vendor ramdisk" : "vendor ramdisk for recovery",
                          android_text(entry, kVRowName, kVRowNameBytes), content.value().size(),
                          packed_text(content.value()), used});
    if (used) {
      append(to, content.value());
    }
  }
  return base::success();
}

void append_number(std::vector<std::byte>& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) {
    to.push_back(static_cast<std::byte>(number >> shift));
  }
}

// The text, zeroes up to a multiple of 4 of the whole, its length with them, the sum of its bytes,
// and a magic.
void append_config(ByteView config, std::vector<std::byte>& to) {
  const std::size_t begin = to.size();
  append(to, config);
  to.resize((to.size() + 3) / 4 * 4);
  std::uint32_t sum = 0;
  for (std::size_t at = begin; at < to.size(); ++at) {
    sum += std::to_integer<std::uint32_t>(to[at]);
  }
  append_number(to, static_cast<std::uint32_t>(to.size() - begin));
  append_number(to, sum);
  append(to, base::bytes_of(kConfigMagic));
}

bool has_word(const std::string& line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || line[at - 1] == ' ') && (end == line.size() || line[end] == ' ')) {
      return true;
    }
  }
  return false;
}

void add_words(Contained& held, const std::string& words) {
  std::string& line = *held.command_line;
  line += (line.empty() || words.empty() ? "" : " ") + words;
}

}  // namespace

base::Result<void> add_vendor_boot(ByteView vendor, std::string_view name, ByteView ramdisk,
                                   Contained& held) {
  HR_TRY(parts, vendor_parts(vendor, name));
  std::vector<std::byte> whole;
  HR_TRYV(append_ramdisks(parts, name, held, whole));
  append(whole, ramdisk);
  add_words(held, android_text(vendor, kVCommandLine, kVCommandLineBytes));
  if (!parts.config.empty()) {
    append_config(parts.config, whole);
    held.parts.push_back({"bootconfig", "", parts.config.size()});
    if (!has_word(*held.command_line, "bootconfig")) {
      add_words(held, "bootconfig");
      held.notes.push_back(std::string(name) +
                           ": \"bootconfig\" is added to the command line, without which the "
                           "kernel does not look at vendor_boot's");
    }
  }
  if (!whole.empty()) {
    held.made.push_back(std::move(whole));
    held.initrd = held.made.back();
  }
  if (!parts.trees.empty()) {
    held.parts.push_back({"device tree", "vendor_boot", parts.trees.size()});
    take_trees(parts.trees, held);
  }
  return base::success();
}

}  // namespace hyprelay::handoff
