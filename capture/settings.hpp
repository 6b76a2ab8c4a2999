// SPDX-License-Identifier: BSD-2-Clause
// What a capture is to do: the lines of /etc/hyprelay.conf that begin with "capture_", and what the
// command line says instead. docs/capture.md lists the keys. Environment: hosted. Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::capture {

enum class TargetKind : std::uint8_t { kDirectory, kDevice, kSsh };

// "/var/crash", "device:/dev/vdb" or "ssh:user@host:directory".
struct TargetName {
  TargetKind kind = TargetKind::kDirectory;
  // The directory (of the other machine with ssh), or the device.
  std::string path;
  // With ssh: "user@host", or a name of ssh's own configuration, as ssh is given it: an IPv6
  // address is without brackets here.
  std::string host;

  bool operator==(const TargetName&) const = default;
};
// nullopt: an empty path, no host, brackets around what is no IPv6 address, or an IPv6 address
// without them: its first group would be taken for another host.
std::optional<TargetName> parse_target(std::string_view text);
// What is to be written instead, as a sentence, of a text that parse_target refuses; empty: nobody
// can tell what was meant.
std::string target_advice(std::string_view text);
std::string target_text(const TargetName& target);

// kAuto: by makedumpfile when it is there and can, else zstd.
enum class Format : std::uint8_t { kAuto, kMakedumpfile, kZstd, kElf };
enum class After : std::uint8_t { kNothing, kReboot, kPoweroff, kShell };
// By the words of the configuration; nullopt: none of them.
std::optional<Format> parse_format(std::string_view text);
std::optional<After> parse_after(std::string_view text);
std::string_view format_name(Format format);
std::string_view after_name(After after);

inline constexpr std::uint32_t kMostLevel = 31;

struct Settings {
  std::optional<TargetName> to;
  // Taken when `to` cannot be used or gave up.
  std::optional<TargetName> fallback;
  Format format = Format::kAuto;
  // makedumpfile's dump level, 0 to 31: a sum of the kinds of pages to leave out.
  std::uint32_t level = kMostLevel;
  After after = After::kNothing;
  // Unset: as `after`.
  std::optional<After> on_failure;
  // Overwrite a device that holds data, and try a destination that looks too small.
  bool force = false;
  std::string ssh_key;
  std::uint32_t ssh_port = 0;  // 0: ssh's own

  After finally(bool saved) const { return saved ? after : on_failure.value_or(after); }
};

// Takes one line of the configuration. False: the key is none of "capture_...", or the value means
// nothing to it, as a path that is not a whole one; then the settings stay as they are.
bool take_setting(Settings& settings, std::string_view key, std::string_view value);
// What is said of a line that take_setting refuses; empty: nothing beyond that.
std::string setting_advice(std::string_view key, std::string_view value);

}  // namespace hyprelay::capture
