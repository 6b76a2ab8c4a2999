// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/guest/pl011.hpp"

#include <utility>

namespace hyprelay::boot_guest {
namespace {

// Offsets of registers.
constexpr std::uint64_t kData = 0x00;
constexpr std::uint64_t kFlags = 0x18;
constexpr std::uint64_t kLineControl = 0x2c;
constexpr std::uint64_t kControl = 0x30;
constexpr std::uint64_t kMask = 0x38;
constexpr std::uint64_t kRaised = 0x3c;
constexpr std::uint64_t kMasked = 0x40;
constexpr std::uint64_t kClear = 0x44;
constexpr std::uint64_t kIdentity = 0xfe0;

// UARTFR: the receive FIFO is empty, and so is that to send, always.
constexpr std::uint32_t kEmpty = 0x90;
// UARTRIS: there is room to send again.
constexpr std::uint32_t kSent = 0x20;

// UARTPeriphID0-3 of revision 1, UARTPCellID0-3.
constexpr std::uint8_t kIdentities[] = {0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

}  // namespace

std::uint32_t Pl011::read(std::uint64_t offset) const {
  switch (offset) {
    case kFlags:
      return kEmpty;
    case kLineControl:
      return line_control_;
    case kControl:
      return control_;
    case kMask:
      return mask_;
    case kRaised:
      return raised_;
    case kMasked:
      return raised_ & mask_;
    default:
      return offset >= kIdentity && offset < kBytes ? kIdentities[(offset - kIdentity) / 4] : 0;
  }
}

void Pl011::write(std::uint64_t offset, std::uint32_t value) {
  switch (offset) {
    case kData:
      sent_ += static_cast<char>(value);
      raised_ |= kSent;
      break;
    case kLineControl:
      line_control_ = value;
      break;
    case kControl:
      control_ = value;
      break;
    case kMask:
      mask_ = value;
      break;
    case kClear:
      raised_ &= ~value;
      break;
    default:
      break;
  }
}

std::string Pl011::take_sent() {
  return std::exchange(sent_, std::string());
}

}  // namespace hyprelay::boot_guest
