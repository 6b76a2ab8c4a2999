// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/refusal.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"

#include <linux/capability.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace hyprelay::handoff::linux_host {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr const char* kSpinTable = "spin-table";
constexpr const char* kSecureBoot =
    "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

// "[integrity]" of "none [integrity] confidentiality"; without brackets. Empty: there is none.
std::string word_in_brackets(std::string_view text) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', open);
  return close == std::string_view::npos ? std::string()
                                         : std::string(text.substr(open + 1, close - open - 1));
}

// A lockdown is never lifted, so that what the log says of it holds. "Kernel is locked down from
// command line; see man kernel_lockdown.7"
std::string locked_down_from(std::string_view log) {
  constexpr std::string_view kSentence = "Kernel is locked down from ";
  while (!log.empty()) {
    const std::string_view line = base::take_line(log);
    if (line.starts_with(kSentence)) {
      return std::string(line.substr(kSentence.size(), line.find(';') - kSentence.size()));
    }
  }
  return {};
}

// What follows "NAME:" in /proc/self/status, without blanks before it; empty: nothing.
std::string_view status_line(std::string_view status, std::string_view name) {
  const std::size_t at = status.find(std::string("\n").append(name).append(":"));
  if (at == std::string_view::npos) {
    return {};
  }
  std::string_view rest = status.substr(at + name.size() + 2);
  rest = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return rest;
}

bool has_capability(std::string_view mask, unsigned bit) {
  const auto bits = base::parse_number(std::string("0x").append(mask));
  return !bits || (*bits >> bit & 1) != 0;
}

// Of the process that asks. What cannot be read speaks against nothing.
void gather_permissions(const Root& root, RefusalFacts& facts) {
  const auto text = [&root](const std::string& path) {
    const auto found = os::read_fact_text(root.path + path);
    return found ? found.value() : std::string();
  };
  const std::string status = text("/proc/self/status");
  const std::string_view filter = status_line(status, "Seccomp");
  facts.lacks_capability = !has_capability(status_line(status, "CapEff"), CAP_SYS_BOOT);
  facts.filtered = !filter.empty() && filter != "0";
  // The first namespace maps every number to itself [user_namespaces(7)].
  const std::string map = text("/proc/self/uid_map");
  facts.in_user_namespace = !map.empty() && map.find(" 4294967295") == std::string::npos;
  const std::string disabled = text("/proc/sys/kernel/kexec_load_disabled");
  facts.load_disabled = !disabled.empty() && disabled != "0";
  facts.loads_left = base::parse_number(text(std::string("/proc/sys/kernel/kexec_load_limit_") +
                                             (facts.for_panic ? "panic" : "reboot")));
  facts.lockdown = word_in_brackets(text("/sys/kernel/security/lockdown"));
  if (facts.lockdown.empty()) {
    facts.locked_down_from = locked_down_from(read_kernel_log(root));
  }
  // Four bytes of attributes, and the value [linux/Documentation/filesystems/efivarfs.rst].
  const auto secure = os::read_fact(root.path + kSecureBoot);
  facts.secure_boot = secure && secure.value().size() == 5 && secure.value()[4] == std::byte{1};
}

bool is_locked_down(const RefusalFacts& facts) {
  return !facts.locked_down_from.empty() || (!facts.lockdown.empty() && facts.lockdown != "none");
}

std::string words_of_lockdown(const RefusalFacts& facts) {
  return facts.locked_down_from.empty()
             ? "lockdown is \"" + facts.lockdown + "\""
             : "locked down from " + facts.locked_down_from + ", by the kernel's log";
}

bool some_cpu_is_stuck(const Root& root) {
  // CPU 0 often cannot be taken down, and need not be: it is where the kernel leaves from.
  const std::string cpus = root.path + "/sys/devices/system/cpu/cpu";
  for (int i = 1; os::is_there(cpus + std::to_string(i)); ++i) {
    if (!os::is_there(cpus + std::to_string(i) + "/online")) {
      return true;
    }
  }
  return false;
}

// By /proc/device-tree: of any CPU that has one; a spin table before all others. Of 32-bit ARM it
// may be the property of /cpus [linux/arch/arm/kernel/devtree.c arm_dt_init_cpu_maps].
std::string enable_method_of(const Root& root) {
  const std::string cpus = root.path + "/proc/device-tree/cpus";
  const auto read = [](const std::string& folder) {
    const auto text = os::read_fact(folder + "/enable-method");
    return text ? std::string(
                      base::text_of(text.value()).substr(0, base::text_of(text.value()).find('\0')))
                : std::string();
  };
  std::string method = read(cpus);
  std::error_code error;
  for (std::filesystem::directory_iterator cpu(cpus, error), end; !error && cpu != end;
       cpu.increment(error)) {
    const std::string own = read(cpu->path().string());
    if (own == kSpinTable) {
      return own;
    }
    method = method.empty() ? own : method;
  }
  return method;
}

// 32-bit ARM asks for a way to take CPUs down that is the platform's own where there is no PSCI:
// its absence shows as EINVAL alone, where the CPUs have files to turn them off but nothing behind
// them (vexpress).
bool may_lack_a_way_down(const RefusalFacts& facts) {
  return facts.wanted == Arch::kArm && facts.several_cpus && facts.has_tree && !facts.has_psci;
}

// How the tree says that CPUs start, and what gives them a way back. Debian's arm-trusted-firmware
// has bl31.bin of the Pi 4 as the armstub that it is; that of the Pi 3 wants BL1 and BL2 before it.
std::string why_stuck(const RefusalFacts& facts) {
  if (facts.spin_tables) {
    return std::string("/cpus: enable-method is spin-table") +
           (facts.is_pi4  ? "; PSCI: armstub=bl31.bin (package arm-trusted-firmware) in config.txt"
            : facts.is_pi ? "; PSCI: TF-A as armstub= in config.txt, /psci in the tree"
                          : "; PSCI of TF-A takes its place");
  }
  if (may_lack_a_way_down(facts)) {
    return "the tree has no /psci; /cpus: enable-method is " +
           (facts.enable_method.empty() ? "none" : facts.enable_method.substr(0, 40));
  }
  return facts.has_psci ? "/sys/devices/system/cpu: CPUs without online; PSCI here has no CPU_OFF"
                        : "/sys/devices/system/cpu: CPUs without online";
}

Error stuck_cpus(const RefusalFacts& facts, Stage stage) {
  return Error(Code::CPUS_STUCK, stage, why_stuck(facts));
}

// "kexec_load: EFAULT (Bad address)"
std::string named(const char* call, int system_error) {
  const char* name = ::strerrorname_np(system_error);
  const char* text = ::strerrordesc_np(system_error);
  return std::string(call) + ": " +
         (name == nullptr || text == nullptr ? "error " + std::to_string(system_error)
                                             : std::string(name) + " (" + text + ")");
}

// For an EPERM that nothing explains: what may stand behind it, as far as it is not ruled out.
// Short, as subjects of errors are.
std::string what_is_left(const char* call, const RefusalFacts& facts) {
  return std::string(call) + ", with CAP_SYS_BOOT; left: " +
         (facts.lockdown.empty() ? "lockdown (mount securityfs to see it), " : "") +
         (facts.filtered ? "this process's seccomp filter" : "a security module");
}

// Of a signature: [linux/crypto/asymmetric_keys/verify_pefile.c and pkcs7_trust.c]. nullptr: it is
// another error.
const char* fault_of_signature(int system_error) {
  switch (system_error) {
    case EKEYREJECTED:
      return "its signature does not fit it, or its signer or itself is on the kernel's blacklist";
    case ENOKEY:
      return "signed by a key that is in none of the kernel's keyrings";
    case EBADMSG:
      return "its signature cannot be read";
    case ENODATA:
      return "it carries no signature";
    case ENOPKG:
      return "signed by an algorithm that the kernel lacks";
    case ELIBBAD:
      return "no well-formed EFI program, which is what carries a signature";
    case EACCES:
      return "IMA appraises kernels, and finds no good signature (security.ima) of its own";
    default:
      return nullptr;
  }
}

}  // namespace

RefusalFacts gather_refusal_facts(const Root& root, Arch wanted, bool for_panic) {
  RefusalFacts facts;
  facts.machine = root.machine;
  facts.wanted = wanted;
  facts.for_panic = for_panic;
  gather_permissions(root, facts);
  facts.cpus_stuck = some_cpu_is_stuck(root);
  const std::string cpus = root.path + "/sys/devices/system/cpu/";
  facts.several_cpus = os::is_there(cpus + "cpu1");
  const auto online = os::read_fact_text(cpus + "online");
  facts.several_online = online && online.value().find_first_of("-,") != std::string::npos;
  facts.has_tree = os::is_there(root.path + "/proc/device-tree/cpus");
  facts.has_psci = os::is_there(root.path + "/proc/device-tree/psci");
  facts.enable_method = enable_method_of(root);
  facts.spin_tables = facts.enable_method == kSpinTable;
  const auto compatible = os::read_fact(root.path + "/proc/device-tree/compatible");
  const auto is = [&compatible](std::string_view word) {
    return compatible && base::text_of(compatible.value()).find(word) != std::string_view::npos;
  };
  facts.is_pi4 = is("raspberrypi,4-model-b");
  facts.is_pi = is("raspberrypi,");
  return facts;
}

base::Result<void> check_cpus(const RefusalFacts& facts) {
  const base::Result<Arch> running = arch_of(facts.machine);
  if (!running || running.value() != facts.wanted || !facts.several_online) {
    return base::success();
  }
  const bool arm64_stays = facts.wanted == Arch::kArm64 && facts.spin_tables && !facts.for_panic;
  const bool arm_stays = may_lack_a_way_down(facts) && facts.cpus_stuck;
  return arm64_stays || arm_stays ? base::Result<void>(stuck_cpus(facts, Stage::kLoad))
                                  : base::success();
}

std::optional<Error> known_refusal(Call call, const RefusalFacts& facts, Stage stage) {
  if (facts.lacks_capability) {
    return Error(Code::NO_PERMISSION, stage, "this process lacks CAP_SYS_BOOT");
  }
  if (facts.in_user_namespace) {
    return Error(Code::NO_PERMISSION, stage, "CAP_SYS_BOOT of a user namespace does not count");
  }
  if (facts.load_disabled) {
    return Error(Code::LOAD_DISABLED, stage, "kernel.kexec_load_disabled is 1");
  }
  if (facts.loads_left == 0u) {
    return Error(
        Code::LOAD_DISABLED, stage,
        std::string("kernel.kexec_load_limit_") + (facts.for_panic ? "panic" : "reboot") + " is 0");
  }
  if (call == Call::kSegments && is_locked_down(facts)) {
    const char* const by = !facts.locked_down_from.empty() ? ""
                           : facts.secure_boot             ? ", by Secure Boot"
                                                           : ", by lockdown= or by hand";
    return Error(Code::LOCKED_DOWN, stage, words_of_lockdown(facts) + by);
  }
  return std::nullopt;
}

Error refusal_of_load(int system_error, const RefusalFacts& facts, Stage stage) {
  const Error other(Code::LOAD_REFUSED, stage, named("kexec_load", system_error));
  const Error stuck = stuck_cpus(facts, stage);
  switch (system_error) {
    case EPERM:
      return known_refusal(Call::kSegments, facts, stage)
          .value_or(Error(Code::NO_PERMISSION, stage, what_is_left("kexec_load", facts)));
    case EACCES:
      // [linux/security/integrity/ima/ima_main.c ima_load_data]
      return Error(Code::LOCKED_DOWN, stage, "IMA appraises kernels, and these have no file");
    case ENOSYS:
      return Error(Code::NO_KEXEC, stage);
    case ENOMEM:
      return Error(Code::LOAD_NO_MEMORY, stage);
    case EADDRNOTAVAIL:
      // For a panic: the region is gone, or it is another one than /proc/iomem said
      // [linux/kernel/kexec_core.c sanity_check_segment_list].
      return Error(facts.for_panic ? Code::LOAD_OUTSIDE_CRASH : Code::LOAD_OUTSIDE_RAM, stage);
    case EBUSY:
      // arm64 says so when CPUs cannot come back from the kernel [linux/arch/arm64/kernel/
      // machine_kexec.c], every architecture when two programs load at the same time.
      return facts.cpus_stuck || facts.spin_tables ? stuck : Error(Code::LOAD_BUSY, stage);
    case EINVAL: {
      const base::Result<Arch> running = arch_of(facts.machine);
      if (!running || running.value() != facts.wanted) {
        return Error(Code::MACHINE_WRONG_ARCH, stage, facts.machine);
      }
      // 32-bit ARM refuses so when secondary CPUs have no way down [linux/arch/arm/kernel/
      // machine_kexec.c machine_kexec_prepare].
      return facts.cpus_stuck || may_lack_a_way_down(facts) ? stuck : other;
    }
    default:
      return other;
  }
}

Error refusal_of_file_load(int system_error, const RefusalFacts& facts) {
  constexpr const char* kCall = "kexec_file_load";
  if (const char* fault = fault_of_signature(system_error)) {
    return Error(Code::SIGNATURE_REFUSED, Stage::kLoad, fault);
  }
  switch (system_error) {
    case EPERM:
      if (const auto known = known_refusal(Call::kFiles, facts)) {
        return *known;
      }
      // A signature that is not enforced is looked at all the same, and counts then.
      return is_locked_down(facts)
                 ? Error(Code::SIGNATURE_REFUSED, Stage::kLoad,
                         words_of_lockdown(facts) + ", and no good signature was found")
                 : Error(Code::NO_PERMISSION, Stage::kLoad, what_is_left(kCall, facts));
    case ENOSYS:
      return Error(Code::NO_KEXEC_FILE, Stage::kLoad);
    case ENOEXEC:
    case EINVAL:
      return Error(Code::FILE_REFUSED, Stage::kLoad, named(kCall, system_error));
    case EADDRNOTAVAIL:
      return Error(Code::PLAN_NO_ROOM, Stage::kLoad, kCall);
    case ENOMEM:
    case EBUSY:
      return refusal_of_load(system_error, facts);
    default:
      return Error(Code::LOAD_REFUSED, Stage::kLoad, named(kCall, system_error));
  }
}

Error refusal_of_boot(int system_error) {
  switch (system_error) {
    case EPERM:
      return Error(Code::NO_PERMISSION, Stage::kExec, "reboot");
    case EINVAL:
      // The kernel's answer when there is no image, or no kexec in it at all.
      return Error(Code::NOT_LOADED, Stage::kExec);
    default:
      return Error(Code::EXEC_REFUSED, Stage::kExec, named("reboot", system_error));
  }
}

}  // namespace hyprelay::handoff::linux_host
