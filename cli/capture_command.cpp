// SPDX-License-Identifier: BSD-2-Clause
#include "cli/capture_command.hpp"

#include "abi/hr_abi.h"
#include "base/error_text.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "capture/linux/capture.hpp"
#include "capture/linux/device.hpp"
#include "cli/configuration.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "os/files.hpp"

#include <signal.h>

#include <array>
#include <cstdio>
#include <exception>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;
using Json = nlohmann::ordered_json;

Error usage(const std::string& what) {
  return Error(Code::USAGE, Stage::kUsage, what);
}

void say(const std::string& sentence) {
  // An error names its stage itself.
  const bool named = sentence.starts_with("capture: ");
  complain((named ? "" : "capture: ") + sentence);
}

base::Result<void> take_target(const Arguments& arguments, OptionName option, const char* prefix,
                               std::optional<capture::TargetName>& target) {
  const auto text = arguments.text(option);
  if (!text) {
    return base::success();
  }
  // A directory may have any name, also one that looks like another kind of target.
  auto parsed = option.text() == "--to"
                    ? capture::TargetName{capture::TargetKind::kDirectory, *text, ""}
                    : capture::parse_target(prefix + *text);
  if (!parsed || parsed->path.empty()) {
    const std::string advice = capture::target_advice(prefix + *text);
    return usage("\"" + *text + "\" is no destination; " +
                 (advice.empty() ? "docs/capture.md shows what is" : advice));
  }
  target = parsed;
  return base::success();
}

double rounded(double seconds) {
  return static_cast<double>(static_cast<std::uint64_t>(seconds * 1000)) / 1000;
}

Json report_json(const capture::Report& report) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  Json json;
  json["complete"] = report.complete;
  json["to"] = text_or_null(report.to);
  json["fallback"] = report.fallback;
  json["release"] = text_or_null(report.release);
  json["crash_time"] = report.crash_time ? Json(*report.crash_time) : Json();
  json["memory_bytes"] = report.memory_bytes;
  json["estimate_bytes"] = report.estimate_bytes;
  json["dmesg"] = text_or_null(report.log);
  json["dmesg_seconds"] = rounded(report.log_seconds);
  json["vmcore"] = text_or_null(report.image);
  json["format"] = text_or_null(report.format);
  json["saved_by"] = text_or_null(report.saved_by);
  json["bytes"] = report.bytes;
  json["sha256"] = text_or_null(report.sha256);
  json["unreadable_bytes"] = report.unreadable_bytes;
  json["seconds"] = rounded(report.seconds);
  if (report.failure) {
    json["error"] = Json::parse(error_json(*report.failure))["error"];
  }
  return json;
}

std::string report_text(const capture::Report& report) {
  std::string text;
  if (!report.log.empty()) {
    text += "log:     " + report.log + "\n";
  }
  if (!report.image.empty()) {
    text += "vmcore:  " + report.image + (report.complete ? "" : ", not complete") + "\n";
    text += "format:  " + report.format + ", by " + report.saved_by + ", " +
            base::size_text(report.bytes) + " of " + base::size_text(report.memory_bytes) + "\n";
  }
  if (!report.sha256.empty()) {
    text += "sha256:  " + report.sha256 + "\n";
  }
  if (report.unreadable_bytes != 0) {
    text += "damage:  " + base::size_text(report.unreadable_bytes) +
            " could not be read and are zero\n";
  }
  std::array<char, 32> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%.1f s", report.seconds);
  return text + "time:    " + seconds.data() + "\n";
}

base::Result<int> run_fetch(const Arguments& arguments, const std::string& device) {
  const auto directory = arguments.text("--to");
  if (!directory) {
    return usage("--from-device needs --to");
  }
  HR_TRY(fetched, capture::fetch_dump(device, *directory));
  if (!fetched.complete) {
    say("the dump on " + device + " is not complete: this is how far it came");
  }
  if (arguments.has("--json")) {
    return print(json_line({{"complete", fetched.complete},
                            {"folder", fetched.folder},
                            {"vmcore", fetched.image.empty() ? Json() : Json(fetched.image)},
                            {"bytes", fetched.image_bytes}}));
  }
  return print("hyprelay: the dump of " + device + " is in " + fetched.folder + "\n");
}

base::Result<int> run_check(const Arguments& arguments, const capture::Settings& settings,
                            const std::vector<Error>& complaints) {
  HR_TRYV(capture::check_capture(settings, say));
  if (!complaints.empty()) {
    return complaints.front();
  }
  return print(arguments.has("--json")
                   ? json_line({{"ok", true},
                                {"to", capture::target_text(settings.to ? *settings.to
                                                                        : *settings.fallback)}})
                   : "hyprelay: a capture would find what it needs\n");
}

// How it went. Nobody may be listening any more, and there may be no memory for it: what follows
// must happen all the same.
void tell(const capture::Report& report, bool json) noexcept {
  try {
    if (report.failure) {
      complain(base::describe(*report.failure));
    }
    static_cast<void>(print(json ? json_line(report_json(report)) : report_text(report)));
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "hyprelay: the report could not be made: %s\n", thrown.what());
  }
}

base::Result<int> run_save(const Arguments& arguments, const capture::Settings& settings) {
  if (settings.finally(true) != capture::After::kNothing ||
      settings.finally(false) != capture::After::kNothing) {
    capture::outlast_signals();
  }
  capture::Request request;
  request.image = arguments.text("--vmcore").value_or(request.image);
  request.settings = settings;
  const capture::Report report = capture::run_capture(request, say);
  tell(report, arguments.has("--json"));
  HR_TRYV(capture::finish(settings.finally(!report.failure)));
  return report.failure ? base::exit_code_of(*report.failure) : HR_EXIT_OK;
}

}  // namespace

base::Result<capture::Settings> capture_settings(const Arguments& arguments,
                                                 capture::Settings settings) {
  const int targets = int{arguments.has("--to")} + int{arguments.has("--to-device")} +
                      int{arguments.has("--to-ssh")};
  if (targets > 1) {
    return usage(
        "--to, --to-device and --to-ssh exclude each other; --fallback is for a second one");
  }
  HR_TRYV(take_target(arguments, "--to", "", settings.to));
  HR_TRYV(take_target(arguments, "--to-device", "device:", settings.to));
  HR_TRYV(take_target(arguments, "--to-ssh", "ssh:", settings.to));
  HR_TRYV(take_target(arguments, "--fallback", "", settings.fallback));
  if (const auto text = arguments.text("--format")) {
    settings.format = capture::parse_format(*text).value_or(settings.format);
  }
  settings.level = arguments.number("--level", settings.level);
  if (settings.level > capture::kMostLevel) {
    return usage("--level is a number from 1 to 31");
  }
  if (const auto text = arguments.text("--after")) {
    settings.after = capture::parse_after(*text).value_or(settings.after);
  }
  if (const auto text = arguments.text("--on-failure")) {
    settings.on_failure = capture::parse_after(*text);
  }
  settings.force = settings.force || arguments.has("--force");
  settings.ssh_key = arguments.text("--ssh-key").value_or(settings.ssh_key);
  settings.ssh_port = arguments.number("--ssh-port", settings.ssh_port);
  if (settings.ssh_port > 65535) {
    return usage("--ssh-port is a number from 1 to 65535");
  }
  return settings;
}

base::Result<int> run_capture_command(const Arguments& arguments) {
  if (arguments.has("--dmesg")) {
    HR_TRY(log,
           capture::log_of_image(arguments.text("--vmcore").value_or(capture::Request().image)));
    return print(arguments.has("--json") ? json_line({{"dmesg", log}}) : log);
  }
  if (const auto device = arguments.text("--from-device")) {
    return run_fetch(arguments, *device);
  }
  // From here on somebody may count on what comes after the dump.
  ::signal(SIGPIPE, SIG_IGN);
  HR_TRY(configuration, read_configuration(arguments));
  const std::vector<Error>& complaints = configuration.complaints;
  for (const Error& complaint : complaints) {
    say(base::describe(complaint));
  }
  HR_TRY(settings, capture_settings(arguments, configuration.capture));
  return arguments.has("--check") ? run_check(arguments, settings, complaints)
                                  : run_save(arguments, settings);
}

}  // namespace hyprelay::cli
