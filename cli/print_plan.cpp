// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
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

}  // namespace

std::string plan_text(const Prepared& prepared) {
  std::string text = handoff::to_text(prepared.plan);
  if (!text.ends_with('\n')) {
    text += '\n';
  }
  text += line_of("command line: " + prepared.command_line);
  text += std::string("HYP/EL2 required: ") + plain(prepared.request.require_hyp) + "\n";
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
  if (outcome == Outcome::kLoaded) {
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
  json["resident"] = handoff::dialect_name(chosen_resident(prepared));
  json.update(handoff::to_json(prepared.plan));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hyprelay::cli
