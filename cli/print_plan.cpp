// SPDX-License-Identifier: BSD-2-Clause
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "compat/text.hpp"
#include "digest/digest.hpp"
#include "handoff/json.hpp"
#include "handoff/travel.hpp"

namespace hyprelay::cli {
namespace {

using Json = nlohmann::ordered_json;
using handoff::SegmentKind;

// The file or other source of a segment's content.
std::string source_of(const Request& request, const handoff::Planned& planned, SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kKERNEL:
      return request.kernel;
    case SegmentKind::kINITRD:
      return request.initrd.value_or(planned.empty_initrd ? "" : "in " + request.kernel);
    case SegmentKind::kTREE:
      return planned.found.source.name + (planned.found.source.edits.empty() ? "" : ", edited") +
             (planned.found.source.memory_added ? ", with the running machine's memory" : "");
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

std::string resident_name(const handoff::Planned& planned) {
  return std::string(compat::text_of(planned.found.resident.dialect));
}

// Two lines at most: whom the relay climbs through, or why it does not. Empty when it is entered at
// HYP/EL2, as far as the loader knows.
std::string resident_lines(const handoff::Planned& planned) {
  const auto& resident = planned.found.resident;
  if (resident.dialect == compat::Dialect::kNONE && resident.why_not.empty()) {
    return "";
  }
  std::string text = "resident: " + resident_name(planned);
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
std::string crash_text(const handoff::Planned& planned) {
  const handoff::FoundCrash& crash = *planned.found.crash;
  return "crash region: " + base::hex(crash.region.start()) + ", " +
         base::size_text(crash.region.size_bytes()) + "; the dump will hold " +
         base::size_text(crash.header.memory_bytes) + "\n";
}

Json travel_json(const handoff::Planned& planned) {
  const handoff::Travel travel =
      handoff::travel_of(planned.found.machine, planned.found.kernel, planned.plan);
  return {{"copied_bytes", travel.copied_bytes},
          {"uncached", travel.uncached},
          {"kernel_bytes", travel.kernel_bytes},
          {"uncached_per_kernel_byte", travel.uncached_per_kernel_byte()}};
}

}  // namespace

std::string said_lines(const handoff::Planned& planned) {
  std::string text;
  for (const std::string& edit : planned.found.source.edits) {
    text += "tree: " + edit + "\n";
  }
  for (const std::string& warning : planned.warnings) {
    text += "warning: " + warning + "\n";
  }
  for (const std::string& note : planned.notes) {
    text += "note: " + note + "\n";
  }
  return text;
}

std::string plan_text(const handoff::Planned& planned) {
  std::string text = handoff::to_text(planned.plan);
  if (!text.ends_with('\n')) {
    text += '\n';
  }
  text += line_of("command line: " + planned.found.command_line);
  if (planned.found.crash) {
    text += crash_text(planned);
  }
  text += std::string("HYP/EL2 required: ") + plain(planned.facts.require_hyp) + "\n";
  text += "digest: " + std::string(digest::name_of(planned.facts.digest_algorithm)) + "\n";
  text += resident_lines(planned);
  for (const std::string& reason : planned.found.resident.reasons) {
    text += "because: " + reason + "\n";
  }
  return text + said_lines(planned);
}

std::string load_text(const Request& request, const handoff::Planned& planned, Outcome outcome) {
  std::string text =
      outcome == Outcome::kLoaded ? "hyprelay: loaded\n" : "hyprelay: dry run, nothing is loaded\n";
  for (const handoff::Placement& placement : planned.plan.placements) {
    std::string name(handoff::segment_name(placement.kind));
    name.resize(12, ' ');
    text += line_of("  " + name + base::hex(placement.memory.start()) + "  " +
                    base::size_text(placement.content_bytes) + "  " +
                    source_of(request, planned, placement.kind));
    if (const auto& loaded = planned.plan.as_loaded(placement); &loaded != &placement) {
      text += "    as LZ4    " + base::hex(loaded.memory.start()) + "  " +
              base::size_text(loaded.content_bytes) + "  the relay inflates it\n";
    }
  }
  text += resident_lines(planned);
  if (planned.found.crash) {
    text += crash_text(planned);
  }
  text += said_lines(planned);
  if (outcome == Outcome::kLoaded && planned.found.crash) {
    text += "hyprelay: it starts when this kernel panics\n";
  } else if (outcome == Outcome::kLoaded) {
    text += "hyprelay: start it with hyprelay exec\n";
  }
  return text;
}

std::string plan_json(const Request& request, const std::vector<std::string>& layers,
                      const handoff::Planned& planned, Outcome outcome, const Stopwatch* watch) {
  Json json;
  json["loaded"] = outcome == Outcome::kLoaded;
  json["kernel"] = request.kernel;
  json["layers"] = layers;
  json["inflated_from"] = planned.found.kernel.inflated_from.empty()
                              ? Json()
                              : Json(planned.found.kernel.inflated_from);
  json["initrd"] = planned.request.initrd_bytes == 0 || planned.empty_initrd
                       ? Json()
                       : Json(source_of(request, planned, SegmentKind::kINITRD));
  json["device_tree"] = planned.found.source.name;
  json["tree_edits"] = planned.found.source.edits;
  json["memory_added"] = planned.found.source.memory_added;
  json["command_line"] = planned.found.command_line;
  json["require_hyp"] = planned.facts.require_hyp;
  json["halt_on_failure"] = planned.facts.halt_on_failure;
  json["digest"] = digest::name_of(planned.facts.digest_algorithm);
  json["boot_mode"] = handoff::mode_name(planned.found.machine.boot_mode);
  json["resident"] = resident_name(planned);
  json["resident_vectors"] = planned.found.resident.vectors.physical;
  json["resident_virtual"] = planned.found.resident.vectors.virtual_address;
  json["resident_confidence"] = compat::text_of(planned.found.resident.confidence);
  json["resident_reasons"] = planned.found.resident.reasons;
  json["no_climb"] = planned.found.resident.why_not;
  json["signed_by"] = request.signed_by.empty() ? Json() : Json(request.signed_by);
  json["panic"] = planned.found.crash.has_value();
  if (planned.found.crash) {
    const handoff::FoundCrash& crash = *planned.found.crash;
    json["crash"] = {
        {"region",
         {{"start", crash.region.start().raw()}, {"size_bytes", crash.region.size_bytes()}}},
        {"needed_bytes", planned.needed_bytes},
        {"recommended_bytes", planned.recommended_bytes},
        {"has_vmcore", crash.has_vmcore},
        {"dump_bytes", crash.header.memory_bytes},
        {"left_out_bytes", crash.header.left_out_bytes},
        {"left_out_words", crash.left_out_words}};
  }
  json["travel"] = travel_json(planned);
  json["warnings"] = planned.warnings;
  json["notes"] = planned.notes;
  for (std::size_t i = 0; watch != nullptr && i < kLoadPhaseNames.size(); ++i) {
    json["phases_ns"][kLoadPhaseNames[i]] = watch->spent(static_cast<LoadPhase>(i)).count();
  }
  json.update(handoff::to_json(planned.plan));
  return json_line(json);
}

}  // namespace hyprelay::cli
