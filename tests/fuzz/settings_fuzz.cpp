// SPDX-License-Identifier: BSD-2-Clause
// Any text as a configuration: each line is taken or complained about, and a destination that is
// taken is written as it is read, and calls no host that is an option or a cut address.
#include "base/config_lines.hpp"
#include "capture/settings.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>

namespace {

namespace capture = hyprelay::capture;
namespace base = hyprelay::base;
using hyprelay::fuzz::require;

void check_target(std::string_view text) {
  const auto target = capture::parse_target(text);
  const std::string advice = capture::target_advice(text);
  require(!target || advice.empty());
  if (!advice.empty()) {
    const std::size_t form = advice.find("ssh:");
    require(form != std::string::npos);
    const auto advised = capture::parse_target(std::string_view(advice).substr(form));
    require(advised && advised->kind == capture::TargetKind::kSsh);
  }
  if (!target) {
    return;
  }
  require(!target->path.empty());
  require((target->kind == capture::TargetKind::kSsh) == !target->host.empty());
  require(!target->host.starts_with('-'));
  // A colon in a host is that of an address, which has two of them at least.
  const std::size_t colon = target->host.find(':');
  require(colon == std::string::npos || target->host.find(':', colon + 1) != std::string::npos);
  require(capture::parse_target(capture::target_text(*target)) == target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  capture::Settings settings;
  std::vector<base::Error> complaints;
  std::size_t taken = 0;
  base::take_config_lines(text, "conf", complaints,
                          [&](std::string_view key, std::string_view value) {
                            check_target(value);
                            const bool good = capture::take_setting(settings, key, value);
                            taken += good ? 1 : 0;
                            return base::TakenLine(good, capture::setting_advice(key, value));
                          });
  const bool mark = text.starts_with("\xef\xbb\xbf");
  const auto lines = base::read_config_lines(std::string_view(text).substr(mark ? 3 : 0));
  const bool returns =
      std::ranges::any_of(lines, [](const base::ConfigLine& line) { return line.has_return; });
  require(taken + complaints.size() == lines.size() + (mark ? 1 : 0) + (returns ? 1 : 0));
  for (const auto& target : {settings.to, settings.fallback}) {
    require(!target || target->kind == capture::TargetKind::kSsh || target->path.starts_with('/'));
  }
  require(settings.level <= capture::kMostLevel && settings.ssh_port <= 65535);
  check_target(text);
  return 0;
}
