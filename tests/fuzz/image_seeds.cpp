// SPDX-License-Identifier: BSD-2-Clause
// Writes the seeds of the image and machine fuzz tests into a folder.
#include "fdt/tree.hpp"
#include "handoff/json.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <algorithm>
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

void put_be32(synthetic::Bytes& bytes, std::size_t at, std::uint32_t value) {
  synthetic::put32(bytes, at, __builtin_bswap32(value));
}

synthetic::Bytes small_image() {
  return synthetic::make_image({.size_bytes = 0x400, .image_size = 0x20000});
}

// Of two files. Checksums are not compared here.
synthetic::Bytes uimage() {
  synthetic::Bytes file(64 + 12 + 0x400 + 8);
  put_be32(file, 0, 0x27051956);
  put_be32(file, 12, 12 + 0x400 + 8);
  put_be32(file, 28, 5 << 24 | 22 << 16 | 4 << 8);
  put_be32(file, 64, 0x400);
  put_be32(file, 68, 8);
  std::ranges::copy(small_image(), file.begin() + 76);
  return file;
}

synthetic::Bytes fit() {
  hyprelay::fdt::Tree tree = hyprelay::fdt::Tree::empty();
  const synthetic::Bytes image = small_image();
  bool made = true;
  for (const char* node : {"/images", "/images/k", "/images/r", "/configurations",
                           "/configurations/c", "/images/k/hash-1"}) {
    made = made && tree.add_node(node).has_value();
  }
  made = made && tree.set("/images/k", "data", image) &&
         tree.set_string("/images/k", "arch", "arm64") &&
         tree.set_string("/images/k/hash-1", "algo", "crc32") &&
         tree.set_u32("/images/r", "data-offset", 0) &&
         tree.set_u32("/images/r", "data-size", 16) &&
         tree.set_string("/configurations/c", "kernel", "k") &&
         tree.set_string("/configurations/c", "ramdisk", "r") &&
         tree.set_string("/configurations/c", "fdt", "r");
  synthetic::Bytes file = tree.packed();
  file.resize((file.size() + 3) / 4 * 4 + 16);
  return made ? file : synthetic::Bytes();
}

synthetic::Bytes uki() {
  synthetic::Bytes file(0x200);
  synthetic::put_text(file, 0, "MZ");
  synthetic::put32(file, 0x3c, 0x40);
  synthetic::put_text(file, 0x40, "PE");
  synthetic::put32(file, 0x44, 0x2aa64);
  synthetic::put_text(file, 0x58, ".linux");
  synthetic::put32(file, 0x60, 0x400);
  synthetic::put32(file, 0x68, 0x400);
  synthetic::put32(file, 0x6c, 0x200);
  synthetic::put_text(file, 0x80, ".cmdline");
  synthetic::put32(file, 0x88, 8);
  synthetic::put32(file, 0x90, 8);
  synthetic::put32(file, 0x94, 0x100);
  synthetic::put_text(file, 0x100, "a=b c=d");
  const synthetic::Bytes image = small_image();
  file.insert(file.end(), image.begin(), image.end());
  return file;
}

synthetic::Bytes android() {
  synthetic::Bytes file(0x800);
  synthetic::put_text(file, 0, "ANDROID!");
  synthetic::put32(file, 8, 0x400);
  synthetic::put32(file, 16, 8);
  synthetic::put32(file, 36, 0x800);
  synthetic::put32(file, 40, 2);
  synthetic::put32(file, 1648, 16);
  const synthetic::Bytes image = small_image();
  file.insert(file.end(), image.begin(), image.end());
  file.resize(0x2000);
  return file;
}

// Version 4, whose numbers stand elsewhere.
synthetic::Bytes android_v4() {
  synthetic::Bytes file(0x1000);
  synthetic::put_text(file, 0, "ANDROID!");
  synthetic::put32(file, 8, 0x400);
  synthetic::put32(file, 12, 8);
  synthetic::put32(file, 20, 1584);
  synthetic::put32(file, 40, 4);
  const synthetic::Bytes image = small_image();
  file.insert(file.end(), image.begin(), image.end());
  file.resize(0x3000);
  return file;
}

// The payload begins as gzip's, and the fuzz test's decompressor makes of it what it is: a
// container in a container, until there are too many.
synthetic::Bytes zboot() {
  synthetic::Bytes file(0x100);
  synthetic::put_text(file, 0, std::string_view("MZ\0\0zimg", 8));
  synthetic::put32(file, 8, 0x100);
  synthetic::put32(file, 12, 0x400);
  synthetic::put_text(file, 24, "gzip");
  synthetic::Bytes payload = small_image();
  synthetic::put_text(payload, 0, std::string_view("\x1f\x8b\x08", 3));
  file.insert(file.end(), payload.begin(), payload.end());
  return file;
}

synthetic::Bytes elf() {
  synthetic::Bytes file(0x100);
  synthetic::put_text(file, 0,
                      std::string_view("\x7f"
                                       "ELF\2\1\1",
                                       7));
  synthetic::put32(file, 18, 183);
  synthetic::put64(file, 32, 64);
  synthetic::put32(file, 54, 1 << 16 | 56);
  synthetic::put32(file, 64, 1);
  synthetic::put64(file, 72, 0x100);
  synthetic::put64(file, 88, 0x40000000);
  synthetic::put64(file, 96, 0x400);
  synthetic::put64(file, 104, 0x20000);
  const synthetic::Bytes image = small_image();
  file.insert(file.end(), image.begin(), image.end());
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
                       write(folder, "image_pe", pe_image()) && write(folder, "uimage", uimage()) &&
                       write(folder, "fit", fit()) && write(folder, "uki", uki()) &&
                       write(folder, "android", android()) && write(folder, "elf", elf()) &&
                       write(folder, "android_v4", android_v4()) && write(folder, "zboot", zboot());
  return written ? 0 : 1;
}
