// SPDX-License-Identifier: BSD-2-Clause
// The text that a dead kernel's log becomes, within bounds whatever its numbers say.
// Environment: hosted. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hyprelay::capture {

// Lines as dmesg prints them, "[    5.076789] Loading crashdump kernel...". Two bounds hold,
// because a capture kernel has little memory and the image comes behind the log:
//   - messages are in disjoint pieces of the ring, so that more text than the ring holds is damage:
//     descriptors that all point at one text of newlines would become a gigabyte;
//   - of a log longer than kMostLogBytes, which is a ring of tens of MiB, the newest part is kept.
class LogText {
 public:
  static constexpr std::size_t kMostLogBytes = std::size_t{32} << 20;

  // `ring_bytes`: what the dead kernel kept all of its messages in.
  explicit LogText(std::uint64_t ring_bytes, std::size_t most_bytes = kMostLogBytes)
      : left_bytes_(ring_bytes), most_bytes_(most_bytes) {}

  // One message, every line of it behind its time. False: the messages are more than the ring
  // holds; this one was not taken.
  bool append(std::uint64_t nanoseconds, std::string_view text);
  bool empty() const { return text_.empty(); }

  // All of it. Says at its end when it is `damaged` behind there, or how many messages could not be
  // read; and at its front how much older text was left out.
  std::string finish(std::uint64_t lost_messages, bool damaged);

 private:
  void drop_oldest();

  std::string text_;
  std::uint64_t left_bytes_;
  std::size_t most_bytes_;
  std::uint64_t dropped_bytes_ = 0;
};

}  // namespace hyprelay::capture
