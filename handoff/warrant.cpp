// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/warrant.hpp"

#include "base/number_text.hpp"

#include <algorithm>
#include <charconv>

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
      .append("\n");
}

std::optional<WarrantFile> read_file_line(std::string_view value) {
  WarrantFile file;
  if (!value.starts_with(kAlgorithm) ||
      value.size() != kAlgorithm.size() + 2 * file.digest.size()) {
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
  return file;
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

base::Result<void> check_file(const char* what, const WarrantFile& given,
                              const WarrantFile& signed_one) {
  constexpr std::size_t kShown = 8;
  const auto start = [](const WarrantFile& file) {
    return base::hex_bytes(base::ByteView(file.digest).first(kShown));
  };
  return given.digest == signed_one.digest
             ? base::success()
             : base::Result<void>(Error(Code::WARRANT_FILE, Stage::kFile,
                                        std::string(what) + " " + given.path + ": sha256 " +
                                            start(given) + "..., signed is " + start(signed_one) +
                                            "..."));
}

base::Result<void> check_file(const char* what, const std::optional<WarrantFile>& given,
                              const std::optional<WarrantFile>& signed_one) {
  if (given.has_value() != signed_one.has_value()) {
    return Error(Code::WARRANT_PARTS, Stage::kFile,
                 given ? std::string(what) + " " + given->path + " is given, and not signed"
                       : std::string(what) + " is signed, and none is given");
  }
  return given ? check_file(what, *given, *signed_one) : base::success();
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

base::Result<void> check_files(const Warrant& given, const Warrant& signed_one) {
  HR_TRYV(check_file("kernel", given.kernel, signed_one.kernel));
  HR_TRYV(check_file("initrd", given.initrd, signed_one.initrd));
  HR_TRYV(check_file("tree", given.tree, signed_one.tree));
  HR_TRYV(check_file("vendor-boot", given.vendor_boot, signed_one.vendor_boot));
  const std::size_t most = std::max(given.overlays.size(), signed_one.overlays.size());
  for (std::size_t i = 0; i < most; ++i) {
    const auto at = [i](const std::vector<WarrantFile>& overlays) {
      return i < overlays.size() ? std::optional(overlays[i]) : std::nullopt;
    };
    HR_TRYV(check_file("overlay", at(given.overlays), at(signed_one.overlays)));
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
