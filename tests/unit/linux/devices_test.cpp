// SPDX-License-Identifier: BSD-2-Clause
// Devices of a /sys that is laid out as Linux lays it out: buses with links to devices, and drivers
// with links to theirs.
#include "handoff/linux/devices.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

class Devices : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("hyprelay-devices-" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    fs::create_directories(directory_ / "sys/bus/pci/devices");
    fs::create_directories(directory_ / "sys/bus/virtio/devices");
    root_.path = directory_.string();
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const fs::path& path, std::string_view text) const {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }
  void link(const std::string& target, const fs::path& path) const {
    fs::create_directories((directory_ / path).parent_path());
    fs::create_symlink(target, directory_ / path);
  }
  void driver(const fs::path& device, const std::string& bus, const std::string& name) const {
    fs::create_directories(directory_ / "sys/bus" / bus / "drivers" / name);
    link((directory_ / "sys/bus" / bus / "drivers" / name).string(), device / "driver");
  }
  // A configuration space of 64 bytes with that command and kind of header.
  fs::path pci(const std::string& name, char command, char header) const {
    const fs::path device = "sys/devices/pci0000:00/" + name;
    std::string config(64, '\0');
    config[4] = command;
    config[14] = header;
    write(device / "config", config);
    write(device / "vendor", "0x8086\n");
    write(device / "device", "0x10d3\n");
    link("../../../devices/pci0000:00/" + name, "sys/bus/pci/devices/" + name);
    return device;
  }
  fs::path virtio(const std::string& transport, const std::string& name, const std::string& kind,
                  const std::string& status) const {
    const fs::path device = "sys/devices/platform/" + transport + "/" + name;
    write(device / "device", kind + "\n");
    write(device / "status", status + "\n");
    link("../../../devices/platform/" + transport + "/" + name, "sys/bus/virtio/devices/" + name);
    return device;
  }
  std::vector<BusyDevice> found() const { return gather_busy_devices(root_); }

  Root root_;
  fs::path directory_;
};

TEST_F(Devices, without_sys_there_are_none) {
  fs::remove_all(directory_);
  EXPECT_TRUE(found().empty());
}

TEST_F(Devices, bus_masters_without_a_driver) {
  pci("0000:00:01.0", 0x06, 0x00);
  pci("0000:00:02.0", 0x02, 0x00);                           // no master
  pci("0000:00:03.0", 0x06, 0x01);                           // a bridge
  driver(pci("0000:00:04.0", 0x06, 0x00), "pci", "e1000e");  // its driver's business
  // The first of several functions.
  pci("0000:00:05.0", 0x06, static_cast<char>(0x80));
  driver(pci("0000:00:06.0", 0x06, 0x00), "pci", "vfio-pci");
  driver(pci("0000:00:07.0", 0x02, 0x00), "pci", "vfio-pci");
  EXPECT_EQ(found(), (std::vector<BusyDevice>{
                         {"pci", "0000:00:01.0", "8086:10d3", std::nullopt},
                         {"pci", "0000:00:05.0", "8086:10d3", std::nullopt},
                         {"vfio-pci", "0000:00:06.0", "8086:10d3", std::nullopt},
                     }));
}

TEST_F(Devices, what_an_iommu_does_is_told) {
  const fs::path one = pci("0000:00:01.0", 0x06, 0x00);
  const fs::path other = pci("0000:00:02.0", 0x06, 0x00);
  write("sys/kernel/iommu_groups/1/type", "DMA-FQ\n");
  write("sys/kernel/iommu_groups/2/type", "identity\n");
  link((directory_ / "sys/kernel/iommu_groups/1").string(), one / "iommu_group");
  link((directory_ / "sys/kernel/iommu_groups/2").string(), other / "iommu_group");
  ASSERT_EQ(found().size(), 2u);
  EXPECT_EQ(found()[0].translated, true);
  EXPECT_EQ(found()[1].translated, false);
}

TEST_F(Devices, virtio_that_writes_unasked_and_has_no_bus_master_bit) {
  driver("sys/devices/platform/a000000.virtio_mmio", "platform", "virtio-mmio");
  driver("sys/devices/platform/1.pci", "pci", "virtio-pci");
  virtio("a000000.virtio_mmio", "virtio0", "0x0001", "0x0000000f");
  virtio("a000000.virtio_mmio", "virtio1", "0x0002", "0x0000000f");  // a disk writes when asked
  virtio("a000000.virtio_mmio", "virtio2", "0x0012", "0x00000001");  // nobody drives it
  virtio("a000000.virtio_mmio", "virtio3", "0x0012", "0x0000000f");
  virtio("1.pci", "virtio4", "0x0001", "0x0000000f");
  EXPECT_EQ(found(), (std::vector<BusyDevice>{{"virtio-mmio", "virtio0", "1", std::nullopt},
                                              {"virtio-mmio", "virtio3", "18", std::nullopt}}));
}

TEST_F(Devices, what_vfio_has_of_a_board) {
  write("sys/devices/platform/ff900000.ethernet/driver_override", "vfio-platform\n");
  link("../../../../devices/platform/ff900000.ethernet",
       "sys/bus/platform/drivers/vfio-platform/ff900000.ethernet");
  write("sys/bus/platform/drivers/vfio-platform/bind", "");
  fs::create_directories(directory_ / "sys/module/vfio_platform");
  link("../../../../module/vfio_platform", "sys/bus/platform/drivers/vfio-platform/module");
  EXPECT_EQ(found(),
            (std::vector<BusyDevice>{{"vfio-platform", "ff900000.ethernet", "", std::nullopt}}));
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
