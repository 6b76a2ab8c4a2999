// SPDX-License-Identifier: BSD-2-Clause
// The kexec system calls: nothing else in this tree makes them.
#pragma once

#include "base/result.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/seal.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hyprelay::handoff::linux_host {

// Proof that the kernel holds a handoff. Only load() and find_loaded() make one; boot() takes it.
class Loaded {
 public:
  Loaded(Loaded&&) noexcept = default;
  Loaded& operator=(Loaded&&) noexcept = default;
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

 private:
  friend base::Result<Loaded> load(const SealedHandoff& handoff);
  friend base::Result<Loaded> find_loaded(const Root& root);
  Loaded() = default;
};

// kexec_load of a sealed handoff, which replaces what was loaded before: the next kernel, or the
// crash kernel (KEXEC_ON_CRASH) when the handoff is for a panic. The kernel drops an earlier crash
// kernel before it looks at the new one, since both lie in the same memory. Errors (stage load):
// see refusal_of_load().
base::Result<Loaded> load(const SealedHandoff& handoff);

// What another program loaded before, by /sys/kernel/kexec_loaded. The kernel does not tell whose
// it is. Errors (stage exec): NOT_LOADED, NO_KEXEC (the kernel has no such file).
base::Result<Loaded> find_loaded(const Root& root);

// What would hang the running kernel on its way out: hangs_when_it_leaves() of
// handoff/resident.hpp, asked now, since virtual machines come and go. Errors (stage exec):
// RESIDENT_VM_ALIVE.
base::Result<void> check_exec(const Root& root);

// reboot(KEXEC). Does not return when it succeeds. Filesystems should be synced before: the kernel
// does not. Errors (stage exec): NO_PERMISSION, NOT_LOADED, EXEC_REFUSED.
base::Error boot(Loaded loaded);

// Whether a crash kernel is loaded, by anybody: /sys/kernel/kexec_crash_loaded. Errors (stage
// exec): NO_KEXEC.
base::Result<bool> is_crash_kernel_loaded(const Root& root);

// Memory that is reserved for a crash kernel, by /sys/kernel/kexec_crash_size; nullopt: the kernel
// does not tell.
std::optional<std::uint64_t> crash_kernel_bytes(const Root& root);

enum class Image : std::uint8_t { kNext, kCrash };

// Drops what is loaded; nothing loaded is no error. Errors (stage unload) as load().
base::Result<void> unload(Image image);

// What the sentence about a refusal needs to know besides the system error number.
struct RefusalFacts {
  // uname -m of the running kernel, and what was to be loaded.
  std::string machine;
  Arch wanted = Arch::kArm;
  // It was to be loaded for a panic.
  bool for_panic = false;
  // /proc/sys/kernel/kexec_load_disabled is not 0: nobody may load until the next boot.
  bool load_disabled = false;
  // /sys/kernel/security/lockdown says "[integrity]" or "[confidentiality]".
  bool locked_down = false;
  // A CPU other than the first cannot be taken offline: /sys/devices/system/cpu/cpuN/online of a
  // possible CPU is missing.
  bool cpus_stuck = false;
  // There is more than one possible CPU, and more than one runs.
  bool several_cpus = false;
  bool several_online = false;
  // Of the running machine's tree: none at all, none with a /psci; and the CPUs of /cpus wait in
  // spin tables when they are off.
  bool has_tree = false;
  bool has_psci = false;
  bool spin_tables = false;
};
RefusalFacts gather_refusal_facts(const Root& root, Arch wanted);

// Why kexec_load will fail, known before it is called, so that its EINVAL or EBUSY is told in
// words: CPUS_STUCK. Success says nothing. Pure. Sources: linux/arch/arm/kernel/machine_kexec.c
// machine_kexec_prepare (for a panic too), linux/arch/arm64/kernel/machine_kexec.c and smp.c
// cpus_are_stuck_in_kernel (not for a panic).
base::Result<void> check_cpus(const RefusalFacts& facts);

// Why kexec_load failed with a system error number. Pure. Codes: NO_PERMISSION, NO_KEXEC,
// MACHINE_WRONG_ARCH, CPUS_STUCK, LOAD_BUSY, LOAD_NO_MEMORY, LOAD_OUTSIDE_RAM, LOAD_OUTSIDE_CRASH,
// LOAD_REFUSED.
base::Error refusal_of_load(int system_error, const RefusalFacts& facts,
                            base::Stage stage = base::Stage::kLoad);
base::Error refusal_of_boot(int system_error);

}  // namespace hyprelay::handoff::linux_host
