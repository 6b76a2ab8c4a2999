// SPDX-License-Identifier: BSD-2-Clause
// Writes the seeds of the lz4 fuzz test into a folder: the size of the place as lz4_fuzz.cpp reads
// it, and liblz4's block of that many bytes.
#include <lz4.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace {

// Text that repeats itself at distances of all kinds.
std::vector<char> content(std::size_t size_bytes) {
  std::vector<char> bytes(size_bytes);
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < size_bytes; ++i) {
    seed = seed * 1664525 + 1013904223;
    const std::size_t back = 1 + (seed >> 8) % 300;
    bytes[i] = (seed >> 28) < 3 || back > i ? static_cast<char>(seed >> 24) : bytes[i - back];
    if ((seed >> 26) == 5) {
      const std::size_t run = (seed >> 4) % 400;
      for (std::size_t k = 0; k < run && i + 1 < size_bytes; ++k, ++i) {
        bytes[i + 1] = bytes[i];
      }
    }
  }
  return bytes;
}

bool write(const std::string& path, std::uint8_t kilobytes, std::uint8_t rest) {
  const auto bytes = content(kilobytes < 128 ? rest : (kilobytes & 127U) * 1024U + rest);
  std::vector<char> block(
      static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))));
  const int size = LZ4_compress_default(bytes.data(), block.data(), static_cast<int>(bytes.size()),
                                        static_cast<int>(block.size()));
  std::ofstream file(path, std::ios::binary);
  file.put(static_cast<char>(kilobytes)).put(static_cast<char>(rest));
  file.write(block.data(), size);
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const std::string folder = argv[1];
  return write(folder + "/lz4_short.seed", 0, 200) && write(folder + "/lz4_long.seed", 128 + 90, 17)
             ? 0
             : 1;
}
