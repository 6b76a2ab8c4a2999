// SPDX-License-Identifier: BSD-2-Clause
#include "bare/system.hpp"
#include "compat/hr_client.h"
#include "hyp-check/core/console.hpp"

namespace hyprelay::hyp_check {
namespace {

// Xen reads the buffer through caches that are on, while this wrote past those that are off.
void write_to_xen(const char* text, std::size_t size) {
  hr_cache_flush(reinterpret_cast<std::uintptr_t>(text), size);
  (void)hr_consoleio_write(text, size);
}

}  // namespace

bare::Voice& Output::line() {
  text_[0] = '\0';
  voice_ = bare::Voice(bare::Uart(), bare::Log(text_));
  return voice_;
}

void Output::end_line() {
  voice_ << "\n";
  const std::size_t size = std::string_view(text_).size();
  // The last place is the line's end, however long the line was.
  text_[size - 1] = '\n';
  if (xen_) {
    write_to_xen(text_, size);
    return;
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (text_[i] == '\n') {
      uart_.put('\r');
    }
    uart_.put(text_[i]);
  }
}

}  // namespace hyprelay::hyp_check
