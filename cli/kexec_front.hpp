// SPDX-License-Identifier: BSD-2-Clause
// hyprelay-kexec's command line, as kexec-tools takes it, and what it means in commands of
// hyprelay's. Pure.
#pragma once

#include "base/result.hpp"
#include "cli/kexec_rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

using KexecWords = std::vector<std::string>;

struct KexecStep {
  // For parse(): "load", "--initrd=FILE", "--", "KERNEL".
  KexecWords words;
  // Instead, where the running kernel takes nothing by kexec_load; empty: nothing is tried then.
  KexecWords when_refused = {};
};

struct KexecOrder {
  // One of these alone is done, when it is asked for.
  enum class Alone : std::uint8_t { kNothing, kHelp, kVersion, kStatus, kRegionSize };
  Alone alone = Alone::kNothing;
  // With kStatus: of the crash kernel.
  bool of_panic = false;
  std::vector<KexecStep> steps;
  // After the steps, what init does of it: what kexec-tools does when it is given a kernel and not
  // told what to do with it.
  bool shut_down = false;
  // Nobody names a command line: the bootargs of this tree are it, when it has any.
  std::optional<std::string> line_of_tree;
  // Sentences about what is ignored.
  std::vector<std::string> notes;
  // Each step is told.
  bool debug = false;
};

// `words` is argv without the program's name, read as getopt_long(3) does: options may follow
// KERNEL and may be abbreviated, letters may stand in one word, "--" ends them. Of an option that
// is given twice the last counts, and so does the last of -l, -p, -e, -f and -u
// [kexec-tools/kexec/kexec.c main], with two exceptions: -l KERNEL -e does both, as in u-root, and
// -e -f without a kernel starts what is loaded, as petitboot means it when it says that
// [petitboot/discover/boot.c kexec_reboot]. Errors: USAGE; KEXEC_OPTION.
base::Result<KexecOrder> kexec_order(const KexecWords& words);

}  // namespace hyprelay::cli
