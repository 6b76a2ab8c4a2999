// SPDX-License-Identifier: BSD-2-Clause
// The kexec system calls: nothing else in this tree makes them.
#pragma once

#include "base/result.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/refusal.hpp"
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

// Asks the kernel whether it takes a kernel that way from this process, by a call that it refuses
// in any case and that changes nothing: it looks at permissions first. Where the kernel counts
// loads, what its files say has to do. Errors (stage load): NO_PERMISSION, LOAD_DISABLED,
// LOCKED_DOWN, NO_KEXEC, NO_KEXEC_FILE.
base::Result<void> check_allowed(const Root& root, Call call, bool for_panic);

// What kexec_file_load gets. Paths of files that are there.
struct FileHandoff {
  std::string kernel;
  std::optional<std::string> initrd = {};
  std::string command_line;
  bool for_panic = false;
};
// kexec_file_load: the kernel reads the files, checks their signatures where it was built to,
// places them and makes the tree. What was loaded before is replaced. `arch` is that of the kernel
// file. Errors: FILE_UNREADABLE, and (stage load) see refusal_of_file_load().
base::Result<void> load_file(const FileHandoff& handoff, Arch arch);

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

// Drops what is loaded, by kexec_file_load where a kernel that is locked down refuses the other
// call for this too; nothing loaded is no error. Errors (stage unload) as load().
base::Result<void> unload(Image image);

}  // namespace hyprelay::handoff::linux_host
