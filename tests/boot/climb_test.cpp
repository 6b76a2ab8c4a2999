// SPDX-License-Identifier: BSD-2-Clause
// Puts a bundle behind a resident in QEMU and judges what comes out of it.
//
//   climb_test --arch arm|arm64 --resident ELF (--witness FILE | --kernel @armmp) --hyprelay
//   PROGRAM
//              --cache DIR --folder DIR [--cpu NAME] [--exit N] [--says TEXT]... [--never TEXT]...
//              [--expect PATH=JSON]... [--tap GOLDEN] [--panic] -- BUNDLE-OPTIONS...
//
// With --witness the kernel is tests/target/residents/witness and QEMU's exit status is judged, or
// it is hyp-check, whose report is to be the golden one. With --kernel it is Debian's, with the
// rehearsal's init; --expect looks at the objects that the init prints, merged into one: {"booted":
// {...}, "initrd": {...}, "status": {...}}.
// With --panic that kernel stays below, loads itself as its crash kernel with BUNDLE-OPTIONS, and
// panics: it is the crash kernel's relay that climbs.
#include "abi/hr_abi.h"
#include "fdt/tree.hpp"
#include "os/files.hpp"
#include "os/process.hpp"
#include "rehearse/initramfs.hpp"
#include "rehearse/programs.hpp"
#include "rehearse/protocol/words.hpp"
#include "rehearse/qemu.hpp"
#include "tests/boot/chain.hpp"
#include "tests/boot/expect.hpp"
#include "tests/boot/tap.hpp"
#include "tests/target/residents/layout.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>

namespace {

namespace rehearse = hyprelay::rehearse;
namespace os = hyprelay::os;
using hyprelay::boot_test::check;
using nlohmann::json;

// A guest that says nothing any more is stopped: far above any honest run.
constexpr const char* kPatienceSeconds = "120";
constexpr const char* kPanicPatienceSeconds = "400";

struct Arguments {
  bool arm = true;
  int exit_code = 0;
  std::string cpu;
  std::string cpus = "1";
  std::string resident;
  // Instead of it --left-by @armmp --below FILE: the stub that a real kernel has left in memory.
  // That kernel is booted, and hyprelay hands off there to tests/target/residents/below with the
  // bundle behind it. What several kernels say, the last one says.
  std::string left_by;
  std::string below;
  std::string witness;
  std::string kernel;
  std::string hyprelay;
  std::string cache;
  std::string folder;
  std::string tap;
  bool panic = false;
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
    if (word == "--panic") {
      arguments.panic = true;
      continue;
    }
    const std::string value = argv[++i];
    if (word == "--arch") {
      arguments.arm = value == "arm";
    } else if (word == "--cpu") {
      arguments.cpu = value;
    } else if (word == "--cpus") {
      arguments.cpus = value;
    } else if (word == "--left-by") {
      arguments.left_by = value;
    } else if (word == "--below") {
      arguments.below = value;
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
    } else if (word == "--tap") {
      arguments.tap = value;
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

std::string kernel_file(const Arguments& arguments, const std::string& flavour) {
  return hyprelay::boot_test::kernel_path(arguments.cache, flavour.substr(1));
}

rehearse::Options options_of(const Arguments& arguments) {
  rehearse::Options options;
  options.arch = arguments.arm ? hyprelay::handoff::Arch::kArm : hyprelay::handoff::Arch::kArm64;
  options.hops = 0;
  options.payload_mib = 4;
  options.cpus = static_cast<std::uint32_t>(std::stoul(arguments.cpus));
  options.cpu = arguments.cpu;
  if (arguments.panic) {
    options.panic = true;
    options.hops = 1;
    options.to = {kernel_file(arguments, arguments.kernel)};
    options.load_args = arguments.bundle;
    options.load_args.emplace_back("--verbose-relay");
  }
  return options;
}

std::string command_line(const Arguments& arguments, const rehearse::Options& options) {
  const std::string line = rehearse::guest_command_line(options);
  if (!arguments.panic) {
    return line;
  }
  return line + (arguments.arm ? " crashkernel=256M " : " crashkernel=448M ") +
         std::string(rehearse::kHopParameter) + "0";
}

// The rehearsal's own initrd.
bool write_initrd(const rehearse::Options& options, const std::string& path) {
  const auto programs = rehearse::find_programs(options.arch);
  const std::string line = rehearse::guest_command_line(options);
  if (!programs || !rehearse::write_initramfs({options, programs.value(), line, false}, path)) {
    std::cout << "the initrd cannot be written, or the guest's programs are missing\n";
    return false;
  }
  return true;
}

std::vector<std::string> machine(const Arguments& arguments, const std::string& more) {
  const std::string cpu = !arguments.cpu.empty() ? arguments.cpu
                          : arguments.arm        ? "cortex-a15"
                                                 : "cortex-a57";
  std::string options =
      arguments.arm ? "virt,virtualization=on" : "virt,virtualization=on,gic-version=3";
  if (arguments.panic) {
    // The residents give nobody below the system registers of a GICv3.
    options += ",gic-version=2";
  }
  std::vector<std::string> command = {"/usr/bin/timeout", "--kill-after=5",
                                      arguments.panic ? kPanicPatienceSeconds : kPatienceSeconds};
  command.insert(command.end(), {arguments.arm ? "qemu-system-arm" : "qemu-system-aarch64",
                                 "-machine", options + more, "-cpu", cpu, "-smp", arguments.cpus,
                                 "-m", "1G", "-nodefaults", "-no-user-config", "-display", "none"});
  return command;
}

struct Loaded {
  bool good = false;
  json manifest;
  std::uint64_t entry = 0;
  std::vector<std::string> qemu_words;
};

std::string range(std::uint64_t start, std::uint64_t size_bytes) {
  return std::to_string(start) + "," + std::to_string(size_bytes);
}

// What the bundle must not lie over.
std::vector<std::string> reserved_words(const Arguments& arguments) {
  if (arguments.left_by.empty()) {
    return {"--reserve",
            range(HR_RESIDENT_PROGRAM, HR_RESIDENT_NEXT + 0x1000 - HR_RESIDENT_PROGRAM)};
  }
  std::vector<std::string> words = {"--reserve", range(HR_BELOW_STAGE, HR_BELOW_STAGE_SIZE)};
  if (!arguments.arm) {
    // The kernel before, whose stub is somewhere in it. (A zImage is loaded far above.)
    words.insert(words.end(), {"--reserve", range(0x40000000, 0x4000000)});
  }
  return words;
}

// The kernel that runs below the resident must leave it its memory, as the kernel whose own it is
// would.
bool reserve_resident(const std::string& path) {
  const std::string bytes = os::read_file(path).value_or("");
  auto tree = hyprelay::fdt::Tree::from_bytes(std::as_bytes(std::span(bytes)), path);
  const auto range =
      hyprelay::base::PhysRange::from_size(hyprelay::base::PhysAddr(HR_RESIDENT_PROGRAM),
                                           HR_RESIDENT_NEXT + 0x1000 - HR_RESIDENT_PROGRAM);
  if (!tree || !range || !tree.value().add_memory_reservation(range.value())) {
    return false;
  }
  const std::vector<std::byte> packed = tree.value().packed();
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file.write(reinterpret_cast<const char*>(packed.data()),
                                      static_cast<std::streamsize>(packed.size())));
}

// QEMU's own tree, the rehearsal's initrd if a real kernel is to boot, and hyprelay bundle.
Loaded make_bundle(const Arguments& arguments) {
  const std::string tree = arguments.folder + "/machine.dtb";
  const std::string output = arguments.folder + "/bundle";
  os::run_captured(machine(arguments, ",dumpdtb=" + tree));
  if (arguments.panic && !reserve_resident(tree)) {
    std::cout << "the resident cannot be reserved in the tree\n";
    return {};
  }
  const bool real = !arguments.kernel.empty();
  std::vector<std::string> command = {
      arguments.hyprelay,
      "bundle",
      "--verbose-relay",
      real ? kernel_file(arguments, arguments.kernel) : arguments.witness,
      "--dtb",
      tree,
      "--output",
      output};
  const std::vector<std::string> reserved = reserved_words(arguments);
  command.insert(command.end(), reserved.begin(), reserved.end());
  if (real) {
    const rehearse::Options options = options_of(arguments);
    const std::string initrd = arguments.folder + "/initrd";
    if (!write_initrd(options, initrd)) {
      return {};
    }
    command.insert(command.end(),
                   {"--initrd", initrd, "--append", command_line(arguments, options)});
  }
  if (!arguments.panic) {
    command.insert(command.end(), arguments.bundle.begin(), arguments.bundle.end());
  }
  const os::Outcome outcome = os::run_captured(command);
  Loaded loaded;
  const json manifest =
      json::parse(os::read_file(output + "/manifest.json").value_or(""), nullptr, false);
  if (outcome.exit_code != 0 || !manifest.is_object()) {
    std::cout << outcome.output << outcome.errors;
    return loaded;
  }
  loaded.good = true;
  loaded.manifest = manifest;
  loaded.entry = manifest["entry"].get<std::uint64_t>();
  std::ifstream words(output + "/qemu.txt");
  for (std::string word; std::getline(words, word);) {
    loaded.qemu_words.push_back(word);
  }
  return loaded;
}

os::Outcome run_guest(const Arguments& arguments, const Loaded& loaded) {
  std::vector<std::string> command = machine(arguments, "");
  command.insert(
      command.end(),
      {"-no-reboot", "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
       "-semihosting-config", "enable=on,target=native", "-kernel", arguments.resident, "-device",
       "loader,addr=" + std::to_string(HR_RESIDENT_NEXT) + ",data=" + std::to_string(loaded.entry) +
           ",data-len=4"});
  command.insert(command.end(), loaded.qemu_words.begin(), loaded.qemu_words.end());
  return os::run_captured(command);
}

// The real kernel whose stub is to be climbed through: the rehearsal's init hands off once, to the
// bundle behind tests/target/residents/below.
os::Outcome run_left_by(const Arguments& arguments, const Loaded& loaded) {
  const std::string chain = arguments.folder + "/chain";
  const std::string initramfs = arguments.folder + "/initramfs";
  rehearse::Options options = options_of(arguments);
  options.from = kernel_file(arguments, arguments.left_by);
  options.to = {chain};
  options.hops = 1;
  options.tell_vectors = true;
  options.qemu_args = {"-semihosting-config", "enable=on,target=native"};
  os::Outcome outcome;
  outcome.exit_code = 1;
  if (!hyprelay::boot_test::write_chain(arguments.arm, arguments.below,
                                        arguments.folder + "/bundle", loaded.manifest, chain) ||
      !write_initrd(options, initramfs)) {
    std::cout << "the image with the bundle cannot be written\n";
    return outcome;
  }
  std::vector<std::string> command = {"/usr/bin/timeout", "--kill-after=5", kPatienceSeconds};
  const std::string line =
      rehearse::guest_command_line(options) + " " + std::string(rehearse::kHopParameter) + "0";
  for (const std::string& word : rehearse::qemu_command(options, {initramfs, ""}, line)) {
    command.push_back(word);
  }
  return os::run_captured(command);
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
  const os::Outcome outcome =
      arguments.left_by.empty() ? run_guest(arguments, loaded) : run_left_by(arguments, loaded);
  bool good = check("QEMU's exit status", std::to_string(outcome.exit_code),
                    outcome.exit_code == arguments.exit_code);
  for (const std::string& text : arguments.says) {
    good = check("console says", text, outcome.output.find(text) != std::string::npos) && good;
  }
  for (const std::string& text : arguments.never) {
    good =
        check("console never says", text, outcome.output.find(text) == std::string::npos) && good;
  }
  if (!arguments.tap.empty()) {
    good = hyprelay::boot_test::is_golden(outcome.output, arguments.tap) && good;
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
