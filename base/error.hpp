// SPDX-License-Identifier: BSD-2-Clause
// What went wrong, where, and the evidence. Environment: everywhere, also freestanding.
#pragma once

#include "abi/hr_abi.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hyprelay::base {

// The rows of abi/error.def.
enum class Code : std::uint16_t {
#define HR_ERROR(name, number, ...) name = number,
#include "abi/error.def"
#undef HR_ERROR
};

// The step of the way from argv to the jump in which it happened.
enum class Stage : std::uint8_t {
  kUsage,
  kFile,
  kMachine,
  kImage,
  kTree,
  kPlan,
  kPatch,
  kSeal,
  kLoad,
  kUnload,
  kExec,
  kRelay,
  kRehearse,
  kCapture,
};

// An error is small enough to return by value and owns everything it says: the subject (a file, a
// node's path, a property, a range's name) is copied, and cut at its capacity, the front kept.
// `at` and `limit` are evidence in the unit of the code: an offset, an address or a size in bytes.
class Error {
 public:
  static constexpr std::size_t kSubjectCapacity = 119;

  // Result needs one to hold a value; nobody else does.
  constexpr Error() : Error(Code::INTERNAL, Stage::kUsage) {}

  constexpr Error(Code code, Stage stage, std::string_view subject = {})
      : code_(code), stage_(stage) {
    set_subject(subject);
  }

  constexpr Error& with_at(std::uint64_t at) {
    at_ = at;
    has_at_ = true;
    return *this;
  }
  constexpr Error& with_limit(std::uint64_t limit) {
    limit_ = limit;
    has_limit_ = true;
    return *this;
  }
  constexpr Error& with_subject(std::string_view subject) {
    set_subject(subject);
    return *this;
  }

  constexpr Code code() const { return code_; }
  constexpr Stage stage() const { return stage_; }
  constexpr std::string_view subject() const { return {subject_, subject_size_}; }
  constexpr bool has_at() const { return has_at_; }
  constexpr bool has_limit() const { return has_limit_; }
  constexpr std::uint64_t at() const { return at_; }
  constexpr std::uint64_t limit() const { return limit_; }

 private:
  constexpr void set_subject(std::string_view subject) {
    subject_size_ = 0;
    for (const char c : subject.substr(0, kSubjectCapacity)) {
      subject_[subject_size_++] = c;
    }
  }

  Code code_;
  Stage stage_;
  std::uint8_t subject_size_ = 0;
  bool has_at_ = false;
  bool has_limit_ = false;
  std::uint64_t at_ = 0;
  std::uint64_t limit_ = 0;
  char subject_[kSubjectCapacity + 1] = {};
};

}  // namespace hyprelay::base
