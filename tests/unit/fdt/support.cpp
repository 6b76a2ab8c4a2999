// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hyprelay::test {
namespace {

// A folder that goes away with its owner.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "hyprelay-fdt-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

fdt::Tree tree_from(const Bytes& blob, std::string_view name) {
  auto tree = fdt::Tree::from_bytes(blob, name);
  EXPECT_TRUE(tree.has_value()) << name;
  return tree ? tree.value() : fdt::Tree::empty();
}

}  // namespace

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  const std::string content((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(content));
  return {bytes.begin(), bytes.end()};
}

Bytes compile_dts(std::string_view source, std::string_view options) {
  const Scratch scratch;
  std::ofstream(scratch.file("in.dts"), std::ios::binary) << source;
  const std::string command = std::string(HR_DTC " -q -I dts -O dtb ")
                                  .append(options)
                                  .append(" -o " + scratch.file("out.dtb"))
                                  .append(" " + scratch.file("in.dts"));
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return read_file(scratch.file("out.dtb"));
}

fdt::Tree tree_of(std::string_view source) {
  return tree_from(compile_dts(source), "dts");
}

Bytes data_blob(std::string_view name) {
  const Bytes source = read_file(std::string(HR_TEST_DATA "/fdt/").append(name).append(".dts"));
  return compile_dts({reinterpret_cast<const char*>(source.data()), source.size()});
}

fdt::Tree data_tree(std::string_view name) {
  return tree_from(data_blob(name), name);
}

Bytes qemu_blob(Qemu machine) {
  const Scratch scratch;
  const std::string dump = ",dumpdtb=" + scratch.file("out.dtb") + " -display none -nic none";
  const std::string arm64 = HR_QEMU_ARM64 " -cpu cortex-a57 -M virt,virtualization=on,gic-version=";
  const std::string command = machine == Qemu::kArm
                                  ? HR_QEMU_ARM " -cpu cortex-a15 -M virt,virtualization=on" + dump
                                  : arm64 + (machine == Qemu::kArm64Gic2 ? "2" : "3") + dump;
  EXPECT_EQ(std::system(("timeout 60 " + command + " >/dev/null 2>&1").c_str()), 0) << command;
  return read_file(scratch.file("out.dtb"));
}

fdt::Tree qemu_tree(Qemu machine) {
  return tree_from(qemu_blob(machine), "qemu");
}

std::vector<std::string> debian_trees(std::size_t step) {
  std::vector<std::string> all;
  for (const char* arch : {"armhf", "arm64"}) {
    const std::filesystem::path root =
        std::filesystem::path(HR_CACHE) / "sysroot" / arch / "usr/lib";
    if (!std::filesystem::is_directory(root)) {
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() == ".dtb") {
        all.push_back(entry.path().string());
      }
    }
  }
  std::sort(all.begin(), all.end());
  std::vector<std::string> some;
  for (std::size_t i = 0; i < all.size(); i += step) {
    some.push_back(all[i]);
  }
  return some;
}

Bytes be32(std::uint32_t value) {
  Bytes bytes(4);
  put_be32(bytes, 0, value);
  return bytes;
}

Bytes be64(std::uint64_t value) {
  Bytes bytes(8);
  put_be32(bytes, 0, static_cast<std::uint32_t>(value >> 32));
  put_be32(bytes, 4, static_cast<std::uint32_t>(value));
  return bytes;
}

Bytes text(std::string_view value) {
  const auto bytes = std::as_bytes(std::span(value));
  Bytes terminated(bytes.begin(), bytes.end());
  terminated.push_back(std::byte{0});
  return terminated;
}

void put_be32(Bytes& blob, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    blob.at(at + i) = static_cast<std::byte>(value >> (24 - 8 * i));
  }
}

}  // namespace hyprelay::test
