// SPDX-License-Identifier: BSD-2-Clause
// How the program ends when it cannot go on: its error, and what it had done for good before that.
#pragma once

#include "base/error.hpp"

namespace hyprelay::cli {

// What an error behind it does not undo, which whoever reads of the error must know: a half
// sentence that lives for ever. It is the process's, as what was done is; the last one counts.
void note_done(const char* what);

// On stderr behind "hyprelay: ", what was done included; with `json` on stdout as well. Returns the
// exit code.
int report(const base::Error& error, bool json);

// From now on: what no handler can catch, memory that a destructor wanted, is told as NO_MEMORY and
// ends the process with its exit code; anything else aborts, as it would have.
void take_last_words(bool json);

// NO_MEMORY, by report(), or where there is none left for a sentence either, by means that ask for
// none.
int report_no_memory(const char* subject, bool json);

}  // namespace hyprelay::cli
