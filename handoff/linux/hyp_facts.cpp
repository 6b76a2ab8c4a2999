// SPDX-License-Identifier: BSD-2-Clause
// The files behind HypFacts.
#include "handoff/linux/hyp_facts.hpp"

#include "base/number_text.hpp"
#include "handoff/linux/iomem.hpp"
#include "os/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

// Calls take(line) for each line, without its newline.
template <class Take>
void for_lines(std::string_view text, const Take& take) {
  while (!text.empty()) {
    take(base::take_line(text));
  }
}

std::vector<std::string> log_lines(const Root& root) {
  constexpr auto kParts =
      std::to_array<std::string_view>({"kvm [", "started in", "started at EL", "Virtualization",
                                       "Xen", "Hyper-V", "ailhouse", "smccc: KVM"});
  std::vector<std::string> lines;
  const std::string log = read_kernel_log(root);
  for_lines(log, [&](std::string_view line) {
    if (std::ranges::any_of(kParts, [line](std::string_view part) {
          return line.find(part) != std::string_view::npos;
        })) {
      lines.emplace_back(line);
    }
  });
  return lines;
}

// One line of kallsyms: "c0101234 T name", a tab and "[module]" behind a module's.
struct Symbol {
  std::string_view name;
  std::uint64_t address = 0;
};

Symbol symbol_of(std::string_view line) {
  Symbol symbol;
  const std::size_t space = line.rfind(' ');
  symbol.name = space == std::string_view::npos ? line : line.substr(space + 1);
  symbol.address = base::take_number(line, 16).value_or(0);
  return symbol;
}

void take_address(const Symbol& symbol, HypAddresses& addresses) {
  if (symbol.name == "__hyp_stub_vectors") {
    addresses.stub_vectors = symbol.address;
  } else if (symbol.name == "__kvm_hyp_vector") {
    addresses.kvm_vectors = symbol.address;
  } else if (symbol.name == "_stext") {
    addresses.stext = symbol.address;
  }
}

void take_symbols(const Root& root, HypFacts& facts) {
  // The first three are what kernels of every era have one of.
  constexpr auto kNames = std::to_array<std::string_view>(
      {"__hyp_stub_install", "__hyp_set_vectors", "__hyp_soft_restart", "__hyp_get_vectors",
       "__hyp_reset_vectors", "__kvm_hyp_vector"});
  const auto bytes = os::read_fact(root.path + "/proc/kallsyms");
  if (!bytes) {
    return;
  }
  std::vector<std::string> found;
  for_lines(base::text_of(bytes.value()), [&](std::string_view line) {
    const Symbol symbol = symbol_of(line);
    take_address(symbol, facts.addresses);
    if (std::ranges::find(kNames, symbol.name) != kNames.end()) {
      found.emplace_back(symbol.name);
    }
  });
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  facts.symbols = std::move(found);
}

std::uint64_t kernel_code(const Root& root) {
  const auto text = os::read_fact_text(root.path + "/proc/iomem");
  const auto iomem = text ? parse_iomem(text.value()) : base::Result<Iomem>(text.error());
  return iomem ? iomem.value().kernel_code : 0;
}

// The kernel's own list of misc devices tells also where nobody made the nodes of /dev.
std::optional<bool> has_kvm_device(const Root& root) {
  if (os::is_there(root.path + "/dev/kvm")) {
    return true;
  }
  const auto misc = os::read_fact(root.path + "/proc/misc");
  if (!misc) {
    return std::nullopt;
  }
  bool found = false;
  for_lines(base::text_of(misc.value()),
            [&found](std::string_view line) { found = found || line.ends_with(" kvm"); });
  return found;
}

std::optional<bool> is_jailhouse_enabled(const Root& root) {
  const auto enabled = os::read_fact_text(root.path + "/sys/devices/jailhouse/enabled");
  if (enabled) {
    return enabled.value() == "1";
  }
  return os::is_there(root.path + "/sys/devices/system") &&
                 enabled.error().code() == base::Code::FILE_MISSING
             ? std::optional(false)
             : std::nullopt;
}

// Its drivers' bus is what a kernel below Hyper-V has in /sys/bus as soon as it has the module.
std::optional<bool> has_vmbus(const Root& root) {
  const bool found = os::is_there(root.path + "/sys/bus/vmbus");
  return found || os::is_there(root.path + "/sys/bus/platform") ? std::optional(found)
                                                                : std::nullopt;
}

// The fields of the Main ID Register as the kernel prints them, one block per CPU.
std::vector<std::uint32_t> cpu_ids(const Root& root) {
  struct Row {
    std::string_view name;
    unsigned shift;
  };
  constexpr auto kRows = std::to_array<Row>(
      {{"CPU implementer", 24}, {"CPU variant", 20}, {"CPU part", 4}, {"CPU revision", 0}});
  std::vector<std::uint32_t> ids;
  const auto bytes = os::read_fact(root.path + "/proc/cpuinfo");
  for_lines(bytes ? base::text_of(bytes.value()) : std::string_view(), [&](std::string_view line) {
    const std::size_t colon = line.find(": ");
    const auto row = std::ranges::find_if(
        kRows, [line](const Row& candidate) { return line.starts_with(candidate.name); });
    if (row == kRows.end() || colon == std::string_view::npos) {
      return;
    }
    const auto value = base::parse_number<std::uint32_t>(line.substr(colon + 2)).value_or(0);
    if (row == kRows.begin()) {
      ids.push_back(0xf << 16);  // the architecture is told by other registers
    }
    if (!ids.empty()) {
      ids.back() |= value << row->shift;
    }
  });
  return ids;
}

}  // namespace

std::optional<std::uint32_t> kvm_descriptors(const Root& root) {
  std::uint32_t count = 0;
  bool saw_all = os::is_there(root.path + "/proc/1/fd");
  std::error_code error;
  for (fs::directory_iterator process(root.path + "/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string name = process->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    std::error_code fd_error;
    for (fs::directory_iterator fd(process->path() / "fd", fd_error), fd_end;
         !fd_error && fd != fd_end; fd.increment(fd_error)) {
      std::error_code link_error;
      const std::string target = fs::read_symlink(fd->path(), link_error).string();
      count += target.starts_with("anon_inode:kvm-vm") || target.starts_with("anon_inode:kvm-vcpu");
    }
    // A process that ended meanwhile holds nothing.
    saw_all = saw_all && (!fd_error || fd_error == std::errc::no_such_file_or_directory ||
                          fd_error == std::errc::no_such_process);
  }
  return (saw_all && !error) || count != 0 ? std::optional(count) : std::nullopt;
}

HypFacts gather_hyp_facts(const Root& root, Symbols symbols) {
  HypFacts facts;
  facts.log = log_lines(root);
  if (symbols == Symbols::kRead) {
    take_symbols(root, facts);
  }
  facts.addresses.kernel_code = kernel_code(root);
  facts.kvm_device = has_kvm_device(root);
  facts.kvm_descriptors = kvm_descriptors(root);
  facts.jailhouse = is_jailhouse_enabled(root);
  facts.vmbus = has_vmbus(root);
  const auto type = os::read_fact_text(root.path + "/sys/hypervisor/type");
  facts.hypervisor_type = type ? type.value() : "";
  facts.cpu_ids = cpu_ids(root);
  return facts;
}

}  // namespace hyprelay::handoff::linux_host
