// SPDX-License-Identifier: BSD-2-Clause
// tree_edits FROM TO EDITS [TIMES]   properties of /chosen set in a device tree, read from a file
// and written to
//                                    another one; EDITS has a name and a value on each line. Says
//                                    the nanoseconds of one time: of all, and of the edits alone.
#include "fdt/tree.hpp"
#include "os/files.hpp"

#include <fcntl.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using hyprelay::fdt::Tree;
namespace os = hyprelay::os;
using Clock = std::chrono::steady_clock;
using Edits = std::vector<std::pair<std::string, std::string>>;

bool edit(const char* from, const char* to, const Edits& edits, Clock::duration& of_edits) {
  const auto content = os::read_file(from);
  if (!content) {
    return false;
  }
  auto tree = Tree::from_bytes(std::as_bytes(std::span(content->data(), content->size())), from);
  if (!tree) {
    return false;
  }
  const auto before = Clock::now();
  for (const auto& [name, value] : edits) {
    if (!tree.value().set_string("/chosen", name, value)) {
      return false;
    }
  }
  of_edits += Clock::now() - before;
  tree.value().pack();
  const auto bytes = tree.value().bytes();
  const os::FileDescriptor file(open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600));
  return file.valid() &&
         os::write_all(file.get(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    return 2;
  }
  Edits edits;
  std::ifstream lines(argv[3]);
  for (std::string name, value; lines >> name >> value;) {
    edits.emplace_back(name, value);
  }
  const int times = argc > 4 ? std::atoi(argv[4]) : 1;
  Clock::duration of_edits{};
  const auto before = Clock::now();
  for (int i = 0; i < times; ++i) {
    if (!edit(argv[1], argv[2], edits, of_edits)) {
      std::cerr << "tree_edits: " << argv[1] << " could not be edited\n";
      return 1;
    }
  }
  const auto per_time = [&](Clock::duration taken) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count() / times;
  };
  std::cout << per_time(Clock::now() - before) << " " << per_time(of_edits) << "\n";
}
