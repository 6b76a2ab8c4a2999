// SPDX-License-Identifier: BSD-2-Clause
#include "cli/bundle_command.hpp"

#include "abi/hr_abi.h"
#include "base/number_text.hpp"
#include "cli/text.hpp"
#include "compat/text.hpp"
#include "handoff/bundle.hpp"
#include "handoff/linux/files.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;

// Two numbers around a comma; the second may be missing when `default_second` has a value.
base::Result<std::pair<std::uint64_t, std::uint64_t>> parse_pair(
    const std::string& text, const char* option, std::optional<std::uint64_t> default_second) {
  const std::size_t comma = text.find(',');
  const auto first = base::parse_number(std::string_view(text).substr(0, comma));
  const auto second = comma == std::string::npos
                          ? default_second
                          : base::parse_number(std::string_view(text).substr(comma + 1));
  if (!first || !second) {
    return Error(Code::USAGE, Stage::kUsage,
                 std::string(option) + " takes addresses as 0x40000000, not \"" + text + "\"");
  }
  return std::pair(*first, *second);
}

base::Result<std::vector<handoff::NamedRange>> reserved_ranges(const Arguments& arguments) {
  std::vector<handoff::NamedRange> ranges;
  for (const std::string& text : arguments.texts(Option::kReserve)) {
    HR_TRY(pair, parse_pair(text, "--reserve", std::nullopt));
    const auto range = base::PhysRange::from_size(base::PhysAddr(pair.first), pair.second);
    if (!range || pair.second == 0) {
      return Error(Code::USAGE, Stage::kUsage, "--reserve " + text + " is no range of memory");
    }
    ranges.push_back({*range, "--reserve"});
  }
  return ranges;
}

base::Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  return linux_host::write_text(path.string(), content);
}

std::string said(const handoff::Bundle& bundle, const std::string& folder) {
  std::string text = "hyprelay: bundle in " + folder + "\n";
  for (const handoff::BundleFile& file : bundle.files) {
    std::string name = file.name;
    name.resize(12, ' ');
    text += "  " + name + base::hex(file.memory.start()) + "  " + human_size(file.content.size()) +
            "\n";
  }
  return text + "hyprelay: enter it at " + base::hex(bundle.entry) +
         ", MMU and data cache off; u-boot.txt and qemu.txt show how\n";
}

}  // namespace

base::Result<void> take_resident(const Arguments& arguments, Request& request) {
  if (const auto name = arguments.text(Option::kResident)) {
    const auto dialect = compat::parse_dialect(*name);
    if (!dialect) {
      return Error(Code::USAGE, Stage::kUsage, "--resident: there is no dialect \"" + *name + "\"");
    }
    request.resident = static_cast<std::uint32_t>(*dialect);
  }
  if (const auto text = arguments.text(Option::kResidentVectors)) {
    HR_TRY(pair, parse_pair(*text, "--resident-vectors", 0));
    request.resident_vectors = pair.first;
    request.resident_virtual = pair.second;
  }
  return base::success();
}

base::Result<int> run_bundle(const Arguments& arguments, Request request) {
  HR_TRY(reserved, reserved_ranges(arguments));
  request.dtb = arguments.text(Option::kBundleDtb);
  request.command_line = arguments.text(Option::kBundleCommandLine);
  request.machine_of_tree = true;
  request.reserved = std::move(reserved);
  HR_TRY(prepared, prepare(request));
  HR_TRY(sealed, seal(prepared));
  HR_TRY(facts, baton_facts(prepared));
  const handoff::Bundle bundle = handoff::make_bundle(sealed);

  const std::string folder = arguments.text(Option::kOutput).value_or(".");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path to(folder);
  for (const handoff::BundleFile& file : bundle.files) {
    HR_TRYV(write_file(to / file.name, linux_host::text_of(file.content)));
  }
  std::string u_boot;
  for (const std::string& line : handoff::u_boot_lines(bundle)) {
    u_boot += line + "\n";
  }
  std::string qemu;
  for (const std::string& word : handoff::qemu_words(bundle, folder)) {
    qemu += word + "\n";
  }
  HR_TRYV(write_file(to / "u-boot.txt", u_boot));
  HR_TRYV(write_file(to / "qemu.txt", qemu));
  const nlohmann::ordered_json manifest = handoff::to_json(bundle, facts);
  HR_TRYV(write_file(to / "manifest.json", manifest.dump(2) + "\n"));
  HR_TRYV(linux_host::write_text(
      "-", arguments.has(Option::kJson) ? manifest.dump() + "\n" : said(bundle, folder)));
  return HR_EXIT_OK;
}

}  // namespace hyprelay::cli
