// SPDX-License-Identifier: BSD-2-Clause
// Why the running kernel takes no kernel, in words: what is known before it is asked, and what its
// system errors mean. Pure but for gather_refusal_facts().
#pragma once

#include "base/error.hpp"
#include "base/result.hpp"
#include "handoff/linux/gather.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hyprelay::handoff::linux_host {

// What the sentence about a refusal needs to know besides the system error number.
struct RefusalFacts {
  // uname -m of the running kernel, and what was to be loaded.
  std::string machine;
  Arch wanted = Arch::kArm;
  // It was to be loaded for a panic.
  bool for_panic = false;
  // CapEff of /proc/self/status has no CAP_SYS_BOOT; or it has, and counts for nothing: a user
  // namespace gave it, by /proc/self/uid_map.
  bool lacks_capability = false;
  bool in_user_namespace = false;
  // Seccomp of /proc/self/status is not 0: a filter answers some system calls of this process.
  bool filtered = false;
  // /proc/sys/kernel/kexec_load_disabled is not 0: nobody may load until the next boot.
  bool load_disabled = false;
  // /proc/sys/kernel/kexec_load_limit_panic or _reboot, since Linux 6.3: so many loads more, of
  // which every call takes one, whatever becomes of it. nullopt: no such file, or no limit.
  std::optional<std::uint64_t> loads_left = {};
  // The word in brackets of /sys/kernel/security/lockdown: none, integrity, confidentiality. Empty:
  // securityfs is not mounted, or the kernel has no lockdown.
  std::string lockdown;
  // Then, by the kernel's log: "command line", "EFI Secure Boot mode" and the like
  // [linux/security/lockdown/lockdown.c lock_kernel_down]. Empty: it says nothing, or is lost.
  std::string locked_down_from;
  // The firmware checked what it started, by the EFI variable SecureBoot: Debian's kernels lock
  // themselves down then (CONFIG_LOCK_DOWN_IN_EFI_SECURE_BOOT).
  bool secure_boot = false;
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
  // enable-method of the CPUs in that tree: "psci", "spin-table", "brcm,bcm2836-smp"; empty: the
  // CPUs name none. And whether it is the tree of a Raspberry Pi 4, or of another one.
  std::string enable_method;
  bool is_pi4 = false;
  bool is_pi = false;
};
RefusalFacts gather_refusal_facts(const Root& root, Arch wanted, bool for_panic = false);

// Why kexec_load will fail, known before it is called, so that its EINVAL or EBUSY is told in
// words: CPUS_STUCK. Success says nothing. Sources: linux/arch/arm/kernel/machine_kexec.c
// machine_kexec_prepare (for a panic too), linux/arch/arm64/kernel/machine_kexec.c and smp.c
// cpus_are_stuck_in_kernel (not for a panic).
base::Result<void> check_cpus(const RefusalFacts& facts);

// The two ways to load: segments that hyprelay made, or files that the kernel reads, checks and
// places itself.
enum class Call : std::uint8_t { kSegments, kFiles };

// Why nobody may load that way on this machine, by what its files say: NO_PERMISSION,
// LOAD_DISABLED, LOCKED_DOWN (for kSegments alone). nullopt: nothing speaks against it.
std::optional<base::Error> known_refusal(Call call, const RefusalFacts& facts,
                                         base::Stage stage = base::Stage::kLoad);

// Why kexec_load failed with a system error number. Codes: NO_PERMISSION, LOAD_DISABLED,
// LOCKED_DOWN, NO_KEXEC, MACHINE_WRONG_ARCH, CPUS_STUCK, LOAD_BUSY, LOAD_NO_MEMORY,
// LOAD_OUTSIDE_RAM, LOAD_OUTSIDE_CRASH, LOAD_REFUSED.
base::Error refusal_of_load(int system_error, const RefusalFacts& facts,
                            base::Stage stage = base::Stage::kLoad);

// Why kexec_file_load failed. Codes: NO_PERMISSION, LOAD_DISABLED, NO_KEXEC_FILE,
// SIGNATURE_REFUSED, FILE_REFUSED, PLAN_NO_ROOM, CPUS_STUCK, LOAD_BUSY, LOAD_NO_MEMORY,
// LOAD_REFUSED. Sources: linux/kernel/kexec_file.c,
// linux/crypto/asymmetric_keys/{verify_pefile,pkcs7_trust,pkcs7_verify}.c,
// linux/arch/arm64/kernel/kexec_image.c, linux/security/integrity/ima/ima_main.c.
base::Error refusal_of_file_load(int system_error, const RefusalFacts& facts);

base::Error refusal_of_boot(int system_error);

}  // namespace hyprelay::handoff::linux_host
