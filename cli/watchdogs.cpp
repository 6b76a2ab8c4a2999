// SPDX-License-Identifier: BSD-2-Clause
#include "cli/watchdogs.hpp"

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

}  // namespace

std::vector<Watchdog> armed_watchdogs(const std::string& sys) {
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
    const auto module = std::filesystem::read_symlink(folder / "device/driver/module", none);
    one.module = module.filename().string();
    armed.push_back(std::move(one));
  }
  std::ranges::sort(armed, {}, &Watchdog::name);
  return armed;
}

bool has_module(std::string_view files, std::string_view module) {
  std::string all(files);
  std::string name = "/" + std::string(module) + ".ko";
  std::ranges::replace(all, '-', '_');
  std::ranges::replace(name, '-', '_');
  return all.find(name) != std::string::npos;
}

}  // namespace hyprelay::cli
