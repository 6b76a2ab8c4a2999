// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/guest.hpp"

#include <bit>
#include <cstring>
#include <fstream>
#include <sstream>

namespace hyprelay::coherence {
namespace {

constexpr unsigned kModeMask = 0x1f;
constexpr unsigned kModeHyp = 0x1a;
constexpr unsigned kModeMonitor = 0x16;

}  // namespace

void Registers::find() {
  buffer_ = g_byte_array_new();
  const GArray* list = qemu_plugin_get_registers();
  const auto* descriptors = reinterpret_cast<const qemu_plugin_reg_descriptor*>(list->data);
  for (unsigned i = 0; i < list->len; i++)
    handles_.emplace(descriptors[i].name, descriptors[i].handle);
  const bool arm64 = handles_.contains("x0");
  for (unsigned i = 0; i < 32; i++)
    general_names_[i] = (arm64 ? "x" : "r") + std::to_string(i);
  if (arm64)
    return;
  general_names_[13] = "sp";
  general_names_[14] = "lr";
}

std::optional<uint64_t> Registers::read(const std::string& name) {
  const auto handle = handles_.find(name);
  if (handle == handles_.end())
    return std::nullopt;
  g_byte_array_set_size(buffer_, 0);
  const int size = qemu_plugin_read_register(handle->second, buffer_);
  if (size <= 0 || size > 8)
    return std::nullopt;
  uint64_t out = 0;
  std::memcpy(&out, buffer_->data, static_cast<size_t>(size));
  return out;
}

uint64_t Registers::general(bool arm64, unsigned number) {
  return number == 31 && arm64 ? 0 : value(general_names_[number & 31]);
}

unsigned Registers::level(bool arm64) {
  const uint64_t cpsr = value("cpsr");
  if (arm64)
    return cpsr >> 2 & 3;
  const uint64_t mode = cpsr & kModeMask;
  return mode == kModeHyp ? 2 : mode == 0x10 ? 0 : 1;
}

// Secure registers have names of their own where there are both.
std::string Registers::bank() {
  const auto scr = read("SCR");
  if (!scr)
    return "";
  const bool monitor = (value("cpsr") & kModeMask) == kModeMonitor;
  return (*scr & 1) == 0 || monitor ? "_S" : "";
}

Regime Registers::regime_arm64(unsigned el) {
  Regime out;
  out.hcr = value("HCR_EL2");
  const bool host = (out.hcr >> 34 & 1) != 0;  // E2H
  out.el = el == 0 ? (host && (out.hcr >> 27 & 1) != 0 ? 2 : 1) : el;
  const std::string suffix = "_EL" + std::to_string(out.el);
  out.sctlr = value(out.el == 1 ? "SCTLR" : "SCTLR" + suffix);
  out.ttbr0 = value("TTBR0" + suffix);
  out.tcr = value("TCR" + suffix);
  out.mair = value("MAIR" + suffix);
  out.two_halves = out.el == 1 || (out.el == 2 && host);
  if (out.two_halves)
    out.ttbr1 = value("TTBR1" + suffix);
  out.big = (out.sctlr >> 25 & 1) != 0;
  return out;
}

Regime Registers::regime_arm(unsigned el) {
  Regime out{.arm64 = false};
  out.el = el == 2 ? 2 : 1;
  out.hcr = value("HCR");
  if (el == 2) {
    out.sctlr = value("SCTLR_EL2");
    out.ttbr0 = value("HTTBR");
    out.tcr = value("TCR_EL2");
    out.mair = (value("MAIR_EL2") & 0xffffffff) | value("HMAIR1") << 32;
    out.two_halves = false;
  } else {
    const std::string secure = bank();
    out.sctlr = value("SCTLR" + secure);
    out.tcr = value("TTBCR" + secure);
    out.is_short = (out.tcr >> 31 & 1) == 0;
    // The 64-bit view holds the 32-bit one.
    out.ttbr0 = std::max(value("TTBR0" + secure), value("TTBR0_EL1" + secure));
    out.ttbr1 = std::max(value("TTBR1" + secure), value("TTBR1_EL1" + secure));
    out.mair = (value("MAIR0" + secure) & 0xffffffff) | value("MAIR1" + secure) << 32;
  }
  out.big = (out.sctlr >> 25 & 1) != 0;
  return out;
}

Regime Registers::regime(bool arm64, unsigned el) {
  return arm64 ? regime_arm64(el) : regime_arm(el);
}

uint64_t Registers::vectors(bool arm64, unsigned el) {
  if (el == 2)
    return value("VBAR_EL2");
  if (el == 3)
    return value("VBAR_EL3");
  return value(arm64 ? "VBAR" : "VBAR" + bank());
}

bool Ram::find(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with(path))
      continue;
    std::istringstream words(line);
    uint64_t start = 0;
    uint64_t end = 0;
    char dash = 0;
    words >> std::hex >> start >> dash >> end;
    at = reinterpret_cast<char*>(start);  // NOLINT(performance-no-int-to-ptr)
    size = end - start;
    return size != 0;
  }
  return false;
}

std::optional<uint64_t> Ram::read(uint64_t pa, unsigned bytes, bool big) const {
  if (pa < base || pa - base > size - bytes)
    return std::nullopt;
  if (bytes == 4) {
    uint32_t word = 0;
    std::memcpy(&word, at + (pa - base), sizeof(word));
    return big ? __builtin_bswap32(word) : word;
  }
  uint64_t value = 0;
  std::memcpy(&value, at + (pa - base), sizeof(value));
  return big ? __builtin_bswap64(value) : value;
}

std::optional<uint64_t> Ram::physical(const void* host) const {
  const auto* byte = static_cast<const char*>(host);
  if (byte < at || byte >= at + size)
    return std::nullopt;
  return base + static_cast<uint64_t>(byte - at);
}

}  // namespace hyprelay::coherence
