// SPDX-License-Identifier: BSD-2-Clause
// /chosen/linux,uefi-*: where the firmware's memory map and system table lie since this machine was
// last reset. They are true for this boot, for any kernel, and for no other boot. Pure. Private to
// handoff.
#pragma once

#include "base/result.hpp"
#include "handoff/source_tree.hpp"

namespace hyprelay::handoff {

// Makes those of a tree that is not the running one's the running one's: without them the next
// kernel would take firmware's memory for its own, with those of another boot it finds no memory at
// all. Says what it did in notes. A trusted tree gets them in the place of memory that it does not
// name; otherwise it is left alone, with a warning. Errors: those of edits.
base::Result<void> hold_to_boot(SourceTree& source, bool is_trusted, const fdt::Tree& running);

// Leaves them out, with a note, for a kernel that starts after a reset. Errors: those of edits.
base::Result<void> forget_boot(SourceTree& source);

}  // namespace hyprelay::handoff
