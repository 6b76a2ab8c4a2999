// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/harness/tap.hpp"

// The bounds of the section that HR_TEST fills; from the linker script.
extern "C" const hyprelay::target::Test hr_tests_begin[];
extern "C" const hyprelay::target::Test hr_tests_end[];
// A function, not a constant: a constant that is visible here would be folded, weak or not.
extern "C" [[gnu::weak]] unsigned hr_test_cpus() {
  return 1;
}
extern "C" [[gnu::weak]] void hr_test_end() {}

namespace hyprelay::target {
namespace {

// CPUs take turns: only the one whose turn it is touches this.
struct State {
  unsigned number = 0;
  unsigned failed_tests = 0;
  unsigned failed_checks = 0;
  unsigned calls = 0;
  unsigned rows = 0;
};
constinit State state;

void write_number(std::uint64_t value, unsigned base) {
  char digits[24];
  char* at = digits + sizeof(digits) - 1;
  *at = '\0';
  do {
    // A 64-bit division would be a call into libgcc, so base 10 stays within 32 bits.
    const unsigned digit =
        base == 16 ? static_cast<unsigned>(value & 15) : static_cast<unsigned>(value) % 10;
    *--at = "0123456789abcdef"[digit];
    value = base == 16 ? value >> 4 : static_cast<unsigned>(value) / 10;
  } while (value != 0);
  hr_target_write(at);
}

void run_all(void*) {
  for (const Test* test = hr_tests_begin; test != hr_tests_end; ++test) {
    hr_target_reset_hyp();
    state.failed_checks = 0;
    test->run();
    hr_target_write(state.failed_checks == 0 ? "ok " : "not ok ");
    write_number(++state.number, 10);
    hr_target_write(" - ");
    hr_target_write(test->name);
    if (hr_test_cpus() > 1) {
      hr_target_write(", CPU ");
      write_number(hr_target_cpu_index(), 10);
    }
    hr_target_write("\n");
    state.failed_tests += state.failed_checks != 0;
  }
}

void fail(const char* text, const char* file, int line) {
  ++state.failed_checks;
  hr_target_write("# failed: ");
  hr_target_write(text);
  hr_target_write(" (");
  hr_target_write(file);
  hr_target_write(":");
  write_number(static_cast<unsigned>(line), 10);
  hr_target_write(")\n");
}

}  // namespace

void check(bool holds, const char* text, const char* file, int line) {
  if (!holds) {
    fail(text, file, line);
  }
}

void check_equal(std::uint64_t actual, std::uint64_t wanted, const char* text, const char* file,
                 int line) {
  if (actual != wanted) {
    fail(text, file, line);
    note_value("actual", actual);
    note_value("wanted", wanted);
  }
}

void note(const char* text) {
  hr_target_write("# ");
  hr_target_write(text);
  hr_target_write("\n");
}

void note_value(const char* text, std::uint64_t value) {
  hr_target_write("# ");
  hr_target_write(text);
  hr_target_write(": 0x");
  write_number(value, 16);
  hr_target_write("\n");
}

void count_calls(unsigned calls) {
  state.calls += calls;
}

void count_rows(unsigned rows) {
  state.rows += hr_target_cpu_index() == 0 ? rows : 0;
}

void note_row(const char* convention, const char* isa, const char* endian, const char* form,
              const char* who, unsigned calls) {
  const auto word = [](const char* text) {
    hr_target_write(text);
    hr_target_write(" ");
  };
  word("# row:");
  word(convention);
  word(isa);
  word(endian);
  word(form);
  word(who);
  write_number(calls, 10);
  hr_target_write("\n");
}

void bail_out(const char* text, std::uint64_t value) {
  hr_target_write("Bail out! ");
  hr_target_write(text);
  hr_target_write(": 0x");
  write_number(value, 16);
  hr_target_write("\n");
  hr_target_exit(1);
}

// Called by start.S on the first CPU, at HYP/EL2.
extern "C" [[noreturn]] void hr_target_main() {
  const auto tests = static_cast<unsigned>(hr_tests_end - hr_tests_begin);
  hr_target_write("TAP version 13\n1..");
  write_number(tests * hr_test_cpus(), 10);
  hr_target_write("\n");
  run_all(nullptr);
  for (unsigned cpu = 1; cpu < hr_test_cpus(); ++cpu) {
    if (!run_on_cpu(cpu, run_all, nullptr)) {
      bail_out("this CPU did not start or did not finish", cpu);
    }
  }
  hr_target_write("# totals: ");
  write_number(state.calls, 10);
  hr_target_write(" calls, ");
  write_number(state.rows, 10);
  hr_target_write(" rows\n");
  if (state.failed_tests == 0) {
    hr_test_end();
  }
  hr_target_exit(state.failed_tests == 0 ? 0 : 1);
}

// Called by the vectors for every exception that no test asked for.
extern "C" [[noreturn]] void hr_target_unexpected(Word vector_offset, Word address, Word syndrome) {
  note_value("CPU", hr_target_cpu_index());
  note_value("at or near", address);
  note_value("syndrome", syndrome);
  bail_out("an exception that no test asked for, at this offset of the vectors", vector_offset);
}

}  // namespace hyprelay::target
