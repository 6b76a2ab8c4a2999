// SPDX-License-Identifier: BSD-2-Clause
// What must be signed before it is loaded: --require-signature, require_signature= of the
// configuration. docs/threat-model.md says against whom that helps.
#pragma once

#include "base/result.hpp"
#include "cli/inputs.hpp"
#include "cli/parser.hpp"
#include "cli/request.hpp"
#include "handoff/warrant.hpp"

#include <optional>
#include <string>

namespace hyprelay::cli {

// Who stands behind a load.
struct Signer {
  // As minisign prints it.
  std::string key;
  std::string trusted_comment;
  handoff::Warrant warrant;
};

// Where a signature is required: every file that the request names is copied to where nobody
// changes it, and is read from there alone from then on; its digest is compared with the warrant's,
// and the warrant's signature with the key. The relay will verify by SHA-256. nullopt: none is
// required. Errors: USAGE (what cannot hold with it), FILE_*, NO_MEMORY, those of
// read_public_key(), check_signature(), read_warrant(), check_parts() and check_file(),
// SIGNATURE_MISSING.
base::Result<std::optional<Signer>> require_signature(const Arguments& arguments, Request& request);

// That the next kernel gets the command line that was signed; `files` as opened for the request.
// Error: WARRANT_COMMAND_LINE.
base::Result<void> check_signed_line(const Signer& signer, const Request& request,
                                     const Files& files);

// What is said of it: who has signed, and what nobody has.
void take_signer(const Signer& signer, Request& request, Files& files);
// Where the tree is the machine's own.
void note_unsigned_tree(handoff::Planned& planned);

// hyprelay warrant: prints what is to be signed.
base::Result<int> run_warrant(const Arguments& arguments);

}  // namespace hyprelay::cli
