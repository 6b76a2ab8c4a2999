// SPDX-License-Identifier: BSD-2-Clause
// A unified kernel image: a PE program whose sections hold a kernel and what goes with it
// [uapi-group/specifications unified_kernel_image; systemd-stub(7); pe-format "Section Table"]. Of
// several profiles the first is taken, whose sections go before those of all.
#include "handoff/container_formats.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;

constexpr std::uint64_t kPeOffset = 0x3c;
constexpr std::uint32_t kPeSignature = 0x00004550;
constexpr std::uint64_t kPeMachine = 4;
constexpr std::uint64_t kPeSections = 6;
constexpr std::uint64_t kPeOptionalBytes = 20;
constexpr std::uint64_t kPeHeaderBytes = 24;
constexpr std::uint64_t kRowBytes = 40;
constexpr std::uint64_t kRowName = 8;
constexpr std::uint64_t kRowVirtualBytes = 8;
constexpr std::uint64_t kRowRawBytes = 16;
constexpr std::uint64_t kRowRawStart = 20;
constexpr std::uint64_t kMostSections = 96;
// IMAGE_FILE_MACHINE_ARM64, _ARMNT, _THUMB.
constexpr auto kPeMachines = std::to_array<std::uint16_t>({0xaa64, 0x01c4, 0x01c2});

// Where the table of sections lies, and how many rows it has.
struct PeTable {
  std::uint64_t at = 0;
  std::uint64_t rows = 0;
  std::uint16_t machine = 0;
};

std::optional<PeTable> pe_table(ByteView file) {
  const auto dos = base::read_le<std::uint16_t>(file, 0);
  const auto at = base::read_le<std::uint32_t>(file, kPeOffset);
  if (!dos || dos.value() != 0x5a4d || !at) {
    return std::nullopt;
  }
  const std::uint64_t pe = at.value();
  const auto signature = base::read_le<std::uint32_t>(file, pe);
  const auto machine = base::read_le<std::uint16_t>(file, pe + kPeMachine);
  const auto rows = base::read_le<std::uint16_t>(file, pe + kPeSections);
  const auto optional_bytes = base::read_le<std::uint16_t>(file, pe + kPeOptionalBytes);
  if (!signature || signature.value() != kPeSignature || !machine || !rows || !optional_bytes) {
    return std::nullopt;
  }
  return PeTable{pe + kPeHeaderBytes + optional_bytes.value(),
                 std::min<std::uint64_t>(rows.value(), kMostSections), machine.value()};
}

// Empty: there is no such row.
std::string_view row_name(ByteView file, const PeTable& table, std::uint64_t row) {
  const auto name = base::slice(file, table.at + row * kRowBytes, kRowName);
  const std::string_view text = name ? base::text_of(name.value()) : std::string_view();
  return text.substr(0, text.find('\0'));
}

base::Result<ByteView> row_content(ByteView file, std::string_view name, const PeTable& table,
                                   std::uint64_t row) {
  const std::uint64_t at = table.at + row * kRowBytes;
  HR_TRY(virtual_bytes, base::read_le<std::uint32_t>(file, at + kRowVirtualBytes));
  HR_TRY(raw_bytes, base::read_le<std::uint32_t>(file, at + kRowRawBytes));
  HR_TRY(raw_start, base::read_le<std::uint32_t>(file, at + kRowRawStart));
  // In the file it is padded; some tools leave the other size open.
  const std::uint32_t bytes = virtual_bytes == 0 ? raw_bytes : std::min(virtual_bytes, raw_bytes);
  const auto content = base::slice(file, raw_start, bytes);
  if (!content) {
    return container_error(Code::IMAGE_TRUNCATED, name,
                           "the UKI's section " + std::string(row_name(file, table, row)))
        .with_at(std::uint64_t{raw_start} + bytes)
        .with_limit(file.size());
  }
  return content.value();
}

// A text of a file, which may end in a newline and zeroes.
std::string line_in(ByteView content) {
  std::string_view text = base::text_of(content);
  text = text.substr(0, text.find('\0'));
  while (text.ends_with('\n') || text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

struct UkiSection {
  std::string name;
  ByteView content;
};

// Those of all profiles, and behind them those of the first.
base::Result<std::vector<UkiSection>> uki_sections(ByteView file, std::string_view name,
                                                   const PeTable& table, std::size_t& profiles) {
  std::vector<UkiSection> sections;
  for (std::uint64_t row = 0; row < table.rows; ++row) {
    const std::string_view section = row_name(file, table, row);
    profiles += section == ".profile" ? 1 : 0;
    if (!section.starts_with('.') || profiles > 1) {
      continue;
    }
    HR_TRY(content, row_content(file, name, table, row));
    sections.push_back({std::string(section), content});
  }
  return sections;
}

void take_section(const UkiSection& section, Opened& opened) {
  Contained& held = opened.contained;
  const auto part = [&](const char* kind, bool used = true) {
    held.parts.push_back(
        {kind, section.name, section.content.size(), packed_text(section.content), used});
  };
  if (section.name == ".linux") {
    opened.kernel = section.content;
    part("kernel");
  } else if (section.name == ".initrd") {
    held.initrd = section.content;
    part("initrd");
  } else if (section.name == ".cmdline") {
    held.command_line = line_in(section.content);
    part("command line");
  } else if (section.name == ".dtb") {
    held.tree = section.content;
    part("device tree");
  } else if (section.name == ".dtbauto") {
    held.trees.push_back(section.content);
    part("device tree, where it is the machine's");
  } else if (section.name == ".uname" || section.name == ".osrel") {
    part(section.name == ".uname" ? "release" : "operating system", false);
    if (section.name == ".uname") {
      held.parts.back().says = line_in(section.content);
    }
  } else if (section.name == ".pcrsig" || section.name == ".ucode" || section.name == ".efifw") {
    part("for the firmware's boot", false);
  }
}

}  // namespace

bool is_uki(ByteView start) {
  const auto table = pe_table(start);
  for (std::uint64_t row = 0; table && row < table->rows; ++row) {
    if (row_name(start, *table, row) == ".linux") {
      // An Image or a zboot program is a PE program of its own, and has no such section.
      return !has_arm64_magic(start);
    }
  }
  return false;
}

base::Result<Opened> open_uki(ByteView file, std::string_view name) {
  const auto table = pe_table(file);
  if (!table) {
    return container_error(Code::IMAGE_LIES, name, "a UKI without a table of sections");
  }
  if (std::ranges::find(kPeMachines, table->machine) == kPeMachines.end()) {
    return container_error(
        Code::IMAGE_WRONG_ARCH, name,
        "a UKI for PE machine " + std::to_string(table->machine) + " (43620: arm64, 452: arm)");
  }
  std::size_t profiles = 0;
  HR_TRY(sections, uki_sections(file, name, *table, profiles));
  Opened opened{.format = "UKI", .kernel = {}};
  for (const UkiSection& section : sections) {
    take_section(section, opened);
  }
  if (profiles > 1) {
    opened.contained.notes.push_back(std::string(name) + ": the first of the UKI's " +
                                     std::to_string(profiles) + " profiles is taken");
  }
  if (opened.kernel.empty()) {
    return container_error(Code::IMAGE_NO_KERNEL, name, "a UKI whose .linux is empty");
  }
  return opened;
}

}  // namespace hyprelay::handoff
