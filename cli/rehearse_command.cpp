// SPDX-License-Identifier: BSD-2-Clause
#include "cli/rehearse_command.hpp"

#include "rehearse/options.hpp"
#include "rehearse/rehearse.hpp"

namespace hyprelay::cli {

base::Result<int> run_rehearse(const Arguments& arguments) {
  rehearse::Options options;
  options.arch =
      arguments.text(Option::kArch) == "arm" ? handoff::Arch::kArm : handoff::Arch::kArm64;
  options.from = arguments.text(Option::kFrom).value_or("");
  options.to = arguments.texts(Option::kTo);
  options.initrd = arguments.text(Option::kRehearseInitrd).value_or("");
  options.dtb = arguments.text(Option::kRehearseDtb).value_or("");
  options.append = arguments.text(Option::kRehearseAppend).value_or("");
  options.memory = arguments.text(Option::kMemory).value_or(options.memory);
  options.cpus = arguments.number(Option::kCpus, options.cpus);
  options.cpu = arguments.text(Option::kCpu).value_or("");
  options.machine = arguments.text(Option::kQemuMachine).value_or("");
  options.hops = arguments.number(Option::kHops, options.hops);
  options.qemu_args = arguments.texts(Option::kQemuArgument);
  options.icount = arguments.has(Option::kIcount);
  options.json = arguments.has(Option::kJson);
  options.load_args = arguments.rest;
  options.console = arguments.has(Option::kConsole);
  options.transcript = arguments.text(Option::kTranscript).value_or("");
  options.patience_seconds = arguments.number(Option::kPatience, options.patience_seconds);
  options.corrupt = arguments.text(Option::kCorrupt).value_or("");
  options.panic = arguments.has(Option::kRehearsePanic);
  options.panic_cpu = arguments.number(Option::kPanicCpu, 0);
  options.before_panic = arguments.texts(Option::kBeforePanic);
  options.panic_run = arguments.text(Option::kPanicRun).value_or("");
  options.panic_twice = arguments.has(Option::kPanicTwice);
  options.crashkernel = arguments.text(Option::kCrashSize).value_or(options.crashkernel);
  options.capture_runs = arguments.texts(Option::kCaptureRun);
  options.disk = arguments.text(Option::kDisk).value_or("");
  options.watch = arguments.has(Option::kWatch);
  return rehearse::run_and_print(options);
}

}  // namespace hyprelay::cli
