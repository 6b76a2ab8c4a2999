// SPDX-License-Identifier: BSD-2-Clause
// /etc/hyprelay.conf: what is to be loaded when nobody names a kernel, and what a capture does.
// docs/capture.md lists the keys.
#pragma once

#include "base/result.hpp"
#include "capture/settings.hpp"
#include "cli/parser.hpp"
#include "cli/request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

// The lines that begin with "panic_" or "next_". nullopt: there is no such line.
struct BootSettings {
  std::optional<std::string> kernel;
  std::optional<std::string> initrd;
  std::optional<std::string> command_line;
  std::optional<std::string> append;
  std::optional<std::string> warrant;
  // Of a crash kernel: words of handoff::big_words() that it gets for all that.
  std::optional<std::string> keep_words;
  bool require_hyp = false;
};

// Where it is when nobody says otherwise.
inline constexpr const char* kConfigurationPath = "/etc/hyprelay.conf";

struct Configuration {
  // The file that was read, or would have been.
  std::string path;
  BootSettings panic;
  BootSettings next;
  capture::Settings capture;
  // The public key without whose signature nothing is loaded, whoever names it.
  std::optional<std::string> require_signature;
  // What may require a signature, and is not understood: misspelt, twice, or behind what looks like
  // a comment. CONFIG_LINE; of a file that is there and cannot be read, its error.
  std::optional<base::Error> unclear_signature;
  // A line that means nothing, its key included, is skipped and named here.
  std::vector<base::Error> complaints;
};

// Pure. The complaints are those of base::take_config_lines.
Configuration parse_configuration(std::string_view text, const std::string& path);

// Of --config, which must be there, or of /etc/hyprelay.conf, which need not. A file that is there
// and cannot be read is an error when it was named, and a complaint otherwise. Errors:
// FILE_MISSING, FILE_UNREADABLE, FILE_TOO_LARGE.
base::Result<Configuration> read_configuration(const Arguments& arguments);

// On stderr, one sentence each.
void tell_complaints(const Configuration& configuration);
// With the complaints told.
base::Result<Configuration> read_configuration_and_warn(const Arguments& arguments);

// What the configuration leaves open, filled in with what the machine has. Errors: FILE_MISSING (no
// kernel in /boot).
base::Result<BootSettings> effective(const Configuration& configuration, bool panic);

// Completes a request that names no kernel; what it names already stays. Errors: as effective, and
// FILE_MISSING for a capture initrd that nobody has made yet.
base::Result<void> complete(Request& request, const Configuration& configuration);

// hyprelay config: prints one value, or all of them as lines.
base::Result<int> run_config(const Arguments& arguments);

}  // namespace hyprelay::cli
