// SPDX-License-Identifier: BSD-2-Clause
// Reading a Machine that somebody else wrote: every complaint carries the JSON path.
#include "base/json.hpp"
#include "handoff/json.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hyprelay::handoff {
namespace {

using Json = nlohmann::json;
using base::Code;
using base::Error;
using base::Stage;

// A value and the way to it.
struct Field {
  const Json* value;
  std::string path;
};

class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  Error malformed(const std::string& path, std::string_view what) const {
    return Error(Code::MACHINE_MALFORMED, Stage::kMachine,
                 std::string(name_) + ": " + path + ": " + std::string(what));
  }

  // The member, or nothing when it is missing.
  static std::optional<Field> member(const Field& of, const char* key) {
    const auto found = of.value->find(key);
    if (found == of.value->end()) {
      return std::nullopt;
    }
    return Field{&*found, of.path + "/" + key};
  }

  base::Result<void> text(const Field& of, const char* key, std::string& out) const {
    if (const auto field = member(of, key)) {
      if (!field->value->is_string()) {
        return malformed(field->path, "not a string");
      }
      out = field->value->get_ref<const std::string&>();
      // None of the kernel's texts has one, and a command line would end there.
      if (out.find('\0') != std::string::npos) {
        return malformed(field->path, "a NUL in it");
      }
    }
    return base::success();
  }

  base::Result<std::uint64_t> number(const Field& of, const char* key, std::uint64_t otherwise,
                                     std::uint64_t limit) const {
    const auto field = member(of, key);
    if (!field) {
      return otherwise;
    }
    if (!field->value->is_number_unsigned() || field->value->get<std::uint64_t>() > limit) {
      return malformed(field->path, "not a number in range");
    }
    return field->value->get<std::uint64_t>();
  }

  base::Result<std::optional<bool>> truth(const Field& of, const char* key) const {
    const auto field = member(of, key);
    if (!field) {
      return std::optional<bool>();
    }
    if (!field->value->is_boolean()) {
      return malformed(field->path, "neither true nor false");
    }
    return std::optional<bool>(field->value->get<bool>());
  }

  // nullopt: there is no such list.
  base::Result<std::optional<std::vector<std::string>>> texts(const Field& of,
                                                              const char* key) const {
    const auto list = member(of, key);
    if (!list) {
      return std::optional<std::vector<std::string>>();
    }
    if (!list->value->is_array()) {
      return malformed(list->path, "not a list");
    }
    std::vector<std::string> all;
    for (const Json& value : *list->value) {
      if (!value.is_string()) {
        return malformed(list->path + "/" + std::to_string(all.size()), "not a string");
      }
      all.push_back(value.get<std::string>());
    }
    return std::optional(std::move(all));
  }

  // Empty: there are none.
  base::Result<std::vector<std::byte>> bytes(const Field& of, const char* key) const {
    std::string encoded;
    HR_TRYV(text(of, key, encoded));
    auto decoded = from_base64(encoded);
    if (!decoded) {
      return malformed(of.path + "/" + key, "not base64");
    }
    return std::move(*decoded);
  }

  base::Result<std::vector<std::uint32_t>> words(const Field& of, const char* key) const {
    std::vector<std::uint32_t> all;
    const auto list = member(of, key);
    if (!list) {
      return all;
    }
    if (!list->value->is_array()) {
      return malformed(list->path, "not a list");
    }
    for (const Json& value : *list->value) {
      if (!value.is_number_unsigned() ||
          value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
        return malformed(list->path + "/" + std::to_string(all.size()), "not a number in range");
      }
      all.push_back(value.get<std::uint32_t>());
    }
    return all;
  }

  base::Result<base::PhysRange> range(const Field& row) const {
    constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
    if (!row.value->is_object()) {
      return malformed(row.path, "not an object");
    }
    for (const char* key : {"start", "size_bytes"}) {
      if (!member(row, key)) {
        return malformed(row.path + "/" + key, "missing");
      }
    }
    HR_TRY(start, number(row, "start", 0, kAll));
    HR_TRY(size_bytes, number(row, "size_bytes", 0, kAll));
    const auto whole = base::PhysRange::from_size(base::PhysAddr(start), size_bytes);
    if (!whole) {
      return malformed(row.path + "/size_bytes", "beyond 64 bits");
    }
    if (whole->empty()) {
      return malformed(row.path + "/size_bytes", "no bytes");
    }
    return *whole;
  }

  // Calls take(row) for each element of the list, if there is one.
  template <class Take>
  base::Result<void> rows(const Field& of, const char* key, const Take& take) const {
    const auto list = member(of, key);
    if (!list) {
      return base::success();
    }
    if (!list->value->is_array()) {
      return malformed(list->path, "not a list");
    }
    for (std::size_t i = 0; i < list->value->size(); ++i) {
      HR_TRYV(take(Field{&(*list->value)[i], list->path + "/" + std::to_string(i)}));
    }
    return base::success();
  }

  // The same of ranges: take(row, range).
  template <class Take>
  base::Result<void> ranges(const Field& of, const char* key, const Take& take) const {
    return rows(of, key, [&](const Field& row) -> base::Result<void> {
      HR_TRY(found, range(row));
      return take(row, found);
    });
  }

 private:
  std::string_view name_;
};

base::Result<void> read_identity(const Reader& reader, const Field& root, Machine& machine) {
  std::string arch;
  HR_TRYV(reader.text(root, "arch", arch));
  if (arch == arch_name(Arch::kArm64)) {
    machine.arch = Arch::kArm64;
  } else if (arch != arch_name(Arch::kArm)) {
    return reader.malformed("/arch", arch.empty() ? "missing" : "neither arm nor arm64");
  }
  HR_TRYV(reader.text(root, "kernel_release", machine.kernel_release));
  HR_TRYV(reader.text(root, "command_line", machine.command_line));
  std::string mode = mode_name(Mode::kUNKNOWN);
  HR_TRYV(reader.text(root, "boot_mode", mode));
  if (const auto parsed = parse_mode(mode)) {
    machine.boot_mode = *parsed;
    return base::success();
  }
  return reader.malformed("/boot_mode", "no mode");
}

base::Result<void> read_memory(const Reader& reader, const Field& root, Machine& machine) {
  const auto into = [](std::vector<base::PhysRange>& list) {
    return [&list](const Field&, const base::PhysRange& range) -> base::Result<void> {
      list.push_back(range);
      return base::success();
    };
  };
  HR_TRYV(reader.ranges(root, "ram", into(machine.ram)));
  HR_TRYV(reader.ranges(root, "driver_ram", into(machine.driver_ram)));
  HR_TRYV(reader.ranges(root, "boot_alias", into(machine.boot_alias)));
  HR_TRYV(reader.ranges(root, "reserved", [&](const Field& row, const base::PhysRange& range) {
    machine.reserved.push_back({range, "reserved"});
    return reader.text(row, "name", machine.reserved.back().name);
  }));
  return reader.ranges(root, "crash_regions", into(machine.crash_regions));
}

base::Result<void> read_busy(const Reader& reader, const Field& root, Machine& machine) {
  return reader.rows(root, "busy_devices", [&](const Field& row) -> base::Result<void> {
    if (!row.value->is_object()) {
      return reader.malformed(row.path, "not an object");
    }
    BusyDevice device;
    HR_TRYV(reader.text(row, "kind", device.kind));
    HR_TRYV(reader.text(row, "name", device.name));
    HR_TRYV(reader.text(row, "id", device.id));
    HR_TRY(translated, reader.truth(row, "translated"));
    device.translated = translated;
    machine.busy_devices.push_back(std::move(device));
    return base::success();
  });
}

// Before there was "boot_alias" its ranges were written as a driver's memory, which 32-bit Linux
// cannot have (it has no memory hotplug), and as crash regions.
void tell_boot_alias(const Field& root, Machine& machine) {
  if (machine.arch != Arch::kArm || root.value->contains("boot_alias")) {
    return;
  }
  machine.boot_alias = std::exchange(machine.driver_ram, {});
  const auto is_alias = [&](const base::PhysRange& range) {
    return std::ranges::any_of(machine.boot_alias,
                               [&](const base::PhysRange& one) { return one.contains(range); });
  };
  std::erase_if(machine.reserved, [&](const NamedRange& r) { return is_alias(r.range); });
  std::erase_if(machine.crash_regions, is_alias);
}

base::Result<void> read_addresses(const Reader& reader, const Field& of, HypAddresses& to) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  HR_TRY(stub_vectors, reader.number(of, "stub_vectors", 0, kAll));
  HR_TRY(kvm_vectors, reader.number(of, "kvm_vectors", 0, kAll));
  HR_TRY(stext, reader.number(of, "stext", 0, kAll));
  HR_TRY(kernel_code, reader.number(of, "kernel_code", 0, kAll));
  to = {stub_vectors, kvm_vectors, stext, kernel_code};
  return base::success();
}

base::Result<void> read_hyp(const Reader& reader, const Field& root, HypFacts& hyp) {
  const auto field = Reader::member(root, "hyp");
  if (!field) {
    return base::success();
  }
  if (!field->value->is_object()) {
    return reader.malformed(field->path, "not an object");
  }
  HR_TRY(log, reader.texts(*field, "log"));
  hyp.log = std::move(log).value_or(std::vector<std::string>());
  HR_TRY(symbols, reader.texts(*field, "symbols"));
  hyp.symbols = std::move(symbols);
  HR_TRYV(read_addresses(reader, *field, hyp.addresses));
  HR_TRY(kvm_device, reader.truth(*field, "kvm_device"));
  hyp.kvm_device = kvm_device;
  if (Reader::member(*field, "kvm_descriptors")) {
    HR_TRY(count,
           reader.number(*field, "kvm_descriptors", 0, std::numeric_limits<std::uint32_t>::max()));
    hyp.kvm_descriptors = static_cast<std::uint32_t>(count);
  }
  HR_TRY(jailhouse, reader.truth(*field, "jailhouse"));
  hyp.jailhouse = jailhouse;
  HR_TRY(vmbus, reader.truth(*field, "vmbus"));
  hyp.vmbus = vmbus;
  HR_TRYV(reader.text(*field, "hypervisor_type", hyp.hypervisor_type));
  HR_TRYV(reader.text(*field, "acpi_hypervisor", hyp.acpi_hypervisor));
  HR_TRY(cpu_ids, reader.words(*field, "cpu_ids"));
  hyp.cpu_ids = std::move(cpu_ids);
  return base::success();
}

base::Result<void> read_crash(const Reader& reader, const Field& root, CrashFacts& crash) {
  const auto field = Reader::member(root, "crash");
  if (!field) {
    return base::success();
  }
  if (!field->value->is_object()) {
    return reader.malformed(field->path, "not an object");
  }
  HR_TRYV(reader.ranges(*field, "cpu_notes", [&](const Field&, const base::PhysRange& range) {
    crash.cpu_notes.push_back(range);
    return base::Result<void>(base::success());
  }));
  if (const auto vmcoreinfo = Reader::member(*field, "vmcoreinfo")) {
    HR_TRY(range, reader.range(*vmcoreinfo));
    crash.vmcoreinfo = range;
  }
  return reader.ranges(*field, "mappings",
                       [&](const Field& row, const base::PhysRange& range) -> base::Result<void> {
                         constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
                         HR_TRY(virtual_start, reader.number(row, "virtual_start", 0, kAll));
                         crash.mappings.push_back({range, virtual_start});
                         return base::success();
                       });
}

base::Result<void> read_acpi(const Reader& reader, const Field& root, Machine& machine) {
  const auto field = Reader::member(root, "acpi");
  if (!field) {
    return base::success();
  }
  if (!field->value->is_object()) {
    return reader.malformed(field->path, "not an object");
  }
  for (const auto& [name, value] : field->value->items()) {
    if (value.is_null()) {
      machine.acpi[name] = std::nullopt;
      continue;
    }
    HR_TRY(bytes, reader.bytes(*field, name.c_str()));
    machine.acpi[name] = std::move(bytes);
  }
  return base::success();
}

// A machine's facts have four levels. Text of nothing but brackets would take a hundred times its
// size as values.
bool is_too_deep(std::string_view text) {
  constexpr int kMostLevels = 16;
  int level = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size() && level <= kMostLevels; ++at) {
    const char c = text[at];
    if (in_string) {
      at += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else {
      in_string = c == '"';
      level += c == '[' || c == '{' ? 1 : 0;
      level -= c == ']' || c == '}' ? 1 : 0;
    }
  }
  return level > kMostLevels;
}

}  // namespace

base::Result<Machine> machine_from_json(std::string_view text, std::string_view name) {
  const Reader reader(name);
  if (is_too_deep(text)) {
    return reader.malformed("/", "more levels than a machine has");
  }
  const Json json = Json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return reader.malformed("/", "not JSON");
  }
  const Field root{&json, ""};
  if (!json.is_object()) {
    return reader.malformed("/", "not an object");
  }
  HR_TRY(schema, reader.number(root, "schema", kJsonSchema, kJsonSchema));
  if (schema != kJsonSchema) {
    return reader.malformed("/schema", "unknown");
  }
  Machine machine;
  HR_TRYV(read_identity(reader, root, machine));
  HR_TRY(page, reader.number(root, "page_size_bytes", machine.page_size_bytes, 1u << 30));
  if (!is_page_size(page)) {
    return reader.malformed("/page_size_bytes", "not 4096, 16384 or 65536");
  }
  machine.page_size_bytes = static_cast<std::uint32_t>(page);
  HR_TRY(cpus, reader.number(root, "cpus", machine.cpus, 1u << 20));
  if (cpus == 0) {
    return reader.malformed("/cpus", "none");
  }
  machine.cpus = static_cast<std::uint32_t>(cpus);
  if (!json.contains("ram")) {
    return reader.malformed("/ram", "missing");
  }
  HR_TRYV(read_memory(reader, root, machine));
  tell_boot_alias(root, machine);
  HR_TRYV(read_hyp(reader, root, machine.hyp));
  HR_TRYV(read_crash(reader, root, machine.crash));
  HR_TRYV(read_busy(reader, root, machine));
  HR_TRYV(reader.text(root, "device_tree_source", machine.device_tree_source));
  HR_TRY(tree, reader.bytes(root, "device_tree"));
  machine.device_tree = std::move(tree);
  HR_TRYV(read_acpi(reader, root, machine));
  return machine;
}

}  // namespace hyprelay::handoff
