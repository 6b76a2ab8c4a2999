// SPDX-License-Identifier: BSD-2-Clause
// The guest's registers and RAM, as QEMU has them.
#ifndef HR_COHERENCE_GUEST_HPP
#define HR_COHERENCE_GUEST_HPP

#include "coherence/qemu.hpp"
#include "coherence/walker.hpp"

#include <map>
#include <optional>
#include <string>

namespace hyprelay::coherence {

// Of one CPU; to be read in its callbacks only.
class Registers {
 public:
  void find();
  std::optional<uint64_t> read(const std::string& name);
  uint64_t value(const std::string& name) { return read(name).value_or(0); }
  uint64_t general(bool arm64, unsigned number);
  // The exception level (Hyp is 2, Secure ones as the others) and what its registers say of memory.
  unsigned level(bool arm64);
  Regime regime(bool arm64, unsigned el);
  uint64_t vectors(bool arm64, unsigned el);

 private:
  Regime regime_arm64(unsigned el);
  Regime regime_arm(unsigned el);
  std::string bank();
  std::map<std::string, qemu_plugin_register*> handles_;
  std::string general_names_[32];
  GByteArray* buffer_ = nullptr;
};

// RAM, in a file that QEMU maps (memory-backend-file, share=on): found in this process by its path.
struct Ram {
  uint64_t base = 0;
  uint64_t size = 0;
  char* at = nullptr;
  bool find(const std::string& path);
  std::optional<uint64_t> read(uint64_t pa, unsigned bytes, bool big) const;
  std::optional<uint64_t> physical(const void* host) const;
};

}  // namespace hyprelay::coherence

#endif
