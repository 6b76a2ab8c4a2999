// SPDX-License-Identifier: BSD-2-Clause
// Memory that is shared with Xen, and what the tests of this folder have in common.
#pragma once

#include "compat/hr_xen.h"
#include "tests/below/below.hpp"

namespace hyprelay::below {

// dom0, or the one guest that Xen has started by itself, which may do less.
#ifdef HR_BELOW_XEN_GUEST
constexpr unsigned kOwnDomain = 1;
#else
constexpr unsigned kOwnDomain = 0;
#endif
constexpr bool kIsDom0 = kOwnDomain == 0;

constexpr unsigned kPage = 4096;
struct alignas(kPage) Page {
  unsigned char byte[kPage];
};
// Frames that Xen puts its own memory behind; what was there before is lost.
extern Page shared_info_page;
extern Page grant_page;
// Ours.
extern Page source_page;
extern Page target_page;
extern Page vcpu_page;

inline std::uint64_t frame_of(const Page& page) {
  return reinterpret_cast<Word>(&page) / kPage;
}

template <class Type>
Type* at(Page& page, unsigned offset = 0) {
  return reinterpret_cast<Type*>(page.byte + offset);
}

// Both forms in turn: the second one finds what the first one has registered.
unsigned ask_inline();
unsigned ask_out_of_line();

}  // namespace hyprelay::below
