// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/kexec.hpp"

#include "base/number_text.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/resident.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
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

// No such flag of kexec_file_load; the kernel looks at permissions before it says so.
constexpr unsigned long kFileNever = 0x40000000;

// `line` null: none.
int kexec_file_load(int kernel, int initrd, const std::string* line, unsigned long flags) {
  const long result =
      ::syscall(SYS_kexec_file_load, kernel, initrd,
                line == nullptr ? 0UL : static_cast<unsigned long>(line->size() + 1),
                line == nullptr ? nullptr : line->c_str(), flags);
  return result == 0 ? 0 : errno;
}

// More than the kernel takes (KEXEC_SEGMENT_MAX is 16), which it says only to who may load
// [linux/kernel/kexec.c kexec_load_check].
int ask_kexec_load(unsigned long flags) {
  constexpr unsigned long kTooMany = 0x10000;
  const long result = ::syscall(SYS_kexec_load, 0UL, kTooMany, nullptr, flags);
  return result == 0 ? 0 : errno;
}

base::Result<os::FileDescriptor> open_for_kernel(const std::string& path) {
  os::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return Error(Code::FILE_UNREADABLE, Stage::kFile, path);
  }
  return file;
}

bool fits_pointer(const base::PhysRange& range) {
  return range.end().raw() - 1 <= UINTPTR_MAX;
}

}  // namespace

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
  const RefusalFacts facts =
      gather_refusal_facts(Root::live(), handoff.arch(), handoff.for_panic());
  HR_TRYV(check_cpus(facts));
  const unsigned long on_crash = handoff.for_panic() ? KEXEC_ON_CRASH : 0;
  const int error = kexec_load(static_cast<std::uintptr_t>(handoff.relay_entry().raw()), segments,
                               arch_flag(handoff.arch()) | on_crash);
  if (error != 0) {
    return refusal_of_load(error, facts);
  }
  return Loaded();
}

base::Result<void> check_allowed(const Root& root, Call call, bool for_panic) {
  const base::Result<Arch> running = arch_of(root.machine);
  const Arch arch = running ? running.value() : Arch::kArm;
  const RefusalFacts facts = gather_refusal_facts(root, arch, for_panic);
  if (facts.loads_left) {
    const auto known = known_refusal(call, facts);
    return known ? base::Result<void>(*known) : base::success();
  }
  if (call == Call::kFiles) {
    const int error =
        kexec_file_load(-1, -1, nullptr, kFileNever | (for_panic ? KEXEC_FILE_ON_CRASH : 0));
    return error == EPERM || error == ENOSYS
               ? base::Result<void>(refusal_of_file_load(error, facts))
               : base::success();
  }
  const int error = ask_kexec_load(arch_flag(arch) | (for_panic ? KEXEC_ON_CRASH : 0));
  return error == EPERM || error == EACCES || error == ENOSYS
             ? base::Result<void>(refusal_of_load(error, facts))
             : base::success();
}

base::Result<void> load_file(const FileHandoff& handoff, Arch arch) {
  HR_TRY(kernel, open_for_kernel(handoff.kernel));
  os::FileDescriptor initrd;
  if (handoff.initrd) {
    HR_TRY(opened, open_for_kernel(*handoff.initrd));
    initrd = std::move(opened);
  }
  const RefusalFacts facts = gather_refusal_facts(Root::live(), arch, handoff.for_panic);
  HR_TRYV(check_cpus(facts));
  const int error = kexec_file_load(kernel.get(), initrd.get(), &handoff.command_line,
                                    (handoff.initrd ? 0 : KEXEC_FILE_NO_INITRAMFS) |
                                        (handoff.for_panic ? KEXEC_FILE_ON_CRASH : 0));
  return error == 0 ? base::success() : base::Result<void>(refusal_of_file_load(error, facts));
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
  const bool crash = image == Image::kCrash;
  const int error = kexec_load(0, {}, flags | (crash ? KEXEC_ON_CRASH : 0));
  // Locked down: that call is closed, and the other asks for no signature here.
  const bool refused = error == EPERM || error == EACCES;
  if (error == 0 ||
      (refused && kexec_file_load(-1, -1, nullptr,
                                  KEXEC_FILE_UNLOAD | (crash ? KEXEC_FILE_ON_CRASH : 0)) == 0)) {
    return base::success();
  }
  const Arch arch = running ? running.value() : Arch::kArm;
  return refusal_of_load(error, gather_refusal_facts(root, arch, crash), Stage::kUnload);
}

}  // namespace hyprelay::handoff::linux_host
