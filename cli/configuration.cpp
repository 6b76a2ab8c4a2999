// SPDX-License-Identifier: BSD-2-Clause
#include "cli/configuration.hpp"

#include "base/config_lines.hpp"
#include "base/error_text.hpp"
#include "base/json.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "handoff/linux/boot_files.hpp"
#include "handoff/linux/gather.hpp"
#include "os/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;
using Json = nlohmann::ordered_json;

constexpr std::string_view kPanic = "panic_";
constexpr std::string_view kNext = "next_";
// A crash kernel that panics itself must not keep the machine down.
constexpr const char* kCrashAppend = "panic=10";

bool take(BootSettings& settings, std::string_view prefix, std::string_view key,
          std::string_view value) {
  if (!base::take_prefix(key, prefix)) {
    return false;
  }
  if (key == "require_hyp") {
    const auto yes = base::parse_yes(value);
    settings.require_hyp = yes.value_or(settings.require_hyp);
    return yes.has_value();
  }
  std::optional<std::string>* const text = key == "kernel"         ? &settings.kernel
                                           : key == "initrd"       ? &settings.initrd
                                           : key == "command_line" ? &settings.command_line
                                           : key == "append"       ? &settings.append
                                           : key == "warrant"      ? &settings.warrant
                                           : key == "keep_words" && prefix == kPanic
                                               ? &settings.keep_words
                                               : nullptr;
  // Nothing may be appended or kept, but a file has a name; and services run in another folder than
  // whoever wrote the line.
  const bool is_file =
      text == &settings.kernel || text == &settings.initrd || text == &settings.warrant;
  if (text == nullptr || (is_file && !value.starts_with('/')) ||
      (value.empty() && text == &settings.command_line)) {
    return false;
  }
  *text = value;
  return true;
}

std::string advice_for(std::string_view key, std::string_view value) {
  const bool is_file =
      (key.starts_with(kPanic) || key.starts_with(kNext)) &&
      (key.ends_with("_kernel") || key.ends_with("_initrd") || key.ends_with("_warrant"));
  return is_file && !value.empty() ? std::string(key).append("=").append(value).append(
                                         ": not a whole path, as /boot/NAME")
                                   : capture::setting_advice(key, value);
}

const char* yes_or_no(bool yes) {
  return yes ? "yes" : "no";
}

void add_boot(Json& json, std::string_view prefix, const BootSettings& settings) {
  const auto add = [&](const char* key, const std::optional<std::string>& value) {
    json[std::string(prefix) + key] = value.value_or("");
  };
  add("kernel", settings.kernel);
  add("initrd", settings.initrd);
  add("command_line", settings.command_line);
  add("append", settings.append);
  add("warrant", settings.warrant);
  add("require_hyp", yes_or_no(settings.require_hyp));
}

void add_capture(Json& json, const capture::Settings& settings) {
  const auto target = [](const std::optional<capture::TargetName>& name) {
    return name ? capture::target_text(*name) : std::string();
  };
  json["capture_to"] = target(settings.to);
  json["capture_fallback"] = target(settings.fallback);
  json["capture_format"] = capture::format_name(settings.format);
  json["capture_level"] = std::to_string(settings.level);
  json["capture_after"] = capture::after_name(settings.after);
  json["capture_on_failure"] = capture::after_name(settings.finally(false));
  json["capture_force"] = yes_or_no(settings.force);
  json["capture_ssh_key"] = settings.ssh_key;
  json["capture_ssh_port"] =
      settings.ssh_port == 0 ? std::string() : std::to_string(settings.ssh_port);
}

// Whether a line is one that requires a signature, or was meant to be: in any spelling.
bool may_require_signature(std::string_view line) {
  std::string letters;
  for (const char c : line.substr(0, line.find('='))) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return !line.starts_with('#') && (letters.find("signature") != std::string::npos ||
                                    letters.find("requiresig") != std::string::npos);
}

// How many such lines there are, whatever ends a line where it was written; of a text with NULs,
// as UTF-16 has them, nobody knows.
std::optional<int> lines_that_may_require(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  int count = 0;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    count += may_require_signature(line) ? 1 : 0;
  }
  return count;
}

}  // namespace

Configuration parse_configuration(std::string_view text, const std::string& path) {
  Configuration configuration;
  configuration.path = path;
  int understood = 0;
  base::take_config_lines(
      text, path, configuration.complaints, [&](std::string_view key, std::string_view value) {
        // Whatever it is: one that is left out would require nothing.
        if (key == "require_signature") {
          configuration.require_signature = value;
          ++understood;
          return base::TakenLine(true, "");
        }
        const bool taken = take(configuration.panic, kPanic, key, value) ||
                           take(configuration.next, kNext, key, value) ||
                           capture::take_setting(configuration.capture, key, value);
        return base::TakenLine(taken, advice_for(key, value));
      });
  if (lines_that_may_require(text) != understood || understood > 1) {
    configuration.unclear_signature =
        Error(Code::CONFIG_LINE, Stage::kFile,
              "what may be require_signature= is not understood, or is there twice: " + path);
  }
  return configuration;
}

base::Result<Configuration> read_configuration(const Arguments& arguments) {
  const auto named = arguments.text("--config");
  const std::string path = named.value_or(kConfigurationPath);
  const auto text = os::read_input_text(path, os::kConfigurationFile);
  if (text) {
    return parse_configuration(text.value(), path);
  }
  if (named) {
    return text.error();
  }
  Configuration configuration;
  configuration.path = path;
  // A link that leads nowhere is there.
  std::error_code no_link;
  if (text.error().code() != Code::FILE_MISSING ||
      std::filesystem::is_symlink(std::filesystem::symlink_status(path, no_link))) {
    configuration.complaints.push_back(text.error());
    configuration.unclear_signature = text.error();
  }
  return configuration;
}

void tell_complaints(const Configuration& configuration) {
  for (const Error& complaint : configuration.complaints) {
    complain(base::describe(complaint));
  }
}

base::Result<Configuration> read_configuration_and_warn(const Arguments& arguments) {
  HR_TRY(configuration, read_configuration(arguments));
  tell_complaints(configuration);
  return std::move(configuration);
}

base::Result<BootSettings> effective(const Configuration& configuration, bool panic) {
  BootSettings settings = panic ? configuration.panic : configuration.next;
  linux_host::BootFiles files;
  if (panic) {
    HR_TRY(found, linux_host::crash_files(linux_host::Root::live(), settings.kernel));
    files = std::move(found);
    settings.append = settings.append.value_or(kCrashAppend);
  } else {
    HR_TRY(found,
           linux_host::next_files(linux_host::Root::live(), settings.kernel, settings.initrd));
    files = std::move(found);
  }
  settings.kernel = files.kernel;
  settings.initrd = settings.initrd ? settings.initrd : files.initrd;
  settings.command_line = settings.command_line ? settings.command_line : files.command_line;
  return settings;
}

base::Result<void> complete(Request& request, const Configuration& configuration) {
  Configuration asked = configuration;
  // Who names an initrd need not have GRUB's.
  asked.next.initrd = request.initrd ? request.initrd : asked.next.initrd;
  HR_TRY(settings, effective(asked, request.wishes.panic));
  const bool ours = request.wishes.panic && !request.initrd && !configuration.panic.initrd;
  request.kernel = settings.kernel.value_or("");
  request.initrd = request.initrd ? request.initrd : settings.initrd;
  request.warrant = request.warrant ? request.warrant : settings.warrant;
  if (ours && ::access(request.initrd->c_str(), F_OK) != 0) {
    return Error(Code::FILE_MISSING, Stage::kFile,
                 *request.initrd + ", which /usr/lib/hyprelay/capture-initrd makes");
  }
  handoff::Wishes& wishes = request.wishes;
  if (!wishes.command_line && !wishes.reuse_command_line) {
    wishes.command_line = settings.command_line;
    wishes.append = settings.append;
  }
  const std::string keep = settings.keep_words.value_or("");
  for (const std::string_view name : words_of(keep)) {
    wishes.keep_words.emplace_back(name);
  }
  wishes.require_hyp = wishes.require_hyp || settings.require_hyp;
  return base::success();
}

base::Result<int> run_config(const Arguments& arguments) {
  HR_TRY(configuration, read_configuration_and_warn(arguments));
  // A machine without a kernel in /boot can still capture.
  const auto found = effective(configuration, true);
  const auto next = effective(configuration, false);
  BootSettings panic = found ? found.value() : configuration.panic;
  panic.append = panic.append.value_or(kCrashAppend);
  Json json;
  add_boot(json, kPanic, panic);
  json[std::string(kPanic) + "keep_words"] = configuration.panic.keep_words.value_or("");
  add_boot(json, kNext, next ? next.value() : configuration.next);
  add_capture(json, configuration.capture);
  json["require_signature"] = configuration.require_signature.value_or("");
  std::string text;
  if (const auto key = arguments.text("KEY")) {
    if (!json.contains(*key)) {
      return Error(Code::USAGE, Stage::kUsage, "there is no key \"" + *key + "\"");
    }
    text = json[*key].get<std::string>() + "\n";
    json = Json{{*key, json[*key]}};
  } else {
    for (const auto& [name, value] : json.items()) {
      text += name + "=" + base::quoted_for_shell(value.get<std::string>()) + "\n";
    }
  }
  return print(arguments.has("--json") ? json_line(json) : text);
}

}  // namespace hyprelay::cli
