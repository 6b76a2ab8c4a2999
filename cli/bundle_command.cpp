// SPDX-License-Identifier: BSD-2-Clause
#include "cli/bundle_command.hpp"

#include "base/json.hpp"
#include "base/number_text.hpp"
#include "base/printable.hpp"
#include "cli/inputs.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "handoff/bundle.hpp"
#include "os/files.hpp"

#include <filesystem>

namespace hyprelay::cli {
namespace {

constexpr mode_t kForAll = 0666;
constexpr mode_t kForOwner = 0600;

// The initrd is for whom its source is for: keys of a disk or of ssh may be in it. Relay and
// manifest have addresses that a running kernel shows to root alone (/proc/iomem, kallsyms).
// Kernel, command line and tree everybody can read on the machine itself.
mode_t most_for(handoff::SegmentKind kind, const Request& request) {
  if (kind == handoff::SegmentKind::kINITRD) {
    std::error_code error;
    const auto source = std::filesystem::status(request.initrd.value_or(""), error).permissions();
    return error ? kForOwner : static_cast<mode_t>(source) & kForAll;
  }
  return kind == handoff::SegmentKind::kRELAY ? kForOwner : kForAll;
}

std::string said(const handoff::Planned& planned, const handoff::Bundle& bundle,
                 const std::string& folder) {
  std::string text = said_lines(planned) + "hyprelay: bundle in " + folder + "\n";
  for (const handoff::BundleFile& file : bundle.files) {
    std::string name = file.name;
    name.resize(12, ' ');
    text += "  " + name + base::hex(file.memory.start()) + "  " +
            base::size_text(file.content.size()) + "\n";
  }
  return text + "hyprelay: enter it at " + base::hex(bundle.entry) +
         ", MMU and data cache off; u-boot.txt and qemu.txt show how\n";
}

}  // namespace

base::Result<int> run_bundle(const Arguments& arguments) {
  HR_TRY(request, request_of(arguments));
  const std::string folder = arguments.text("--output").value_or(".");
  if (base::find_control(folder) != std::string::npos) {
    return base::Error(base::Code::USAGE, base::Stage::kUsage,
                       "--output: a control character in the folder's name, which u-boot.txt and "
                       "qemu.txt cannot have");
  }
  request.wishes.after_reset = true;
  HR_TRY(files, open_files(request));
  HR_TRY(planned, plan(request, files));
  HR_TRY(sealed, seal(planned, files, SeedsOf::kManyBoots, handoff::Contents::kCopied));
  const handoff::Bundle bundle = handoff::make_bundle(sealed);

  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path to(folder);
  for (const handoff::BundleFile& file : bundle.files) {
    HR_TRYV(os::replace_file((to / file.name).string(), base::text_of(file.content),
                             most_for(file.kind, request)));
  }
  std::string u_boot;
  for (const std::string& line : handoff::u_boot_lines(bundle)) {
    u_boot += line + "\n";
  }
  std::string qemu;
  for (const std::string& word : handoff::qemu_words(bundle, folder)) {
    qemu += word + "\n";
  }
  HR_TRYV(os::replace_file((to / "u-boot.txt").string(), u_boot, kForAll));
  HR_TRYV(os::replace_file((to / "qemu.txt").string(), qemu, kForAll));
  nlohmann::ordered_json manifest = handoff::to_json(bundle, planned.facts);
  manifest["tree_edits"] = planned.found.source.edits;
  manifest["warnings"] = planned.warnings;
  manifest["notes"] = planned.notes;
  HR_TRYV(os::replace_file((to / "manifest.json").string(), json_lines(manifest), kForOwner));
  return print(arguments.has("--json") ? json_line(manifest) : said(planned, bundle, folder));
}

}  // namespace hyprelay::cli
