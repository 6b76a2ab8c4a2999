// SPDX-License-Identifier: BSD-2-Clause
#include "capture/dmesg.hpp"

namespace hyprelay::capture {

base::Result<std::string> read_dmesg(const OldMemory& memory) {
  const VmcoreInfo& info = memory.core().info;
  if (info.empty() && memory.core().notes_fault) {
    return *memory.core().notes_fault;
  }
  if (info.empty()) {
    return base::Error(base::Code::CAPTURE_NO_INFO, base::Stage::kCapture, "VMCOREINFO");
  }
  if (info.symbol("prb")) {
    return read_ring_buffer(memory);
  }
  return read_record_log(memory);
}

}  // namespace hyprelay::capture
