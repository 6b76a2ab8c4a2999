// SPDX-License-Identifier: BSD-2-Clause
// An option goes by its name; one that the option table does not have is a mistake of ours.
// Expect: no_row_of_the_option_table_has_this_name
#include "cli/parser.hpp"

bool asks_for(const hyprelay::cli::Arguments& arguments) {
#ifdef HR_MISTAKE
  return arguments.has("--jsn");
#else
  return arguments.has("--json");
#endif
}
