// SPDX-License-Identifier: BSD-2-Clause
#include "cli/rehearse_command.hpp"

#include "rehearse/boards.hpp"
#include "rehearse/firmware.hpp"
#include "rehearse/options.hpp"
#include "rehearse/rehearse.hpp"

#include <iostream>

namespace hyprelay::cli {

namespace {

// One of the choices of the option's row.
rehearse::Firmware firmware_of(std::string_view text) {
  for (const auto one : {rehearse::Firmware::kEdk2, rehearse::Firmware::kUBoot}) {
    if (text == text_of(one)) {
      return one;
    }
  }
  return rehearse::Firmware::kNone;
}

}  // namespace

base::Result<int> run_rehearse(const Arguments& arguments) {
  if (arguments.text("--board") == "list") {
    std::cout << rehearse::list_of_boards();
    return HR_EXIT_OK;
  }
  rehearse::Options options;
  options.board = arguments.text("--board").value_or("");
  options.arch = arguments.text("--arch") == "arm" ? handoff::Arch::kArm : handoff::Arch::kArm64;
  if (!options.board.empty()) {
    HR_TRY(board, rehearse::find_board(options.board));
    options.arch = board->arch;
  }
  options.from = arguments.text("--from").value_or("");
  options.to = arguments.texts("--to");
  options.initrd = arguments.text("--initrd").value_or("");
  options.dtb = arguments.text("--dtb").value_or("");
  options.overlays = arguments.texts("--overlay");
  options.append = arguments.text("--append").value_or("");
  options.memory = arguments.text("--memory").value_or("");
  options.cpus = arguments.number("--cpus", options.cpus);
  options.cpu = arguments.text("--cpu").value_or("");
  options.machine = arguments.text("--machine").value_or("");
  options.firmware = firmware_of(arguments.text("--firmware").value_or(""));
  options.hops = arguments.number("--hops", options.hops);
  options.qemu = arguments.text("--qemu").value_or("");
  options.qemu_args = arguments.texts("--qemu-arg");
  options.icount = arguments.has("--icount");
  options.json = arguments.has("--json");
  options.load_args = arguments.rest;
  for (const OptionName name : {OptionName("--delete"), OptionName("--set")}) {
    for (const std::string& text : arguments.texts(name)) {
      options.load_args.insert(options.load_args.end(), {std::string(name.text()), text});
    }
  }
  options.console = arguments.has("--console");
  options.transcript = arguments.text("--transcript").value_or("");
  options.patience_seconds = arguments.number("--patience", options.patience_seconds);
  options.corrupt = arguments.text("--corrupt").value_or("");
  options.panic = arguments.has("--panic");
  options.panic_cpu = arguments.number("--panic-cpu", 0);
  options.before_panic = arguments.texts("--before-panic");
  options.panic_run = arguments.text("--panic-run").value_or("");
  options.panic_twice = arguments.has("--panic-twice");
  options.crashkernel = arguments.text("--crashkernel").value_or(options.crashkernel);
  options.capture_runs = arguments.texts("--capture-run");
  options.disk = arguments.text("--disk").value_or("");
  options.watch = arguments.has("--watch");
  return rehearse::run_and_print(options);
}

}  // namespace hyprelay::cli
