// SPDX-License-Identifier: BSD-2-Clause
#include "cli/checks.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "capture/linux/capture.hpp"
#include "capture/linux/makedumpfile.hpp"
#include "cli/crashkernel_command.hpp"
#include "cli/inputs.hpp"
#include "cli/watchdogs.hpp"
#include "handoff/command_line.hpp"
#include "handoff/linux/kexec.hpp"
#include "handoff/linux/line_place.hpp"
#include "handoff/warnings.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;

constexpr const char* kService = "hyprelay-kdump.service";
constexpr const char* kMaker = "/usr/lib/hyprelay/capture-initrd";

Check good(std::string_view name, std::string found) {
  return {name, Verdict::kOk, std::move(found), "", {}};
}
Check note(std::string_view name, std::string found, std::string remedy) {
  return {name, Verdict::kNote, std::move(found), std::move(remedy), {}};
}
// An empty remedy: that of the error's row.
Check bad(std::string_view name, const Error& error, std::string remedy = "") {
  const base::ErrorRow& row = base::row_of(error.code());
  std::string found(error.subject());
  found.append(found.empty() ? "" : ": ").append(row.sentence);
  return {name, Verdict::kNotOk, std::move(found),
          remedy.empty() ? std::string(row.remedy) : std::move(remedy), error};
}

// Empty: there is no such file.
std::string text_of_file(const std::string& path) {
  const auto text = os::read_fact_text(path);
  return text ? text.value() : std::string();
}

struct Said {
  std::string text;
  // -1: it could not be started.
  int exit_code = -1;
};
Said run(const std::vector<std::string>& words) {
  auto process = os::Process::start(
      words, {.input = os::Launch::Input::kNone, .output = os::Launch::Output::kPipe});
  if (!process) {
    return {};
  }
  std::string text = process->read_rest();
  return {std::move(text), process->wait()};
}

Check check_configuration(const Configuration& configuration) {
  if (!configuration.complaints.empty()) {
    return bad("configuration", configuration.complaints.front());
  }
  const bool there = ::access(configuration.path.c_str(), F_OK) == 0;
  return good("configuration", configuration.path + (there ? "" : ", which is not there"));
}

Check check_kernel(const Request& request) {
  const auto file = os::InputFile::open(request.kernel, os::kKernelFile);
  return file ? good("kernel", request.kernel)
              : bad("kernel", file.error(), "set panic_kernel, or reinstall the running kernel");
}

// What an initrd lists, which takes seconds: initramfs-tools and dracut have a program for it each.
// nullopt: neither is there.
std::optional<std::string> list_initrd(const std::string& path) {
  for (const char* name : {"lsinitramfs", "lsinitrd"}) {
    const std::string program = os::find_program(name);
    if (program.empty()) {
      continue;
    }
    Said said = run({program, path});
    if (said.exit_code == 0 && !said.text.empty()) {
      return std::move(said.text);
    }
  }
  return std::nullopt;
}

Check check_initrd(const Request& request, const std::optional<std::string>& list) {
  if (!request.initrd) {
    return bad("initrd", Error(Code::FILE_MISSING, Stage::kFile, "panic_initrd"));
  }
  const auto file = os::InputFile::open(*request.initrd, os::kInitrdFile);
  if (!file) {
    return bad("initrd", file.error(), std::string("run ") + kMaker);
  }
  const std::string found = *request.initrd + ", " + base::size_text(file.value().size_bytes());
  if (!list) {
    return note("initrd", found + ", which cannot be looked into",
                "install initramfs-tools or dracut, or look for hyprelay in it yourself");
  }
  if (list->find("sbin/hyprelay") == std::string::npos) {
    return bad("initrd",
               Error(Code::FILE_MISSING, Stage::kFile, *request.initrd + ": sbin/hyprelay"),
               std::string("run ") + kMaker + ", or put hyprelay into an initrd of your own");
  }
  const bool dumper = list->find("bin/makedumpfile") != std::string::npos;
  if (!dumper && !capture::find_makedumpfile().empty()) {
    return note("initrd", found + ", without makedumpfile", std::string("run ") + kMaker);
  }
  return good("initrd", found + (dumper ? ", with makedumpfile" : ", without makedumpfile"));
}

// The last panic= counts [linux/Documentation/admin-guide/kernel-parameters.txt panic].
bool resets_after_panic(std::string_view command_line) {
  return handoff::value_in(command_line, "panic").value_or("0") != "0";
}

// What to boot with when nothing can be planned as it is.
std::string estimate(const Request& request) {
  const auto size = estimate_size(request);
  return size ? handoff::crashkernel_parameter(size.value().recommended_bytes) : "crashkernel=SIZE";
}

// With the file of this machine, unless the facts are another's.
std::string boot_with(const Request& request, const std::string& word) {
  const auto place =
      request.machine ? std::nullopt : linux_host::place_of_word(linux_host::Root::live(), word);
  return "boot this kernel with " + word + (place ? ": " + place->how + ", and reboot" : "");
}

Check check_region(const Request& request, const handoff::Planned& planned) {
  const base::PhysRange& region = planned.found.crash.value().region;
  const std::string size = base::size_text(region.size_bytes());
  if (region.size_bytes() >= planned.needed_bytes) {
    return good("region", size + " at " + base::hex(region.start()));
  }
  return bad("region",
             Error(Code::CRASH_REGION_SMALL, Stage::kPlan,
                   size + ", " + base::size_text(planned.needed_bytes) +
                       " needed to unpack the initrd and to save a dump"),
             boot_with(request, handoff::crashkernel_parameter(planned.recommended_bytes)));
}

Check check_words(const handoff::Planned& planned) {
  std::string words;
  for (const std::string& word : planned.found.crash.value().left_out_words) {
    words.append(" ").append(word);
  }
  return good("words", words.empty() ? "the crash kernel gets all of this kernel's command line"
                                     : "of this kernel's command line it does not get" + words);
}

// Memory for the crash kernel, and everything short of loading it.
void check_plan(const Request& request, std::vector<Check>& checks) {
  auto files = open_files(request);
  auto planned = files ? plan(request, files.value()) : files.error();
  if (!planned) {
    const bool region = planned.error().code() == Code::CRASH_NO_REGION ||
                        planned.error().code() == Code::CRASH_REGION_SMALL;
    checks.push_back(bad(region ? "region" : "plan", planned.error(),
                         region ? boot_with(request, estimate(request)) : ""));
    return;
  }
  checks.push_back(check_region(request, planned.value()));
  const auto sealed = seal(planned.value(), files.value());
  checks.push_back(sealed ? good("plan", std::to_string(sealed.value().segments().size()) +
                                             " segments, digests made, nothing loaded")
                          : bad("plan", sealed.error()));
  const auto no_vmcore = handoff::vmcore_warning(planned.value());
  if (no_vmcore) {
    checks.push_back(bad("vmcore", Error(Code::CRASH_NO_VMCORE, Stage::kPlan, request.kernel),
                         "set panic_kernel to one that was built with it"));
  }
  // Those that a check of its own has told.
  std::vector<std::string> warnings = planned.value().warnings;
  std::erase(warnings, handoff::region_warning(planned.value()));
  std::erase(warnings, no_vmcore);
  for (const std::string& warning : warnings) {
    checks.push_back(note("plan", warning, "\"hyprelay plan --panic\" shows the whole plan"));
  }
  checks.push_back(check_words(planned.value()));
  const bool resets = resets_after_panic(planned.value().found.command_line);
  checks.push_back(resets ? good("reset", "a crash kernel that panics itself resets the machine")
                          : note("reset", "a crash kernel that panics itself stays there",
                                 "add panic=10 to panic_append"));
}

Check check_loaded() {
  const auto loaded = linux_host::is_crash_kernel_loaded(linux_host::Root::live());
  if (!loaded) {
    return bad("loaded", loaded.error());
  }
  if (loaded.value()) {
    return good("loaded", "a crash kernel is loaded");
  }
  const auto allowed =
      linux_host::check_allowed(linux_host::Root::live(), linux_host::Call::kSegments, true);
  return !allowed
             ? bad("loaded", allowed.error())
             : bad("loaded", Error(Code::CRASH_NOT_LOADED, Stage::kLoad),
                   std::string("systemctl restart ") + kService + ", or hyprelay load --panic");
}

Check check_service() {
  const std::string program = os::find_program("systemctl");
  if (::access("/run/systemd/system", F_OK) != 0 || program.empty()) {
    return note("service", "systemd does not run this machine",
                "let something else run hyprelay load --panic at boot");
  }
  const Said said = run({program, "is-enabled", kService});
  if (said.exit_code == 0) {
    return good("service", std::string(kService) + " loads it at boot");
  }
  return note("service", std::string(kService) + " is " + said.text.substr(0, said.text.find('\n')),
              std::string("systemctl enable ") + kService);
}

std::uint64_t kib_of(const std::string& meminfo, std::string_view key) {
  const std::size_t at = meminfo.find(key);
  const std::size_t digit =
      at == std::string::npos ? at : meminfo.find_first_of("0123456789", at + key.size());
  std::string_view rest = std::string_view(meminfo).substr(std::min(digit, meminfo.size()));
  return base::take_number(rest).value_or(0);
}

// What a copy without makedumpfile takes at most, but for what does not compress: free pages are
// mostly zero.
std::uint64_t memory_in_use() {
  const std::string meminfo = text_of_file("/proc/meminfo");
  constexpr std::uint64_t kKiB = 1024;
  return (kib_of(meminfo, "MemTotal:") - kib_of(meminfo, "MemFree:")) * kKiB;
}

Check check_destination(std::string_view name, const capture::TargetName& target,
                        const capture::Settings& settings) {
  const auto free_bytes = capture::check_target(target, settings);
  if (!free_bytes) {
    return bad(name, free_bytes.error());
  }
  const std::string text = capture::target_text(target);
  if (!free_bytes.value()) {
    return good(name, text + ", which does not tell its free space");
  }
  const std::uint64_t used = memory_in_use();
  const std::string found = text + ", " + base::size_text(*free_bytes.value()) + " free";
  return *free_bytes.value() >= used
             ? good(name, found)
             : note(name, found + ", and " + base::size_text(used) + " of memory in use",
                    "free space, unless makedumpfile is known to leave enough out");
}

void check_destinations(const capture::Settings& settings, std::vector<Check>& checks) {
  if (!settings.to && !settings.fallback) {
    checks.push_back(bad("destination", Error(Code::CAPTURE_NO_TARGET, Stage::kCapture),
                         "set capture_to in /etc/hyprelay.conf"));
  }
  if (settings.to) {
    checks.push_back(check_destination("destination", *settings.to, settings));
  }
  if (settings.fallback) {
    checks.push_back(check_destination("fallback", *settings.fallback, settings));
  }
}

// One that is armed when the kernel dies resets the machine in the middle of the dump, unless the
// crash kernel has its driver.
Check check_watchdog(const Watchdog& watchdog, const Request& request,
                     const std::optional<std::string>& files) {
  const std::string text =
      watchdog.name + " (" + watchdog.identity +
      (watchdog.timeout_seconds ? ", " + std::to_string(*watchdog.timeout_seconds) + " s" : "") +
      ") is armed";
  std::string drivers;
  for (const std::string& module : watchdog.modules) {
    drivers.append(drivers.empty() ? "" : ", ").append(module);
  }
  switch (cover_of(watchdog, files, request.kernel, linux_host::Root::live().kernel_release)) {
    case Cover::kInInitrd:
      return good("watchdog", text + "; the initrd has its driver " + drivers);
    case Cover::kBuiltIn:
      return good("watchdog", text + "; its driver is built into this kernel and the crash kernel");
    case Cover::kOtherKernel:
      return note("watchdog",
                  text + "; its driver is built into this kernel, and the crash kernel is " +
                      request.kernel,
                  "look for its driver in that kernel, or put it into the initrd");
    case Cover::kDriverUnknown:
      return note("watchdog", text + ", and Linux does not tell what its driver is",
                  "see that the driver is in the initrd or built into " + request.kernel);
    case Cover::kInitrdUnknown:
      return note("watchdog", text + ", and the initrd cannot be looked into",
                  "look for " + drivers + " in the initrd yourself");
    case Cover::kMissing:
      break;
  }
  return bad("watchdog",
             Error(Code::FILE_MISSING, Stage::kFile,
                   text + ", and would reset the machine in the middle of the dump; " +
                       request.initrd.value_or("no initrd") + ": " + drivers),
             std::string("run ") + kMaker + ", or put that driver into an initrd of your own");
}

void check_watchdogs(const Request& request, const std::optional<std::string>& files,
                     std::vector<Check>& checks) {
  const std::string release = linux_host::Root::live().kernel_release;
  const std::vector<Watchdog> armed =
      armed_watchdogs("/sys", text_of_file("/lib/modules/" + release + "/modules.dep"));
  if (armed.empty()) {
    checks.push_back(good("watchdog", "none is armed"));
  }
  for (const Watchdog& one : armed) {
    checks.push_back(check_watchdog(one, request, files));
  }
}

// What makes a panic, besides a panic.
void check_triggers(std::vector<Check>& checks) {
  constexpr std::uint64_t kDumpBit = 8;  // [linux/Documentation/admin-guide/sysrq.rst]
  const std::string sysrq = text_of_file("/proc/sys/kernel/sysrq");
  const std::uint64_t bits = base::parse_number(sysrq).value_or(0);
  const bool keys = bits == 1 || (bits & kDumpBit) != 0;
  checks.push_back(keys ? good("sysrq", "the keyboard's Alt-SysRq-C panics")
                        : note("sysrq",
                               "the keyboard's Alt-SysRq-C does nothing; "
                               "/proc/sysrq-trigger does, for root",
                               "sysctl kernel.sysrq=1, when somebody sits at the console"));
  checks.push_back(text_of_file("/proc/sys/kernel/panic_on_oops") == "1"
                       ? good("oops", "every oops is a panic")
                       : note("oops", "an oops of a process is no panic, and makes no dump",
                              "sysctl kernel.panic_on_oops=1"));
}

}  // namespace

std::vector<Check> check_all(const Configuration& configuration,
                             const std::optional<std::string>& machine) {
  std::vector<Check> checks = {check_configuration(configuration)};
  Request request;
  request.wishes.panic = true;
  request.machine = machine;
  // A capture initrd that is missing is told below.
  static_cast<void>(complete(request, configuration));
  checks.push_back(check_kernel(request));
  const auto files = request.initrd ? list_initrd(*request.initrd) : std::nullopt;
  checks.push_back(check_initrd(request, files));
  if (checks[1].verdict != Verdict::kNotOk && checks[2].verdict != Verdict::kNotOk) {
    check_plan(request, checks);
  }
  checks.push_back(check_loaded());
  checks.push_back(check_service());
  check_watchdogs(request, files, checks);
  check_destinations(configuration.capture, checks);
  check_triggers(checks);
  return checks;
}

}  // namespace hyprelay::cli
