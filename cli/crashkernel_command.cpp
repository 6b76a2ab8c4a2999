// SPDX-License-Identifier: BSD-2-Clause
#include "cli/crashkernel_command.hpp"

#include "base/json.hpp"
#include "base/number_text.hpp"
#include "cli/inputs.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/kexec.hpp"
#include "handoff/linux/line_place.hpp"

#include <optional>
#include <string>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using Json = nlohmann::ordered_json;

struct Estimate {
  handoff::CrashSize size;
  std::optional<handoff::InitrdSize> initrd;
  // What is reserved at present; nullopt: not known.
  std::optional<std::uint64_t> reserved_bytes;
  // nullopt: it is for another machine, or nothing tells what boots this one.
  std::optional<linux_host::LinePlace> place;
};

struct Target {
  handoff::Machine machine;
  std::optional<std::uint64_t> reserved_bytes;
};

// Architecture, page size and CPUs of the machine that will run the kernel: of the file, of this
// machine when it is one, or the usual ones.
base::Result<Target> find_target(const Request& request, handoff::Arch arch) {
  if (request.machine) {
    HR_TRY(machine, read_machine(*request.machine));
    const auto region = handoff::main_crash_region(machine);
    return Target{std::move(machine),
                  region ? std::optional(region.value().size_bytes()) : std::nullopt};
  }
  Target target;
  target.machine.arch = arch;
  const linux_host::Root root = linux_host::Root::live();
  const auto running = linux_host::arch_of(root.machine);
  if (running && running.value() == arch) {
    target.machine.page_size_bytes = root.page_size_bytes;
    target.reserved_bytes = linux_host::crash_kernel_bytes(root);
    HR_TRY(cpus, linux_host::possible_cpus(root));
    target.machine.cpus = cpus;
  }
  return target;
}

std::optional<linux_host::LinePlace> place_of_crashkernel(const handoff::CrashSize& size) {
  return linux_host::place_of_word(linux_host::Root::live(),
                                   handoff::crashkernel_parameter(size.recommended_bytes));
}

base::Result<Estimate> estimate_of(const Request& request) {
  HR_TRY(files, open_files(request));
  HR_TRY(target, find_target(request, files.image.arch));
  HR_TRYV(inflate(request, files));
  const handoff::PrepareInput input = input_for(request, files, std::move(target.machine));
  HR_TRY(size, handoff::estimate_crash_size(input));
  const auto place = request.machine ? std::nullopt : place_of_crashkernel(size);
  return Estimate{size, input.initrd, target.reserved_bytes, place};
}

std::string text_of(const Estimate& estimate) {
  std::string text = handoff::crashkernel_parameter(estimate.size.recommended_bytes) +
                     "\n  to load:    " + base::size_text(estimate.size.smallest_bytes) + "\n";
  if (estimate.initrd) {
    const std::string& why_not = estimate.initrd->not_measured;
    text += "  initrd:     " + base::size_text(estimate.initrd->size_bytes) +
            (why_not.empty() ? ", unpacked " : ", unpacked perhaps ") +
            base::size_text(estimate.initrd->unpacked_bytes) + "\n" +
            (why_not.empty() ? "" : "  not known:  " + why_not + "\n");
  }
  if (estimate.reserved_bytes) {
    text += "  reserved:   " + base::size_text(*estimate.reserved_bytes) + " at present" +
            (*estimate.reserved_bytes < estimate.size.needed_bytes ? ", too little" : "") + "\n";
  }
  text += estimate.place ? "  to set it:  " + estimate.place->how + ", and reboot\n" : "";
  return text;
}

std::string json_of(const Estimate& estimate) {
  Json json;
  const handoff::InitrdSize initrd = estimate.initrd.value_or(handoff::InitrdSize());
  json["crashkernel"] = handoff::crashkernel_parameter(estimate.size.recommended_bytes);
  json["recommended_bytes"] = estimate.size.recommended_bytes;
  json["needed_bytes"] = estimate.size.needed_bytes;
  json["smallest_bytes"] = estimate.size.smallest_bytes;
  json["initrd_bytes"] = initrd.size_bytes;
  json["unpacked_initrd_bytes"] = initrd.unpacked_bytes;
  json["initrd_not_measured"] = initrd.not_measured;
  json["reserved_bytes"] = estimate.reserved_bytes ? Json(*estimate.reserved_bytes) : Json();
  json["set_in"] = estimate.place ? Json(estimate.place->file) : Json();
  json["to_set_it"] = estimate.place ? Json(estimate.place->how) : Json();
  return json_line(json);
}

}  // namespace

base::Result<handoff::CrashSize> estimate_size(const Request& request) {
  HR_TRY(estimate, estimate_of(request));
  return estimate.size;
}

base::Result<int> run_crashkernel(const Arguments& arguments) {
  Request request;
  request.kernel = arguments.text("--kernel").value_or("");
  request.initrd = arguments.text("--initrd");
  request.machine = arguments.text("--machine");
  request.keep_zimage = arguments.has("--keep-zimage");
  request.wishes.panic = true;
  HR_TRY(estimate, estimate_of(request));
  return print(arguments.has("--json") ? json_of(estimate) : text_of(estimate));
}

}  // namespace hyprelay::cli
