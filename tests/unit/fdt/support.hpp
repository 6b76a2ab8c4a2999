// SPDX-License-Identifier: BSD-2-Clause
// Device trees for tests, from those who make them.
#pragma once

#include "fdt/tree.hpp"
#include "tests/unit/fdt/blob_model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::test {

// Compiled by dtc. The options follow "-I dts -O dtb". Fails the test when dtc does.
Bytes compile_dts(std::string_view source, std::string_view options = "");
fdt::Tree tree_of(std::string_view source);
// tests/data/fdt/<name>.dts.
Bytes data_blob(std::string_view name);
fdt::Tree data_tree(std::string_view name);

// What a QEMU machine is born with: dumped by the machine itself.
enum class Qemu { kArm, kArm64Gic2, kArm64Gic3 };
Bytes qemu_blob(Qemu machine);
fdt::Tree qemu_tree(Qemu machine);

// Paths of the trees in Debian's kernel packages, when the cache holds them: every `step`th of
// them.
std::vector<std::string> debian_trees(std::size_t step);
Bytes read_file(const std::string& path);

Bytes be32(std::uint32_t value);
Bytes be64(std::uint64_t value);
Bytes text(std::string_view value);  // with its NUL

// Puts a big-endian word into a blob.
void put_be32(Bytes& blob, std::size_t at, std::uint32_t value);

}  // namespace hyprelay::test
