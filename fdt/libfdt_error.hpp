// SPDX-License-Identifier: BSD-2-Clause
// libfdt's codes as Errors. Inside this folder only.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string_view>

namespace hyprelay::fdt {

// No boot protocol takes a tree of more than 2 MiB. Far below INT_MAX, in which libfdt counts, so
// that no sum of its sizes overflows.
inline constexpr std::size_t kLargestBytes = 64 << 20;

// Nodes above a node, the root counted. Linux ignores what is deeper (FDT_MAX_DEPTH
// [linux/drivers/of/fdt.c unflatten_dt_nodes]), and no tree of a board is even a quarter as deep.
inline constexpr int kMostLevels = 62;
// Bytes of a name in the strings block: each reader of a property compares names. The specification
// has 31; labels in the tables of an overlay are longer.
inline constexpr std::size_t kLongestName = 1023;

// The Error for a negative libfdt return value; no two codes give the same message. Codes that only
// a bug of ours can cause are TREE_INTERNAL, with libfdt's name for them in the subject.
base::Error error_of(int libfdt_code, std::string_view subject);

// Checks everything that a reader relies on; see Tree::from_bytes for the errors. The bytes must be
// aligned to 8; with more than `most_bytes` it is TREE_TOO_LARGE. True: there are FDT_NOP words in
// its structure block.
base::Result<bool> check_blob(base::ByteView bytes, std::string_view name,
                              std::size_t most_bytes = kLargestBytes);

}  // namespace hyprelay::fdt
