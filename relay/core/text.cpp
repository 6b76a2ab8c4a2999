// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/text.hpp"

#include "abi/hr_abi.h"

namespace hyprelay::relay {
namespace {

// The sentence of a row of error.def, found while compiling: only those the relay uses are in it.
consteval std::string_view sentence_of(base::Code code) {
  switch (code) {
#define HR_ERROR(name, number, exit, sentence, remedy) \
  case base::Code::name:                               \
    return sentence;
#include "abi/error.def"
#undef HR_ERROR
  }
  return {};
}

}  // namespace

std::string_view mode_text(std::uint32_t mode) {
  switch (mode) {
#define HR_MODE(name, value, text) \
  case HR_MODE_##name:             \
    return text;
#include "abi/mode.def"
#undef HR_MODE
  }
  return "an unknown mode";
}

std::string_view segment_text(std::uint32_t kind) {
  switch (kind) {
#define HR_SEGMENT(name, value, text) \
  case HR_SEGMENT_##name:             \
    return text;
#include "abi/segment.def"
#undef HR_SEGMENT
  }
  return "unknown";
}

std::string_view sentence(base::Code code) {
  constexpr std::string_view kBaton = sentence_of(base::Code::RELAY_BATON);
  constexpr std::string_view kNotHyp = sentence_of(base::Code::RELAY_NOT_HYP);
  constexpr std::string_view kAlgorithm = sentence_of(base::Code::RELAY_ALGORITHM);
  constexpr std::string_view kException = sentence_of(base::Code::RELAY_EXCEPTION);
  constexpr std::string_view kReturned = sentence_of(base::Code::RELAY_RETURNED);
  constexpr std::string_view kPages = sentence_of(base::Code::RELAY_PAGES);
  constexpr std::string_view kInflate = sentence_of(base::Code::RELAY_INFLATE);
  switch (code) {
    case base::Code::RELAY_BATON:
      return kBaton;
    case base::Code::RELAY_NOT_HYP:
      return kNotHyp;
    case base::Code::RELAY_ALGORITHM:
      return kAlgorithm;
    case base::Code::RELAY_EXCEPTION:
      return kException;
    case base::Code::RELAY_RETURNED:
      return kReturned;
    case base::Code::RELAY_PAGES:
      return kPages;
    case base::Code::RELAY_INFLATE:
      return kInflate;
    default:
      return "failed";
  }
}

}  // namespace hyprelay::relay
