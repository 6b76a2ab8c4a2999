// SPDX-License-Identifier: BSD-2-Clause
// The worst caches that the architecture allows: what of each line of RAM may be where. Pure: no
// QEMU.
//
// A cached copy is written back at any time or never; a clean copy appears at any time while the
// line is mapped cacheable; maintenance is complete at the DSB after it [arm/ddi0487 D7.5.9]. Data
// caches of all CPUs are coherent among each other.
#ifndef HR_COHERENCE_LINES_HPP
#define HR_COHERENCE_LINES_HPP

#include "coherence/decode.hpp"
#include "coherence/findings.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace hyprelay::coherence {

constexpr unsigned kMostCpus = 64;

struct Profile {
  unsigned line = 64;  // bytes
  bool idc = false;    // CTR_EL0.IDC: data need not be cleaned to the PoU for fetches
  bool dic = false;    // CTR_EL0.DIC: the instruction cache need not be invalidated
  bool system_cache =
      false;  // one behind the CPUs' that set/way operations do not reach [arm/ddi0487 D7.5.9.5]
};

// Masks have a bit for each byte of the line.
struct Line {
  uint64_t dirty = 0;      // stored through the cache, perhaps not at the PoC
  uint64_t above_pou = 0;  // stored through the cache, perhaps not at the PoU
  uint64_t since = 0;      // of these, stored after the last maintenance of the line began
  uint64_t stale = 0;      // stored uncached while a cache may hold the line
  uint64_t lost = 0;       // stored, and thrown away by an invalidate
  uint64_t unfetched = 0;  // stored; instruction caches may hold older bytes
  uint64_t unordered = 0;  // stored; no DSB since
  uint64_t store_pc = 0;
  uint64_t uncached_pc = 0;
  uint64_t discard_pc = 0;
  // Times are numbers of events.
  uint64_t stored_at = 0, uncached_at = 0, touched_at = 0, invalidated_at = 0;
  uint64_t visible_at = 0;  // at the PoU, all of it
  uint64_t ic_at = 0, ic_done = 0;
  uint32_t pending = 0;  // maintenance that waits for DSB
  uint8_t owner = 0;     // CPU of the last cached access
  uint8_t writer = 0;    // CPU of the last store
};

// An access: who, where, and how the translation of that moment sees the memory.
struct Access {
  unsigned cpu = 0;
  uint64_t pc = 0;
  uint64_t pa = 0;
  unsigned size = 0;
  bool cached = false;
};

class Lines {
 public:
  using Ranges = std::vector<std::pair<uint64_t, uint64_t>>;
  Lines(Findings& findings, const Profile& profile, uint64_t base, uint64_t size);
  ~Lines();
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  bool holds(uint64_t pa) const { return pa - base_ < size_; }
  void load(const Access& access);
  void store(const Access& access);
  void fetch(const Access& access);
  void walk(const Access& access);
  // DC or IC by address, whose line `access.pa` is in.
  void maintain(Op op, const Access& access);
  void ic_all(unsigned cpu);
  // All of this CPU's caches went by, set by set: what was in them before `since`.
  void swept(unsigned cpu, Op op, uint64_t since);
  void dsb(unsigned cpu);
  // Stores are visible to walkers after it; maintenance is not complete.
  void dsb_stores(unsigned cpu) { cpus_[cpu].stores_done_at = ++now_; }
  void synchronized(unsigned cpu) { cpus_[cpu].synchronized_at = ++now_; }
  // What this regime maps cacheable from now on, until the next call for it: speculation may bring
  // it into a cache.
  void speculate(uint64_t regime, const Ranges& ranges);
  uint64_t now() const { return now_; }

 private:
  struct Pending {
    uint64_t line;
    Op op;
    uint64_t dirty, above_pou, stale, at;
  };
  struct Cpu {
    std::vector<Pending> pending;
    uint64_t ic_all_pending = 0, ic_all_at = 0, ic_all_done = 0;
    uint64_t synchronized_at = 0;
    uint64_t stores_done_at = 0;
    uint64_t clean_since = 0, flush_since = 0, sweep_done = 0;
    uint64_t clean_pending = 0, flush_pending = 0;
  };
  Line& at(uint64_t index);
  uint64_t mask(const Access& access, uint64_t index) const;
  template <typename Each>
  void each_line(const Access& access, Each each);
  void complete(const Pending& pending);
  void apply_sweeps(Line& line);
  bool maybe_cached(const Line& line, uint64_t index) const;
  void fetch_line(const Access& access, Line& line, uint64_t bytes);
  bool fetch_from_cache(const Access& access, Line& line, uint64_t bytes);
  std::string_view missing(const Line& line, std::string_view otherwise) const;
  void report(Kind kind, const Access& access, uint64_t other, std::string_view missing);

  Findings& findings_;
  Profile profile_;
  unsigned shift_ = 6;
  uint64_t base_, size_;
  Line* lines_ = nullptr;
  size_t mapped_ = 0;
  uint64_t now_ = 1;
  std::vector<Cpu> cpus_{kMostCpus};
  std::map<uint64_t, Ranges> live_;
  std::map<std::pair<uint64_t, uint64_t>, uint64_t> past_;  // range: until when it was mapped
};

}  // namespace hyprelay::coherence

#endif
