// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/rehearse.hpp"

#include "base/error_text.hpp"
#include "base/printable.hpp"
#include "os/folders.hpp"
#include "rehearse/board_start.hpp"
#include "rehearse/boards.hpp"
#include "rehearse/crash_region.hpp"
#include "rehearse/disk.hpp"
#include "rehearse/firmware.hpp"
#include "rehearse/guest_process.hpp"
#include "rehearse/hooks.hpp"
#include "rehearse/initramfs.hpp"
#include "rehearse/judge.hpp"
#include "rehearse/kernels.hpp"
#include "rehearse/programs.hpp"
#include "rehearse/protocol/marker.hpp"
#include "rehearse/protocol/words.hpp"
#include "rehearse/qemu.hpp"
#include "rehearse/signals.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

// Shows the guest's console to whoever watches, and keeps its last lines for whoever did not.
class Console {
 public:
  explicit Console(const Options& options)
      : shown_(options.console || isatty(STDERR_FILENO) == 1),
        dim_(isatty(STDERR_FILENO) == 1),
        name_(options.arch == handoff::Arch::kArm ? "arm" : "arm64") {}

  // Error: FILE_UNWRITABLE.
  Result<void> open_transcript(const std::string& path) {
    transcript_.reset(std::fopen(path.c_str(), "we"));
    if (!transcript_) {
      return Error(Code::FILE_UNWRITABLE, Stage::kRehearse, path);
    }
    return base::success();
  }

  void print(const std::string& line) {
    if (transcript_) {
      std::fprintf(transcript_.get(), "%s\n", line.c_str());
      std::fflush(transcript_.get());
    }
    if (shown_) {
      show(line);
    } else {
      tail_.push_back(line);
      if (tail_.size() > kTailLines) {
        tail_.pop_front();
      }
    }
  }

  void print_tail() {
    for (const std::string& line : tail_) {
      show(line);
    }
  }

 private:
  static constexpr std::size_t kTailLines = 60;
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void show(const std::string& line) const {
    std::fprintf(stderr, dim_ ? "\033[2m%s| %s\033[0m\n" : "%s| %s\n", name_, line.c_str());
  }

  bool shown_;
  bool dim_;
  const char* name_;
  std::unique_ptr<std::FILE, Closer> transcript_;
  std::deque<std::string> tail_;
};

// What one run of QEMU needs at hand.
struct Run {
  const Options& options;
  const std::string& initramfs;
  GuestProcess& guest;
  Hooks& hooks;
  Judge& judge;
  Console& console;
  const SignalHold& signals;
  LastWords last_words;
  bool initramfs_gone = false;
};

// Acts on one line of the console. Error: a hook could not do its work.
Result<void> on_line(Run& run, const std::string& line) {
  run.console.print(line);
  if (run.judge.feed(line) == Event::kReady && run.hooks.wanted()) {
    HR_TRYV(run.hooks.prepare(run.judge.findings().load));
    run.guest.type(kGo);
  }
  // Once a kernel speaks, QEMU has read the initramfs. Gone now, it cannot be left behind by
  // whoever kills a rehearsal.
  const Findings& found = run.judge.findings();
  if (found.kernels_started == 0) {
    run.last_words.feed(line);
  }
  if (!run.initramfs_gone && (found.kernels_started > 0 || !found.kernels.empty())) {
    run.initramfs_gone = unlink(run.initramfs.c_str()) == 0;
  }
  return base::success();
}

// What comes still is not waited for long. Many boards cannot turn themselves off, or not without a
// module of their kernel (the watchdog of Raspberry Pis): what was their last word says the judge.
bool is_over(const Run& run) {
  const Findings& found = run.judge.findings();
  const bool last_word = found.done || !found.failed_step.empty() || !found.panic.empty();
  return !found.relay_failure.empty() || (last_word && !board_of(run.options).is_virt());
}

// Reads the console until QEMU ends or nothing happens any more.
Result<void> watch(Run& run) {
  // Long enough for what still comes after a refusal: a relay that resets ends QEMU, one that was
  // told to halt never will.
  constexpr std::chrono::seconds kAfterRefusal(5);
  std::string line;
  for (;;) {
    const bool over = is_over(run);
    const std::chrono::seconds patience =
        over ? kAfterRefusal : std::chrono::seconds(run.options.patience_seconds);
    switch (run.guest.wait(line, run.hooks.descriptor(), patience, run.signals.descriptor())) {
      case GuestProcess::Wake::kLine: {
        HR_TRYV(on_line(run, line));
        break;
      }
      case GuestProcess::Wake::kOther: {
        HR_TRYV(run.hooks.on_stop());
        break;
      }
      case GuestProcess::Wake::kSignal:
      case GuestProcess::Wake::kEnded:
        return base::success();
      case GuestProcess::Wake::kTimeout:
        run.guest.kill();
        if (over) {
          return base::success();
        }
        return Error(Code::REHEARSE_TIMEOUT, Stage::kRehearse,
                     "no console output for " + std::to_string(patience.count()) + " s");
    }
  }
}

void fill_report(Report& report, const Run& run) {
  const Findings& found = run.judge.findings();
  report.kernels = found.kernels;
  report.relay_failure = found.relay_failure;
  report.kernels_started = found.kernels_started;
  report.corrupted = run.hooks.corrupted();
  report.watch = run.hooks.watch_facts();
  report.panics = found.panics;
  report.vmcore = found.vmcore;
  if (found.failed_step == "load" || found.failed_step == "exec") {
    report.guest_exit = found.failed_exit;
  }
  const std::vector<std::uint64_t>& arrivals = run.hooks.arrival_counters();
  for (std::size_t i = 0; i < arrivals.size() && i < found.leaving_counters.size(); ++i) {
    if (i + 1 < report.kernels.size()) {
      KernelFacts& kernel = report.kernels[i + 1];
      kernel.gap_instructions = (arrivals[i] - found.leaving_counters[i]) * kInstructionsPerTick;
      kernel.gap_phases = gap_phases(found.leaving_counters[i], kernel.status, arrivals[i]);
    }
  }
}

// Opens what the crash kernel left on the disk. Error: REHEARSE_VMCORE.
Result<void> open_disk(Report& report, Disk& disk) {
  if (!report.vmcore) {
    return base::success();
  }
  std::optional<ExpectedPage> page;
  if (const auto marker = marker_of(report.kernels.back().command_line)) {
    page = {base::PhysAddr(marker->physical), marker_page(marker->token)};
  }
  HR_TRY(saved, disk.saved(page));
  report.vmcore->saved = std::move(saved);
  return base::success();
}

unsigned panics_wanted(const Options& options) {
  return !options.panic ? 0 : options.panic_twice ? 2 : 1;
}

// Error: USAGE.
Result<void> check_options(const Options& options) {
  if (options.watch && options.arch != handoff::Arch::kArm) {
    return Error(Code::USAGE, Stage::kUsage, "--watch: an arm64 Image has no decompressor");
  }
  HR_TRYV(check_board(options));
  if (options.panic && options.hops != 1) {
    return Error(Code::USAGE, Stage::kUsage, "--panic is one handoff: no --hops");
  }
  if (!options.panic && (options.panic_twice || !options.panic_run.empty() ||
                         !options.before_panic.empty() || !options.capture_runs.empty())) {
    return Error(Code::USAGE, Stage::kUsage,
                 "--before-panic, --panic-run, --panic-twice and --capture-run need --panic");
  }
  return base::success();
}

// What was asked for, of a guest that has not said a word.
Report empty_report(const Options& options) {
  Report report;
  report.arch = options.arch;
  report.hops_wanted = options.hops;
  report.firmware = text_of(options.firmware);
  report.board = options.board;
  return report;
}

// How the guest ended.
struct End {
  const Result<void>& watched;
  int exit_code;
  const std::string& manifest;
  const std::string& program;
};

// What the guest leaves, and whether that is what was asked for: the first complaint counts.
// `disk`: null where there was none.
Report report_of(Run& run, const End& end, Disk* disk) {
  Report report = empty_report(run.options);
  fill_report(report, run);
  report.failure = end.watched ? verdict(run.judge.findings(), run.options.hops, end.manifest,
                                         panics_wanted(run.options))
                               : std::optional<Error>(end.watched.error());
  if (end.watched && end.exit_code != 0 && run.judge.findings().kernels_started == 0) {
    report.failure = start_failure(end.program, end.exit_code, run.last_words.text());
  }
  if (const auto opened = disk ? open_disk(report, *disk) : base::success();
      !opened && !report.failure) {
    report.failure = opened.error();
  }
  if (!report.failure && run.hooks.complaint()) {
    report.failure = run.hooks.complaint();
  }
  return report;
}

}  // namespace

Result<Report> run(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  HR_TRY(programs, find_programs(options.arch));
  HR_TRY(first, check_kernels(options));
  HR_TRYV(check_options(options));
  HR_TRY(firmware, find_firmware(options));
  std::optional<Disk> disk;
  if (!options.disk.empty()) {
    HR_TRY(opened, Disk::open(options.disk));
    disk = std::move(opened);
  }
  Console console(options);
  if (!options.transcript.empty()) {
    HR_TRYV(console.open_transcript(options.transcript));
  }
  const SignalHold signals;
  HR_TRY(workspace, os::TemporaryFolder::make("hyprelay-rehearse", Stage::kRehearse));
  const std::string socket = workspace.file("gdb");
  Hooks hooks(options, socket, workspace.file("memory"));
  const std::string command_line = guest_command_line(options);
  const std::string initramfs = workspace.file("initramfs");
  HR_TRY(manifest, write_initramfs({options, programs, command_line, hooks.wanted()}, initramfs));
  const std::string flash = workspace.file("flash");
  if (!firmware.empty()) {
    HR_TRYV(write_flash(options, initramfs, flash));
  }
  std::error_code unknown;
  const std::uint64_t initramfs_bytes = std::filesystem::file_size(initramfs, unknown);
  const std::string first_line = command_line + crash_parameter(options, first, initramfs_bytes) +
                                 " " + std::string(kHopParameter) + "0";
  QemuFiles files = {initramfs, hooks.wanted() ? socket : "", firmware, flash};
  const std::string board_folder = workspace.file("board");
  HR_TRYV(prepare_board(options, first_line, board_folder, files));
  const std::vector<std::string> command = qemu_command(options, files, first_line);
  HR_TRY(guest, GuestProcess::start(command));
  Judge judge(options.panic);
  Run state{options, initramfs, guest, hooks, judge, console, signals, LastWords(command.front())};
  const Result<void> watched = watch(state);
  // A signal from the terminal ends QEMU as well, so it is asked for however the watch ended.
  if (signals.waiting()) {
    return Error(Code::REHEARSE_FAILED, Stage::kRehearse, "interrupted");
  }
  if (!watched) {
    guest.kill();
  }
  const int exit_code = guest.reap();

  Report report =
      report_of(state, {watched, exit_code, manifest, command.front()}, disk ? &*disk : nullptr);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (report.failure) {
    console.print_tail();
  }
  return report;
}

int run_and_print(const Options& options) {
  const Result<Report> result = run(options);
  Report report = result ? result.value() : empty_report(options);
  if (!result) {
    report.failure = result.error();
  }
  if (options.json) {
    std::cout << to_json(report) << std::endl;
  } else {
    const std::string text = result ? to_text(report) : closing_line(report);
    std::cout << base::printable(text, base::Lines::kMany) << std::flush;
  }
  if (report.failure) {
    std::cerr << "hyprelay: " << base::describe(*report.failure) << "\n";
    return base::exit_code_of(*report.failure);
  }
  return HR_EXIT_OK;
}

}  // namespace hyprelay::rehearse
