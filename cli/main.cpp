// SPDX-License-Identifier: BSD-2-Clause
#include "cli/commands.hpp"

int main(int argc, char** argv) {
  return hyprelay::cli::run_program(argc, argv);
}
