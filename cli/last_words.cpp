// SPDX-License-Identifier: BSD-2-Clause
#include "cli/last_words.hpp"

#include "base/error_text.hpp"
#include "cli/print.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// A handler of std::terminate is given nothing.
const char* done = nullptr;
bool wants_json = false;

// By printf into memory of its own, and write(2). One line of JSON has the keys of error_json().
int report_without_memory(bool json) {
  // Its texts are literals, and end with a 0.
  const base::ErrorRow& row = base::row_of(Code::NO_MEMORY);
  const bool is_done = done != nullptr;
  std::array<char, 1024> text{};
  const auto tell = [&text](int fd, int size) {
    static_cast<void>(!::write(fd, text.data(), static_cast<std::size_t>(size)));
  };
  if (json) {
    tell(STDOUT_FILENO,
         std::snprintf(text.data(), text.size(),
                       "{\"error\":{\"code\":\"%s\",\"number\":%u,\"stage\":\"file\","
                       "\"subject\":\"\",\"at\":null,\"limit\":null,\"sentence\":\"%s\","
                       "\"remedy\":\"%s\",\"exit_code\":%d%s%s%s}}\n",
                       row.name.data(), static_cast<unsigned>(row.code), row.sentence.data(),
                       row.remedy.data(), row.exit_code, is_done ? ",\"done\":\"" : "",
                       is_done ? done : "", is_done ? "\"" : ""));
  }
  tell(STDERR_FILENO,
       std::snprintf(text.data(), text.size(), "hyprelay: file: %s [E%03x]\n  remedy: %s\n%s%s%s",
                     row.sentence.data(), static_cast<unsigned>(row.code), row.remedy.data(),
                     is_done ? "hyprelay: note: " : "", is_done ? done : "", is_done ? "\n" : ""));
  return row.exit_code;
}

// Without an exception there was no memory to make one of.
bool is_no_memory() {
  const std::exception_ptr thrown = std::current_exception();
  if (thrown == nullptr) {
    return true;
  }
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

[[noreturn]] void on_terminate() {
  if (is_no_memory()) {
    ::_exit(report_without_memory(wants_json));
  }
  std::abort();
}

}  // namespace

void note_done(const char* what) {
  done = what;
}

int report(const Error& error, bool json) {
  if (json) {
    std::fputs(error_json(error, done).c_str(), stdout);
    std::fflush(stdout);
  }
  complain(base::describe(error));
  if (done != nullptr) {
    complain(std::string("note: ") + done);
  }
  return base::exit_code_of(error);
}

void take_last_words(bool json) {
  wants_json = json;
  std::set_terminate(on_terminate);
}

int report_no_memory(const char* subject, bool json) {
  try {
    return report(Error(Code::NO_MEMORY, Stage::kFile, subject), json);
  } catch (const std::bad_alloc&) {
    return report_without_memory(json);
  }
}

}  // namespace hyprelay::cli
