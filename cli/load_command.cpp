// SPDX-License-Identifier: BSD-2-Clause
#include "cli/load_command.hpp"

#include "base/json.hpp"
#include "cli/inputs.hpp"
#include "cli/last_words.hpp"
#include "cli/print.hpp"
#include "cli/signed_load.hpp"
#include "cli/text.hpp"
#include "handoff/line_limit.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/kexec.hpp"

#include <array>
#include <string>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;
using Json = nlohmann::ordered_json;

// What --file cannot do, and why.
constexpr auto kExcluded = std::to_array<Excluded>({
    {"--dtb", "the kernel passes its own tree on"},
    {"--trust-dtb", "the kernel passes its own tree on"},
    {"--overlay", "the kernel passes its own tree on"},
    {"--set", "the kernel passes its own tree on"},
    {"--delete", "the kernel passes its own tree on"},
    {"--require-hyp", "it is the relay that requires HYP/EL2"},
    {"--halt-on-failure", "it is the relay that would halt"},
    {"--keep-zimage", "the kernel starts what it was given"},
    {"--digest", "it is the relay that verifies"},
    {"--reserve", "the kernel places everything itself"},
    {"--verbose-relay", "it is the relay that tells"},
    {"--resident", "it is the relay that climbs"},
    {"--resident-vectors", "it is the relay that climbs"},
});

// What is not had with kexec_file_load, whose kernel makes and places everything itself
// [linux/arch/arm64/kernel/machine_kexec_file.c, linux/drivers/of/kexec.c]. Seeds are its own.
constexpr auto kLost = std::to_array<const char*>({
    "no relay: nothing compares what is started with what was loaded",
    "no record: hyprelay status of the next kernel does not know how it came up",
    "no climb to HYP/EL2: the next kernel starts in the mode in which this one leaves",
    "no tree of one's own: the next kernel gets this one's, with seeds that this kernel makes",
});

// Before anything is read: a kernel that takes none from this process is the first thing to know.
base::Result<void> check_kernel_takes_one(const Arguments& arguments, linux_host::Call call) {
  const linux_host::Root root = linux_host::Root::live();
  if (!arguments.has("--machine")) {
    HR_TRY(arch, linux_host::arch_of(root.machine));
    static_cast<void>(arch);
  }
  return arguments.has("--dry-run")
             ? base::success()
             : linux_host::check_allowed(root, call, arguments.has("--panic"));
}

base::Result<void> check_options(const Arguments& arguments) {
  return refuse_options(arguments, kExcluded, "with --file");
}

// The kernel has it, whatever becomes of the report.
void note_loaded(bool for_panic) {
  note_done(for_panic ? "the crash kernel is loaded all the same; hyprelay unload --panic drops it"
                      : "the kernel is loaded all the same; hyprelay unload drops it");
}

// What cannot be told by the options alone.
base::Result<void> check_files(const Request& request, const Files& files,
                               const handoff::Machine& machine) {
  if (request.wishes.require_hyp) {
    return Error(Code::USAGE, Stage::kUsage,
                 std::string(request.wishes.panic ? "panic" : "next") +
                     "_require_hyp=yes cannot hold with --file: it is the relay that requires it");
  }
  if (files.image.arch != machine.arch) {
    return Error(Code::IMAGE_WRONG_ARCH, Stage::kImage, request.kernel);
  }
  if (files.initrd && !files.initrd_part->note.empty()) {
    return Error(Code::INITRD_UNKNOWN, Stage::kFile,
                 *request.initrd + ": the kernel reads the file itself, as it is; " +
                     files.initrd_part->note);
  }
  if (request.wishes.panic) {
    HR_TRY(region, handoff::main_crash_region(machine));
    static_cast<void>(region);
  }
  return base::success();
}

base::Result<handoff::Machine> machine_for(const Request& request) {
  return request.machine ? read_machine(*request.machine)
                         : linux_host::gather(linux_host::Root::live());
}

std::string text_of(const linux_host::FileHandoff& handoff, bool loaded) {
  std::string text = loaded ? "hyprelay: loaded by kexec_file_load\n"
                            : "hyprelay: nothing loaded (dry run of kexec_file_load)\n";
  text += "  kernel:       " + handoff.kernel + "\n";
  text += handoff.initrd ? "  initrd:       " + *handoff.initrd + "\n" : "";
  text += "  command line: " + handoff.command_line + "\n";
  for (const char* lost : kLost) {
    text += std::string("note: ") + lost + "\n";
  }
  return text + (!loaded             ? ""
                 : handoff.for_panic ? "it starts when this kernel panics\n"
                                     : "start it with hyprelay exec, or systemctl kexec\n");
}

std::string json_of(const linux_host::FileHandoff& handoff, bool loaded) {
  return json_line({{handoff.for_panic ? "crash_loaded" : "loaded", loaded},
                    {"by", "kexec_file_load"},
                    {"kernel", handoff.kernel},
                    {"initrd", handoff.initrd ? Json(*handoff.initrd) : Json()},
                    {"command_line", handoff.command_line},
                    {"lost", kLost}});
}

base::Result<int> load_files(const Arguments& arguments) {
  HR_TRYV(check_options(arguments));
  HR_TRYV(check_kernel_takes_one(arguments, linux_host::Call::kFiles));
  HR_TRY(request, request_of(arguments));
  // It is refused, and never Signer of anything.
  HR_TRY(signer, require_signature(arguments, request));
  static_cast<void>(signer);
  HR_TRY(files, open_files(request, Packed::kRefuse));
  HR_TRY(machine, machine_for(request));
  HR_TRYV(check_files(request, files, machine));
  const linux_host::FileHandoff handoff{
      .kernel = request.kernel,
      .initrd = request.initrd,
      .command_line =
          handoff::choose_command_line(request.wishes, machine.arch, machine.command_line).text,
      .for_panic = request.wishes.panic};
  std::vector<std::string> warnings = files.initrd_part.value_or(handoff::InitrdPart()).warnings;
  for (const auto& one : {handoff::command_line_warning(handoff.command_line, machine.arch),
                          handoff::big_words_warning(request.wishes)}) {
    warnings.insert(warnings.end(), one ? 1 : 0, one.value_or(""));
  }
  for (const std::string& warning : warnings) {
    complain("warning: " + warning);
  }
  const bool loaded = !arguments.has("--dry-run");
  if (loaded) {
    HR_TRYV(linux_host::load_file(handoff, machine.arch));
    note_loaded(handoff.for_panic);
  }
  return print(arguments.has("--json") ? json_of(handoff, loaded) : text_of(handoff, loaded));
}

}  // namespace

base::Result<int> run_load(const Arguments& arguments) {
  if (arguments.has("--file")) {
    return load_files(arguments);
  }
  HR_TRYV(check_kernel_takes_one(arguments, linux_host::Call::kSegments));
  HR_TRY(request, request_of(arguments));
  HR_TRY(signer, require_signature(arguments, request));
  HR_TRY(files, open_files(request));
  if (signer) {
    HR_TRYV(check_signed_line(*signer, request, files));
    take_signer(*signer, request, files);
  }
  HR_TRY(planned, plan(request, files));
  if (signer) {
    note_unsigned_tree(planned);
  }
  HR_TRY(sealed, seal(planned, files));
  Outcome outcome = Outcome::kDryRun;
  if (!arguments.has("--dry-run")) {
    files.watch.enter(LoadPhase::kKexecLoad);
    HR_TRY(loaded, linux_host::load(sealed));
    static_cast<void>(loaded);
    note_loaded(request.wishes.panic);
    outcome = Outcome::kLoaded;
  }
  files.watch.enter(LoadPhase::kFiles);
  return print(arguments.has("--json")
                   ? plan_json(request, files.layers, planned, outcome, &files.watch)
                   : load_text(request, planned, outcome));
}

}  // namespace hyprelay::cli
