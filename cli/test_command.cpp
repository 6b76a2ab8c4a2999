// SPDX-License-Identifier: BSD-2-Clause
#include "cli/test_command.hpp"

#include "abi/hr_abi.h"
#include "base/error_text.hpp"
#include "base/json.hpp"
#include "cli/checks.hpp"
#include "cli/configuration.hpp"
#include "cli/print.hpp"
#include "os/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;
using Json = nlohmann::ordered_json;

const char* verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kNote:
      return "note";
    case Verdict::kNotOk:
      return "not ok";
  }
  __builtin_unreachable();
}

std::string text_of(const std::vector<Check>& checks) {
  std::string text;
  const auto column = [&text](std::string word, std::size_t width) {
    word.resize(std::max(word.size(), width), ' ');
    text += word;
  };
  for (const Check& check : checks) {
    column(verdict_text(check.verdict), 8);
    column(std::string(check.name), 15);
    text += check.found + "\n";
    if (!check.remedy.empty()) {
      column("", 8);
      text += "  remedy: " + check.remedy + "\n";
    }
  }
  return text;
}

std::string json_of(const std::vector<Check>& checks, bool ok) {
  Json list = Json::array();
  for (const Check& check : checks) {
    list.push_back({{"name", check.name},
                    {"verdict", verdict_text(check.verdict)},
                    {"found", check.found},
                    {"remedy", check.remedy},
                    {"code", check.error ? Json(base::row_of(check.error->code()).name) : Json()}});
  }
  return json_line({{"ok", ok}, {"checks", list}});
}

bool agreed() {
  std::fputs(
      "hyprelay: the machine panics now: everything that runs on it ends at once, the crash "
      "kernel\n"
      "hyprelay: starts and saves a dump. Type yes to go on: ",
      stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "yes";
}

// Comes back only when the kernel refuses.
Error panic() {
  ::sync();
  const auto written = os::write_text("/proc/sysrq-trigger", "c");
  return written ? Error(Code::FILE_UNWRITABLE, Stage::kExec, "/proc/sysrq-trigger")
                 : Error(written.error());
}

}  // namespace

base::Result<int> run_test(const Arguments& arguments) {
  HR_TRY(configuration, read_configuration(arguments));
  const std::vector<Check> checks = check_all(configuration, arguments.text("--machine"));
  const auto fault = std::ranges::find(checks, Verdict::kNotOk, &Check::verdict);
  const bool ok = fault == checks.end();
  HR_TRYV(print(arguments.has("--json") ? json_of(checks, ok) : text_of(checks)));
  if (!ok) {
    std::fprintf(stderr, "hyprelay: a panic would leave no dump, or not the one that is wanted%s\n",
                 arguments.has("--really") ? ": nothing was done" : "");
    return fault->error ? base::exit_code_of(*fault->error) : HR_EXIT_NOT_LOADED;
  }
  if (!arguments.has("--really")) {
    return HR_EXIT_OK;
  }
  if (!arguments.has("--yes") && !agreed()) {
    return Error(Code::USAGE, Stage::kUsage, "nobody said yes, so nothing was done");
  }
  return panic();
}

}  // namespace hyprelay::cli
