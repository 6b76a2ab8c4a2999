// SPDX-License-Identifier: BSD-2-Clause
// What the assembly of arm/ and arm64/ offers to the shared core. The contracts stand at the
// labels.
#pragma once

#include "compat/hr_client.h"

#include <cstddef>
#include <cstdint>

#pragma GCC visibility push(hidden)
extern "C" {

// mmu.S
std::uint32_t hr_mmu_address_bits();
void hr_mmu_on(const std::uint64_t* root);
void hr_mmu_off(std::uintptr_t own, std::size_t own_size_bytes, const std::uint64_t (*ranges)[2],
                std::size_t count);

// climb.S
hr_word hr_climb_call(hr_registers* registers, hr_word immediate);
extern const char hr_climb_vectors[];
extern const char hr_climb_landing[];

// boot.S
[[noreturn]] void hr_boot(std::uintptr_t entry, std::uintptr_t tree);

// simd.S
std::uint64_t hr_simd_begin();
void hr_simd_end(std::uint64_t saved);
std::uint32_t hr_sha256_kind();

// relay.ld.S and memory.S. Arrays, because only their addresses mean something.
extern const char hr_relay_header[];
extern const char hr_baton_bytes[];
extern char hr_scratch[];
extern char hr_memory_end[];
extern char hr_tables[];
extern char hr_log[];
extern char hr_state[];

// main.cpp: what the assembly calls.
[[noreturn]] void hr_relay_main(const char* image, std::uint32_t mode, std::uint64_t counter);
[[noreturn]] void hr_relay_returned();

}  // extern "C"
#pragma GCC visibility pop
