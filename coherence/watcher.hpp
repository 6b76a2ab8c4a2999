// SPDX-License-Identifier: BSD-2-Clause
// What the guest's CPUs do, one event after the other, told to the models of caches, tables and
// registers.
#ifndef HR_COHERENCE_WATCHER_HPP
#define HR_COHERENCE_WATCHER_HPP

#include "coherence/guest.hpp"
#include "coherence/lines.hpp"
#include "coherence/sweeps.hpp"
#include "coherence/tables.hpp"

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>

namespace hyprelay::coherence {

struct Block {
  uint64_t va = 0, end = 0;
  uint64_t pa = 0;
  bool in_ram = false;
};

struct Instruction {
  uint64_t va = 0;
  bool single = false;  // loads or stores one general register
  Decoded decoded;
  bool after_geometry = false;  // the one after a read of CCSIDR
};

class Watcher {
 public:
  Watcher(Findings& findings, const Profile& profile, const Ram& ram, bool arm64);
  // `running`: this CPU has executed unwatched, so that what its TLB holds is taken for right.
  void start(unsigned cpu, bool running);
  void block(unsigned cpu, const Block& block);
  void instruction(unsigned cpu, const Instruction& instruction);
  void access(unsigned cpu, const Instruction& instruction, uint64_t va, uint64_t pa, unsigned size,
              bool store);

 private:
  // A register written, not yet in effect for certain.
  struct Written {
    Register reg = Register::none;
    uint8_t el = 0;
    uint64_t pc = 0;
    uint64_t value = 0;
  };
  struct Translation {
    std::optional<Regime> last;  // when it was on
    bool on = false;
    bool tlb_clean = false;
    bool tlb_pending = false;
  };
  struct Cpu {
    Registers registers;
    Sweeps sweeps;
    bool known = false, changed = true;
    uint32_t cpsr = 0;
    unsigned el = 0;
    Regime regime;
    uint64_t vectors = 0;
    std::vector<Written> written;
    std::array<Translation, 4> translations;
    std::unordered_map<uint64_t, Leaf> leaves;  // by page
    uint64_t next_va = 0, block_va = 0;
    std::optional<unsigned> geometry;  // in this register
  };
  void refresh(unsigned cpu);
  void turned_on(unsigned cpu, uint64_t pc);
  void turned_off(unsigned cpu);
  bool tlb_is_clean(const Cpu& state) const;
  std::optional<Leaf> leaf_of(unsigned cpu, uint64_t va, uint64_t pc);
  std::optional<uint64_t> physical_of(unsigned cpu, uint64_t va, uint64_t pc);
  bool cached_data(unsigned cpu, uint64_t va, uint64_t pc);
  void entered(unsigned cpu, const Block& block);
  std::optional<uint64_t> alignment_fault(unsigned cpu);
  void synchronize(unsigned cpu);
  void used(unsigned cpu, uint64_t pc, bool memory_too);
  void by_line(unsigned cpu, const Instruction& instruction);
  void zero(unsigned cpu, const Instruction& instruction);
  void write_register(unsigned cpu, const Instruction& instruction);
  void tlb_operation(unsigned cpu, const Instruction& instruction);
  void barrier(unsigned cpu);
  void note_geometry(Cpu& state);
  void device_access(unsigned cpu, const Instruction& instruction, uint64_t va, unsigned size);

  Findings& findings_;
  const Profile profile_;
  Ram ram_;
  bool arm64_;
  Lines lines_;
  Tables tables_;
  std::vector<std::unique_ptr<Cpu>> cpus_;
};

}  // namespace hyprelay::coherence

#endif
