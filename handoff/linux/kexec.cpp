// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/kexec.hpp"

#include "base/number_text.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/resident.hpp"
#include "os/files.hpp"

#include <linux/kexec.h>
#include <linux/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

namespace hyprelay::handoff::linux_host {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The system call's own layout [linux/include/uapi/linux/kexec.h]; the header declares it for
// programs with one size of pointers only from Linux 6.3 on, so it is repeated here.
struct KernelSegment {
  const void* content;
  std::size_t content_bytes;
  // A physical address in the width of a pointer: kexec_load cannot name more.
  std::uintptr_t memory;
  std::size_t memory_bytes;
};

// The architecture is always named: the kernel then refuses a handoff that is not for it, and takes
// one from a 32-bit program.
unsigned long arch_flag(Arch arch) {
  return arch == Arch::kArm ? KEXEC_ARCH_ARM : KEXEC_ARCH_AARCH64;
}

int kexec_load(std::uintptr_t entry, const std::vector<KernelSegment>& segments,
               unsigned long flags) {
  const long result = ::syscall(SYS_kexec_load, entry, segments.size(), segments.data(), flags);
  return result == 0 ? 0 : errno;
}

bool fits_pointer(const base::PhysRange& range) {
  return range.end().raw() - 1 <= UINTPTR_MAX;
}

bool lockdown_is_on(const Root& root) {
  const auto text = os::read_fact_text(root.path + "/sys/kernel/security/lockdown");
  return text && text.value().find("[none]") == std::string::npos;
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

// By /proc/device-tree: the enable-method of any CPU.
bool uses_spin_tables(const Root& root) {
  std::error_code error;
  for (std::filesystem::directory_iterator cpu(root.path + "/proc/device-tree/cpus", error), end;
       !error && cpu != end; cpu.increment(error)) {
    const auto method = os::read_fact((cpu->path() / "enable-method").string());
    if (method && base::text_of(method.value()).starts_with("spin-table")) {
      return true;
    }
  }
  return false;
}

// 32-bit ARM asks for a way to take CPUs down that is the platform's own where there is no PSCI:
// its absence shows as EINVAL alone, where the CPUs have files to turn them off but nothing behind
// them (vexpress).
bool may_lack_a_way_down(const RefusalFacts& facts) {
  return facts.wanted == Arch::kArm && facts.several_cpus && facts.has_tree && !facts.has_psci;
}

Error stuck_cpus(const RefusalFacts& facts, Stage stage) {
  return Error(Code::CPUS_STUCK, stage,
               facts.spin_tables            ? "/cpus: enable-method is spin-table"
               : may_lack_a_way_down(facts) ? "the machine's tree has no /psci"
                                            : "/sys/devices/system/cpu");
}

// "kexec_load: EFAULT (Bad address)"
std::string named(const char* call, int system_error) {
  const char* name = ::strerrorname_np(system_error);
  const char* text = ::strerrordesc_np(system_error);
  return std::string(call) + ": " +
         (name == nullptr || text == nullptr ? "error " + std::to_string(system_error)
                                             : std::string(name) + " (" + text + ")");
}

}  // namespace

RefusalFacts gather_refusal_facts(const Root& root, Arch wanted) {
  RefusalFacts facts;
  facts.machine = root.machine;
  facts.wanted = wanted;
  const auto disabled = os::read_fact_text(root.path + "/proc/sys/kernel/kexec_load_disabled");
  facts.load_disabled = disabled && disabled.value() != "0";
  facts.locked_down = lockdown_is_on(root);
  facts.cpus_stuck = some_cpu_is_stuck(root);
  const std::string cpus = root.path + "/sys/devices/system/cpu/";
  facts.several_cpus = os::is_there(cpus + "cpu1");
  const auto online = os::read_fact_text(cpus + "online");
  facts.several_online = online && online.value().find_first_of("-,") != std::string::npos;
  facts.has_tree = os::is_there(root.path + "/proc/device-tree/cpus");
  facts.has_psci = os::is_there(root.path + "/proc/device-tree/psci");
  facts.spin_tables = uses_spin_tables(root);
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

Error refusal_of_load(int system_error, const RefusalFacts& facts, Stage stage) {
  const Error other(Code::LOAD_REFUSED, stage, named("kexec_load", system_error));
  const Error stuck = stuck_cpus(facts, stage);
  switch (system_error) {
    case EPERM:
      return Error(Code::NO_PERMISSION, stage,
                   facts.load_disabled ? "kernel.kexec_load_disabled is 1 until the next boot"
                   : facts.locked_down ? "the kernel is locked down"
                                       : "kexec_load");
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

base::Result<Loaded> load(const SealedHandoff& handoff) {
  std::vector<KernelSegment> segments;
  for (const SealedSegment& segment : handoff.segments()) {
    if (!fits_pointer(segment.memory)) {
      return Error(Code::LOAD_OUTSIDE_RAM, Stage::kLoad, segment_name(segment.kind))
          .with_at(segment.memory.end().raw())
          .with_limit(UINTPTR_MAX);
    }
    segments.push_back({segment.content.data(), segment.content.size(),
                        static_cast<std::uintptr_t>(segment.memory.start().raw()),
                        static_cast<std::size_t>(segment.memory.size_bytes())});
  }
  RefusalFacts facts = gather_refusal_facts(Root::live(), handoff.arch());
  facts.for_panic = handoff.for_panic();
  HR_TRYV(check_cpus(facts));
  const unsigned long on_crash = handoff.for_panic() ? KEXEC_ON_CRASH : 0;
  const int error = kexec_load(static_cast<std::uintptr_t>(handoff.relay_entry().raw()), segments,
                               arch_flag(handoff.arch()) | on_crash);
  if (error != 0) {
    return refusal_of_load(error, facts);
  }
  return Loaded();
}

base::Result<Loaded> find_loaded(const Root& root) {
  const auto text = os::read_fact_text(root.path + "/sys/kernel/kexec_loaded");
  if (!text) {
    return Error(Code::NO_KEXEC, Stage::kExec, "/sys/kernel/kexec_loaded");
  }
  if (text.value() != "1") {
    return Error(Code::NOT_LOADED, Stage::kExec);
  }
  return Loaded();
}

base::Result<void> check_exec(const Root& root) {
  Machine machine;
  const base::Result<Arch> arch = arch_of(root.machine);
  if (!arch) {
    return base::success();
  }
  machine.arch = arch.value();
  machine.kernel_release = root.kernel_release;
  machine.hyp.kvm_descriptors = kvm_descriptors(root);
  if (hangs_when_it_leaves(machine, compat::Handover::kKexec)) {
    return Error(Code::RESIDENT_VM_ALIVE, Stage::kExec, root.kernel_release);
  }
  return base::success();
}

Error boot(Loaded) {
  ::syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, nullptr);
  return refusal_of_boot(errno);
}

base::Result<bool> is_crash_kernel_loaded(const Root& root) {
  const auto text = os::read_fact_text(root.path + "/sys/kernel/kexec_crash_loaded");
  if (!text) {
    return Error(Code::NO_KEXEC, Stage::kExec, "/sys/kernel/kexec_crash_loaded");
  }
  return text.value() == "1";
}

std::optional<std::uint64_t> crash_kernel_bytes(const Root& root) {
  const auto text = os::read_fact_text(root.path + "/sys/kernel/kexec_crash_size");
  return text ? base::parse_number(text.value()) : std::nullopt;
}

base::Result<void> unload(Image image) {
  const Root root = Root::live();
  // No segments: the kernel frees what it holds. The architecture is the running one, whatever it
  // is: there is nothing of ours in the call.
  const base::Result<Arch> running = arch_of(root.machine);
  const unsigned long flags = running ? arch_flag(running.value()) : KEXEC_ARCH_DEFAULT;
  const int error = kexec_load(0, {}, flags | (image == Image::kCrash ? KEXEC_ON_CRASH : 0));
  if (error != 0) {
    return refusal_of_load(
        error, gather_refusal_facts(root, running ? running.value() : Arch::kArm), Stage::kUnload);
  }
  return base::success();
}

}  // namespace hyprelay::handoff::linux_host
