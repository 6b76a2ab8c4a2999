// SPDX-License-Identifier: BSD-2-Clause
// Finding the dialect of the resident without harming it: first by evidence alone, then, on the
// target, by calls that are harmless in every dialect that the evidence has not ruled out. No HVC
// is harmless in all of them, so without evidence there is no call at all.
//
//   Prober prober(evidence);
//   while (auto call = prober.next_call()) {
//     prober.take_answer(*call, issue(*call));
//   }
//   use(prober.verdict());
//
// Environment: everywhere, also freestanding; no allocation, no table that needs relocation.
#pragma once

#include "compat/collision.hpp"
#include "compat/evidence.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace hyprelay::compat {

// Each kind of evidence is one rule; together they are the reasons of a verdict.
enum class Rule : std::uint8_t {
  kArch,
  kLevel,
  kVirtualization,
  kPsci,
  kHypervisor,
  kJailhouse,
  kBoot,
  kVhe,
  kSymbols,
  kRelease,
  kKvm,
  kDeclared,
};
inline constexpr std::size_t kRuleCount = 12;

// kLikely: the verdict needs a release number, the state of KVM or a missing node, which backports,
// private trees and changes since can make wrong. kCertain: it does not.
enum class Confidence : std::uint8_t { kNone, kLikely, kCertain };

struct Verdict {
  // kUNKNOWN unless exactly one is left.
  Dialect dialect = Dialect::kUNKNOWN;
  Confidence confidence = Confidence::kNone;
  DialectSet candidates;
  // Evidence, or evidence and answers, contradict each other: nobody is left.
  bool contradiction = false;
  // What each rule alone rules out, by Rule.
  std::array<DialectSet, kRuleCount> ruled_out;
  // What the answers to calls ruled out.
  DialectSet ruled_out_by_answers;
};

// Who can be resident as far as one kind of evidence tells.
DialectSet possible_by(Rule rule, const Evidence& evidence);

// The dialect itself and those of the same kernels with KVM in another state.
DialectSet siblings(Dialect dialect);

// The verdict from evidence alone; no call is made.
Verdict consider(const Evidence& evidence);

class Prober {
 public:
  explicit Prober(const Evidence& evidence);

  // The next call: harmless in every candidate, and able to tell some of them apart. nullopt when
  // there is none.
  std::optional<Call> next_call() const;
  // Each answer only ever removes candidates.
  void take_answer(Call call, const Answer& answer);
  Verdict verdict() const;

 private:
  bool was_asked(Call call) const;
  bool harms_nobody(Call call) const;
  bool may_tell_apart(Call call, std::size_t a, std::size_t b) const;

  Evidence evidence_;
  Verdict verdict_;
  DialectSet certain_;
  std::uint32_t asked_ = 0;
};

}  // namespace hyprelay::compat
