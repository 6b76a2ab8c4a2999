// SPDX-License-Identifier: BSD-2-Clause
#include "capture/dmesg.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::capture {

void append_message(std::string& log, std::uint64_t nanoseconds, std::string_view text) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  std::array<char, 48> prefix{};
  std::snprintf(prefix.data(), prefix.size(), "[%5llu.%06llu] ",
                static_cast<unsigned long long>(nanoseconds / kSecond),
                static_cast<unsigned long long>(nanoseconds % kSecond / 1000));
  do {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    log += prefix.data();
    log.append(line).push_back('\n');
  } while (!text.empty());
}

base::Result<std::string> read_dmesg(const OldMemory& memory) {
  const VmcoreInfo& info = memory.core().info;
  if (info.empty()) {
    return base::Error(base::Code::CAPTURE_NO_INFO, base::Stage::kCapture, "VMCOREINFO");
  }
  if (info.symbol("prb")) {
    return read_ring_buffer(memory);
  }
  return read_record_log(memory);
}

}  // namespace hyprelay::capture
