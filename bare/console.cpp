// SPDX-License-Identifier: BSD-2-Clause
#include "bare/console.hpp"

#include "bare/mmio.hpp"

namespace hyprelay::bare {
namespace {

// PL011 [arm/ddi0183 section 3.3]: byte offsets, whatever the device tree calls its register shift.
constexpr std::uint32_t kPl011Data = 0x00;
constexpr std::uint32_t kPl011Flags = 0x18;
constexpr std::uint32_t kPl011FlagBusy = 1u << 3;
constexpr std::uint32_t kPl011FlagFull = 1u << 5;

// NS16550 [TI PC16550D section 8]: register numbers, to be shifted.
constexpr std::uint32_t k16550Data = 0;
constexpr std::uint32_t k16550LineStatus = 5;
constexpr std::uint32_t k16550HoldingEmpty = 1u << 5;
constexpr std::uint32_t k16550AllSent = 1u << 6;

// A character takes 87 us at 115200 baud, a full FIFO of 64 about 6 ms. A device read takes
// 0.1 us at the least: this bound is 0.1 s or more, and no sane UART reaches it.
constexpr std::uint32_t kWaitReads = 1'000'000;

}  // namespace

Uart::Uart(std::uint32_t kind, std::uint64_t base, std::uint32_t shift, std::uint32_t width) {
  const bool known = kind == HR_CONSOLE_PL011 || kind == HR_CONSOLE_NS16550;
  const bool addressable = base != 0 && base == static_cast<std::uintptr_t>(base);
  const bool shape = shift <= 4 && (width == 1 || width == 4) && (base & (width - 1)) == 0 &&
                     (width == 1 || kind == HR_CONSOLE_PL011 || shift >= 2);
  if (known && addressable && shape) {
    kind_ = kind;
    base_ = base;
    shift_ = kind == HR_CONSOLE_PL011 ? 0 : shift;
    width_ = width;
  }
}

std::uint32_t Uart::read(std::uint32_t index) const {
  const std::uint64_t address = base_ + (std::uint64_t{index} << shift_);
  return width_ == 4 ? mmio_read32(address) : mmio_read8(address);
}

void Uart::write(std::uint32_t index, std::uint32_t value) {
  const std::uint64_t address = base_ + (std::uint64_t{index} << shift_);
  if (width_ == 4) {
    mmio_write32(address, value);
  } else {
    mmio_write8(address, value);
  }
}

bool Uart::wait(std::uint32_t index, std::uint32_t mask, std::uint32_t wanted) {
  for (std::uint32_t i = 0; i < kWaitReads; ++i) {
    if ((read(index) & mask) == wanted) {
      return true;
    }
  }
  kind_ = HR_CONSOLE_NONE;
  return false;
}

void Uart::put(char c) {
  const std::uint32_t value = static_cast<unsigned char>(c);
  if (kind_ == HR_CONSOLE_PL011 && wait(kPl011Flags, kPl011FlagFull, 0)) {
    write(kPl011Data, value);
  } else if (kind_ == HR_CONSOLE_NS16550 &&
             wait(k16550LineStatus, k16550HoldingEmpty, k16550HoldingEmpty)) {
    write(k16550Data, value);
  }
}

void Uart::drain() {
  if (kind_ == HR_CONSOLE_PL011) {
    wait(kPl011Flags, kPl011FlagBusy, 0);
  } else if (kind_ == HR_CONSOLE_NS16550) {
    wait(k16550LineStatus, k16550AllSent, k16550AllSent);
  }
}

void Log::put(char c) {
  if (used_ + 1 < memory_.size()) {
    memory_[used_++] = c;
    memory_[used_] = '\0';
  }
}

void Voice::put(char c) {
  log_.put(c);
  if (spared_) {
    return;
  }
  if (c == '\n') {
    uart_.put('\r');
  }
  uart_.put(c);
}

Voice& Voice::operator<<(std::string_view text) {
  for (const char c : text) {
    put(c);
  }
  return *this;
}

// Without a 64-bit division, which arm has only in libgcc: digits by counted subtraction.
Voice& Voice::operator<<(std::uint64_t number) {
  constexpr std::uint64_t kPowers[] = {10'000'000'000'000'000'000u,
                                       1'000'000'000'000'000'000u,
                                       100'000'000'000'000'000u,
                                       10'000'000'000'000'000u,
                                       1'000'000'000'000'000u,
                                       100'000'000'000'000u,
                                       10'000'000'000'000u,
                                       1'000'000'000'000u,
                                       100'000'000'000u,
                                       10'000'000'000u,
                                       1'000'000'000u,
                                       100'000'000u,
                                       10'000'000u,
                                       1'000'000u,
                                       100'000u,
                                       10'000u,
                                       1'000u,
                                       100u,
                                       10u,
                                       1u};
  bool started = false;
  for (const std::uint64_t power : kPowers) {
    char digit = '0';
    for (; number >= power; number -= power) {
      ++digit;
    }
    started = started || digit != '0' || power == 1;
    if (started) {
      put(digit);
    }
  }
  return *this;
}

Voice& Voice::operator<<(Hex number) {
  *this << "0x";
  bool started = false;
  for (int shift = 60; shift >= 0; shift -= 4) {
    const unsigned digit = static_cast<unsigned>(number.value >> shift) & 15;
    started = started || digit != 0 || shift == 0;
    if (started) {
      put("0123456789abcdef"[digit]);
    }
  }
  return *this;
}

Voice& Voice::operator<<(HexBytes bytes) {
  for (const std::byte b : bytes.bytes) {
    put("0123456789abcdef"[std::to_integer<unsigned>(b) >> 4]);
    put("0123456789abcdef"[std::to_integer<unsigned>(b) & 15]);
  }
  return *this;
}

}  // namespace hyprelay::bare
