// SPDX-License-Identifier: BSD-2-Clause
// Runs one rehearsal and judges it by its exit code, its JSON and the guest's console.
//
//   boot_test [--exit N] [--expect PATH=JSON]... [--expect PATH>N or <N]... [--says TEXT]...
//             [--says-after TEXT]... [--never TEXT]... [--initrd-file FILE] [--add FILE=NAME]...
//             [--disk-file FILE --disk-driver KERNEL] [--releases] --cache DIR --console FILE
//             -- COMMAND...
//
// A PATH is keys and indices joined by dots; "*" stands for every element of a list, of which there
// must be one at least. In COMMAND, @armmp, @armmp-lpae and @arm64 are Debian's kernels in the
// cache, @SUITE/armmp and @SUITE/arm64 those of another suite: where the mirror has one no longer,
// the handoffs go without it, and a test that is good for all that says why it was skipped (exit
// 77).
// --releases: each kernel is the one whose file was to be started, vmlinuz-RELEASE, or that of the
// release that stands in FILE.release (containers.sh).
// --says-after looks only behind the last handoff, so that another kernel cannot have said it.
// --initrd-file writes a small initrd first: an archive, or junk for a FILE that ends with .junk.
// --add FILE=NAME puts a file, or a folder with its files, into that archive.
// --dump-tools ARCH puts Debian's makedumpfile, readelf and busybox (armhf, arm64) and the
// libraries that they need into that archive.
// --disk-file makes an empty disk of 1 GiB with holes; --disk-driver puts that kernel's modules for
// it into the initrd.
#include "os/files.hpp"
#include "os/folders.hpp"
#include "os/process.hpp"
#include "rehearse/protocol/cpio.hpp"
#include "tests/boot/expect.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using hyprelay::boot_test::check;
using hyprelay::boot_test::holds;
using hyprelay::boot_test::kernel_path;
using hyprelay::boot_test::why_no_kernel;
using nlohmann::json;
namespace os = hyprelay::os;
using hyprelay::rehearse::CpioWriter;

struct Arguments {
  int exit_code = 0;
  bool releases = false;
  std::string cache;
  std::string console;
  std::string initrd_file;
  std::string dump_tools;
  std::string disk_file;
  std::string disk_driver;
  std::vector<std::string> added;
  std::vector<std::string> expectations;
  std::vector<std::string> says;
  std::vector<std::string> says_after;
  std::vector<std::string> never;
  std::vector<std::string> command;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  int i = 1;
  const auto value = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string(); };
  for (; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--exit") {
      arguments.exit_code = std::atoi(value().c_str());
    } else if (word == "--releases") {
      arguments.releases = true;
    } else if (word == "--cache") {
      arguments.cache = value();
    } else if (word == "--console") {
      arguments.console = value();
    } else if (word == "--initrd-file") {
      arguments.initrd_file = value();
    } else if (word == "--dump-tools") {
      arguments.dump_tools = value();
    } else if (word == "--disk-file") {
      arguments.disk_file = value();
    } else if (word == "--disk-driver") {
      arguments.disk_driver = value();
    } else if (word == "--add") {
      arguments.added.push_back(value());
    } else if (word == "--expect") {
      arguments.expectations.push_back(value());
    } else if (word == "--says") {
      arguments.says.push_back(value());
    } else if (word == "--says-after") {
      arguments.says_after.push_back(value());
    } else if (word == "--never") {
      arguments.never.push_back(value());
    } else if (word == "--") {
      arguments.command.assign(argv + i + 1, argv + argc);
      break;
    } else {
      std::cerr << "boot_test: unknown option " << word << "\n";
      std::exit(2);
    }
  }
  return arguments;
}

// The programs and what they are linked with, where the dynamic linker looks.
bool add_dump_tools(CpioWriter& archive, const std::string& cache, const std::string& arch) {
  const std::string root = cache + "/sysroot/" + arch;
  const bool arm = arch == "armhf";
  const std::string triplet = arm ? "arm-linux-gnueabihf" : "aarch64-linux-gnu";
  const std::string linker = arm ? "ld-linux-armhf.so.3" : "ld-linux-aarch64.so.1";
  // It keeps temporary files in /tmp.
  bool good = archive.add_folder("tmp") && archive.add_folder("lib") &&
              archive.add_folder("lib/" + triplet);
  const auto add = [&](const std::string& from, const std::string& to) {
    const auto content = os::read_file(root + from);
    good = good && content && archive.add_file(to, *content, 0755);
  };
  add("/bin/busybox", "busybox");
  add("/usr/bin/makedumpfile", "makedumpfile");
  add("/usr/bin/" + triplet + "-readelf", "readelf");
  add("/lib/" + triplet + "/" + linker, "lib/" + linker);
  for (const char* library : {"libc.so.6", "libz.so.1", "liblzma.so.5", "libbz2.so.1.0",
                              "liblzo2.so.2", "libgcc_s.so.1"}) {
    add("/lib/" + triplet + "/" + library, "lib/" + triplet + "/" + library);
  }
  for (const char* library :
       {"libctf-nobfd.so.0", "libdw.so.1", "libelf.so.1", "libsframe.so.0", "libzstd.so.1"}) {
    add("/usr/lib/" + triplet + "/" + library, "lib/" + triplet + "/" + library);
  }
  return good;
}

// Where the guest's init looks for them.
bool add_disk_driver(CpioWriter& archive, const std::string& cache, const std::string& flavour) {
  const std::filesystem::path kernel = kernel_path(cache, flavour);
  const std::string release = kernel.filename().string().substr(std::strlen("vmlinuz-"));
  const std::filesystem::path root = kernel.parent_path().parent_path();
  std::string folder;
  bool good = true;
  for (const char* part : {"lib", "modules", release.c_str(), "kernel", "drivers"}) {
    folder += (folder.empty() ? "" : "/") + std::string(part);
    good = good && archive.add_folder(folder);
  }
  const std::filesystem::path kernel_folder = std::filesystem::path(folder).parent_path();
  for (const char* part : {"drivers/virtio", "drivers/block", "fs", "fs/efivarfs"}) {
    good = good && archive.add_folder((kernel_folder / part).string());
  }
  for (const char* module :
       {"drivers/virtio/virtio_mmio.ko", "drivers/virtio/virtio_pci_legacy_dev.ko",
        "drivers/virtio/virtio_pci_modern_dev.ko", "drivers/virtio/virtio_pci.ko",
        "drivers/block/virtio_blk.ko", "fs/efivarfs/efivarfs.ko"}) {
    const std::string name = (kernel_folder / module).string();
    const auto content = os::read_file((root / name).string());
    good = good && content && archive.add_file(name, *content, 0644);
  }
  return good;
}

// "FILE=NAME": a file, or a folder with all files in it.
bool add_named(CpioWriter& archive, const std::string& named) {
  const std::size_t equals = named.find('=');
  const std::string from = named.substr(0, equals);
  const std::string name = named.substr(equals + 1);
  if (!std::filesystem::is_directory(from)) {
    const auto content = os::read_file(from);
    return content && archive.add_file(name, *content, 0755);
  }
  bool good = archive.add_folder(name);
  for (const std::string& file : os::list_files(from)) {
    const auto content = os::read_file(from + "/" + file);
    good = good && content && archive.add_file(name + "/" + file, *content, 0755);
  }
  return good;
}

bool make_disk(const std::string& path) {
  std::filesystem::remove(path);
  const os::FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  return file.valid() && ftruncate(file.get(), off_t{1} << 30) == 0;
}

bool write_initrd(const Arguments& arguments) {
  const std::string& path = arguments.initrd_file;
  const os::FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  if (path.ends_with(".junk")) {
    return os::write_all(file.get(), std::string(65536, '\x5a'));
  }
  CpioWriter archive(file.get());
  if (!arguments.dump_tools.empty() &&
      !add_dump_tools(archive, arguments.cache, arguments.dump_tools)) {
    return false;
  }
  if (!arguments.disk_driver.empty() &&
      !add_disk_driver(archive, arguments.cache, arguments.disk_driver)) {
    return false;
  }
  for (const std::string& named : arguments.added) {
    if (!add_named(archive, named)) {
      std::cerr << "boot_test: cannot add " << named << "\n";
      return false;
    }
  }
  return archive.add_folder("from-the-user") &&
         archive.add_file("from-the-user/file", "content", 0644) && archive.finish();
}

json last_line(const std::string& output) {
  const std::size_t end = output.find_last_not_of('\n');
  if (end == std::string::npos) {
    return nullptr;
  }
  const std::size_t newline = output.rfind('\n', end);
  const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
  return json::parse(output.substr(start, end + 1 - start), nullptr, false);
}

// Files for the names in the command. What is missing of another suite is left out, with a sentence
// why. False: a kernel is missing without which there is no test.
bool find_kernels(Arguments& arguments, std::vector<std::string>& missing) {
  std::vector<std::string> command;
  for (const std::string& word : arguments.command) {
    if (!word.starts_with('@')) {
      command.push_back(word);
      continue;
    }
    const std::string name = word.substr(1);
    const std::string path = kernel_path(arguments.cache, name);
    if (!path.empty()) {
      command.push_back(path);
    } else if (name.find('/') != std::string::npos) {
      missing.push_back(why_no_kernel(arguments.cache, name));
      command.pop_back();
    } else {
      std::cerr << "boot_test: " << why_no_kernel(arguments.cache, name) << "\n";
      return false;
    }
  }
  arguments.command = std::move(command);
  return true;
}

constexpr int kSkipped = 77;

int skipped(const std::vector<std::string>& missing) {
  for (const std::string& why : missing) {
    std::cout << "SKIPPED: " << why << "\n";
  }
  return kSkipped;
}

// Of the kernel in a file, by its name, or by what stands beside a container.
std::string release_in(const std::string& path) {
  const std::string told = os::read_file(path + ".release").value_or("");
  const std::string name = std::filesystem::path(path).filename().string();
  return told.empty() ? name.substr(name.find('-') + 1) : told.substr(0, told.find('\n'));
}

// The kernels that --to names come in turn.
bool are_as_asked(const std::vector<std::string>& command, const json& report) {
  std::string first;
  std::vector<std::string> next;
  for (std::size_t i = 0; i + 1 < command.size(); ++i) {
    if (command[i] == "--from") {
      first = release_in(command[i + 1]);
    } else if (command[i] == "--to") {
      next.push_back(release_in(command[i + 1]));
    }
  }
  const json kernels = report.value("kernels", json::array());
  bool good = check("releases: kernels", std::to_string(kernels.size()), kernels.size() > 1);
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const std::string& wanted = i == 0 ? first : next[(i - 1) % next.size()];
    good = check("release", wanted, wanted == kernels[i].value("release", "")) && good;
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments = parse(argc, argv);
  if (arguments.command.empty() || (!arguments.initrd_file.empty() && !write_initrd(arguments)) ||
      (!arguments.disk_file.empty() && !make_disk(arguments.disk_file))) {
    std::cerr << "boot_test: no command, or no initrd or disk could be made\n";
    return 2;
  }
  std::vector<std::string> missing;
  if (!find_kernels(arguments, missing)) {
    return 2;
  }
  const auto has = [&](const char* word) {
    return std::ranges::find(arguments.command, word) != arguments.command.end();
  };
  if (!missing.empty() && !(has("--from") && has("--to"))) {
    return skipped(missing);
  }
  arguments.command.insert(arguments.command.begin() + 2,
                           {"--json", "--transcript", arguments.console});
  std::filesystem::remove(arguments.console);
  const os::Outcome outcome = os::run_captured(arguments.command);
  const json report = last_line(outcome.output);
  const std::string console = os::read_file(arguments.console).value_or("");

  bool good = check("exit code", std::to_string(outcome.exit_code),
                    outcome.exit_code == arguments.exit_code);
  good = check("the last line is an object", "", report.is_object()) && good;
  for (const std::string& expectation : arguments.expectations) {
    good = check("report", expectation, holds(report, expectation)) && good;
  }
  if (arguments.releases) {
    good = are_as_asked(arguments.command, report) && good;
  }
  for (const std::string& text : arguments.says) {
    good = check("console says", text, console.find(text) != std::string::npos) && good;
  }
  const std::string_view last = hyprelay::boot_test::behind_last_handoff(console);
  for (const std::string& text : arguments.says_after) {
    good = check("last kernel says", text, last.find(text) != std::string_view::npos) && good;
  }
  for (const std::string& text : arguments.never) {
    good = check("console never says", text, console.find(text) == std::string::npos) && good;
  }
  if (report.is_object() && report.contains("seconds")) {
    std::cout << "seconds " << report["seconds"] << "\n";
  }
  if (!good) {
    std::cout << "--- report\n"
              << report.dump(1) << "\n--- stderr\n"
              << outcome.errors << "--- console: " << arguments.console << "\n";
  }
  if (good && !missing.empty()) {
    return skipped(missing);
  }
  return good ? 0 : 1;
}
