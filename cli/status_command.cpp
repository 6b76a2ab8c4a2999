// SPDX-License-Identifier: BSD-2-Clause
#include "cli/status_command.hpp"

#include "cli/timeline.hpp"
#include "handoff/linux/crash_facts.hpp"
#include "handoff/linux/kexec.hpp"
#include "handoff/linux/record.hpp"

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;

// On a machine that runs by ACPI the record is in a file that only root may read.
base::Result<void> take_record(const linux_host::Root& root, Status& status) {
  auto record = linux_host::read_record(root);
  if (record) {
    status.record = record.value();
  } else if (record.error().code() == Code::MACHINE_UNREADABLE) {
    status.record_readable = false;
    status.left_out.push_back("the relay's record: " + std::string(record.error().subject()) +
                              " is for root to read");
  } else if (record.error().code() != Code::NO_RECORD) {
    return record.error();
  }
  return base::success();
}

}  // namespace

base::Result<Status> read_status(const linux_host::Root& root) {
  Status status;
  status.kernel_release = root.kernel_release;
  status.arch = root.machine;
  HR_TRYV(take_record(root, status));
  if (const auto arch = linux_host::arch_of(root.machine)) {
    status.arch = handoff::arch_name(arch.value());
    status.mode = linux_host::find_boot_mode(root, arch.value());
    if (status.mode == handoff::Mode::kUNKNOWN && linux_host::read_kernel_log(root).empty()) {
      status.left_out.emplace_back("the mode: the kernel's log is not for everybody to read");
    }
  }
  const auto loaded = linux_host::find_loaded(root);
  if (loaded || loaded.error().code() == Code::NOT_LOADED) {
    status.loaded = loaded.has_value();
  }
  if (const auto crash_loaded = linux_host::is_crash_kernel_loaded(root)) {
    status.crash_loaded = crash_loaded.value();
  }
  status.crash_bytes = linux_host::crash_kernel_bytes(root);
  return status;
}

base::Result<int> run_status(const Arguments& arguments) {
  HR_TRY(status, read_status(linux_host::Root::live()));
  const bool timeline = arguments.has("--timeline");
  if (arguments.has("--json")) {
    return print(status_json(status, timeline));
  }
  return print(status_text(status) +
               (timeline && status.record ? timeline_text(timeline_of(*status.record)) : ""));
}

}  // namespace hyprelay::cli
