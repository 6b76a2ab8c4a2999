// SPDX-License-Identifier: BSD-2-Clause
#include "base/error_text.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "cli/timeline.hpp"
#include "digest/digest.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::cli {
namespace {

using Json = nlohmann::ordered_json;
using handoff::linux_host::Record;

double milliseconds(std::uint64_t ticks, std::uint32_t hz) {
  return hz == 0 ? 0.0 : static_cast<double>(ticks) * 1000.0 / hz;
}

std::string milliseconds_text(std::uint64_t ticks, std::uint32_t hz) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3f ms", milliseconds(ticks, hz));
  return text.data();
}

Json record_json(const Record& record) {
  Json json;
  json["entered"] = handoff::mode_name(record.entered);
  json["left"] = handoff::mode_name(record.left);
  json["resident"] = handoff::dialect_name(record.resident);
  json["climb"] = handoff::climb_name(record.climb);
  json["segments_verified"] = record.segments_verified;
  json["bytes_verified"] = record.bytes_verified;
  json["digest"] = digest::name_of(record.digest_algorithm);
  json["cached"] = record.cached;
  json["crypto"] = record.crypto;
  json["counter_hz"] = record.counter_hz;
  json["counter_entered"] = record.counter_entered;
  json["counter_checked"] = record.counter_checked;
  json["counter_mapped"] = record.counter_mapped;
  json["inflated"] = record.inflated;
  json["counter_verified"] = record.counter_verified;
  json["counter_inflated"] = record.counter_inflated;
  json["counter_left"] = record.counter_left;
  json["verify_ticks"] = record.verify_ticks();
  json["verify_ms"] = milliseconds(record.verify_ticks(), record.counter_hz);
  json["relay_ticks"] = record.relay_ticks();
  json["relay_ms"] = milliseconds(record.relay_ticks(), record.counter_hz);
  return json;
}

std::string record_text(const Record& record) {
  std::string text = "handoff:  by hyprelay, relay entered in ";
  text += handoff::mode_name(record.entered);
  text += std::string(", kernel started in ") + handoff::mode_name(record.left) + "\n";
  text.append("resident: ").append(handoff::dialect_name(record.resident));
  text.append("\nclimb:    ").append(handoff::climb_name(record.climb)).append("\n");
  text += "verified: " + std::to_string(record.segments_verified) + " segments, " +
          base::size_text(record.bytes_verified) + ", digest " +
          std::string(digest::name_of(record.digest_algorithm)) +
          (record.crypto ? " by instructions of the CPU" : "") + ", caches " +
          (record.cached ? "on" : "off") +
          (record.inflated ? "; the kernel was inflated by the relay" : "") + "\n";
  if (record.counter_hz != 0) {
    text += "time:     " + milliseconds_text(record.relay_ticks(), record.counter_hz) +
            " in the relay, " + milliseconds_text(record.verify_ticks(), record.counter_hz) +
            " of them until everything was verified\n";
  }
  return text;
}

}  // namespace

std::string status_text(const Status& status) {
  std::string text = "kernel:   " + status.kernel_release + " on " + status.arch +
                     (status.mode == handoff::Mode::kUNKNOWN
                          ? ", the mode it was started in is not known"
                          : std::string(", started in ") + handoff::mode_name(status.mode)) +
                     "\n";
  text += !status.loaded   ? "loaded:   nothing; this kernel has no kexec\n"
          : *status.loaded ? "loaded:   a kernel; hyprelay exec starts it\n"
                           : "loaded:   nothing\n";
  if (status.crash_loaded) {
    text += *status.crash_loaded      ? "panic:    a crash kernel is loaded and starts then\n"
            : status.crash_bytes == 0 ? "panic:    no memory is reserved for a crash kernel: boot "
                                        "with crashkernel=SIZE, which "
                                        "hyprelay crashkernel estimate tells\n"
                                      : "panic:    no crash kernel is loaded\n";
  }
  text += status.record            ? record_text(*status.record)
          : status.record_readable ? "handoff:  this kernel was not started by hyprelay\n"
                                   : "handoff:  not known\n";
  return text + left_out_lines(status.left_out);
}

std::string left_out_lines(const std::vector<std::string>& left_out) {
  std::string text;
  for (const std::string& source : left_out) {
    text.append("left out: ").append(source).append("\n");
  }
  return text;
}

std::string status_json(const Status& status, bool timeline) {
  Json json;
  json["release"] = status.kernel_release;
  json["arch"] = status.arch;
  json["mode"] = handoff::mode_name(status.mode);
  json["loaded"] = status.loaded ? Json(*status.loaded) : Json();
  json["crash_loaded"] = status.crash_loaded ? Json(*status.crash_loaded) : Json();
  json["crash_bytes"] = status.crash_bytes ? Json(*status.crash_bytes) : Json();
  json["relay"] = status.record ? record_json(*status.record) : Json();
  if (timeline) {
    json["timeline"] = status.record ? timeline_json(timeline_of(*status.record)) : Json();
  }
  json["left_out"] = status.left_out;
  return json_line(json);
}

std::string leaving_text(const std::optional<handoff::linux_host::Counter>& counter) {
  if (!counter) {
    return "hyprelay: leaving\n";
  }
  return "hyprelay: leaving, counter " + std::to_string(counter->value) + " at " +
         std::to_string(counter->hz) + " Hz\n";
}

std::string leaving_json(const std::optional<handoff::linux_host::Counter>& counter) {
  Json json;
  json["counter"] = counter ? Json(counter->value) : Json();
  json["counter_hz"] = counter ? Json(counter->hz) : Json();
  return json_line(json);
}

std::string error_json(const base::Error& error, const char* done) {
  const base::ErrorRow& row = base::row_of(error.code());
  Json json;
  json["code"] = row.name;
  json["number"] = static_cast<unsigned>(row.code);
  json["stage"] = base::stage_name(error.stage());
  json["subject"] = error.subject();
  json["at"] = error.has_at() ? Json(error.at()) : Json();
  json["limit"] = error.has_limit() ? Json(error.limit()) : Json();
  json["sentence"] = row.sentence;
  json["remedy"] = row.remedy;
  json["exit_code"] = row.exit_code;
  if (done != nullptr) {
    json["done"] = done;
  }
  return json_line({{"error", json}});
}

}  // namespace hyprelay::cli
