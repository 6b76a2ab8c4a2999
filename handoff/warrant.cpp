// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/warrant.hpp"

#include "base/number_text.hpp"
#include "base/printable.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::string_view kFirstLine = "hyprelay warrant 1";
constexpr std::string_view kWholeLine = "command-line";
constexpr std::string_view kLineBehind = "command-line-behind";
constexpr std::string_view kAlgorithm = "sha256 ";

std::string file_line(std::string_view key, const WarrantFile& file) {
  return std::string(key)
      .append(" ")
      .append(kAlgorithm)
      .append(base::hex_bytes(file.digest))
      .append(" ")
      .append(std::to_string(file.size_bytes))
      .append("\n");
}

std::optional<WarrantFile> read_file_line(std::string_view value) {
  WarrantFile file;
  const std::size_t digits = 2 * file.digest.size();
  if (!value.starts_with(kAlgorithm) || value.size() < kAlgorithm.size() + digits + 2 ||
      value[kAlgorithm.size() + digits] != ' ') {
    return std::nullopt;
  }
  value.remove_prefix(kAlgorithm.size());
  for (std::byte& byte : file.digest) {
    unsigned number = 0;
    const auto end = std::from_chars(value.data(), value.data() + 2, number, 16);
    if (end.ptr != value.data() + 2) {
      return std::nullopt;
    }
    byte = static_cast<std::byte>(number);
    value.remove_prefix(2);
  }
  value.remove_prefix(1);
  const char* const last = value.data() + value.size();
  const auto end = std::from_chars(value.data(), last, file.size_bytes);
  return end.ec == std::errc() && end.ptr == last ? std::optional(file) : std::nullopt;
}

// What of a warrant was read; each line but that of an overlay comes once.
struct WarrantReader {
  Warrant warrant = {};
  bool has_kernel = false;
  bool has_line = false;

  bool take_file(std::optional<WarrantFile>& place, std::string_view value) {
    const bool is_first = !place;
    place = read_file_line(value);
    return is_first && place;
  }
  bool take_line(bool behind, std::string_view value) {
    const bool is_first = !has_line;
    has_line = true;
    warrant.behind_running = behind;
    warrant.command_line = value;
    return is_first;
  }
  // False: it is none, or comes again.
  bool take(std::string_view key, std::string_view value) {
    if (key == "kernel") {
      std::optional<WarrantFile> kernel;
      const bool is_good = !has_kernel && take_file(kernel, value);
      has_kernel = true;
      warrant.kernel = kernel.value_or(WarrantFile());
      return is_good;
    }
    if (key == "overlay") {
      std::optional<WarrantFile> overlay;
      const bool is_good = take_file(overlay, value);
      warrant.overlays.push_back(overlay.value_or(WarrantFile()));
      return is_good;
    }
    if (key == "fit-config") {
      const bool is_good = warrant.fit_config.empty() && !value.empty();
      warrant.fit_config = value;
      return is_good;
    }
    return key == "initrd"        ? take_file(warrant.initrd, value)
           : key == "tree"        ? take_file(warrant.tree, value)
           : key == "vendor-boot" ? take_file(warrant.vendor_boot, value)
           : key == kWholeLine    ? take_line(false, value)
           : key == kLineBehind   ? take_line(true, value)
                                  : false;
  }
};

Error malformed(std::string_view file, std::string_view line) {
  return {Code::WARRANT_MALFORMED, Stage::kFile,
          std::string(file).append(": \"").append(line.substr(0, 60)).append("\"")};
}

base::Result<void> check_part(const char* what, const WarrantFile* given,
                              const WarrantFile* signed_one) {
  if ((given == nullptr) == (signed_one == nullptr)) {
    return base::success();
  }
  return Error(Code::WARRANT_PARTS, Stage::kFile,
               given != nullptr
                   ? std::string(what) + " is given, and not signed: " + end_of_path(given->path)
                   : std::string(what) + " is signed, and none is given");
}

const WarrantFile* pointer_to(const std::optional<WarrantFile>& file) {
  return file ? &*file : nullptr;
}

}  // namespace

std::string to_text(const Warrant& warrant) {
  std::string text = std::string(kFirstLine) + "\n" + file_line("kernel", warrant.kernel);
  text += warrant.initrd ? file_line("initrd", *warrant.initrd) : "";
  text += warrant.tree ? file_line("tree", *warrant.tree) : "";
  for (const WarrantFile& overlay : warrant.overlays) {
    text += file_line("overlay", overlay);
  }
  text += warrant.vendor_boot ? file_line("vendor-boot", *warrant.vendor_boot) : "";
  text += warrant.fit_config.empty() ? "" : "fit-config " + warrant.fit_config + "\n";
  return text.append(warrant.behind_running ? kLineBehind : kWholeLine)
      .append(" ")
      .append(warrant.command_line)
      .append("\n");
}

base::Result<Warrant> read_warrant(std::string_view text, std::string_view file) {
  if (const std::string_view first = base::take_line(text); first != kFirstLine) {
    return malformed(file, first);
  }
  WarrantReader reader;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const std::size_t blank = std::min(line.find(' '), line.size());
    if (!reader.take(line.substr(0, blank), line.substr(std::min(blank + 1, line.size())))) {
      return malformed(file, line);
    }
  }
  if (!reader.has_kernel || !reader.has_line) {
    return malformed(file, reader.has_kernel ? "no command-line" : "no kernel");
  }
  return std::move(reader.warrant);
}

std::string why_not_text(const Warrant& warrant) {
  for (const std::string& text : {warrant.command_line, warrant.fit_config}) {
    if (base::find_control(text) != std::string_view::npos) {
      return "a control character is in \"" + base::printable(text.substr(0, 60)) +
             "\", and a warrant is made of lines";
    }
  }
  return "";
}

std::string end_of_path(std::string_view path) {
  constexpr std::size_t kShown = 30;
  return path.size() <= kShown ? std::string(path)
                               : "..." + std::string(path.substr(path.size() - kShown + 3));
}

base::Result<void> check_file(std::string_view what, const WarrantFile& given,
                              const WarrantFile& signed_one) {
  constexpr std::size_t kShown = 4;
  const auto start = [](const WarrantFile& file) {
    return base::hex_bytes(base::ByteView(file.digest).first(kShown)) + "... of " +
           std::to_string(file.size_bytes) + " bytes";
  };
  if (given.digest == signed_one.digest && given.size_bytes == signed_one.size_bytes) {
    return base::success();
  }
  return Error(Code::WARRANT_FILE, Stage::kFile,
               std::string(what) + " " + start(given) + ", signed is " + start(signed_one) + ": " +
                   end_of_path(given.path));
}

base::Result<void> check_parts(const Warrant& given, const Warrant& signed_one) {
  HR_TRYV(check_part("initrd", pointer_to(given.initrd), pointer_to(signed_one.initrd)));
  HR_TRYV(check_part("tree", pointer_to(given.tree), pointer_to(signed_one.tree)));
  HR_TRYV(
      check_part("vendor-boot", pointer_to(given.vendor_boot), pointer_to(signed_one.vendor_boot)));
  const std::size_t most = std::max(given.overlays.size(), signed_one.overlays.size());
  for (std::size_t i = 0; i < most; ++i) {
    const auto at = [i](const std::vector<WarrantFile>& overlays) {
      return i < overlays.size() ? &overlays[i] : nullptr;
    };
    HR_TRYV(check_part("overlay", at(given.overlays), at(signed_one.overlays)));
  }
  return given.fit_config == signed_one.fit_config
             ? base::success()
             : base::Result<void>(Error(Code::WARRANT_PARTS, Stage::kFile,
                                        "configuration \"" + given.fit_config +
                                            "\" of the FIT, signed is \"" + signed_one.fit_config +
                                            "\""));
}

base::Result<void> check_command_line(const Warrant& given, const Warrant& signed_one) {
  if (given.behind_running != signed_one.behind_running) {
    return Error(Code::WARRANT_COMMAND_LINE, Stage::kFile,
                 given.behind_running ? "the running kernel's is taken, signed is another"
                                      : "one is given, signed is the running kernel's");
  }
  if (given.command_line == signed_one.command_line) {
    return base::success();
  }
  const auto differs = std::ranges::mismatch(given.command_line, signed_one.command_line);
  const auto at = static_cast<std::size_t>(differs.in1 - given.command_line.begin());
  return Error(Code::WARRANT_COMMAND_LINE, Stage::kFile,
               "from \"" + given.command_line.substr(at, 40) + "\", signed is \"" +
                   signed_one.command_line.substr(at, 40) + "\"")
      .with_at(at);
}

}  // namespace hyprelay::handoff
