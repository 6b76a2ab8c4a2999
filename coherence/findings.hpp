// SPDX-License-Identifier: BSD-2-Clause
// What is found: each kind once for every pair of places, as a line that names the access, the one
// before it, and what lacks.
#ifndef HR_COHERENCE_FINDINGS_HPP
#define HR_COHERENCE_FINDINGS_HPP

#include "coherence/symbols.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace hyprelay::coherence {

enum class Kind : uint8_t {
  read_past_dirty,    // an uncached read of bytes that a cache holds newer
  write_under_dirty,  // an uncached write to a line that is dirty: eviction undoes it
  stale_read,         // a cached read of a line that may be older than memory
  lost_write,         // a read of bytes whose newer value an invalidate threw away
  fetch_not_at_pou,   // an instruction fetched whose bytes are not where it is fetched from
  fetch_stale,        // an instruction fetched that the I-cache may hold older
  fetch_no_isb,       // the same, from this CPU's pipeline
  walk_past_dirty,    // a table that the walker cannot see
  walk_stale,         // a table of which the walker may see an older value
  walk_before_dsb,    // a table entry used before DSB
  tlb_not_clean,      // MMU on over entries of another time
  break_before_make,  // a live entry changed without
  no_isb,             // a register written, and used before ISB
  unaligned_device,   // an unaligned access to Device memory
  exclusive_device,   // exclusives and atomics to Device memory
  zero_device,        // DC ZVA to Device memory
  executable_device,  // Device memory that may be fetched from by speculation
  count
};

struct KindText {
  std::string_view name;
  std::string_view what;
};
KindText text_of(Kind kind);

struct Finding {
  Kind kind = Kind::count;
  unsigned cpu = 0;
  uint64_t pc = 0;
  uint64_t address = 0;   // physical
  uint64_t other_pc = 0;  // of the access before; 0: none
  std::string_view missing;
};

class Findings {
 public:
  using Sink = std::function<void(const std::string&)>;
  Findings(const Symbols& symbols, Sink sink) : symbols_(symbols), sink_(std::move(sink)) {}

  // A line of a file of suppressions: KIND SYMBOL REASON; SYMBOL may be `*` or end in one. False:
  // not such a line.
  bool suppress(std::string_view line);
  void report(const Finding& finding);
  // Prints a table: kind, how many places, how many times; and the suppressions with their reasons.
  void summary();
  bool trace = false;  // every finding, not only the first of its place

 private:
  struct Suppression {
    Kind kind = Kind::count;
    std::string symbol;
    std::string reason;
    uint64_t used = 0;
  };
  bool suppressed(const Finding& finding, const std::string& where);
  std::string line_of(const Finding& finding, const std::string& where) const;

  const Symbols& symbols_;
  Sink sink_;
  std::map<std::tuple<Kind, uint64_t, uint64_t>, uint64_t> seen_;
  std::vector<Suppression> suppressions_;
};

}  // namespace hyprelay::coherence

#endif
