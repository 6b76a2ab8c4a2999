// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "compat/text.hpp"
#include "handoff/json.hpp"

#include <nlohmann/json.hpp>

namespace hyprelay::cli {
namespace {

using Json = nlohmann::ordered_json;
using handoff::SegmentKind;

// The file or other source of a segment's content.
std::string source_of(const Prepared& prepared, SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kKERNEL:
      return prepared.request.kernel;
    case SegmentKind::kINITRD:
      return prepared.request.initrd.value_or("");
    case SegmentKind::kTREE:
      return prepared.tree_source +
             (prepared.memory_added ? ", with the running machine's memory" : "");
    case SegmentKind::kRELAY:
    case SegmentKind::kELFCOREHDR:
      return "";
  }
  return "";
}

// Without blanks at its end, where the last column is empty.
std::string line_of(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

const char* plain(bool value) {
  return value ? "yes" : "no";
}

std::string resident_name(const Prepared& prepared) {
  return std::string(compat::text_of(prepared.resident.dialect));
}

// Two lines at most: whom the relay climbs through, or why it does not. Empty when it is entered at
// HYP/EL2, as far as the loader knows.
std::string resident_lines(const Prepared& prepared) {
  const auto& resident = prepared.resident;
  if (resident.dialect == compat::Dialect::kNONE && resident.why_not.empty()) {
    return "";
  }
  std::string text = "resident: " + resident_name(prepared);
  if (resident.confidence != compat::Confidence::kNone) {
    text += " (" + std::string(compat::text_of(resident.confidence)) + ")";
  }
  if (resident.vectors.physical != 0) {
    text += ", vectors at " + base::hex(resident.vectors.physical);
  }
  if (resident.vectors.virtual_address != 0) {
    text += ", for HYP itself at " + base::hex(resident.vectors.virtual_address);
  }
  text += "\n";
  if (!resident.why_not.empty()) {
    text += "no climb: " + resident.why_not + "; name the resident with --resident\n";
  }
  return text;
}

// What a user must know of a crash kernel besides its plan.
std::string crash_text(const Prepared& prepared) {
  const PreparedCrash& crash = *prepared.crash;
  std::string text = "crash region: " + base::hex(crash.region.start()) + ", " +
                     human_size(crash.region.size_bytes()) + "; the dump will hold " +
                     human_size(crash.header.memory_bytes) + "\n";
  if (crash.header.left_out_bytes != 0) {
    text += "warning: " + human_size(crash.header.left_out_bytes) +
            " of memory above 4 GiB will not be in the dump: 32-bit Linux reads no 64-bit header\n";
  }
  if (!crash.has_vmcore) {
    text +=
        "warning: this kernel was built without CONFIG_CRASH_DUMP: it will have no /proc/vmcore\n";
  }
  if (crash.region.size_bytes() < crash.recommended_bytes) {
    text += "warning: the crash kernel may run out of memory: crashkernel=" +
            std::to_string(crash.recommended_bytes >> 20) + "M is recommended\n";
  }
  return text;
}

}  // namespace

std::string plan_text(const Prepared& prepared) {
  std::string text = handoff::to_text(prepared.plan);
  if (!text.ends_with('\n')) {
    text += '\n';
  }
  text += line_of("command line: " + prepared.command_line);
  if (prepared.crash) {
    text += crash_text(prepared);
  }
  text += std::string("HYP/EL2 required: ") + plain(prepared.request.require_hyp) + "\n";
  text += resident_lines(prepared);
  for (const std::string& reason : prepared.resident.reasons) {
    text += "because: " + reason + "\n";
  }
  return text;
}

std::string load_text(const Prepared& prepared, Outcome outcome) {
  std::string text =
      outcome == Outcome::kLoaded ? "hyprelay: loaded\n" : "hyprelay: dry run, nothing is loaded\n";
  for (const handoff::Placement& placement : prepared.plan.placements) {
    std::string name(handoff::segment_name(placement.kind));
    name.resize(12, ' ');
    text +=
        line_of("  " + name + base::hex(placement.memory.start()) + "  " +
                human_size(placement.content_bytes) + "  " + source_of(prepared, placement.kind));
  }
  text += resident_lines(prepared);
  if (prepared.crash) {
    text += crash_text(prepared);
  }
  if (outcome == Outcome::kLoaded && prepared.crash) {
    text += "hyprelay: it starts when this kernel panics\n";
  } else if (outcome == Outcome::kLoaded) {
    text += "hyprelay: start it with hyprelay exec\n";
  }
  return text;
}

std::string plan_json(const Prepared& prepared, Outcome outcome) {
  Json json;
  json["loaded"] = outcome == Outcome::kLoaded;
  json["kernel"] = prepared.request.kernel;
  json["initrd"] = prepared.request.initrd ? Json(*prepared.request.initrd) : Json();
  json["device_tree"] = prepared.tree_source;
  json["memory_added"] = prepared.memory_added;
  json["command_line"] = prepared.command_line;
  json["require_hyp"] = prepared.request.require_hyp;
  json["halt_on_failure"] = prepared.request.halt_on_failure;
  json["boot_mode"] = handoff::mode_name(prepared.machine.boot_mode);
  json["resident"] = resident_name(prepared);
  json["resident_vectors"] = prepared.resident.vectors.physical;
  json["resident_virtual"] = prepared.resident.vectors.virtual_address;
  json["resident_confidence"] = compat::text_of(prepared.resident.confidence);
  json["resident_reasons"] = prepared.resident.reasons;
  json["no_climb"] = prepared.resident.why_not;
  json["panic"] = prepared.crash.has_value();
  if (prepared.crash) {
    const PreparedCrash& crash = *prepared.crash;
    json["crash"] = {
        {"region",
         {{"start", crash.region.start().raw()}, {"size_bytes", crash.region.size_bytes()}}},
        {"recommended_bytes", crash.recommended_bytes},
        {"has_vmcore", crash.has_vmcore},
        {"dump_bytes", crash.header.memory_bytes},
        {"left_out_bytes", crash.header.left_out_bytes}};
  }
  json.update(handoff::to_json(prepared.plan));
  return json_line(json);
}

}  // namespace hyprelay::cli
