// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/expect.hpp"

#include "os/files.hpp"
#include "os/folders.hpp"

#include <iostream>
#include <string_view>
#include <vector>

namespace hyprelay::boot_test {
namespace {

using nlohmann::json;

// Every value that a path leads to.
void collect(const json& value, std::string_view path, std::vector<json>& values) {
  if (path.empty()) {
    values.push_back(value);
    return;
  }
  const std::size_t dot = path.find('.');
  const std::string key(path.substr(0, dot));
  const std::string_view rest =
      dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (value.is_array() && key == "*") {
    for (const json& element : value) {
      collect(element, rest, values);
    }
  } else if (value.is_array() && key.find_first_not_of("0123456789") == std::string::npos) {
    const std::size_t index = std::stoul(key);
    if (index < value.size()) {
      collect(value[index], rest, values);
    }
  } else if (value.is_object() && value.contains(key)) {
    collect(value[key], rest, values);
  }
}

// What ./x has unpacked of that suite.
std::string suite_folder(const std::string& cache, const std::string& name) {
  const std::size_t slash = name.find('/');
  const bool arm64 = name.ends_with("arm64");
  return cache + "/sysroot/" + (arm64 ? "arm64" : "armhf") +
         (slash == std::string::npos ? "" : "-" + name.substr(0, slash));
}

}  // namespace

std::string kernel_path(const std::string& cache, const std::string& name) {
  const std::size_t slash = name.find('/');
  const std::string flavour = name.substr(slash == std::string::npos ? 0 : slash + 1);
  const std::string folder = suite_folder(cache, name) + "/boot";
  std::string best;
  for (const std::string& file : os::list_files(folder)) {
    if (file.starts_with("vmlinuz-") && file.ends_with("-" + flavour)) {
      best.assign(folder).append("/").append(file);
    }
  }
  return best;
}

std::string why_no_kernel(const std::string& cache, const std::string& name) {
  const std::string told =
      os::read_file(suite_folder(cache, name) + "/missing").value_or("nothing was fetched");
  return "no kernel " + name + ": " + told.substr(0, told.find('\n'));
}

bool holds(const json& report, const std::string& expectation) {
  const std::size_t at = expectation.find_first_of("=<>");
  if (at == std::string::npos) {
    return false;
  }
  const std::string text = expectation.substr(at + 1);
  json wanted = json::parse(text, nullptr, false);
  if (wanted.is_discarded()) {
    wanted = text;
  }
  std::vector<json> values;
  collect(report, std::string_view(expectation).substr(0, at), values);
  bool good = !values.empty();
  for (const json& value : values) {
    const bool right = expectation[at] == '='   ? value == wanted
                       : expectation[at] == '<' ? value.is_number() && value < wanted
                                                : value > wanted;
    if (!right) {
      std::cout << "  found " << value << "\n";
    }
    good = good && right;
  }
  return good;
}

std::string_view behind_last_handoff(std::string_view console) {
  const std::size_t at = console.rfind("hyprelay relay: starting next kernel");
  return at == std::string_view::npos ? std::string_view() : console.substr(at);
}

bool check(const char* what, const std::string& detail, bool good) {
  std::cout << (good ? "ok    " : "WRONG ") << what << " " << detail << "\n";
  return good;
}

}  // namespace hyprelay::boot_test
