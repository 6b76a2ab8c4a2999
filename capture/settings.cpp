// SPDX-License-Identifier: BSD-2-Clause
#include "capture/settings.hpp"

#include "base/config_lines.hpp"
#include "base/names.hpp"
#include "base/number_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
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

// "fe80::1%eth0": the zone is the name of an interface.
bool is_ipv6(std::string_view text) {
  in6_addr address{};
  const std::size_t zone = std::min(text.find('%'), text.size());
  const std::string plain(text.substr(0, zone));
  return text.find_first_of(":@/[]% ", zone + 1) == std::string_view::npos &&
         ::inet_pton(AF_INET6, plain.c_str(), &address) == 1;
}

// Where the host begins in "user@host:DIR": as ssh does it, behind the last '@' before the colon.
std::size_t host_start(std::string_view text) {
  return text.substr(0, text.find(':')).rfind('@') + 1;  // npos + 1 is 0: no user.
}

// "user@ADDRESS" of "user@ADDRESS:DIR" or of "user@ADDRESS", when ADDRESS is of IPv6 and without
// brackets; empty otherwise.
std::string_view bare_address(std::string_view text) {
  const std::string_view all = text.substr(0, text.find('/'));
  for (const std::string_view host : {all, all.substr(0, all.rfind(':'))}) {
    if (is_ipv6(host.substr(host_start(host)))) {
      return host;
    }
  }
  return {};
}

// Puts a value where it belongs. False: it means nothing.
template <class T, class Value>
bool assign(T& to, const std::optional<Value>& value) {
  if (value) {
    to = *value;
  }
  return value.has_value();
}

// A capture runs in another folder than whoever wrote the line. What ssh is told is relative to the
// other host's home.
bool is_rooted(const TargetName& target) {
  return target.kind == TargetKind::kSsh || target.path.starts_with('/');
}

// Of a line of the configuration.
std::optional<TargetName> rooted_target(std::string_view text) {
  auto target = parse_target(text);
  return target && is_rooted(*target) ? target : std::nullopt;
}

}  // namespace

std::optional<TargetName> parse_target(std::string_view text) {
  TargetName target;
  if (base::take_prefix(text, kDevicePrefix)) {
    target.kind = TargetKind::kDevice;
  } else if (base::take_prefix(text, kSshPrefix)) {
    if (!bare_address(text).empty() || text.starts_with('-')) {
      return std::nullopt;
    }
    target.kind = TargetKind::kSsh;
    std::size_t colon = text.find(':');
    const std::size_t bracket = host_start(text);
    if (bracket < text.size() && text[bracket] == '[') {
      const std::size_t end = text.find("]:");
      if (end == std::string_view::npos || !is_ipv6(text.substr(bracket + 1, end - bracket - 1))) {
        return std::nullopt;
      }
      target.host = text.substr(0, bracket);
      target.host += text.substr(bracket + 1, end - bracket - 1);
      colon = end + 1;
    } else {
      target.host = text.substr(0, colon);
    }
    if (colon == std::string_view::npos || target.host.empty() || target.host.ends_with('@')) {
      return std::nullopt;
    }
    text.remove_prefix(colon + 1);
  }
  target.path = text;
  return target.path.empty() ? std::nullopt : std::optional(target);
}

std::string target_advice(std::string_view text) {
  if (!base::take_prefix(text, kSshPrefix)) {
    return "";
  }
  const std::string_view host = bare_address(text);
  if (host.empty()) {
    return "";
  }
  text.remove_prefix(host.size());
  base::take_prefix(text, ":");
  return "an IPv6 address needs brackets: " +
         target_text(
             {TargetKind::kSsh, text.empty() ? "DIR" : std::string(text), std::string(host)});
}

std::string target_text(const TargetName& target) {
  switch (target.kind) {
    case TargetKind::kDirectory:
      return target.path;
    case TargetKind::kDevice:
      return std::string(kDevicePrefix) + target.path;
    case TargetKind::kSsh: {
      const std::size_t address = host_start(target.host);
      const bool ipv6 = target.host.find(':', address) != std::string::npos;
      std::string text(kSshPrefix);
      text.append(target.host, 0, address).append(ipv6 ? "[" : "").append(target.host, address);
      return text + (ipv6 ? "]:" : ":") + target.path;
    }
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
    return assign(settings.to, rooted_target(value));
  }
  if (key == "fallback") {
    return assign(settings.fallback, rooted_target(value));
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
    const bool rooted = value.starts_with('/');
    settings.ssh_key = rooted ? value : settings.ssh_key;
    return rooted;
  }
  if (key == "ssh_port") {
    const auto port = base::parse_number(value, 65535u);
    return assign(settings.ssh_port, port != 0u ? port : std::nullopt);
  }
  return false;
}

std::string setting_advice(std::string_view key, std::string_view value) {
  if (key == "capture_ssh_key" && !value.empty()) {
    return std::string(key) + "=" + std::string(value) + ": not a whole path, as /root/.ssh/KEY";
  }
  if (key != "capture_to" && key != "capture_fallback") {
    return "";
  }
  const auto target = parse_target(value);
  return target && !is_rooted(*target)
             ? std::string(key) + "=" + std::string(value) +
                   ": not a whole path: /DIR, device:/dev/NAME or ssh:USER@HOST:DIR"
             : target_advice(value);
}

}  // namespace hyprelay::capture
