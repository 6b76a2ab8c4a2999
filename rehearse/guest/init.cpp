// SPDX-License-Identifier: BSD-2-Clause
// The first and only process of a rehearsal's guest: checks what arrived, tells the host, and hands
// off to the next kernel with the real hyprelay until all hops are done; then powers off.
#include "base/boot_mode.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "os/files.hpp"
#include "os/folders.hpp"
#include "os/kernel_log.hpp"
#include "os/process.hpp"
#include "rehearse/guest/console.hpp"
#include "rehearse/guest/disk.hpp"
#include "rehearse/guest/efi.hpp"
#include "rehearse/guest/kernel_log.hpp"
#include "rehearse/guest/panic.hpp"
#include "rehearse/guest/user_programs.hpp"
#include "rehearse/guest/vmcore.hpp"
#include "rehearse/protocol/cpio.hpp"
#include "rehearse/protocol/manifest.hpp"
#include "rehearse/protocol/settings.hpp"
#include "rehearse/protocol/words.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <vector>

namespace hyprelay::rehearse::guest {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kNextInitrd = "/hyprelay-rehearse.next";

std::string in_folder(std::string_view name) {
  return "/" + std::string(kFolder) + "/" + std::string(name);
}

unsigned current_hop() {
  const std::string line = os::read_file("/proc/cmdline").value_or("");
  const std::size_t at = line.find(kHopParameter);
  if (at == std::string::npos) {
    return 0;
  }
  std::string_view rest = std::string_view(line).substr(at + kHopParameter.size());
  return static_cast<unsigned>(base::take_number(rest).value_or(0));
}

void mount_filesystems() {
  for (const char* folder : {"/proc", "/sys", "/dev"}) {
    mkdir(folder, 0755);
  }
  mount("proc", "/proc", "proc", 0, nullptr);
  mount("sysfs", "/sys", "sysfs", 0, nullptr);
  // There a kernel says whether it is locked down.
  mount("securityfs", "/sys/kernel/security", "securityfs", 0, nullptr);
  mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
}

[[noreturn]] void power_off() {
  sync();
  reboot(RB_POWER_OFF);
  for (;;) {
    pause();
  }
}

[[noreturn]] void fail(unsigned hop, std::string_view step, int exit_code, std::string_view text) {
  mark({{"event", "failed"}, {"hop", hop}, {"step", step}, {"exit", exit_code}, {"text", text}});
  power_off();
}

constexpr const char* kKernelLog = "/dev/kmsg";
// An exit code above it is of a program that a signal ended [os/process.hpp].
constexpr int kSignalled = 128;

// The kernel ends a program in the middle of whose system call it oopses. Its log is not on the
// console, so that the oops goes there now.
[[noreturn]] void fail_by_signal(unsigned hop, int signal) {
  const std::string oops = oops_in(os::read_kernel_log(kKernelLog));
  os::write_all(STDOUT_FILENO, oops);
  const std::string first = oops.substr(0, oops.find('\n'));
  mark({{"event", "failed"},
        {"hop", hop},
        {"step", "load"},
        {"exit", kSignalled + signal},
        {"signal", signal},
        {"text", "signal " + std::to_string(signal) + ": " +
                     (first.empty() ? "the kernel's log has no oops" : first)}});
  power_off();
}

std::string running_release() {
  utsname names = {};
  uname(&names);
  return names.release;
}

void report_boot(unsigned hop, std::string_view log) {
  struct sysinfo facts = {};
  sysinfo(&facts);
  mark({{"event", "booted"},
        {"hop", hop},
        {"release", running_release()},
        {"mode", base::boot_mode_in(log)},
        {"cpus", sysconf(_SC_NPROCESSORS_ONLN)},
        {"memory_bytes", std::uint64_t{facts.totalram} * facts.mem_unit},
        {"command_line", os::read_file("/proc/cmdline").value_or("")}});
}

// Lists the firmware's variables and reads its clock, in every kernel: a kernel that overwrote what
// is the firmware's may live for long before it calls a runtime service.
void report_firmware(unsigned hop) {
  const std::string complaint = has_efi("") ? mount_variables(running_release()) : std::string();
  json mark_of = {{"event", "firmware"},
                  {"hop", hop},
                  {"description", description_of("")},
                  {"efi", nullptr},
                  {"text", complaint}};
  if (const auto services = read_efi("", complaint.empty())) {
    mark_of["efi"] = {{"variables", nullptr}, {"time_read", services->time_read}};
    if (services->variables) {
      mark_of["efi"]["variables"] = *services->variables;
    }
  }
  mark(mark_of);
}

// The initrd is intact when every file has the digest that the manifest gives and the kernel
// unpacked everything, the user's initrd behind our files included.
void report_initrd(unsigned hop, std::string_view log) {
  const ManifestCheck check = check_manifest("/" + std::string(kFolder));
  std::vector<std::string> complaints = check.complaints;
  for (const char* sentence : {"Initramfs unpacking failed", "rootfs image is not initramfs"}) {
    const std::string line = line_with(log, sentence);
    if (!line.empty()) {
      complaints.push_back("the kernel says: " + line);
    }
  }
  mark({{"event", "initrd"},
        {"hop", hop},
        {"intact", complaints.empty()},
        {"files", check.files},
        {"bytes", check.bytes},
        {"manifest", check.manifest_digest},
        {"complaints", complaints}});
}

// The last line of a program's output that is a JSON object; null when there is none.
json last_object(const std::string& output) {
  std::size_t end = output.size();
  while (end > 0) {
    const std::size_t newline = output.rfind('\n', end - 1);
    const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
    const json object = base::parse_json(output.substr(start, end - start));
    if (object.is_object()) {
      return object;
    }
    end = newline == std::string::npos ? 0 : newline;
  }
  return nullptr;
}

void report_status(unsigned hop) {
  const os::Outcome outcome = os::run_captured({in_folder(kTool), "status", "--json"});
  mark({{"event", "status"},
        {"hop", hop},
        {"exit", outcome.exit_code},
        {"status", last_object(outcome.output)},
        {"text", outcome.errors}});
}

// The same files as in our own initrd, and the user's initrd behind them.
bool write_next_initrd(const Settings& settings) {
  const os::FileDescriptor file(open(kNextInitrd, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  CpioWriter archive(file.get());
  bool good = file.valid() && archive.add_folder(kFolder);
  for (const std::string& name : os::list_files("/" + std::string(kFolder))) {
    const auto content = os::read_file(in_folder(name));
    good = good && content && archive.add_ours(name, *content);
  }
  good = good && archive.finish();
  if (good && settings.has_initrd) {
    const auto initrd = os::read_file(in_folder(kInitrd));
    good = initrd && os::write_all(file.get(), *initrd);
  }
  return good;
}

// Where this kernel's stub lies, in hex without "0x"; what the probe says of it goes to the host as
// well.
std::string stub_vectors(unsigned hop) {
  const os::Outcome outcome = os::run_captured({in_folder(kTool), "probe", "--json"});
  const json verdict = last_object(outcome.output);
  mark({{"event", "probe"}, {"hop", hop}, {"verdict", verdict}, {"text", outcome.errors}});
  const json vectors = verdict.is_object() ? verdict.value("stub_vectors", json()) : json();
  if (!vectors.is_object() || !vectors["physical"].is_number_unsigned()) {
    fail(hop, "probe", outcome.exit_code, "where the stub lies is not known");
  }
  return base::hex(vectors["physical"].get<std::uint64_t>()).substr(2);
}

// The dump of the kernel that panicked: all of it read, and the page that it left found.
void report_vmcore(unsigned hop) {
  constexpr const char* kVmcore = "/proc/vmcore";
  auto core = read_vmcore(kVmcore);
  if (!core) {
    fail(hop, "vmcore", -1, "there is no /proc/vmcore");
  }
  const auto marker = marker_of(os::read_file("/proc/cmdline").value_or(""));
  const auto page =
      marker ? read_physical(kVmcore, *core, marker->physical, marker_page(marker->token).size())
             : std::nullopt;
  std::uint64_t load_bytes = 0;
  unsigned mapped = 0;
  for (const VmcoreLoad& load : core->loads) {
    load_bytes += load.size_bytes;
    mapped += load.virtual_start != 0 ? 1 : 0;
  }
  const std::uint64_t read_bytes = read_all_loads(kVmcore, *core, [](std::uint64_t bytes) {
    mark({{"event", "progress"}, {"read_bytes", bytes}});
  });
  mark({{"event", "vmcore"},
        {"hop", hop},
        {"bytes", core->bytes},
        {"format", core->format},
        {"loads", core->loads.size()},
        {"mapped_loads", mapped},
        {"load_bytes", load_bytes},
        {"read_bytes", read_bytes},
        {"readable", load_bytes != 0 && read_bytes == load_bytes},
        {"cpu_notes", core->cpu_notes},
        {"release", core->release},
        {"marker_found", page && *page == marker_page(marker->token)},
        {"complaints", core->complaints}});
}

void bring_up_disk(unsigned hop) {
  const std::string complaint = open_disk("", running_release());
  if (!complaint.empty()) {
    fail(hop, "disk", -1, complaint);
  }
  const DiskRead read = read_disk();
  mark({{"event", "disk"},
        {"hop", hop},
        {"read_bytes", read.bytes},
        {"interrupts", read.interrupts}});
  if (read.bytes == 0 || read.interrupts.empty()) {
    fail(hop, "disk", -1, std::string(kDisk) + " is there, and nothing can be read from it");
  }
}

void load_next(const Settings& settings, unsigned hop) {
  if (settings.kernels.empty()) {
    fail(hop, "settings", -1, "the rehearsal's settings are missing or damaged");
  }
  if (!write_next_initrd(settings)) {
    fail(hop, "initrd", -1, "the next initrd cannot be written: the guest has too little memory");
  }
  const std::string& kernel = settings.kernels[hop % settings.kernels.size()];
  std::string parameters = std::string(kHopParameter) + std::to_string(hop + 1);
  std::vector<std::string> command = {in_folder(kTool), "load",      in_folder(kernel),
                                      "--initrd",       kNextInitrd, "--json"};
  if (settings.tell_vectors) {
    const std::string vectors = stub_vectors(hop);
    parameters += " " + std::string(kVectorsParameter) + vectors;
    command.insert(command.end(), {"--resident-vectors", "0x" + vectors});
  }
  if (settings.panic) {
    const auto marker = plant_marker();
    if (!marker) {
      fail(hop, "marker", -1, "/proc/self/pagemap does not tell where a page lies");
    }
    // One CPU is enough for a dump, and a region has no room for what each CPU takes.
    parameters += " maxcpus=1 reset_devices " + marker_parameter(*marker);
    command.emplace_back("--panic");
  }
  command.insert(command.end(), {"--command-line", settings.command_line + " " + parameters});
  if (settings.has_tree) {
    command.insert(command.end(), {"--dtb", in_folder(kTree)});
  }
  command.insert(command.end(), settings.load_args.begin(), settings.load_args.end());
  const os::Outcome outcome = os::run_captured(command);
  unlink(kNextInitrd);
  if (outcome.exit_code > kSignalled) {
    fail_by_signal(hop, outcome.exit_code - kSignalled);
  }
  if (outcome.exit_code != 0) {
    fail(hop, "load", outcome.exit_code, outcome.errors);
  }
  mark({{"event", "load"},
        {"hop", hop},
        {"kernel", kernel},
        {"output", last_object(outcome.output)},
        {"text", outcome.errors}});
}

[[noreturn]] void panic_as_asked(const Settings& settings, unsigned hop) {
  if (settings.panic_cpu != 0) {
    stay_on(settings.panic_cpu);
  }
  if (settings.panic_run.empty()) {
    panic_now();
    fail(hop, "panic", -1, "the kernel did not panic");
  }
  const os::Outcome outcome = os::run_shown(words_of(settings.panic_run));
  // Who sets a timer or waits for a watchdog comes back before the kernel dies.
  constexpr unsigned kSecondsToDie = 60;
  if (outcome.exit_code == 0) {
    sleep(kSecondsToDie);
  }
  fail(hop, "panic", outcome.exit_code, settings.panic_run + ": the kernel did not panic");
}

int run_init() {
  mount_filesystems();
  open_console();
  silence_kernel_log();
  const std::string log = os::read_kernel_log(kKernelLog);
  const unsigned hop = current_hop();
  const Settings settings = read_settings(os::read_file(in_folder(kSettings)).value_or(""));
  report_boot(hop, log);
  report_initrd(hop, log);
  report_firmware(hop);
  report_status(hop);
  if (settings.has_disk) {
    bring_up_disk(hop);
  }
  if (settings.panic && hop > 0) {
    report_vmcore(hop);
    run_programs("capture", hop, settings.capture_runs);
    if (settings.panic_twice) {
      mark({{"event", "panicking"}, {"hop", hop}});
      panic_now();
      fail(hop, "panic", -1, "the crash kernel did not panic");
    }
  }
  if (hop >= settings.hops) {
    mark({{"event", "done"}, {"hop", hop}});
    power_off();
  }
  load_next(settings, hop);
  if (const auto failed = run_programs("before", hop, settings.before_panic)) {
    fail(hop, "before-panic", failed->exit_code, failed->command + " failed");
  }
  mark({{"event", "ready"}, {"hop", hop}});
  if (settings.sync && read_line() != kGo) {
    fail(hop, "sync", -1, "the host said something else than \"go\"");
  }
  if (settings.panic) {
    panic_as_asked(settings, hop);
  }
  const os::Outcome outcome = os::run_shown({in_folder(kTool), "exec"});
  fail(hop, "exec", outcome.exit_code, "hyprelay exec came back; its message is above");
}

int main_of_init() {
  try {
    return run_init();
  } catch (const std::exception& error) {
    // An init that ends is a kernel's panic, which says nothing of what went wrong.
    fail(current_hop(), "init", -1, error.what());
  }
}

}  // namespace
}  // namespace hyprelay::rehearse::guest

int main() {
  return hyprelay::rehearse::guest::main_of_init();
}
