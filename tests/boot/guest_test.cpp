// SPDX-License-Identifier: BSD-2-Clause
// A handoff of Debian's kernel below a real hypervisor, with the rehearsal's init, and programs of
// ours there.
//
//   guest_test --way WAY --cache DIR --folder DIR [--monitor FILE] [--program FILE]...
//              [--load-exit N] [--expect PATH=JSON]... [--says TEXT]...
//
// WAY: kvm (as a guest of KVM, by --monitor, tests/boot/guest/kvm_boot; behind it, in the same
// boot, every --program), xen (as Xen's dom0), domu (as the guest that Xen starts without a dom0,
// with a tree that says nothing of Xen [xen/docs/features/dom0less.pandoc]).
// With --load-exit the handoff has to be refused: `hyprelay load` ends with that, and nothing else
// is tried. Without it every kernel has to arrive, in the mode of the first one, its initrd intact.
// --expect looks at what the init printed, by handoff: "0.load.output.no_climb", "1.booted.mode".
#include "base/error_text.hpp"
#include "rehearse/guest_process.hpp"
#include "rehearse/judge.hpp"
#include "rehearse/protocol/words.hpp"
#include "tests/boot/expect.hpp"
#include "tests/boot/guest_ways.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace rehearse = hyprelay::rehearse;
using hyprelay::boot_test::Arguments;
using hyprelay::boot_test::check;
using hyprelay::boot_test::holds;
using hyprelay::boot_test::Inside;
using hyprelay::boot_test::Words;
using nlohmann::json;

// A guest that says nothing any more is stopped, and one that never ends: far above any honest run.
constexpr auto kPatience = std::chrono::seconds(200);

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    const std::string value = argv[i + 1];
    if (word == "--way") {
      arguments.way = value;
    } else if (word == "--cache") {
      arguments.cache = value;
    } else if (word == "--folder") {
      arguments.folder = value;
    } else if (word == "--monitor") {
      arguments.monitor = value;
    } else if (word == "--load-exit") {
      arguments.load_exit = std::stoi(value);
    } else if (word == "--program") {
      arguments.programs.push_back(value);
    } else if (word == "--expect") {
      arguments.expectations.push_back(value);
    } else if (word == "--says") {
      arguments.says.push_back(value);
    } else {
      std::cerr << "guest_test: unknown option " << word << "\n";
      std::exit(2);
    }
  }
  return arguments;
}

// What the inits said, by handoff and event.
json events_of(const std::string& line, json events) {
  if (!line.starts_with(rehearse::kMark)) {
    return events;
  }
  const json event = json::parse(line.substr(rehearse::kMark.size()), nullptr, false);
  if (event.is_object() && event.contains("event") && event.contains("hop")) {
    events[event["hop"].get<std::size_t>()][event["event"].get<std::string>()] = event;
  }
  return events;
}

// The lines of a guest whose console is Xen's: it shows them behind this, and a long one in pieces
// of that length [xen/arch/arm/vpl011.c vpl011_write_data_xen, SBSA_UART_OUT_BUF_SIZE - 2].
class XenConsole {
 public:
  // nullopt: the line goes on, or is Xen's own.
  std::optional<std::string> take(std::string line) {
    constexpr std::string_view kGuest = "(XEN) DOM1: ";
    constexpr std::size_t kPiece = 126;
    if (!line.starts_with(kGuest)) {
      return std::nullopt;
    }
    const std::string piece = line.substr(kGuest.size());
    text_ += piece;
    return piece.size() == kPiece ? std::nullopt : std::optional(std::exchange(text_, ""));
  }

 private:
  std::string text_;
};

struct Said {
  rehearse::Judge judge;
  json events = json::array();
  std::string console;
  int exit_code = 0;
};

// To the end of QEMU, or, where Xen stays on without any guest, to that of the init.
Said listen(const Words& command, bool domu) {
  Said said;
  auto started = rehearse::GuestProcess::start(command);
  if (!started) {
    return said;
  }
  rehearse::GuestProcess& process = started.value();
  XenConsole xen;
  using rehearse::Event;
  Event event = Event::kNone;
  std::string raw;
  using Wake = rehearse::GuestProcess::Wake;
  Wake wake = Wake::kLine;
  while ((wake = process.wait(raw, -1, kPatience)) == Wake::kLine) {
    // Xen's own end of a line is not the guest's.
    raw.erase(raw.size() - (raw.ends_with('\r') ? 1 : 0));
    std::optional<std::string> line = domu ? xen.take(raw) : std::optional(raw);
    if (!line) {
      continue;
    }
    line->erase(line->find_last_not_of('\r') + 1);
    said.console += *line + "\n";
    event = said.judge.feed(*line);
    said.events = events_of(*line, std::move(said.events));
    if (domu && (event == Event::kDone || event == Event::kFailed)) {
      process.kill();
      process.reap();
      return said;
    }
  }
  if (wake != Wake::kEnded) {
    process.kill();
  }
  said.exit_code = process.reap();
  return said;
}

bool judge_handoff(const Arguments& arguments, const Inside& inside, const Said& said) {
  const rehearse::Findings& findings = said.judge.findings();
  if (arguments.load_exit) {
    return check("load is refused with", std::to_string(*arguments.load_exit),
                 findings.failed_step == "load" && findings.failed_exit == *arguments.load_exit) &&
           check("kernels started", std::to_string(findings.kernels_started),
                 findings.kernels_started == 1);
  }
  const auto wrong = rehearse::verdict(findings, 1, inside.manifest_digest);
  return check("the handoff arrives", wrong ? hyprelay::base::describe(*wrong) : "", !wrong);
}

// Each has ended as it does when all of its tests have passed; QEMU's exit status is 1 otherwise.
bool judge_programs(const Arguments& arguments, const Said& said) {
  bool good = true;
  for (std::size_t i = 1; i <= arguments.programs.size(); ++i) {
    const std::string end = "kvm_boot: guest " + std::to_string(i) + " has powered off";
    good = check("console says", end, said.console.find(end) != std::string::npos) && good;
  }
  return good;
}

// For the table of conventions (tests/target/harness/tap.hpp, note_row).
void write_rows(const std::string& console, const char* path) {
  std::ofstream file(path, std::ios::binary);
  std::istringstream lines(console);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# row:")) {
      file << line << "\n";
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  std::filesystem::create_directories(arguments.folder);
  const auto inside = make_inside(arguments);
  const auto command = inside ? command_of(arguments, *inside) : std::nullopt;
  if (!check("the guest's files are written", arguments.folder, command.has_value())) {
    return 1;
  }
  const Said said = listen(*command, arguments.way == "domu");
  bool good = check("QEMU's exit status", std::to_string(said.exit_code), said.exit_code == 0);
  good = judge_handoff(arguments, *inside, said) && good;
  good = judge_programs(arguments, said) && good;
  for (const std::string& expectation : arguments.expectations) {
    good = check("init says", expectation, holds(said.events, expectation)) && good;
  }
  for (const std::string& text : arguments.says) {
    good = check("console says", text, said.console.find(text) != std::string::npos) && good;
  }
  const char* const rows = std::getenv("HR_ROWS");
  if (good && rows != nullptr) {
    write_rows(said.console, rows);
  }
  if (!good) {
    std::cout << "--- console\n" << said.console;
  }
  std::filesystem::remove_all(arguments.folder);
  return good ? 0 : 1;
}
