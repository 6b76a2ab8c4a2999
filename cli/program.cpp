// SPDX-License-Identifier: BSD-2-Clause
#include "base/error_text.hpp"
#include "cli/commands.hpp"
#include "cli/kexec_program.hpp"
#include "cli/print.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace hyprelay::cli {
namespace {

int report(const base::Error& error, bool json) {
  if (json) {
    std::fputs(error_json(error).c_str(), stdout);
    std::fflush(stdout);
  }
  complain(base::describe(error));
  return base::exit_code_of(error);
}

base::Result<int> parse_and_run(const std::vector<std::string>& words, bool as_kexec) {
  if (as_kexec) {
    return run_kexec(words);
  }
  HR_TRY(arguments, parse(words));
  return run(arguments);
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const bool as_kexec = argc > 0 && is_kexec_name(argv[0]);
  // Also when the words could not be parsed: a program that asked for JSON gets it.
  const bool json = !as_kexec && std::ranges::find(words, "--json") != words.end();
  try {
    const base::Result<int> exit_code = parse_and_run(words, as_kexec);
    return exit_code ? exit_code.value() : report(exit_code.error(), json);
  } catch (const std::bad_alloc&) {
    // An initrd fits the machine, but not what is left of it.
    return report(base::Error(base::Code::NO_MEMORY, base::Stage::kFile), json);
  } catch (const std::length_error& error) {
    // A pipe without end, where a pointer has 32 bits.
    return report(base::Error(base::Code::NO_MEMORY, base::Stage::kFile, error.what()), json);
  } catch (const std::exception& error) {
    // Nothing here throws; a library that does found something that nobody here knows of.
    return report(base::Error(base::Code::INTERNAL, base::Stage::kUsage, error.what()), json);
  }
}

}  // namespace hyprelay::cli
