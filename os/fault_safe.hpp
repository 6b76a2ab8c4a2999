// SPDX-License-Identifier: BSD-2-Clause
// Memory that may not answer, read without dying of it. Environment: Linux, any thread.
#pragma once

#include <cstddef>
#include <span>

namespace hyprelay::os {

// Copies `from` to `to`, which is at least as long. False when the memory behind `from` did not
// answer: a page of a mapping behind the end of its file, or one at which the bus reports an error;
// some of `to` may be written then. Takes SIGBUS for the whole process at the first call, and
// leaves every other one to end it, as it would have.
bool fault_safe_copy(std::span<std::byte> to, const std::byte* from);

// Whether all of it answers now: each page is looked at, and so mapped.
bool answers(std::span<const std::byte> memory);

}  // namespace hyprelay::os
