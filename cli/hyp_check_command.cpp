// SPDX-License-Identifier: BSD-2-Clause
#include "cli/hyp_check_command.hpp"

#include "abi/hr_abi.h"
#include "hyp-check/embedded.hpp"
#include "os/files.hpp"

#include <optional>
#include <string>

namespace hyprelay::cli {
namespace {

std::optional<std::string> own_arch() {
#if defined(__arm__)
  return "arm";
#elif defined(__aarch64__)
  return "arm64";
#else
  return std::nullopt;
#endif
}

}  // namespace

base::Result<int> run_hyp_check(const Arguments& arguments) {
  const auto named = arguments.text("--arch");
  const auto arch = named ? named : own_arch();
  if (!arch) {
    return base::Error(base::Code::USAGE, base::Stage::kUsage,
                       "--arch is missing: this machine is neither arm nor arm64");
  }
  const auto format =
      arguments.text("--format") == "elf" ? hyp_check::Format::kElf : hyp_check::Format::kImage;
  const base::ByteView bytes = hyp_check::embedded_hyp_check(
      *arch == "arm" ? handoff::Arch::kArm : handoff::Arch::kArm64, format);
  HR_TRYV(os::write_text(arguments.text("--emit").value_or("-"), base::text_of(bytes)));
  return HR_EXIT_OK;
}

}  // namespace hyprelay::cli
