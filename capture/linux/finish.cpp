// SPDX-License-Identifier: BSD-2-Clause
// What comes before a dump and after it: the check in advance, and leaving the capture kernel.
#include "base/number_text.hpp"
#include "capture/linux/capture.hpp"
#include "capture/linux/makedumpfile.hpp"
#include "capture/linux/target.hpp"

#include <signal.h>
#include <sys/reboot.h>
#include <unistd.h>

#include <filesystem>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr int kSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXFSZ};

}  // namespace

base::Result<std::optional<std::uint64_t>> check_target(const TargetName& name,
                                                        const Settings& settings) {
  // A folder on another machine could not be removed as simply: its parent is all that is made.
  const bool local = name.kind != TargetKind::kSsh;
  HR_TRY(target, open_target(name, settings, local ? ".hyprelay-check" : ""));
  const std::optional<std::uint64_t> free_bytes = target->free_bytes();
  if (name.kind == TargetKind::kDirectory) {
    std::error_code ignored;
    std::filesystem::remove(std::filesystem::path(target->log_place()).parent_path(), ignored);
  }
  return free_bytes;
}

base::Result<void> check_capture(const Settings& settings, const Say& say) {
  if (!settings.to && !settings.fallback) {
    return Error(Code::CAPTURE_NO_TARGET, Stage::kCapture);
  }
  const std::string program = find_makedumpfile();
  say(program.empty() ? "makedumpfile is not installed: dumps are zstd copies"
                      : program + " makes the dumps, when it can");
  for (const auto& name : {settings.to, settings.fallback}) {
    if (name) {
      HR_TRY(free_bytes, check_target(*name, settings));
      say(target_text(*name) + ": can be used, " +
          (free_bytes ? base::size_text(*free_bytes) + " free" : "free space not known"));
    }
  }
  return base::success();
}

void outlast_signals() {
  for (const int number : kSignals) {
    ::signal(number, SIG_IGN);
  }
}

base::Result<void> finish(After after) {
  if (after == After::kNothing) {
    return base::success();
  }
  ::sync();
  if (after == After::kShell) {
    for (const int number : kSignals) {
      ::signal(number, SIG_DFL);
    }
    ::execl("/bin/sh", "sh", "-i", static_cast<char*>(nullptr));
    return Error(Code::FILE_MISSING, Stage::kCapture, "/bin/sh");
  }
  ::reboot(after == After::kReboot ? RB_AUTOBOOT : RB_POWER_OFF);
  return Error(Code::NO_PERMISSION, Stage::kCapture,
               after == After::kReboot ? "reboot" : "poweroff");
}

}  // namespace hyprelay::capture
