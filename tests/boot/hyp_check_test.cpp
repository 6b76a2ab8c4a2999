// SPDX-License-Identifier: BSD-2-Clause
// Boots hyp-check in one of the ways in which a board may, and compares its report with a golden
// one. Below residents: climb_test.
//
//   hyp_check_test --way WAY --arch arm|arm64 --program FILE --golden FILE [--append TEXT]
//                  [--stage FILE] [--machine OPTIONS] [--cpu NAME]
//                  [--hyprelay PROGRAM --cache DIR --transcript FILE]
//
// WAY: qemu (its -kernel), u-boot (--stage: u-boot.bin), xen (--stage: Xen; as dom0), linux
// (--stage: a kernel, whose hyprelay load and exec start it).
#include "rehearse/guest/files.hpp"
#include "rehearse/guest/process.hpp"
#include "rehearse/guest_process.hpp"
#include "tests/boot/expect.hpp"
#include "tests/boot/tap.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

namespace rehearse = hyprelay::rehearse;
namespace guest = hyprelay::rehearse::guest;

using Words = std::vector<std::string>;
using Arguments = std::map<std::string, std::string>;

// Far above any honest run of a minute at most.
constexpr const char* kPatienceSeconds = "120";
constexpr auto kPatience = std::chrono::seconds(60);

Arguments parse(int argc, char** argv) {
  Arguments arguments = {{"machine", "virtualization=on"}};
  for (int i = 1; i + 1 < argc; i += 2) {
    arguments[std::string(argv[i]).substr(2)] = argv[i + 1];
  }
  return arguments;
}

bool is_arm(const Arguments& arguments) {
  return arguments.at("arch") == "arm";
}

Words machine(const Arguments& arguments) {
  const bool arm = is_arm(arguments);
  const auto cpu = arguments.find("cpu");
  return {"/usr/bin/timeout",
          "--kill-after=5",
          kPatienceSeconds,
          arm ? "qemu-system-arm" : "qemu-system-aarch64",
          "-machine",
          "virt," + arguments.at("machine") + (arm ? "" : ",gic-version=3"),
          "-cpu",
          cpu != arguments.end() ? cpu->second
          : arm                  ? "cortex-a15"
                                 : "cortex-a57",
          "-m",
          "1G",
          "-nodefaults",
          "-no-user-config",
          "-display",
          "none",
          "-no-reboot",
          "-chardev",
          "stdio,id=console,signal=off",
          "-serial",
          "chardev:console"};
}

Words plus(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// The guest ends itself: QEMU's exit status is 0.
std::string console_of(const Words& command) {
  const guest::Outcome outcome = guest::run_captured(command);
  if (outcome.exit_code != 0) {
    std::cout << "QEMU ended with " << outcome.exit_code << "\n" << outcome.errors;
  }
  return outcome.output;
}

std::string by_qemu(const Arguments& arguments) {
  return console_of(plus(machine(arguments),
                         {"-kernel", arguments.at("program"), "-append", arguments.at("append")}));
}

// As dom0, which Xen starts below itself, with a tree of its own that says so.
std::string by_xen(const Arguments& arguments) {
  return console_of(plus(
      machine(arguments),
      {"-kernel", arguments.at("stage"), "-append",
       "dom0_mem=128M dom0_max_vcpus=1 console=dtuart dtuart=/pl011@9000000 noreboot", "-device",
       "guest-loader,addr=0x49000000,kernel=" + arguments.at("program") +
           ",bootargs=" + arguments.at("append")}));
}

// Typed on the console as soon as U-Boot has one; QEMU puts the tree at the start of memory.
std::string by_u_boot(const Arguments& arguments) {
  auto started = rehearse::GuestProcess::start(plus(
      machine(arguments), {"-bios", arguments.at("stage"), "-device",
                           "loader,addr=0x42000000,force-raw=on,file=" + arguments.at("program")}));
  if (!started) {
    return "";
  }
  rehearse::GuestProcess& process = started.value();
  std::string console;
  std::string line;
  using Wake = rehearse::GuestProcess::Wake;
  for (Wake wake = process.wait(line, -1, kPatience); wake == Wake::kLine;
       wake = process.wait(line, -1, kPatience)) {
    console += line + "\n";
    if (line.starts_with("Net:")) {
      // The first key stops the autoboot.
      process.type("");
      process.type("setenv bootargs " + arguments.at("append"));
      process.type(std::string(is_arm(arguments) ? "bootz" : "booti") + " 0x42000000 - 0x40000000");
    }
  }
  process.kill();
  process.reap();
  return console;
}

// The rehearsal misses its second kernel, of course, but it keeps what was printed.
std::string by_linux(const Arguments& arguments) {
  const std::string& transcript = arguments.at("transcript");
  const guest::Outcome outcome = guest::run_captured(
      {arguments.at("hyprelay"), "rehearse", "--arch", arguments.at("arch"), "--from",
       hyprelay::boot_test::kernel_path(arguments.at("cache"), arguments.at("stage")), "--to",
       arguments.at("program"), "--append", arguments.at("append"), "--cpus", "1", "--transcript",
       transcript});
  const auto console = guest::read_file(transcript);
  return console ? *console : outcome.output + outcome.errors;
}

std::string run(const Arguments& arguments) {
  const std::string& way = arguments.at("way");
  return way == "xen"      ? by_xen(arguments)
         : way == "u-boot" ? by_u_boot(arguments)
         : way == "linux"  ? by_linux(arguments)
                           : by_qemu(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  const std::string console = run(arguments);
  const bool good = hyprelay::boot_test::is_golden(console, arguments.at("golden"));
  if (!good) {
    std::cout << "--- console\n" << console;
  }
  return good ? 0 : 1;
}
