// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/protocol/settings.hpp"

#include "base/json.hpp"

namespace hyprelay::rehearse {
namespace {

using nlohmann::ordered_json;

// Every field by its name, for whoever writes or reads them: the one list beside the struct itself.
template <class SettingsType, class Visitor>
void for_fields(SettingsType& settings, Visitor&& visit) {
  visit("hops", settings.hops);
  visit("load_args", settings.load_args);
  visit("panic", settings.panic);
  visit("panic_cpu", settings.panic_cpu);
  visit("panic_twice", settings.panic_twice);
  visit("panic_run", settings.panic_run);
  visit("before_panic", settings.before_panic);
  visit("capture_runs", settings.capture_runs);
  visit("tell_vectors", settings.tell_vectors);
  visit("has_initrd", settings.has_initrd);
  visit("has_tree", settings.has_tree);
  visit("has_disk", settings.has_disk);
  visit("sync", settings.sync);
  visit("command_line", settings.command_line);
  visit("kernels", settings.kernels);
}

void read(const ordered_json& value, bool& field) {
  field = value.is_boolean() ? value.get<bool>() : field;
}
void read(const ordered_json& value, unsigned& field) {
  field = value.is_number_unsigned() ? value.get<unsigned>() : field;
}
void read(const ordered_json& value, std::string& field) {
  field = value.is_string() ? value.get<std::string>() : field;
}
void read(const ordered_json& value, std::vector<std::string>& field) {
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    read(value[i], field.emplace_back());
  }
}

}  // namespace

std::string to_text(const Settings& settings) {
  ordered_json file;
  for_fields(settings, [&](const char* name, const auto& field) { file[name] = field; });
  // A byte that is no UTF-8 becomes U+FFFD: it must not end the rehearsal.
  return base::json_text(file, base::Indent::kOne) + "\n";
}

Settings read_settings(std::string_view text) {
  Settings settings;
  settings.hops = 0;
  const auto file = base::parse_json(text);
  for_fields(settings, [&](const char* name, auto& field) {
    if (file.is_object() && file.contains(name)) {
      read(file[name], field);
    }
  });
  return settings;
}

}  // namespace hyprelay::rehearse
