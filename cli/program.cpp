// SPDX-License-Identifier: BSD-2-Clause
#include "cli/commands.hpp"
#include "cli/kexec_program.hpp"
#include "cli/last_words.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {
namespace {

base::Result<int> parse_and_run(const std::vector<std::string>& words, bool as_kexec) {
  if (as_kexec) {
    return run_kexec(words);
  }
  HR_TRY(arguments, parse(words));
  return run(arguments);
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  const std::span<const char* const> given(argv + std::min(argc, 1), argv + argc);
  const bool as_kexec = argc > 0 && is_kexec_name(argv[0]);
  // Also when the words could not be parsed: a program that asked for JSON gets it.
  const bool json =
      !as_kexec && std::ranges::find(given, std::string_view("--json"), [](const char* word) {
                     return std::string_view(word);
                   }) != given.end();
  take_last_words(json);
  try {
    const std::vector<std::string> words(given.begin(), given.end());
    const base::Result<int> exit_code = parse_and_run(words, as_kexec);
    return exit_code ? exit_code.value() : report(exit_code.error(), json);
  } catch (const std::bad_alloc&) {
    // An initrd fits the machine, but not what is left of it.
    return report_no_memory("", json);
  } catch (const std::length_error& error) {
    // A pipe without end, where a pointer has 32 bits.
    return report_no_memory(error.what(), json);
  } catch (const std::exception& error) {
    // Nothing here throws; a library that does found something that nobody here knows of.
    return report(base::Error(base::Code::INTERNAL, base::Stage::kUsage, error.what()), json);
  }
}

}  // namespace hyprelay::cli
