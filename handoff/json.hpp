// SPDX-License-Identifier: BSD-2-Clause
// Machine and Plan as JSON. Addresses and sizes are numbers, in bytes. Readers ignore fields that
// they do not know, so that a newer writer can be read; "schema" grows when that is not enough.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "handoff/machine.hpp"
#include "handoff/plan.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace hyprelay::handoff {

constexpr unsigned kJsonSchema = 1;

// {"schema", "arch": "arm"|"arm64", "kernel_release", "command_line", "boot_mode": "HYP"...,
//  "page_size_bytes", "cpus", "ram": [{"start", "size_bytes"}], "driver_ram": [...],
//  "boot_alias": [...], "reserved": [{"start", "size_bytes", "name"}], "crash_regions": [...],
//  "device_tree": base64, "device_tree_source",
//  "acpi": {"APIC": base64, or null: only root may read it},
//  "hyp": {"log": [text], "symbols": [text], "stub_vectors", "kvm_vectors", "stext", "kernel_code",
//  "kvm_device": bool, "kvm_descriptors", "jailhouse": bool, "hypervisor_type", "acpi_hypervisor",
//  "cpu_ids": [number]}, "crash": {"cpu_notes": [{"start", "size_bytes"}], "vmcoreinfo": {...},
//  "mappings": [{"start", "size_bytes", "virtual_start"}]}, "busy_devices": [{"kind", "name",
//  "id", "translated": bool, or absent}]}; keys of "hyp" and "crash" are there
//  when known
nlohmann::ordered_json to_json(const Machine& machine);

// Only "arch" and "ram" must be there. MACHINE_MALFORMED (stage machine, subject: `name` and the
// JSON path, e.g. "board.json: /ram/0/start").
base::Result<Machine> machine_from_json(std::string_view text, std::string_view name);

// {"schema", "arch", "entry", "text", "memory_start", "segments": [{"kind", "start",
//  "size_bytes", "content_bytes", "reason"}], "footprints": [{"start", "size_bytes", "reason"}],
//  "avoided": [{"start", "size_bytes", "name"}], "boot_distance_bytes": unless it is 0}
nlohmann::ordered_json to_json(const Plan& plan);

// RFC 4648 base64 with padding. Decoding: nullopt when it is none.
std::string to_base64(base::ByteView bytes);
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace hyprelay::handoff
