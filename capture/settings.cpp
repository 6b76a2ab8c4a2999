// SPDX-License-Identifier: BSD-2-Clause
#include "capture/settings.hpp"

#include "base/config_lines.hpp"
#include "base/names.hpp"
#include "base/number_text.hpp"

#include <cstddef>

namespace hyprelay::capture {
namespace {

constexpr std::string_view kDevicePrefix = "device:";
constexpr std::string_view kSshPrefix = "ssh:";
constexpr std::string_view kOurs = "capture_";

constexpr base::Named<Format> kFormats[] = {{"auto", Format::kAuto},
                                            {"makedumpfile", Format::kMakedumpfile},
                                            {"zstd", Format::kZstd},
                                            {"elf", Format::kElf}};
constexpr base::Named<After> kAfters[] = {{"nothing", After::kNothing},
                                          {"reboot", After::kReboot},
                                          {"poweroff", After::kPoweroff},
                                          {"shell", After::kShell}};

// Puts a value where it belongs. False: it means nothing.
template <class T, class Value>
bool assign(T& to, const std::optional<Value>& value) {
  if (value) {
    to = *value;
  }
  return value.has_value();
}

}  // namespace

std::optional<TargetName> parse_target(std::string_view text) {
  TargetName target;
  if (text.starts_with(kDevicePrefix)) {
    target.kind = TargetKind::kDevice;
    text.remove_prefix(kDevicePrefix.size());
  } else if (text.starts_with(kSshPrefix)) {
    target.kind = TargetKind::kSsh;
    text.remove_prefix(kSshPrefix.size());
    // The host may be an IPv6 address in brackets.
    const std::size_t bracket = text.find(']');
    const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos || colon == 0 || text.front() == '-') {
      return std::nullopt;
    }
    target.host = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  target.path = text;
  return target.path.empty() ? std::nullopt : std::optional(target);
}

std::string target_text(const TargetName& target) {
  switch (target.kind) {
    case TargetKind::kDirectory:
      return target.path;
    case TargetKind::kDevice:
      return std::string(kDevicePrefix) + target.path;
    case TargetKind::kSsh:
      return std::string(kSshPrefix) + target.host + ":" + target.path;
  }
  __builtin_unreachable();
}

std::optional<Format> parse_format(std::string_view text) {
  return base::value_named(kFormats, text);
}
std::string_view format_name(Format format) {
  return base::name_of(kFormats, format);
}

std::optional<After> parse_after(std::string_view text) {
  return base::value_named(kAfters, text);
}
std::string_view after_name(After after) {
  return base::name_of(kAfters, after);
}

bool take_setting(Settings& settings, std::string_view key, std::string_view value) {
  if (!base::take_prefix(key, kOurs)) {
    return false;
  }
  if (key == "to") {
    return assign(settings.to, parse_target(value));
  }
  if (key == "fallback") {
    return assign(settings.fallback, parse_target(value));
  }
  if (key == "format") {
    return assign(settings.format, parse_format(value));
  }
  if (key == "level") {
    return assign(settings.level, base::parse_number(value, kMostLevel));
  }
  if (key == "after") {
    return assign(settings.after, parse_after(value));
  }
  if (key == "on_failure") {
    return assign(settings.on_failure, parse_after(value));
  }
  if (key == "force") {
    return assign(settings.force, base::parse_yes(value));
  }
  if (key == "ssh_key") {
    settings.ssh_key = value;
    return !value.empty();
  }
  if (key == "ssh_port") {
    return assign(settings.ssh_port, base::parse_number(value, 65535u));
  }
  return false;
}

}  // namespace hyprelay::capture
