// SPDX-License-Identifier: BSD-2-Clause
// What the assembly of arm/ and arm64/ offers to a program without an operating system. The
// contracts stand at the labels.
#pragma once

#include <cstddef>
#include <cstdint>

#pragma GCC visibility push(hidden)
extern "C" {

// system.S
std::uint64_t hr_counter();
std::uint32_t hr_counter_hz();
[[noreturn]] void hr_park(std::uint32_t code);

// cache.S
void hr_cache_flush(std::uintptr_t start, std::size_t size_bytes);

// vectors.S calls this, which a program that uses it must have, on a stack that ends at
// hr_exception_stack_end.
[[noreturn]] void hr_exception(std::uint32_t slot, std::uintptr_t pc, std::uintptr_t syndrome,
                               std::uintptr_t address);

}  // extern "C"
#pragma GCC visibility pop
