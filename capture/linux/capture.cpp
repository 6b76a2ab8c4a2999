// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/capture.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "capture/dmesg.hpp"
#include "capture/linux/file_source.hpp"
#include "capture/linux/makedumpfile.hpp"
#include "capture/linux/target.hpp"
#include "capture/names.hpp"
#include "capture/progress.hpp"
#include "capture/zstd.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <new>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// What a library throws, as an error: the log is not worth the image, nor the image the reboot.
template <class Work>
auto guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error(Code::NO_MEMORY, Stage::kCapture);
  } catch (const std::exception& thrown) {
    return Error(Code::INTERNAL, Stage::kCapture, thrown.what());
  }
}

// Passes everything on and digests it.
class DigestSink : public Sink {
 public:
  explicit DigestSink(Target& target) : target_(target) {}
  base::Result<void> write(base::ByteView bytes) override {
    HR_TRYV(target_.write(bytes));
    sha_.update(bytes);
    bytes_ += bytes.size();
    return base::success();
  }
  base::Result<void> skip(std::uint64_t size_bytes) override {
    HR_TRYV(target_.skip(size_bytes));
    bytes_ += size_bytes;
    while (size_bytes != 0) {
      const std::size_t part = std::min<std::uint64_t>(size_bytes, zero_bytes().size());
      sha_.update(zero_bytes().first(part));
      size_bytes -= part;
    }
    return base::success();
  }
  std::uint64_t bytes() const { return bytes_; }
  base::Sha256Digest finish() { return sha_.finish(); }

 private:
  Target& target_;
  base::Sha256 sha_ = new_sha256();
  std::uint64_t bytes_ = 0;
};

class Capture {
 public:
  Capture(const Request& request, FileSource source, Core core, const Say& say)
      : request_(request),
        settings_(request.settings),
        source_(std::move(source)),
        core_(std::move(core)),
        say_(say),
        threads_(static_cast<unsigned>(std::clamp(::sysconf(_SC_NPROCESSORS_ONLN), 1L, 8L))) {}

  void describe(Report& report) {
    report.release = core_.info.release();
    report.crash_time = core_.info.crash_time();
    report.memory_bytes = core_.memory_bytes();
    say_("memory image of " + (report.release.empty() ? "an unknown kernel" : report.release) +
         ", " + base::size_text(report.memory_bytes) + " in " + std::to_string(core_.loads.size()) +
         " pieces");
    if (core_.notes_fault) {
      say_(base::describe(*core_.notes_fault));
    }
  }

  // For a console that somebody reads or records, when the log could be saved nowhere.
  void show_log() {
    constexpr int kLines = 40;
    const std::string log = read_log();
    std::size_t from = log.size();
    for (int line = 0; line <= kLines && from != std::string::npos && from != 0; ++line) {
      from = log.rfind('\n', from - 1);
    }
    const std::string_view end =
        std::string_view(log).substr(from == std::string::npos || from == 0 ? 0 : from + 1);
    if (!end.empty()) {
      say_("the end of the dead kernel's log, which was not saved:\n" + std::string(end));
    }
  }

  // One destination. The report keeps what was saved.
  base::Result<void> save(const TargetName& name, Report& report, Clock::time_point begin) {
    report.to = target_text(name);
    const auto now = static_cast<std::uint64_t>(std::time(nullptr));
    HR_TRY(target,
           guarded([&] { return open_target(name, settings_, dump_name(core_.info, now)); }));
    // A log that the destination does not take does not cost the image.
    const auto log = guarded([&] { return save_log(*target, report, begin); });
    if (!log) {
      say_(base::describe(log.error()));
    }
    const auto saved = guarded([&] { return save_image(*target, report); });
    if (!saved) {
      target->abandon();
    }
    if (!report.format.empty()) {
      report.image = target->image_place();
    }
    return saved ? log : saved;
  }

 private:
  // Read each time it is wanted and not kept: its memory is the image's when the image is copied.
  // Empty: there is none, or it was said why it cannot be read.
  std::string read_log() {
    auto log = guarded([&] { return read_dmesg(OldMemory(core_, source_)); });
    if (!log) {
      say_(base::describe(log.error()));
    }
    return log ? std::move(log).value() : std::string();
  }

  base::Result<void> save_log(Target& target, Report& report, Clock::time_point begin) {
    const std::string log = read_log();
    if (log.empty()) {
      return base::success();
    }
    HR_TRYV(target.save_log(log));
    report.log = target.log_place();
    report.log_seconds = seconds_since(begin);
    say_("log of the dead kernel saved: " + report.log);
    return base::success();
  }

  base::Result<void> save_image(Target& target, Report& report) {
    const bool truncated = source_.size_bytes() < core_.size_bytes;
    const std::string program = find_makedumpfile();
    const bool wanted = settings_.format == Format::kMakedumpfile;
    if (wanted || (settings_.format == Format::kAuto && !program.empty() && !truncated)) {
      HR_TRYV(check_room(target, CopyFormat::kZstd, false, report));
      const auto dumped = dump(program, target, report);
      const bool unable = !dumped && dumped.error().code() == Code::CAPTURE_TOOL;
      if (!unable) {
        return dumped;
      }
      start_over(dumped.error(), "a plain copy", target, report);
    }
    if (settings_.format != Format::kElf) {
      HR_TRYV(check_room(target, CopyFormat::kZstd, !settings_.force, report));
      const auto copied = guarded([&] { return copy(CopyFormat::kZstd, target, report); });
      const bool unable = !copied && copied.error().code() == Code::NO_MEMORY;
      if (!unable) {
        return copied;
      }
      start_over(copied.error(), "a copy that is not compressed", target, report);
    }
    HR_TRYV(check_room(target, CopyFormat::kElf, !settings_.force, report));
    return copy(CopyFormat::kElf, target, report);
  }

  void start_over(const Error& why, const char* how, Target& target, Report& report) {
    say_(base::describe(why));
    say_(std::string("going on with ") + how);
    target.discard();
    report.format.clear();
    report.saved_by.clear();
  }

  // Compares what the dump will take with what is free. `strict`: too little is an error; otherwise
  // it is said, since makedumpfile leaves out more than a copy does.
  base::Result<void> check_room(Target& target, CopyFormat format, bool strict, Report& report) {
    // What only is said may be said roughly: all samples take longer than makedumpfile for 200 MB.
    const std::uint64_t samples = strict ? kSamples : kSamples / 8;
    const auto estimated = guarded([&] { return estimate_bytes(source_, core_, format, samples); });
    if (!estimated) {
      say_(base::describe(estimated.error()));
      return base::success();
    }
    const std::uint64_t estimate = estimated.value();
    report.estimate_bytes = estimate;
    const auto free_bytes = target.free_bytes();
    const std::string words = "a copy takes about " + base::size_text(estimate) + ", " +
                              (free_bytes ? base::size_text(*free_bytes) + " are free"
                                          : "the destination does not tell what is free");
    if (free_bytes && *free_bytes < estimate && strict) {
      return Error(Code::CAPTURE_NO_ROOM, Stage::kCapture, report.to + ": " + words);
    }
    say_(words);
    return base::success();
  }

  base::Result<void> dump(const std::string& program, Target& target, Report& report) {
    if (program.empty()) {
      return Error(Code::CAPTURE_TOOL, Stage::kCapture, "makedumpfile is not installed");
    }
    const bool flat = target.path_for_programs().empty();
    HR_TRYV(target.begin(flat ? "vmcore.flat" : "vmcore.kdump"));
    report.format = flat ? "kdump-flattened" : "kdump-compressed";
    report.saved_by = "makedumpfile";
    say_("makedumpfile -d " + std::to_string(settings_.level) + " writes " + target.image_place());
    HR_TRY(result, run_makedumpfile(program, request_.image, settings_.level, threads_, target));
    report.bytes = result.bytes;
    HR_TRYV(target.commit(result.digest));
    report.sha256 = base::hex_bytes(result.digest);
    report.complete = true;
    return base::success();
  }

  base::Result<void> copy(CopyFormat format, Target& target, Report& report) {
    HR_TRYV(target.begin(format == CopyFormat::kElf ? "vmcore" : "vmcore.zst"));
    report.format = format == CopyFormat::kElf ? "elf" : "elf.zst";
    report.saved_by = "hyprelay";
    say_("copying to " + target.image_place());
    const Clock::time_point begin = Clock::now();
    ProgressLine line(std::min(core_.size_bytes, source_.size_bytes()));
    DigestSink sink(target);
    const auto copied =
        copy_image(source_, core_, format, threads_, sink, [&](std::uint64_t done_bytes) {
          const auto now =
              std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
          const auto said = guarded([&]() -> base::Result<void> {
            if (const auto text = line.at(static_cast<std::uint64_t>(now.count()), done_bytes)) {
              say_(*text);
            }
            return base::success();
          });
          static_cast<void>(said);  // Progress that cannot be told is progress all the same.
        });
    report.bytes = sink.bytes();
    if (!copied) {
      return copied.error();
    }
    report.unreadable_bytes = copied.value().unreadable_bytes;
    const base::Sha256Digest digest = sink.finish();
    HR_TRYV(target.commit(digest));
    report.sha256 = base::hex_bytes(digest);
    if (copied.value().truncated) {
      return Error(Code::CAPTURE_TRUNCATED, Stage::kCapture, request_.image)
          .with_at(core_.size_bytes)
          .with_limit(source_.size_bytes());
    }
    report.complete = true;
    return base::success();
  }

  const Request& request_;
  const Settings& settings_;
  FileSource source_;
  Core core_;
  const Say& say_;
  unsigned threads_;
};

base::Result<Capture> open_capture(const Request& request, const Say& say) {
  HR_TRY(source, FileSource::open(request.image));
  auto core = read_core(source);
  if (!core) {
    return Error(core.error()).with_subject(request.image);
  }
  source.map_from(std::ranges::min(core.value().loads, {}, &Load::file_offset).file_offset);
  return Capture(request, std::move(source), std::move(core.value()), say);
}

// A fallback helps when the destination was at fault, not when the image was.
bool is_of_target(const Error& error) {
  return error.code() != Code::CAPTURE_TRUNCATED;
}

base::Result<void> run(const Request& request, const Say& say, Clock::time_point begin,
                       Report& report) {
  HR_TRY(capture, open_capture(request, say));
  capture.describe(report);
  if (!request.settings.to && !request.settings.fallback) {
    capture.show_log();
    return Error(Code::CAPTURE_NO_TARGET, Stage::kCapture);
  }
  const auto& first = request.settings.to ? request.settings.to : request.settings.fallback;
  const auto saved = capture.save(*first, report, begin);
  const auto& second = request.settings.fallback;
  const bool last = !second || second == first;
  if (!saved && last && report.log.empty()) {
    capture.show_log();
  }
  if (saved || last || !is_of_target(saved.error())) {
    return saved;
  }
  say(base::describe(saved.error()));
  say("going on with the fallback " + target_text(*second));
  Report other = report;
  other.format.clear();
  other.bytes = 0;
  other.fallback = true;
  const auto again = capture.save(*second, other, begin);
  if (!again && other.log.empty()) {
    capture.show_log();
  }
  // The second try counts, unless it got less far.
  if (again || report.image.empty()) {
    report = other;
  }
  return again;
}

base::Result<std::string> log_of_source(ByteSource& source) {
  HR_TRY(core, read_core(source));
  return read_dmesg(OldMemory(core, source));
}

base::Result<std::string> log_of_packed(ByteSource& packed) {
  HR_TRY(source, UnpackedSource::open(packed));
  return log_of_source(source);
}

}  // namespace

Report run_capture(const Request& request, const Say& say) {
  const Clock::time_point begin = Clock::now();
  // A program that we write to and that ends early, or a limit of a file's size, is an error to
  // tell, not the end of us.
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  Report report;
  const auto done = guarded([&] { return run(request, say, begin, report); });
  if (!done) {
    report.failure = done.error();
  }
  report.seconds = seconds_since(begin);
  return report;
}

base::Result<std::string> log_of_image(const std::string& image) {
  HR_TRY(source, FileSource::open(image));
  auto log = is_packed(source) ? log_of_packed(source) : log_of_source(source);
  if (!log && log.error().subject().empty()) {
    return Error(log.error()).with_subject(image);
  }
  return log;
}

}  // namespace hyprelay::capture
