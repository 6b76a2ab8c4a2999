// SPDX-License-Identifier: BSD-2-Clause
// Tests that speak TAP over semihosting. One HR_TEST is one line of the plan.
// Environment: HYP/EL2 with the harness's vectors; a failed check is reported and the test goes on.
#pragma once

#include "tests/target/harness/machine.hpp"

#include <cstdint>

namespace hyprelay::target {

struct Test {
  const char* name;
  void (*run)();
};

// The checks of the running test. `text` is the source of the check.
void check(bool holds, const char* text, const char* file, int line);
void check_equal(std::uint64_t actual, std::uint64_t wanted, const char* text, const char* file,
                 int line);

// A line of diagnostics, "# text"; note_value adds a number in hexadecimal.
void note(const char* text);
void note_value(const char* text, std::uint64_t value);

// For the totals of `./x test target`, which the program ends with: calls of a resident, on any
// CPU, and rows of a dialect's table that were gone through. Rows count once, for the first CPU.
void count_calls(unsigned calls);
void count_rows(unsigned rows);

// "# row: CONVENTION ISA ENDIAN FORM WHO CALLS": calls of a convention whose answers were checked,
// by this program. form: inline or out-of-line. who: "ours", a resident of ours, or "real:" and
// what it is. tests/conventions compares the rows of all programs with the table of
// docs/conventions.md.
void note_row(const char* convention, const char* isa, const char* endian, const char* form,
              const char* who, unsigned calls);
// By the instruction set and endianness of whoever includes this.
inline void note_row(const char* convention, const char* form, const char* who, unsigned calls) {
#ifdef __aarch64__
  constexpr char kIsa[] = "a64";
#elif defined(__thumb__)
  constexpr char kIsa[] = "t32";
#else
  constexpr char kIsa[] = "a32";
#endif
  note_row(convention, kIsa, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? "be" : "le", form, who,
           calls);
}

// The program cannot go on: "Bail out!" and QEMU's exit status 1.
[[noreturn]] void bail_out(const char* text, std::uint64_t value);

}  // namespace hyprelay::target

// Defines and registers a test. Tests run in the order of the source, each on a fresh HYP/EL2
// state.
#define HR_TEST(name, text)                                                                    \
  static void name();                                                                          \
  [[gnu::section("hr_tests"),                                                                  \
    gnu::used]] static constinit const ::hyprelay::target::Test registered_##name{text, name}; \
  static void name()

// How many CPUs run every test, one after the other; 1 when a program does not say.
#define HR_TEST_CPUS(count)            \
  extern "C" unsigned hr_test_cpus() { \
    return (count);                    \
  }

// What a program does when all its tests have passed, before it ends by semihosting: nothing,
// unless it defines this.
extern "C" void hr_test_end();

#define CHECK(condition) ::hyprelay::target::check((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(actual, wanted) \
  ::hyprelay::target::check_equal((actual), (wanted), #actual " == " #wanted, __FILE__, __LINE__)
