// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/report.hpp"

#include "base/error_text.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"

#include <cstdio>

namespace hyprelay::rehearse {
namespace {

using nlohmann::ordered_json;

const char* arch_text(handoff::Arch arch) {
  return arch == handoff::Arch::kArm ? "arm" : "arm64";
}

ordered_json relay_json(const RelayFacts& relay) {
  return {{"entered", relay.entered},
          {"left", relay.left},
          {"resident", relay.resident},
          {"climb", relay.climb},
          {"segments_verified", relay.segments_verified},
          {"bytes_verified", relay.bytes_verified}};
}

ordered_json efi_json(const EfiFacts& efi) {
  ordered_json json = {{"variables", nullptr}, {"time_read", efi.time_read}};
  if (efi.variables) {
    json["variables"] = *efi.variables;
  }
  return json;
}

// null where nothing was counted.
ordered_json phases_json(const KernelFacts& kernel) {
  ordered_json json;
  for (const GapPhase& phase : kernel.gap_phases) {
    json[phase.name] = phase.instructions;
  }
  return json;
}

ordered_json kernel_json(const KernelFacts& kernel) {
  ordered_json json = {{"hop", kernel.hop},
                       {"release", kernel.release},
                       {"mode", kernel.mode},
                       {"cpus", kernel.cpus},
                       {"memory_bytes", kernel.memory_bytes},
                       {"command_line", kernel.command_line}};
  json["initrd_intact"] =
      kernel.initrd_intact ? ordered_json(*kernel.initrd_intact) : ordered_json(nullptr);
  json["initrd_bytes"] = kernel.initrd_bytes;
  json["description"] = kernel.description;
  json["efi"] = kernel.efi ? efi_json(*kernel.efi) : ordered_json(nullptr);
  if (kernel.disk) {
    json["disk"] = {{"read_bytes", kernel.disk->read_bytes},
                    {"interrupts", kernel.disk->interrupts}};
  }
  json["complaints"] = kernel.complaints;
  json["relay"] = kernel.relay ? relay_json(*kernel.relay) : ordered_json(nullptr);
  json["gap_instructions"] =
      kernel.gap_instructions ? ordered_json(*kernel.gap_instructions) : ordered_json(nullptr);
  json["gap_phases"] = phases_json(kernel);
  json["load"] = base::parse_json(kernel.load);
  json["status"] = base::parse_json(kernel.status);
  return json;
}

ordered_json failure_json(const Report& report) {
  if (!report.failure) {
    return nullptr;
  }
  const base::ErrorRow& row = base::row_of(report.failure->code());
  ordered_json json = {{"code", std::string(row.name)},
                       {"exit", base::exit_code_of(*report.failure)},
                       {"subject", std::string(report.failure->subject())},
                       {"text", base::describe(*report.failure)}};
  json["guest_exit"] = report.guest_exit ? ordered_json(*report.guest_exit) : ordered_json(nullptr);
  return json;
}

// Of an image that was not opened only its digest is known.
ordered_json saved_json(const SavedFacts& saved) {
  ordered_json json = {{"folder", saved.folder},
                       {"image", saved.image},
                       {"image_bytes", saved.image_bytes},
                       {"log_bytes", saved.log_bytes},
                       {"opened", saved.opened}};
  if (saved.opened) {
    json["release"] = saved.release;
    json["cpu_notes"] = saved.cpu_notes;
    json["marker_found"] = saved.marker_found;
  }
  return json;
}

ordered_json vmcore_json(const VmcoreFacts& core) {
  ordered_json json = {{"bytes", core.bytes},
                       {"format", core.format},
                       {"readable", core.readable},
                       {"loads", core.loads},
                       {"mapped_loads", core.mapped_loads},
                       {"load_bytes", core.load_bytes},
                       {"read_bytes", core.read_bytes},
                       {"cpu_notes", core.cpu_notes},
                       {"release", core.release},
                       {"marker_found", core.marker_found},
                       {"complaints", core.complaints}};
  if (core.saved) {
    json["saved"] = saved_json(*core.saved);
  }
  json["saved_by"] = core.saved_by.empty() ? ordered_json(nullptr) : ordered_json(core.saved_by);
  return json;
}

std::string format(const char* pattern, auto... values) {
  char buffer[512];
  std::snprintf(buffer, sizeof buffer, pattern, values...);
  return buffer;
}

std::string saved_text(const SavedFacts& saved) {
  std::string text =
      format("  saved      %s, %s, and a log of %s, digests good", saved.image.c_str(),
             base::size_text(saved.image_bytes).c_str(), base::size_text(saved.log_bytes).c_str());
  if (saved.opened) {
    text += format("; opened: %s, %llu CPUs, the marker %s", saved.release.c_str(),
                   static_cast<unsigned long long>(saved.cpu_notes),
                   saved.marker_found ? "at its place" : "MISSING");
  }
  return text + "\n";
}

const char* initrd_text(const KernelFacts& kernel) {
  return !kernel.initrd_intact   ? "initrd not checked"
         : *kernel.initrd_intact ? "initrd intact"
                                 : "initrd DAMAGED";
}

std::string kernel_text(const KernelFacts& kernel) {
  std::string text =
      format("  kernel %-2u  %-24s %-4s %llu CPU%s, %s (%s)\n", kernel.hop, kernel.release.c_str(),
             kernel.mode.c_str(), static_cast<unsigned long long>(kernel.cpus),
             kernel.cpus == 1 ? "" : "s", initrd_text(kernel),
             base::size_text(kernel.initrd_bytes).c_str());
  if (kernel.efi) {
    text += "             EFI and " + kernel.description + ": " +
            (kernel.efi->variables ? std::to_string(*kernel.efi->variables) : "no list of") +
            " variables, the clock " + (kernel.efi->time_read ? "read" : "NOT read") + "\n";
  }
  if (kernel.disk) {
    text += "             disk read, interrupts by " + kernel.disk->interrupts + "\n";
  }
  for (const std::string& complaint : kernel.complaints) {
    text += "             " + complaint + "\n";
  }
  if (kernel.relay) {
    text += format("             relay entered in %s, resident %s, %llu segments verified\n",
                   kernel.relay->entered.c_str(), kernel.relay->resident.c_str(),
                   static_cast<unsigned long long>(kernel.relay->segments_verified));
  }
  if (kernel.gap_instructions) {
    text += format("             %llu guest instructions after reboot(KEXEC)\n",
                   static_cast<unsigned long long>(*kernel.gap_instructions));
    for (const GapPhase& phase : kernel.gap_phases) {
      text += format("             %12llu %5.1f %%  %s\n",
                     static_cast<unsigned long long>(phase.instructions),
                     100.0 * static_cast<double>(phase.instructions) /
                         static_cast<double>(*kernel.gap_instructions),
                     phase.name);
    }
  }
  return text;
}

}  // namespace

std::string to_json(const Report& report) {
  ordered_json json;
  json["arch"] = arch_text(report.arch);
  json["ok"] = !report.failure.has_value();
  json["hops_wanted"] = report.hops_wanted;
  json["seconds"] = report.seconds;
  json["firmware"] =
      report.firmware.empty() ? ordered_json(nullptr) : ordered_json(report.firmware);
  json["board"] = report.board.empty() ? ordered_json(nullptr) : ordered_json(report.board);
  if (!report.kernels.empty()) {
    json["description"] = report.kernels.front().description;
  }
  const char* const names[] = {"first", "second"};
  for (std::size_t i = 0; i < 2 && i < report.kernels.size(); ++i) {
    json[names[i]] = {{"release", report.kernels[i].release}, {"mode", report.kernels[i].mode}};
    if (report.kernels[i].initrd_intact) {
      json[names[i]]["initrd_intact"] = *report.kernels[i].initrd_intact;
    }
  }
  if (report.kernels.size() > 1) {
    const KernelFacts& second = report.kernels[1];
    if (second.relay) {
      json["relay"] = relay_json(*second.relay);
    }
    if (second.gap_instructions) {
      json["gap_instructions"] = *second.gap_instructions;
      json["gap_phases"] = phases_json(second);
    }
  }
  if (!report.relay_failure.empty()) {
    json["relay"]["failure"] = report.relay_failure;
  }
  json["kernels_started"] = report.kernels_started;
  if (!report.corrupted.empty()) {
    json["corrupted"] = report.corrupted;
  }
  if (report.watch) {
    json["watch"] = {{"bytes_watched", report.watch->bytes_watched},
                     {"writes", report.watch->writes},
                     {"changes", report.watch->changes}};
  }
  if (!report.panics.empty()) {
    json["panics"] = report.panics;
  }
  if (report.vmcore) {
    json["vmcore"] = vmcore_json(*report.vmcore);
  }
  json["failure"] = failure_json(report);
  json["kernels"] = ordered_json::array();
  for (const KernelFacts& kernel : report.kernels) {
    json["kernels"].push_back(kernel_json(kernel));
  }
  return base::json_ascii(json);
}

std::string closing_line(const Report& report) {
  const std::string start = std::string(arch_text(report.arch)) + ": ";
  if (report.failure) {
    return start + "FAILED: " + std::string(base::row_of(report.failure->code()).sentence) + ": " +
           std::string(report.failure->subject()) + "\n";
  }
  const KernelFacts& last = report.kernels.back();
  return start + last.release + " in " + last.mode + ", " + initrd_text(last) + "\n";
}

std::string to_text(const Report& report) {
  std::string text =
      format("rehearsal of %u handoff%s on %s, %.1f s\n", report.hops_wanted,
             report.hops_wanted == 1 ? "" : "s",
             report.board.empty() ? arch_text(report.arch) : report.board.c_str(), report.seconds);
  for (const KernelFacts& kernel : report.kernels) {
    text += kernel_text(kernel);
  }
  if (!report.corrupted.empty()) {
    text += "  corrupted on purpose: " + report.corrupted + "\n";
  }
  if (report.watch) {
    text += format("  watched %llu bytes: %zu writes, %zu changes\n",
                   static_cast<unsigned long long>(report.watch->bytes_watched),
                   report.watch->writes.size(), report.watch->changes.size());
  }
  for (std::size_t i = 0; i < report.panics.size(); ++i) {
    text += format("  panic of kernel %zu: ", i) + report.panics[i] + "\n";
  }
  if (report.vmcore) {
    const VmcoreFacts& core = *report.vmcore;
    text += format("  vmcore     %s of %s, %s, %s, %llu CPUs, the marker %s\n", core.format.c_str(),
                   core.release.c_str(), base::size_text(core.load_bytes).c_str(),
                   core.readable ? "all of it readable" : "NOT readable",
                   static_cast<unsigned long long>(core.cpu_notes),
                   core.marker_found ? "at its place" : "MISSING");
    if (!core.saved_by.empty()) {
      text += "             saved by " + core.saved_by + "\n";
    }
    if (core.saved) {
      text += saved_text(*core.saved);
    }
  }
  return text + closing_line(report);
}

}  // namespace hyprelay::rehearse
