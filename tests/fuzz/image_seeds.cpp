// SPDX-License-Identifier: BSD-2-Clause
// Writes the seeds of the image and machine fuzz tests into a folder.
#include "handoff/json.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

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
  machine.device_tree = synthetic::bytes_of("tree");
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
    return write(folder, "machine", machine()) ? 0 : 1;
  }
  const bool written = write(folder, "zimage", synthetic::make_zimage({.size_bytes = 0x400})) &&
                       write(folder, "zimage_short",
                             synthetic::make_zimage({.size_bytes = 0x400, .tag_words = 4})) &&
                       write(folder, "image", synthetic::make_image({.size_bytes = 0x400})) &&
                       write(folder, "image_pe", pe_image());
  return written ? 0 : 1;
}
