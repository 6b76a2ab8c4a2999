// SPDX-License-Identifier: BSD-2-Clause
// Boots hyp-check in one of the ways in which a board may, and compares its report with a golden
// one. Below residents: climb_test.
//
//   hyp_check_test --way WAY --arch arm|arm64 --program FILE --golden FILE [--append TEXT]
//                  [--stage FILE] [--machine OPTIONS] [--cache DIR] [--serial N]
//                  [--hyprelay PROGRAM --transcript FILE] [--says TEXT]
//
// WAY: qemu (its -kernel), u-boot (--stage: u-boot.bin), xen (--stage: Xen; as dom0), board (a
// machine of QEMU's that is a real board; --stage: its tree in Debian's kernel package, --serial:
// the port that the tree names), linux (--stage: a kernel, whose hyprelay load and exec start it).
// --says: what must be on the console besides, such as an address, which a golden report has none
// of.
#include "os/files.hpp"
#include "os/process.hpp"
#include "rehearse/guest_process.hpp"
#include "tests/boot/expect.hpp"
#include "tests/boot/tap.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

namespace rehearse = hyprelay::rehearse;
namespace os = hyprelay::os;

using Words = std::vector<std::string>;
using Arguments = std::map<std::string, std::string>;

// Far above any honest run.
constexpr const char* kPatienceSeconds = "120";
constexpr auto kPatience = std::chrono::seconds(60);

Arguments parse(int argc, char** argv) {
  Arguments arguments = {{"machine", "virtualization=on"}, {"serial", "0"}};
  for (int i = 1; i + 1 < argc; i += 2) {
    arguments[std::string(argv[i]).substr(2)] = argv[i + 1];
  }
  return arguments;
}

bool is_arm(const Arguments& arguments) {
  return arguments.at("arch") == "arm";
}

Words plus(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words machine(const Arguments& arguments) {
  Words words = {"/usr/bin/timeout", "--kill-after=5", kPatienceSeconds};
  words.emplace_back(is_arm(arguments) ? "qemu-system-arm" : "qemu-system-aarch64");
  return plus(words, {"-m", "1G", "-nodefaults", "-no-user-config", "-display", "none",
                      "-no-reboot", "-chardev", "stdio,id=console,signal=off"});
}

Words virt(const Arguments& arguments) {
  const bool arm = is_arm(arguments);
  return plus(machine(arguments),
              {"-machine", "virt," + arguments.at("machine") + (arm ? "" : ",gic-version=3"),
               "-cpu", arm ? "cortex-a15" : "cortex-a57", "-serial", "chardev:console"});
}

// The guest ends itself: QEMU's exit status is 0.
std::string console_of(const Words& command) {
  const os::Outcome outcome = os::run_captured(command);
  if (outcome.exit_code != 0) {
    std::cout << "QEMU ended with " << outcome.exit_code << "\n" << outcome.errors;
    return "";
  }
  return outcome.output;
}

// Line by line until the report is whole, for guests that cannot end by themselves or have to be
// talked to: `answer` gets each line.
template <class Answer>
std::string console_until_end(const Words& command, Answer answer) {
  auto started = rehearse::GuestProcess::start(command);
  if (!started) {
    return "";
  }
  rehearse::GuestProcess& process = started.value();
  std::string console;
  std::string line;
  using Wake = rehearse::GuestProcess::Wake;
  while (!line.starts_with("# end") && !line.starts_with("Bail out!") &&
         process.wait(line, -1, kPatience) == Wake::kLine) {
    console += line + "\n";
    answer(process, line);
  }
  process.kill();
  process.reap();
  return console;
}

std::string by_qemu(const Arguments& arguments) {
  return console_of(plus(virt(arguments),
                         {"-kernel", arguments.at("program"), "-append", arguments.at("append")}));
}

// As dom0, which Xen starts below itself, with a tree of its own that says so.
std::string by_xen(const Arguments& arguments) {
  const std::string line =
      "dom0_mem=128M dom0_max_vcpus=1 console=dtuart dtuart=/pl011@9000000 noreboot";
  return console_of(
      plus(virt(arguments), {"-kernel", arguments.at("stage"), "-append", line, "-device",
                             "guest-loader,addr=0x49000000,kernel=" + arguments.at("program") +
                                 ",bootargs=" + arguments.at("append")}));
}

// Typed on the console as soon as U-Boot has one; QEMU puts the tree at the start of memory.
std::string by_u_boot(const Arguments& arguments) {
  const Words command = plus(
      virt(arguments), {"-bios", arguments.at("stage"), "-device",
                        "loader,addr=0x42000000,force-raw=on,file=" + arguments.at("program")});
  return console_until_end(command, [&](rehearse::GuestProcess& process, const std::string& line) {
    if (line.starts_with("Net:")) {
      // The first key stops the autoboot.
      process.type("");
      process.type("setenv bootargs " + arguments.at("append"));
      process.type(std::string(is_arm(arguments) ? "bootz" : "booti") + " 0x42000000 - 0x40000000");
    }
  });
}

// The newest kernel package's tree of that name.
std::string tree_of(const Arguments& arguments) {
  const std::string packages =
      arguments.at("cache") + "/sysroot/" + (is_arm(arguments) ? "armhf" : "arm64") + "/usr/lib";
  std::string best;
  std::error_code error;
  for (const auto& folder : std::filesystem::directory_iterator(packages, error)) {
    const std::filesystem::path tree = folder.path() / arguments.at("stage");
    if (std::filesystem::exists(tree, error) && tree.string() > best) {
      best = tree.string();
    }
  }
  return best;
}

std::string by_board(const Arguments& arguments) {
  Words command = plus(machine(arguments),
                       {"-machine", arguments.at("machine"), "-kernel", arguments.at("program"),
                        "-dtb", tree_of(arguments), "-append", arguments.at("append")});
  for (int port = 0; port < std::stoi(arguments.at("serial")); ++port) {
    command = plus(command, {"-serial", "null"});
  }
  return console_until_end(plus(command, {"-serial", "chardev:console"}),
                           [](rehearse::GuestProcess&, const std::string&) {});
}

// The rehearsal misses its second kernel, of course, but it keeps what was printed.
std::string by_linux(const Arguments& arguments) {
  const std::string& transcript = arguments.at("transcript");
  const os::Outcome outcome = os::run_captured(
      {arguments.at("hyprelay"), "rehearse", "--arch", arguments.at("arch"), "--from",
       hyprelay::boot_test::kernel_path(arguments.at("cache"), arguments.at("stage")), "--to",
       arguments.at("program"), "--append", arguments.at("append"), "--cpus", "1", "--transcript",
       transcript});
  const auto console = os::read_file(transcript);
  return console ? *console : outcome.output + outcome.errors;
}

std::string run(const Arguments& arguments) {
  const std::string& way = arguments.at("way");
  return way == "xen"      ? by_xen(arguments)
         : way == "u-boot" ? by_u_boot(arguments)
         : way == "board"  ? by_board(arguments)
         : way == "linux"  ? by_linux(arguments)
                           : by_qemu(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  const std::string console = run(arguments);
  const auto says = arguments.find("says");
  const bool said = says == arguments.end() ||
                    hyprelay::boot_test::check("says", says->second,
                                               console.find(says->second) != std::string::npos);
  const bool good = hyprelay::boot_test::is_golden(console, arguments.at("golden")) && said;
  if (!good) {
    std::cout << "--- console\n" << console;
  }
  return good ? 0 : 1;
}
