// SPDX-License-Identifier: BSD-2-Clause
#include "capture/log_text.hpp"

#include "base/bytes.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace hyprelay::capture {

bool LogText::append(std::uint64_t nanoseconds, std::string_view text) {
  if (text.size() > left_bytes_) {
    return false;
  }
  left_bytes_ -= text.size();
  constexpr std::uint64_t kSecond = 1'000'000'000;
  std::array<char, 48> prefix{};
  std::snprintf(prefix.data(), prefix.size(), "[%5llu.%06llu] ",
                static_cast<unsigned long long>(nanoseconds / kSecond),
                static_cast<unsigned long long>(nanoseconds % kSecond / 1000));
  do {
    const std::string_view line = base::take_line(text);
    text_ += prefix.data();
    text_.append(line).push_back('\n');
  } while (!text.empty());
  if (text_.size() > most_bytes_) {
    drop_oldest();
  }
  return true;
}

// Half of it at once: a line at a time would move all that follows each time.
void LogText::drop_oldest() {
  const std::size_t line_end = text_.find('\n', text_.size() - most_bytes_ / 2);
  const std::size_t dropped = line_end == std::string::npos ? text_.size() : line_end + 1;
  text_.erase(0, dropped);
  dropped_bytes_ += dropped;
}

std::string LogText::finish(std::uint64_t lost_messages, bool damaged) {
  if (dropped_bytes_ != 0) {
    text_.insert(0, "hyprelay: " + std::to_string(dropped_bytes_) +
                        " bytes of older messages were left out\n");
  }
  if (damaged) {
    text_ += "hyprelay: the log is damaged behind this line\n";
  }
  if (lost_messages != 0) {
    text_ += "hyprelay: " + std::to_string(lost_messages) + " messages could not be read\n";
  }
  return std::move(text_);
}

}  // namespace hyprelay::capture
