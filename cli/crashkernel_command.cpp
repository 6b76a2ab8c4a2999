// SPDX-License-Identifier: BSD-2-Clause
#include "cli/crashkernel_command.hpp"

#include "cli/print.hpp"
#include "cli/text.hpp"
#include "handoff/crash.hpp"
#include "handoff/json.hpp"
#include "handoff/linux/files.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/kexec.hpp"
#include "handoff/relay_image.hpp"
#include "relay/embedded.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;
using Json = nlohmann::ordered_json;

// A tree of that size takes its own 2 MiB whatever its length, and no core header of a machine with
// less than a thousand pieces of memory and CPUs is longer.
constexpr std::uint64_t kTreeBytes = 0x20000;
constexpr std::uint64_t kElfcorehdrBytes = 0x10000;

struct Estimate {
  handoff::CrashSize size;
  std::uint64_t initrd_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  // What is reserved at present; nullopt: not known.
  std::optional<std::uint64_t> reserved_bytes;
};

// Architecture and page size of the machine that will run the kernel: of the file, of this machine
// when it is one, or the usual ones.
base::Result<handoff::Machine> machine_for(const std::optional<std::string>& path,
                                           handoff::Arch arch, Estimate& estimate) {
  if (path) {
    HR_TRY(file, linux_host::InputFile::open(*path));
    HR_TRY(bytes, file.read());
    HR_TRY(machine, handoff::machine_from_json(linux_host::text_of(bytes), *path));
    if (const auto region = handoff::main_crash_region(machine)) {
      estimate.reserved_bytes = region.value().size_bytes();
    }
    return machine;
  }
  handoff::Machine machine;
  machine.arch = arch;
  const linux_host::Root root = linux_host::Root::live();
  const auto running = linux_host::arch_of(root.machine);
  if (running && running.value() == arch) {
    machine.page_size_bytes = root.page_size_bytes;
    estimate.reserved_bytes = linux_host::crash_kernel_bytes(root);
  }
  return machine;
}

base::Result<Estimate> estimate_of(const std::string& kernel_path,
                                   const std::optional<std::string>& initrd_path,
                                   const std::optional<std::string>& machine_path) {
  HR_TRY(kernel_file, linux_host::InputFile::open(kernel_path));
  HR_TRY(kernel_bytes, kernel_file.read());
  HR_TRY(image, handoff::read_image(kernel_bytes, kernel_path));
  Estimate estimate;
  if (initrd_path) {
    HR_TRY(file, linux_host::InputFile::open(*initrd_path));
    HR_TRY(bytes, file.read());
    estimate.initrd_bytes = bytes.size();
    estimate.unpacked_bytes = handoff::unpacked_size_guess(bytes, bytes.size());
  }
  HR_TRY(machine, machine_for(machine_path, image.arch, estimate));
  if (machine.arch != image.arch) {
    return Error(Code::IMAGE_WRONG_ARCH, Stage::kImage, kernel_path);
  }
  const base::ByteView relay_bytes = handoff::embedded_relay(image.arch);
  if (relay_bytes.empty()) {
    return Error(Code::SEAL_NO_RELAY, Stage::kSeal, handoff::arch_name(image.arch));
  }
  HR_TRY(relay, handoff::read_relay_image(relay_bytes));
  handoff::PlanRequest request;
  request.initrd_bytes = estimate.initrd_bytes;
  request.tree_bytes = kTreeBytes;
  request.relay_bytes = relay.memory_bytes;
  request.elfcorehdr_bytes = kElfcorehdrBytes;
  HR_TRY(size, handoff::crash_size(machine, image, request, estimate.unpacked_bytes));
  estimate.size = size;
  return estimate;
}

std::string parameter(const Estimate& estimate) {
  return "crashkernel=" + std::to_string(estimate.size.recommended_bytes >> 20) + "M";
}

std::string text_of(const Estimate& estimate) {
  std::string text =
      parameter(estimate) + "\n  to load:    " + human_size(estimate.size.smallest_bytes) + "\n";
  if (estimate.initrd_bytes != 0) {
    text += "  initrd:     " + human_size(estimate.initrd_bytes) + ", unpacked about " +
            human_size(estimate.unpacked_bytes) + "\n";
  }
  if (estimate.reserved_bytes) {
    text += "  reserved:   " + human_size(*estimate.reserved_bytes) + " at present" +
            (*estimate.reserved_bytes < estimate.size.recommended_bytes ? ", too little" : "") +
            "\n";
  }
  return text;
}

std::string json_of(const Estimate& estimate) {
  Json json;
  json["crashkernel"] = parameter(estimate);
  json["recommended_bytes"] = estimate.size.recommended_bytes;
  json["smallest_bytes"] = estimate.size.smallest_bytes;
  json["initrd_bytes"] = estimate.initrd_bytes;
  json["unpacked_initrd_bytes"] = estimate.unpacked_bytes;
  json["reserved_bytes"] = estimate.reserved_bytes ? Json(*estimate.reserved_bytes) : Json();
  return json.dump() + "\n";
}

}  // namespace

base::Result<handoff::CrashSize> estimate_size(const std::string& kernel,
                                               const std::optional<std::string>& initrd,
                                               const std::optional<std::string>& machine) {
  HR_TRY(estimate, estimate_of(kernel, initrd, machine));
  return estimate.size;
}

base::Result<int> run_crashkernel(const Arguments& arguments) {
  HR_TRY(estimate,
         estimate_of(arguments.text(Option::kKernelOption).value_or(""),
                     arguments.text(Option::kInitrd), arguments.text(Option::kMachineFile)));
  return print(arguments.has(Option::kJson) ? json_of(estimate) : text_of(estimate));
}

}  // namespace hyprelay::cli
