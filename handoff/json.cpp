// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/json.hpp"

#include "base/json.hpp"

namespace hyprelay::handoff {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Json range_json(const base::PhysRange& range) {
  return {{"start", range.start().raw()}, {"size_bytes", range.size_bytes()}};
}

Json ranges_json(const std::vector<base::PhysRange>& ranges) {
  Json list = Json::array();
  for (const base::PhysRange& range : ranges) {
    list.push_back(range_json(range));
  }
  return list;
}

Json named_json(const std::vector<NamedRange>& ranges) {
  Json list = Json::array();
  for (const NamedRange& r : ranges) {
    Json row = range_json(r.range);
    row["name"] = r.name;
    list.push_back(std::move(row));
  }
  return list;
}

Json placement_json(const Placement& p) {
  return {{"kind", segment_name(p.kind)},
          {"start", p.memory.start().raw()},
          {"size_bytes", p.memory.size_bytes()},
          {"content_bytes", p.content_bytes},
          {"reason", p.reason}};
}

// Only what is known: a missing key is an unknown fact.
Json hyp_json(const HypFacts& hyp) {
  Json json = Json::object();
  if (!hyp.log.empty()) {
    json["log"] = hyp.log;
  }
  if (hyp.symbols) {
    json["symbols"] = *hyp.symbols;
  }
  const HypAddresses& addresses = hyp.addresses;
  for (const auto& [key, value] : {std::pair("stub_vectors", addresses.stub_vectors),
                                   {"kvm_vectors", addresses.kvm_vectors},
                                   {"stext", addresses.stext},
                                   {"kernel_code", addresses.kernel_code}}) {
    if (value != 0) {
      json[key] = value;
    }
  }
  if (hyp.kvm_device) {
    json["kvm_device"] = *hyp.kvm_device;
  }
  if (hyp.kvm_descriptors) {
    json["kvm_descriptors"] = *hyp.kvm_descriptors;
  }
  if (hyp.jailhouse) {
    json["jailhouse"] = *hyp.jailhouse;
  }
  if (hyp.vmbus) {
    json["vmbus"] = *hyp.vmbus;
  }
  if (!hyp.hypervisor_type.empty()) {
    json["hypervisor_type"] = hyp.hypervisor_type;
  }
  if (!hyp.acpi_hypervisor.empty()) {
    json["acpi_hypervisor"] = hyp.acpi_hypervisor;
  }
  if (!hyp.cpu_ids.empty()) {
    json["cpu_ids"] = hyp.cpu_ids;
  }
  return json;
}

Json crash_json(const CrashFacts& crash) {
  Json json = Json::object();
  if (!crash.cpu_notes.empty()) {
    json["cpu_notes"] = ranges_json(crash.cpu_notes);
  }
  if (!crash.vmcoreinfo.empty()) {
    json["vmcoreinfo"] = range_json(crash.vmcoreinfo);
  }
  if (!crash.mappings.empty()) {
    json["mappings"] = Json::array();
    for (const VirtualMapping& mapping : crash.mappings) {
      Json row = range_json(mapping.range);
      row["virtual_start"] = mapping.virtual_start;
      json["mappings"].push_back(std::move(row));
    }
  }
  return json;
}

Json busy_json(const Machine& machine) {
  Json list = Json::array();
  for (const BusyDevice& device : machine.busy_devices) {
    Json row = {{"kind", device.kind}, {"name", device.name}, {"id", device.id}};
    if (device.translated) {
      row["translated"] = *device.translated;
    }
    list.push_back(std::move(row));
  }
  return list;
}

Json acpi_json(const Machine& machine) {
  Json json = Json::object();
  for (const auto& [name, bytes] : machine.acpi) {
    json[name] = bytes ? Json(to_base64(*bytes)) : Json();
  }
  return json;
}

}  // namespace

Json to_json(const Machine& machine) {
  return {{"schema", kJsonSchema},
          {"arch", arch_name(machine.arch)},
          {"kernel_release", machine.kernel_release},
          {"command_line", machine.command_line},
          {"boot_mode", mode_name(machine.boot_mode)},
          {"page_size_bytes", machine.page_size_bytes},
          {"cpus", machine.cpus},
          {"ram", ranges_json(machine.ram)},
          {"driver_ram", ranges_json(machine.driver_ram)},
          {"boot_alias", ranges_json(machine.boot_alias)},
          {"reserved", named_json(machine.reserved)},
          {"crash_regions", ranges_json(machine.crash_regions)},
          {"hyp", hyp_json(machine.hyp)},
          {"crash", crash_json(machine.crash)},
          {"busy_devices", busy_json(machine)},
          {"device_tree_source", machine.device_tree_source},
          {"device_tree", to_base64(machine.device_tree)},
          {"acpi", acpi_json(machine)}};
}

Json to_json(const Plan& plan) {
  Json segments = Json::array();
  for (const Placement& p : plan.placements) {
    Json row = placement_json(p);
    if (const Placement& loaded = plan.as_loaded(p); &loaded != &p) {
      row["packed"] = placement_json(loaded);
    }
    segments.push_back(std::move(row));
  }
  Json footprints = Json::array();
  for (const Footprint& f : plan.footprints) {
    Json row = range_json(f.range);
    row["reason"] = f.reason;
    footprints.push_back(std::move(row));
  }
  Json json = {{"schema", kJsonSchema},
               {"arch", arch_name(plan.arch)},
               {"entry", plan.entry.raw()},
               {"text", plan.text.raw()},
               {"memory_start", plan.memory_start.raw()},
               {"segments", std::move(segments)},
               {"footprints", std::move(footprints)},
               {"avoided", named_json(plan.avoided)}};
  if (plan.boot_distance_bytes != 0) {
    json["boot_distance_bytes"] = plan.boot_distance_bytes;
  }
  return json;
}

std::string to_base64(base::ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group =
          group << 8 | (i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text += padding ? '=' : kAlphabet[group >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::size_t padding = 0;
  for (; padding < 2 && text.ends_with('='); ++padding) {
    text.remove_suffix(1);
  }
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::byte>(group >> bits));
    }
  }
  // The bits that padding stands for must be zero: one text for one content.
  if ((group & ((1u << bits) - 1)) != 0) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace hyprelay::handoff
