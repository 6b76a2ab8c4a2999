// SPDX-License-Identifier: BSD-2-Clause
// Writes the seeds of the image and machine fuzz tests into a folder.
#include "handoff/json.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using hyprelay::handoff::Arch;
namespace synthetic = hyprelay::handoff::testing;

bool write(const std::string& folder, const char* name, const synthetic::Bytes& bytes) {
  std::ofstream file(folder + "/" + name + ".seed", std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return file.good();
}

synthetic::Bytes pe_image() {
  synthetic::Bytes file = synthetic::make_image({.size_bytes = 0x400, .image_size = 0x20000});
  synthetic::put_text(file, 0, "MZ");
  synthetic::put32(file, 0x3c, 0x40);
  synthetic::put_text(file, 0x40, "PE");
  synthetic::put32(file, 0x46, 1);
  synthetic::put32(file, 0x40 + 24 + 16, 0x200);
  synthetic::put32(file, 0x40 + 24 + 20, 0x200);
  return file;
}

synthetic::Bytes machine() {
  hyprelay::handoff::Machine machine = synthetic::virt(Arch::kArm, 512 * synthetic::kMega);
  machine.command_line = "console=ttyAMA0";
  machine.reserved = {{synthetic::range(0x48000000, 0x1000), "firmware"}};
  machine.crash_regions = {synthetic::range(0x50000000, 0x4000000)};
  machine.boot_alias = {synthetic::range(0x80000000, 0x10000000)};
  machine.driver_ram = {synthetic::range(0x5c000000, 0x1000000)};
  machine.device_tree = synthetic::bytes_of("tree");
  machine.crash = {.cpu_notes = {synthetic::range(0x42000000, 0x1a8)},
                   .vmcoreinfo = synthetic::range(0x42001000, 0x400),
                   .mappings = {{synthetic::range(0x40000000, 0x20000000), 0xc0000000}}};
  return synthetic::bytes_of(to_json(machine).dump());
}

synthetic::Bytes content(const std::string& name) {
  std::ifstream file(HR_TEST_DATA "/linux/arm64-efi-acpi/sys/firmware/" + name, std::ios::binary);
  return synthetic::bytes_of(std::string(std::istreambuf_iterator<char>(file), {}));
}

// One that EFI started and ACPI describes, with a crash region.
synthetic::Bytes server() {
  hyprelay::handoff::Machine machine = synthetic::virt(Arch::kArm64, 2048 * synthetic::kMega);
  machine.crash_regions = {synthetic::range(0x80000000, 0x10000000)};
  machine.reserved = {{machine.crash_regions.front(), "Crash kernel"}};
  machine.crash = {.cpu_notes = {synthetic::range(0x42000000, 0x1a8)},
                   .vmcoreinfo = synthetic::range(0x42001000, 0x400),
                   .mappings = {{synthetic::range(0x40000000, 0x80000000), 0xffff000000000000}}};
  machine.device_tree = content("fdt");
  machine.device_tree_source = "/sys/firmware/fdt";
  for (const char* table : {"APIC", "DBG2", "FACP", "SPCR"}) {
    machine.acpi[table] = content(std::string("acpi/tables/") + table);
  }
  return synthetic::bytes_of(to_json(machine).dump());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s FOLDER [machine]\n", argv[0]);
    return 2;
  }
  const std::string folder = argv[1];
  if (argc > 2) {
    return write(folder, "machine", machine()) && write(folder, "server", server()) ? 0 : 1;
  }
  const bool written = write(folder, "zimage", synthetic::make_zimage({.size_bytes = 0x400})) &&
                       write(folder, "zimage_short",
                             synthetic::make_zimage({.size_bytes = 0x400, .tag_words = 4})) &&
                       write(folder, "image", synthetic::make_image({.size_bytes = 0x400})) &&
                       write(folder, "image_pe", pe_image());
  return written ? 0 : 1;
}
