// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/devices.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

// The folder's entries, which are links to devices.
std::vector<fs::path> devices_in(const std::string& folder) {
  std::vector<fs::path> devices;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    devices.push_back(it->path());
  }
  return devices;
}

// "virtio-pci"; empty: none is bound.
std::string driver_of(const fs::path& device) {
  std::error_code error;
  return fs::read_symlink(device / "driver", error).filename().string();
}

std::string fact(const fs::path& device, const char* name) {
  const auto text = os::read_fact_text((device / name).string());
  return text ? text.value() : "";
}

// "0x1af4" -> "1af4"
std::string digits_of(const std::string& number) {
  return number.starts_with("0x") ? number.substr(2) : number;
}

// The type of the domain that the group has been given: the kernel says "identity" of one that
// passes addresses on as they are [linux/Documentation/ABI/testing/sysfs-kernel-iommu_groups].
std::optional<bool> is_translated(const fs::path& device) {
  const std::string type = fact(device, "iommu_group/type");
  return type.empty() ? std::nullopt : std::optional(type != "identity");
}

// A bridge passes on what those behind it write: its bit is needed, and says nothing of them.
bool is_bus_master(const fs::path& device) {
  // [pci 3.0 section 6.2]: command, bit 2, at 4; the kind of header at 14. Everybody may read as
  // much [linux/drivers/pci/pci-sysfs.c pci_read_config].
  constexpr std::size_t kCommand = 4;
  constexpr std::size_t kHeader = 14;
  const auto config = os::read_fact((device / "config").string());
  if (!config || config.value().size() <= kHeader) {
    return false;
  }
  const bool is_master = (std::to_integer<unsigned>(config.value()[kCommand]) & 4) != 0;
  const bool is_bridge = (std::to_integer<unsigned>(config.value()[kHeader]) & 0x7f) != 0;
  return is_master && !is_bridge;
}

void take_pci(const Root& root, std::vector<BusyDevice>& busy) {
  for (const fs::path& device : devices_in(root.path + "/sys/bus/pci/devices")) {
    const std::string driver = driver_of(device);
    const bool is_lent = driver.starts_with("vfio");
    if ((driver.empty() || is_lent) && is_bus_master(device)) {
      busy.push_back({is_lent ? "vfio-pci" : "pci", device.filename().string(),
                      digits_of(fact(device, "vendor")) + ":" + digits_of(fact(device, "device")),
                      is_translated(device)});
    }
  }
}

void take_platform(const Root& root, std::vector<BusyDevice>& busy) {
  for (const fs::path& device : devices_in(root.path + "/sys/bus/platform/drivers/vfio-platform")) {
    // Beside the devices lie bind, unbind, uevent and module.
    std::error_code error;
    if (fs::exists(device / "driver_override", error)) {
      busy.push_back({"vfio-platform", device.filename().string(), "", is_translated(device)});
    }
  }
}

// Their kinds that write when something comes in, and not only what was asked for [virtio 1.2
// section 5]: network, console, input, sockets, sound.
void take_virtio(const Root& root, std::vector<BusyDevice>& busy) {
  constexpr auto kUnasked = std::to_array<std::uint32_t>({1, 3, 18, 19, 25});
  for (const fs::path& device : devices_in(root.path + "/sys/bus/virtio/devices")) {
    std::error_code error;
    const fs::path whole = fs::canonical(device, error);
    const auto kind = base::parse_number<std::uint32_t>(fact(device, "device"));
    // "0x0000000f": acknowledged, driver, features, DRIVER_OK.
    const auto status = base::parse_number<std::uint32_t>(fact(device, "status"));
    if (!error && driver_of(whole.parent_path()) == "virtio-mmio" && kind &&
        std::ranges::find(kUnasked, *kind) != kUnasked.end() && (status.value_or(0) & 4) != 0) {
      busy.push_back({"virtio-mmio", device.filename().string(), std::to_string(*kind),
                      is_translated(whole.parent_path())});
    }
  }
}

}  // namespace

std::vector<BusyDevice> gather_busy_devices(const Root& root) {
  std::vector<BusyDevice> busy;
  take_pci(root, busy);
  take_platform(root, busy);
  take_virtio(root, busy);
  std::ranges::sort(busy, {},
                    [](const BusyDevice& device) { return std::tie(device.kind, device.name); });
  return busy;
}

}  // namespace hyprelay::handoff::linux_host
