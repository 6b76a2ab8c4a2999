// SPDX-License-Identifier: BSD-2-Clause
// A warrant: the text that says which kernel, with which company and command line, may be loaded.
// It is what is signed: `hyprelay warrant` writes it, `hyprelay load --require-signature` holds to
// it what it was given. Pure.
//
//   hyprelay warrant 1
//   kernel sha256 HEX BYTES
//   initrd sha256 HEX BYTES         as its file is; each of these once or not at all
//   tree sha256 HEX BYTES           of --dtb, before any edit; none: the kernel's own file has it,
//                                   or it is the running machine's
//   overlay sha256 HEX BYTES        as often as there are overlays, in their order
//   vendor-boot sha256 HEX BYTES
//   fit-config NAME
//   command-line TEXT               the whole of it, to the end of the line; or
//   command-line-behind TEXT        the running kernel's, and these words behind it
//
// A line that is not understood is refused: it may be a condition of a later version.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// A file that is loaded, by what it is for.
struct WarrantFile {
  base::Sha256Digest digest = {};
  // Told, so that nobody reads gigabytes that somebody has put into its place.
  std::uint64_t size_bytes = 0;
  // Its name, for messages; not part of the text.
  std::string path = {};
};

struct Warrant {
  WarrantFile kernel = {};
  std::optional<WarrantFile> initrd = {};
  std::optional<WarrantFile> tree = {};
  std::vector<WarrantFile> overlays = {};
  std::optional<WarrantFile> vendor_boot = {};
  std::string fit_config = {};
  // The words are behind the running kernel's command line.
  bool behind_running = false;
  std::string command_line = {};
};

std::string to_text(const Warrant& warrant);

// Why it cannot be written as text: the half sentence, or empty. What is written otherwise is read
// as it was.
std::string why_not_text(const Warrant& warrant);

// `file`: its name, for messages. Error (stage file): WARRANT_MALFORMED.
base::Result<Warrant> read_warrant(std::string_view text, std::string_view file);

// A path by its end, which tells the file: an Error has room for why besides.
std::string end_of_path(std::string_view path);

// Whether there is given what the signed one has, and nothing that it has not; their content is not
// looked at. Error (stage file, subject: the file): WARRANT_PARTS.
base::Result<void> check_parts(const Warrant& given, const Warrant& signed_one);
// Whether a file is the signed one; `what`: "initrd". Error (stage file): WARRANT_FILE.
base::Result<void> check_file(std::string_view what, const WarrantFile& given,
                              const WarrantFile& signed_one);
// The command line. Error (stage file, subject: what differs): WARRANT_COMMAND_LINE.
base::Result<void> check_command_line(const Warrant& given, const Warrant& signed_one);

}  // namespace hyprelay::handoff
