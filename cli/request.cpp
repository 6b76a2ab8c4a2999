// SPDX-License-Identifier: BSD-2-Clause
#include "cli/request.hpp"

#include "base/number_text.hpp"
#include "cli/boot_entry.hpp"
#include "cli/configuration.hpp"
#include "compat/text.hpp"
#include "digest/digest.hpp"

#include <utility>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// Two numbers around a comma; the second may be missing when `default_second` has a value.
base::Result<std::pair<std::uint64_t, std::uint64_t>> parse_pair(
    const std::string& text, const char* option, std::optional<std::uint64_t> default_second) {
  const std::size_t comma = text.find(',');
  const auto first = base::parse_number(std::string_view(text).substr(0, comma));
  const auto second = comma == std::string::npos
                          ? default_second
                          : base::parse_number(std::string_view(text).substr(comma + 1));
  if (!first || !second) {
    return Error(Code::USAGE, Stage::kUsage,
                 std::string(option) + " takes addresses as 0x40000000, not \"" + text + "\"");
  }
  return std::pair(*first, *second);
}

base::Result<std::vector<handoff::NamedRange>> reserved_ranges(const Arguments& arguments) {
  std::vector<handoff::NamedRange> ranges;
  for (const std::string& text : arguments.texts("--reserve")) {
    HR_TRY(pair, parse_pair(text, "--reserve", std::nullopt));
    const auto range = base::PhysRange::from_size(base::PhysAddr(pair.first), pair.second);
    if (!range || pair.second == 0) {
      return Error(Code::USAGE, Stage::kUsage, "--reserve " + text + " is no range of memory");
    }
    ranges.push_back({*range, "--reserve"});
  }
  return ranges;
}

base::Result<void> take_resident(const Arguments& arguments, handoff::Wishes& wishes) {
  if (const auto name = arguments.text("--resident")) {
    wishes.resident = compat::parse_dialect(*name);
    if (!wishes.resident) {
      return Error(Code::USAGE, Stage::kUsage, "--resident: there is no dialect \"" + *name + "\"");
    }
  }
  if (const auto text = arguments.text("--resident-vectors")) {
    HR_TRY(pair, parse_pair(*text, "--resident-vectors", 0));
    if (pair.first == 0) {
      return Error(Code::USAGE, Stage::kUsage, "--resident-vectors: no vectors lie at 0");
    }
    wishes.resident_vectors = {pair.first, pair.second};
  }
  return base::success();
}

base::Result<void> complete_request(const Arguments& arguments, Request& request) {
  if (request.machine && !arguments.has("--config")) {
    return Error(Code::USAGE, Stage::kUsage,
                 "KERNEL is missing: this machine's configuration is not for that of --machine");
  }
  HR_TRY(configuration, read_configuration_and_warn(arguments));
  return complete(request, configuration);
}

}  // namespace

base::Result<handoff::TreeEdits> edits_of(const Arguments& arguments) {
  handoff::TreeEdits edits;
  for (const std::string& text : arguments.texts("--delete")) {
    HR_TRY(place, handoff::parse_deletion(text));
    edits.deletions.push_back(std::move(place));
  }
  for (const std::string& text : arguments.texts("--set")) {
    HR_TRY(setting, handoff::parse_setting(text));
    edits.settings.push_back(std::move(setting));
  }
  return edits;
}

base::Result<Request> request_of(const Arguments& arguments) {
  Request request;
  request.kernel = arguments.text("KERNEL").value_or("");
  request.initrd = arguments.text("--initrd");
  request.dtb = arguments.text("--dtb");
  request.machine = arguments.text("--machine");
  request.keep_zimage = arguments.has("--keep-zimage");
  request.fit_config = arguments.text("--fit-config").value_or("");
  request.vendor_boot = arguments.text("--vendor-boot");
  request.warrant = arguments.text("--warrant");
  handoff::Wishes& wishes = request.wishes;
  wishes.command_line = arguments.text("--command-line");
  wishes.reuse_command_line = arguments.has("--reuse-cmdline");
  wishes.panic = arguments.has("--panic");
  wishes.require_hyp = arguments.has("--require-hyp");
  wishes.trust_dtb = arguments.has("--trust-dtb");
  wishes.halt_on_failure = arguments.has("--halt-on-failure");
  wishes.verbose_relay = arguments.has("--verbose-relay");
  wishes.digest_algorithm = digest::algorithm_named(arguments.text("--digest").value_or(""))
                                .value_or(wishes.digest_algorithm);
  HR_TRYV(take_resident(arguments, wishes));
  HR_TRY(reserved, reserved_ranges(arguments));
  request.reserved = std::move(reserved);
  HR_TRY(edits, edits_of(arguments));
  request.edits = std::move(edits);
  request.overlays = arguments.texts("--overlay");
  if (arguments.command == Command::kBundle) {
    request.machine_of_tree = true;
  } else if (arguments.has("--entry")) {
    HR_TRYV(take_boot_entry(arguments, request));
  } else if (request.kernel.empty()) {
    HR_TRYV(complete_request(arguments, request));
  }
  return request;
}

}  // namespace hyprelay::cli
