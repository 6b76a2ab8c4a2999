// SPDX-License-Identifier: BSD-2-Clause
// A property's value as the source of a tree has it [devicetree specification section 6.3].
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::fdt {

// A cell that holds the phandle of another node.
struct DtsReference {
  std::size_t offset = 0;
  // As Tree::resolve() takes it: "&gic", or "/soc/gic" for &{/soc/gic}.
  std::string node;
};

struct DtsValue {
  std::vector<std::byte> bytes;
  // Zeroes in `bytes` until somebody who has the tree puts a phandle there.
  std::vector<DtsReference> references;
};

// Either a value or the reason why there is none, half a sentence.
struct DtsRead {
  std::optional<DtsValue> value;
  std::string why_not;
};

// Strings, cells, numbers of other widths and bytes, divided by commas:
//   "okay"   "a", "b"   <1 0x2 -3 &gic &{/soc/gic}>   /bits/ 8 <1 2>   [00 ff 1a2b]
// Text that begins with none of these signs is a string as it stands; but a number, of which nobody
// could tell whether a cell was meant, is refused.
DtsRead read_dts_value(std::string_view text);

// The same way back: strings where all of it is printable text, else cells, else bytes; empty for
// no bytes. What read_dts_value() and dtc make of it are the bytes again.
std::string dts_text(base::ByteView bytes);

}  // namespace hyprelay::fdt
