// SPDX-License-Identifier: BSD-2-Clause
// How many CPUs a crash kernel starts. Pure.
#pragma once

#include "fdt/tree.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::handoff {

// More than a capture uses are memory for nothing.
inline constexpr std::uint32_t kMostCrashCpus = 8;

// What each CPU but the first adds to what a crash kernel needs: the kernel's own memory for it (2
// MiB: Debian's 6.1 had 0.13 MiB of Percpu for each of four, and has stacks and caches besides),
// and a thread of the capture (3 MiB, copy.hpp).
inline constexpr std::uint64_t kCrashCpuBytes = std::uint64_t{5} << 20;

// Of a machine of that kind, when its firmware can start them.
//
// arm64 stops the other CPUs of a kernel that panics by PSCI's CPU_OFF [linux/arch/arm64/kernel/
// smp.c ipi_cpu_crash_stop], from where CPU_ON starts them. One that did not stop answers
// ALREADY_ON, and the crash kernel goes on without it at once. On arm they wait in the dead
// kernel's memory and are on for PSCI [linux/arch/arm/kernel/machine_kexec.c
// machine_crash_nonpanic_core]: the one CPU that runs is all there is.
std::uint32_t most_crash_cpus(const Machine& machine);

// The same of this machine: without PSCI, by the tree or by ACPI, it is one. Out of a spin table
// Linux waits for each CPU that does not come [linux/arch/arm64/kernel/smp.c __cpu_up], and none
// comes a second time.
std::uint32_t startable_crash_cpus(const Machine& machine, const fdt::Tree& tree);

// As many of `most` as a region of that size has memory for, when one CPU needs so much; at least
// one.
std::uint32_t crash_cpus_in(std::uint64_t region_bytes, std::uint64_t needed_bytes,
                            std::uint32_t most);
// That it starts no more, and by which parameter it would start all.
std::string few_cpus_note(std::uint32_t cpus, std::uint32_t most, const std::string& parameter);

}  // namespace hyprelay::handoff
