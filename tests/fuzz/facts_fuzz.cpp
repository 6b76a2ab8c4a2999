// SPDX-License-Identifier: BSD-2-Clause
// What /proc, /sys and the kernel's log say, as any bytes: two machines are gathered from the files
// of a real guest, one whose /proc/iomem is the input, one whose log, symbols and other files are.
// Whatever comes of it is well formed and can be judged; the ranges of memory are compared with a
// second reading of the text.
#include "handoff/linux/crash_facts.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/linux/record.hpp"
#include "handoff/resident.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace handoff = hyprelay::handoff;
namespace linux_host = hyprelay::handoff::linux_host;
using hyprelay::base::Code;
using hyprelay::fuzz::require;

constexpr const char* kFixture = HR_TEST_DATA "/linux/arm64";

// The input as a file without a place: every link of a machine's folder that leads to it shows the
// input.
class Input {
 public:
  Input() : fd_(::memfd_create("input", 0)) { require(fd_ >= 0); }
  void set(const std::uint8_t* data, std::size_t size) const {
    require(::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, data, size, 0) == static_cast<ssize_t>(size));
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

// A machine in a folder of its own, that goes with the program: the guest's files, but for these.
class Machine {
 public:
  Machine(const Input& input, const std::vector<const char*>& replaced) {
    std::string pattern = (fs::temp_directory_path() / "hyprelay-facts-XXXXXX").string();
    require(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    fs::copy(kFixture, folder_, fs::copy_options::recursive);
    for (const char* name : replaced) {
      const fs::path path = folder_ / name;
      fs::remove_all(path);
      fs::create_directories(path.parent_path());
      fs::create_symlink(input.path(), path);
    }
    root.path = pattern;
    root.machine = "aarch64";
    root.kernel_release = "6.1.0-50-arm64";
    root.log = "/kmsg.txt";
  }
  ~Machine() { fs::remove_all(folder_); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  linux_host::Root root;

 private:
  fs::path folder_;
};

// How many lines of the text say "System RAM" with an address, by a reading of our own: what stands
// behind the first " : ", and a digit before it that is not 0.
std::size_t lines_of_ram(std::string_view text) {
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(" : ");
    lines += colon != std::string_view::npos && line.substr(colon + 3) == "System RAM" &&
             line.substr(0, colon).find_first_of("123456789abcdefABCDEF") != std::string_view::npos;
  }
  return lines;
}

void judge(const handoff::Machine& machine) {
  using hyprelay::compat::Handover;
  for (const Handover handover : {Handover::kKexec, Handover::kCrash}) {
    const auto choice = handoff::choose_resident(machine, handover);
    require(!choice || choice.value().why_not.find('\0') == std::string::npos);
  }
  for (const handoff::VirtualMapping& mapping : machine.crash.mappings) {
    require(!mapping.range.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Input kInput;
  static const Machine kWithIomem(kInput, {"proc/iomem"});
  static const Machine kWithRest(
      kInput, {"kmsg.txt", "proc/cmdline", "proc/cpuinfo", "proc/kallsyms", "proc/misc",
               "proc/kcore", "sys/kernel/vmcoreinfo", "sys/kernel/kexec_crash_size",
               "sys/hypervisor/type", "sys/kernel/security/lockdown",
               "sys/firmware/acpi/tables/APIC", "sys/firmware/acpi/tables/FACP"});
  kInput.set(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto by_iomem = linux_host::gather(kWithIomem.root);
  if (by_iomem) {
    require(by_iomem.value().ram.size() <= lines_of_ram(text) && !by_iomem.value().ram.empty());
    judge(by_iomem.value());
  } else {
    const Code code = by_iomem.error().code();
    require(code == Code::MACHINE_MALFORMED || code == Code::MACHINE_NO_RAM ||
            code == Code::NO_PERMISSION);
  }
  // What is not understood there is not known, and no error.
  auto by_rest = linux_host::gather(kWithRest.root);
  require(by_rest.has_value());
  by_rest.value().hyp = linux_host::gather_hyp_facts(kWithRest.root);
  by_rest.value().crash = linux_host::gather_crash_facts(kWithRest.root, by_rest.value());
  judge(by_rest.value());
  const auto record = linux_host::decode_record(hyprelay::fuzz::bytes_of(data, size));
  require(record || record.error().code() == Code::NO_RECORD ||
          record.error().code() == Code::MACHINE_MALFORMED);
  return 0;
}
