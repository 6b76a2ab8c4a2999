// SPDX-License-Identifier: BSD-2-Clause
#include "cli/watchdogs.hpp"

#include "base/bytes.hpp"
#include "base/number_text.hpp"
#include "os/files.hpp"

#include <algorithm>
#include <filesystem>

namespace hyprelay::cli {
namespace {

std::string fact_of(const std::filesystem::path& path) {
  const auto text = os::read_fact_text(path.string());
  return text ? text.value() : std::string();
}

// A driver that is built in has a folder there too when it has parameters, but no state
// [linux/kernel/module/sysfs.c modinfo_attrs, linux/kernel/params.c locate_module_kobject].
bool is_module(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::exists(folder / "initstate", none);
}

// "kernel/drivers/watchdog/NAME.ko: ..." of modules.dep, those that are loaded; but for what only
// decides what a pretimeout does.
std::vector<std::string> loaded_drivers(const std::filesystem::path& sys, std::string_view dep) {
  constexpr std::string_view kFolder = "kernel/drivers/watchdog/";
  std::vector<std::string> names;
  while (!dep.empty()) {
    std::string_view line = base::take_line(dep);
    if (!line.starts_with(kFolder)) {
      continue;
    }
    line.remove_prefix(kFolder.size());
    std::string name(line.substr(0, line.find('.')));
    std::ranges::replace(name, '-', '_');
    if (!name.starts_with("pretimeout_") && is_module(sys / "module" / name)) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace

std::vector<Watchdog> armed_watchdogs(const std::string& sys, std::string_view modules_dep) {
  std::vector<Watchdog> armed;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(sys) / "class/watchdog", none)) {
    const std::filesystem::path& folder = entry.path();
    if (fact_of(folder / "state") != "active") {
      continue;
    }
    Watchdog one{.name = folder.filename().string(), .identity = fact_of(folder / "identity")};
    if (const auto seconds = base::parse_number(fact_of(folder / "timeout"))) {
      one.timeout_seconds = *seconds;
    }
    const auto driver = folder / "device/driver";
    const auto link = driver / "module";
    if (is_module(link)) {
      one.modules = {std::filesystem::read_symlink(link, none).filename().string()};
    } else if (std::filesystem::exists(driver, none)) {
      one.is_built_in = true;
    } else {
      one.modules = loaded_drivers(sys, modules_dep);
    }
    armed.push_back(std::move(one));
  }
  std::ranges::sort(armed, {}, &Watchdog::name);
  return armed;
}

Cover cover_of(const Watchdog& watchdog, const std::optional<std::string>& files,
               std::string_view kernel, std::string_view release) {
  if (watchdog.is_built_in) {
    return !release.empty() && kernel.ends_with("-" + std::string(release)) ? Cover::kBuiltIn
                                                                            : Cover::kOtherKernel;
  }
  if (watchdog.modules.empty()) {
    return Cover::kDriverUnknown;
  }
  if (!files) {
    return Cover::kInitrdUnknown;
  }
  const auto is_there = [&](const std::string& module) { return has_module(*files, module); };
  return std::ranges::all_of(watchdog.modules, is_there) ? Cover::kInInitrd : Cover::kMissing;
}

bool has_module(std::string_view files, std::string_view module) {
  std::string all(files);
  std::string name = "/" + std::string(module) + ".ko";
  std::ranges::replace(all, '-', '_');
  std::ranges::replace(name, '-', '_');
  return all.find(name) != std::string::npos;
}

}  // namespace hyprelay::cli
