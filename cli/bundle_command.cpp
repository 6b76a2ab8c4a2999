// SPDX-License-Identifier: BSD-2-Clause
#include "cli/bundle_command.hpp"

#include "base/number_text.hpp"
#include "cli/inputs.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "handoff/bundle.hpp"
#include "os/files.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace hyprelay::cli {
namespace {

base::Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  return os::write_text(path.string(), content);
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
  request.wishes.after_reset = true;
  HR_TRY(files, open_files(request));
  HR_TRY(planned, plan(request, files));
  HR_TRY(sealed, seal(planned, files, SeedsOf::kManyBoots));
  const handoff::Bundle bundle = handoff::make_bundle(sealed);

  const std::string folder = arguments.text("--output").value_or(".");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path to(folder);
  for (const handoff::BundleFile& file : bundle.files) {
    HR_TRYV(write_file(to / file.name, base::text_of(file.content)));
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
  nlohmann::ordered_json manifest = handoff::to_json(bundle, planned.facts);
  manifest["warnings"] = planned.warnings;
  manifest["notes"] = planned.notes;
  HR_TRYV(write_file(to / "manifest.json", json_lines(manifest)));
  return print(arguments.has("--json") ? json_line(manifest) : said(planned, bundle, folder));
}

}  // namespace hyprelay::cli
