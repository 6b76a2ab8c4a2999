// SPDX-License-Identifier: BSD-2-Clause
// The log of a memory image that is sound but for it: any VMCOREINFO, and any memory.
#include "capture/dmesg.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <algorithm>

namespace {

namespace capture = hyprelay::capture;
namespace base = hyprelay::base;
using hyprelay::fuzz::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) {
    return 0;
  }
  const bool wide = data[0] != 0;
  const std::size_t info_bytes =
      std::min<std::size_t>(data[1] | std::size_t{data[2]} << 8, size - 4);
  const base::ByteView rest = hyprelay::fuzz::bytes_of(data, size).subspan(3);
  hyprelay::test::CoreBuilder builder(wide, wide ? capture::kMachineArm64 : capture::kMachineArm);
  builder.set_info(std::string(base::text_of(rest.first(info_bytes))));
  const base::ByteView memory = rest.subspan(info_bytes);
  builder.add_memory(0x40100000, 0xc0100000, {memory.begin(), memory.end()});
  const auto file = builder.build();
  capture::ViewSource source(file);
  const auto core = capture::read_core(source);
  require(core.has_value());
  const capture::OldMemory old(core.value(), source);
  const auto log = capture::read_dmesg(old);
  if (!log) {
    require(log.error().stage() == base::Stage::kCapture &&
            log.error().code() != base::Code::OUT_OF_BOUNDS);
    return 0;
  }
  require(log.value().size() <= (memory.size() + 100) * 33);
  // What is said about damage is a line, and so is all else.
  require(log.value().empty() || log.value().back() == '\n');
  return 0;
}
