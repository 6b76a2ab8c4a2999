// SPDX-License-Identifier: BSD-2-Clause
// Puts a bundle behind a resident in QEMU and judges what comes out of it.
//
//   climb_test --arch arm|arm64 --resident ELF (--witness FILE | --kernel @armmp) --hyprelay
//   PROGRAM
//              --cache DIR --folder DIR [--cpu NAME] [--exit N] [--says TEXT]... [--never TEXT]...
//              [--expect PATH=JSON]... -- BUNDLE-OPTIONS...
//
// With --witness the kernel is tests/target/residents/witness and QEMU's exit status is judged.
// With
// --kernel it is Debian's, with the rehearsal's init; --expect looks at the objects that the init
// prints, merged into one: {"booted": {...}, "initrd": {...}, "status": {...}}.
#include "abi/hr_abi.h"
#include "rehearse/guest/files.hpp"
#include "rehearse/guest/process.hpp"
#include "rehearse/initramfs.hpp"
#include "rehearse/programs.hpp"
#include "rehearse/protocol.hpp"
#include "rehearse/qemu.hpp"
#include "tests/boot/expect.hpp"
#include "tests/target/residents/layout.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

namespace rehearse = hyprelay::rehearse;
namespace guest = hyprelay::rehearse::guest;
using hyprelay::boot_test::check;
using nlohmann::json;

// A guest that says nothing any more is stopped: far above any honest run.
constexpr const char* kPatienceSeconds = "120";

struct Arguments {
  bool arm = true;
  int exit_code = 0;
  std::string cpu;
  std::string resident;
  std::string witness;
  std::string kernel;
  std::string hyprelay;
  std::string cache;
  std::string folder;
  std::vector<std::string> says;
  std::vector<std::string> never;
  std::vector<std::string> expectations;
  std::vector<std::string> bundle;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i + 1 < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") {
      arguments.bundle.assign(argv + i + 1, argv + argc);
      break;
    }
    const std::string value = argv[++i];
    if (word == "--arch") {
      arguments.arm = value == "arm";
    } else if (word == "--cpu") {
      arguments.cpu = value;
    } else if (word == "--exit") {
      arguments.exit_code = std::atoi(value.c_str());
    } else if (word == "--resident") {
      arguments.resident = value;
    } else if (word == "--witness") {
      arguments.witness = value;
    } else if (word == "--kernel") {
      arguments.kernel = value;
    } else if (word == "--hyprelay") {
      arguments.hyprelay = value;
    } else if (word == "--cache") {
      arguments.cache = value;
    } else if (word == "--folder") {
      arguments.folder = value;
    } else if (word == "--says") {
      arguments.says.push_back(value);
    } else if (word == "--never") {
      arguments.never.push_back(value);
    } else if (word == "--expect") {
      arguments.expectations.push_back(value);
    } else {
      std::cerr << "climb_test: unknown option " << word << "\n";
      std::exit(2);
    }
  }
  return arguments;
}

std::vector<std::string> machine(const Arguments& arguments, const std::string& more) {
  const std::string cpu = !arguments.cpu.empty() ? arguments.cpu
                          : arguments.arm        ? "cortex-a15"
                                                 : "cortex-a57";
  std::vector<std::string> command = {"/usr/bin/timeout", "--kill-after=5", kPatienceSeconds};
  command.insert(
      command.end(),
      {arguments.arm ? "qemu-system-arm" : "qemu-system-aarch64", "-machine",
       (arguments.arm ? "virt,virtualization=on" : "virt,virtualization=on,gic-version=3") + more,
       "-cpu", cpu, "-m", "1G", "-nodefaults", "-no-user-config", "-display", "none"});
  return command;
}

struct Loaded {
  bool good = false;
  std::uint64_t entry = 0;
  std::vector<std::string> qemu_words;
};

// QEMU's own tree, the rehearsal's initrd if a real kernel is to boot, and hyprelay bundle.
Loaded make_bundle(const Arguments& arguments) {
  const std::string tree = arguments.folder + "/machine.dtb";
  const std::string output = arguments.folder + "/bundle";
  guest::run_captured(machine(arguments, ",dumpdtb=" + tree));
  const bool real = !arguments.kernel.empty();
  std::vector<std::string> command = {
      arguments.hyprelay,
      "bundle",
      real ? hyprelay::boot_test::kernel_path(arguments.cache, arguments.kernel.substr(1))
           : arguments.witness,
      "--dtb",
      tree,
      "--output",
      output,
      "--reserve",
      std::to_string(HR_RESIDENT_PROGRAM) + "," +
          std::to_string(HR_RESIDENT_NEXT + 0x1000 - HR_RESIDENT_PROGRAM)};
  if (real) {
    rehearse::Options options;
    options.arch = arguments.arm ? hyprelay::handoff::Arch::kArm : hyprelay::handoff::Arch::kArm64;
    options.hops = 0;
    options.payload_mib = 4;
    const std::string initrd = arguments.folder + "/initrd";
    const std::string line = rehearse::guest_command_line(options);
    const auto programs = rehearse::find_programs(options.arch);
    if (!programs || !rehearse::write_initramfs({options, programs.value(), line, false}, initrd)) {
      std::cout << "the initrd cannot be written, or the guest's programs are missing\n";
      return {};
    }
    command.insert(command.end(), {"--initrd", initrd, "--append", line});
  }
  command.insert(command.end(), arguments.bundle.begin(), arguments.bundle.end());
  const guest::Outcome outcome = guest::run_captured(command);
  Loaded loaded;
  const json manifest =
      json::parse(guest::read_file(output + "/manifest.json").value_or(""), nullptr, false);
  if (outcome.exit_code != 0 || !manifest.is_object()) {
    std::cout << outcome.output << outcome.errors;
    return loaded;
  }
  loaded.good = true;
  loaded.entry = manifest["entry"].get<std::uint64_t>();
  std::ifstream words(output + "/qemu.txt");
  for (std::string word; std::getline(words, word);) {
    loaded.qemu_words.push_back(word);
  }
  return loaded;
}

guest::Outcome run_guest(const Arguments& arguments, const Loaded& loaded) {
  std::vector<std::string> command = machine(arguments, "");
  command.insert(
      command.end(),
      {"-no-reboot", "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
       "-semihosting-config", "enable=on,target=native", "-kernel", arguments.resident, "-device",
       "loader,addr=" + std::to_string(HR_RESIDENT_NEXT) + ",data=" + std::to_string(loaded.entry) +
           ",data-len=4"});
  command.insert(command.end(), loaded.qemu_words.begin(), loaded.qemu_words.end());
  return guest::run_captured(command);
}

// What the init in the real kernel printed, by the name of the event.
json events_of(const std::string& console) {
  json events = json::object();
  for (std::size_t at = 0; (at = console.find(rehearse::kMark, at)) != std::string::npos;) {
    at += rehearse::kMark.size();
    const json event = json::parse(console.substr(at, console.find('\n', at) - at), nullptr, false);
    if (event.is_object() && event.contains("event")) {
      events[event["event"].get<std::string>()] = event;
    }
  }
  return events;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  std::filesystem::create_directories(arguments.folder);
  const Loaded loaded = make_bundle(arguments);
  if (!check("the bundle is written", arguments.folder, loaded.good)) {
    return 1;
  }
  const guest::Outcome outcome = run_guest(arguments, loaded);
  bool good = check("QEMU's exit status", std::to_string(outcome.exit_code),
                    outcome.exit_code == arguments.exit_code);
  for (const std::string& text : arguments.says) {
    good = check("console says", text, outcome.output.find(text) != std::string::npos) && good;
  }
  for (const std::string& text : arguments.never) {
    good =
        check("console never says", text, outcome.output.find(text) == std::string::npos) && good;
  }
  const json events = events_of(outcome.output);
  for (const std::string& expectation : arguments.expectations) {
    good = check("init says", expectation, hyprelay::boot_test::holds(events, expectation)) && good;
  }
  if (!good) {
    std::cout << "--- console\n" << outcome.output << "--- stderr\n" << outcome.errors;
  }
  std::filesystem::remove_all(arguments.folder);
  return good ? 0 : 1;
}
