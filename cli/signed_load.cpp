// SPDX-License-Identifier: BSD-2-Clause
#include "cli/signed_load.hpp"

#include "cli/configuration.hpp"
#include "cli/print.hpp"
#include "digest/digest.hpp"
#include "handoff/minisign.hpp"
#include "handoff/unpack/signatures.hpp"
#include "os/sealed_copy.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <utility>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// What would change what was signed, or read it once more.
constexpr auto kUnsignable = std::to_array<Excluded>({
    {"--file", "the kernel reads the files itself, and has keys of its own"},
    {"--set", "sign the tree that hyprelay fdt patch makes"},
    {"--delete", "sign the tree that hyprelay fdt patch makes"},
});

// nullopt: none is required.
base::Result<std::optional<std::string>> key_path(const Arguments& arguments) {
  if (const auto given = arguments.text("--require-signature")) {
    // What a script gives whose variable is not set must not mean that none is required.
    return given->empty() ? base::Result<std::optional<std::string>>(
                                Error(Code::SIGNATURE_KEY, Stage::kFile,
                                      "the file name behind --require-signature is empty"))
                          : given;
  }
  HR_TRY(configuration, read_configuration(arguments));
  if (configuration.unclear_signature) {
    return *configuration.unclear_signature;
  }
  // Where no kernel is named, what is loaded is from there too, and its complaints have been told.
  if (arguments.has("KERNEL") || arguments.has("--entry")) {
    tell_complaints(configuration);
  }
  const auto& path = configuration.require_signature;
  if (path && !path->starts_with('/')) {
    return Error(Code::SIGNATURE_KEY, Stage::kFile,
                 "require_signature=" + *path + " is not a whole path: " + configuration.path);
  }
  return path;
}

// One that is there is read; else the second line is the error's.
base::Result<std::string> read_signed_text(const std::string& path) {
  auto text = os::read_input_text(path, os::kSignatureFile);
  if (!text && text.error().code() == Code::FILE_MISSING) {
    return Error(Code::SIGNATURE_MISSING, Stage::kFile, path);
  }
  return text;
}

base::Result<handoff::WarrantFile> hold(const char* what, const std::string& path,
                                        os::FileBound bound, const handoff::WarrantFile* signed_one,
                                        Request& request) {
  bound.file_alone = true;
  bound.most_bytes =
      signed_one != nullptr ? std::min(bound.most_bytes, signed_one->size_bytes) : bound.most_bytes;
  if (!request.held.contains(path)) {
    auto copy = os::sealed_copy(path, bound);
    if (signed_one != nullptr && !copy && copy.error().code() == Code::FILE_TOO_LARGE) {
      return Error(Code::WARRANT_FILE, Stage::kFile,
                   std::string(what) + " has more than the " +
                       std::to_string(signed_one->size_bytes) +
                       " bytes that were signed: " + handoff::end_of_path(path));
    }
    HR_TRY(sealed, std::move(copy));
    request.held[path] = std::make_shared<os::FileDescriptor>(std::move(sealed));
  }
  HR_TRY(file, open_input(request, path, bound));
  HR_TRY(content, file.content());
  handoff::WarrantFile held{
      .digest = base::sha256(content.bytes(), digest::engine_of_process().sha256),
      .size_bytes = content.bytes().size(),
      .path = path};
  if (signed_one != nullptr) {
    HR_TRYV(handoff::check_file(what, held, *signed_one));
  }
  return held;
}

// What the request names, by path alone.
handoff::Warrant named_by(const Request& request) {
  handoff::Warrant named;
  const auto file = [](const std::string& path) {
    return handoff::WarrantFile{.digest = {}, .size_bytes = 0, .path = path};
  };
  const auto maybe = [&](const std::optional<std::string>& path) {
    return path ? std::optional(file(*path)) : std::nullopt;
  };
  named.kernel = file(request.kernel);
  named.initrd = maybe(request.initrd);
  named.tree = maybe(request.dtb);
  named.vendor_boot = maybe(request.vendor_boot);
  std::ranges::transform(request.overlays, std::back_inserter(named.overlays), file);
  named.fit_config = request.fit_config;
  return named;
}

// Holds every file of the request; with `signed_one`, which has each of them, one after the other
// is compared, and none is copied of which more is there than was signed. The command line is not
// in it.
base::Result<handoff::Warrant> warrant_of_files(Request& request,
                                                const handoff::Warrant* signed_one) {
  handoff::Warrant given = named_by(request);
  const auto fill = [&](const char* what, handoff::WarrantFile& file, const os::FileBound& bound,
                        const handoff::WarrantFile* wanted) -> base::Result<void> {
    HR_TRY(held, hold(what, file.path, bound, wanted, request));
    file = std::move(held);
    return base::success();
  };
  const auto fill_optional = [&](const char* what, std::optional<handoff::WarrantFile>& file,
                                 const os::FileBound& bound,
                                 std::optional<handoff::WarrantFile> handoff::Warrant::*wanted) {
    return file ? fill(what, *file, bound, signed_one ? &*(signed_one->*wanted) : nullptr)
                : base::Result<void>(base::success());
  };
  HR_TRYV(
      fill("kernel", given.kernel, os::kKernelFile, signed_one ? &signed_one->kernel : nullptr));
  HR_TRYV(fill_optional("initrd", given.initrd, os::kInitrdFile, &handoff::Warrant::initrd));
  HR_TRYV(fill_optional("tree", given.tree, os::kTreeFile, &handoff::Warrant::tree));
  HR_TRYV(fill_optional("vendor-boot", given.vendor_boot, os::kKernelFile,
                        &handoff::Warrant::vendor_boot));
  for (std::size_t i = 0; i < given.overlays.size(); ++i) {
    HR_TRYV(fill("overlay", given.overlays[i], os::kTreeFile,
                 signed_one ? &signed_one->overlays[i] : nullptr));
  }
  return given;
}

// What of the next kernel's line is asked for; input_for() and choose_command_line() follow it.
void add_line(const Request& request, const Files& files, handoff::Warrant& warrant) {
  const handoff::Wishes& wishes = request.wishes;
  const std::optional<std::string> line = files.contained.command_line
                                              ? files.contained.command_line
                                          : wishes.command_line ? wishes.command_line
                                                                : request.last_command_line;
  warrant.behind_running = !line || wishes.reuse_command_line;
  warrant.command_line = line.value_or("");
  if (const std::string append = wishes.append.value_or(""); !append.empty()) {
    warrant.command_line += (warrant.command_line.empty() ? "" : " ") + append;
  }
}

}  // namespace

base::Result<std::optional<Signer>> require_signature(const Arguments& arguments,
                                                      Request& request) {
  HR_TRY(required, key_path(arguments));
  if (!required) {
    return std::optional<Signer>();
  }
  const std::string& path = *required;
  HR_TRYV(refuse_options(arguments, kUnsignable, "where a signature is required"));
  if (arguments.has("--machine") && !arguments.has("--dry-run")) {
    return Error(Code::USAGE, Stage::kUsage,
                 "--machine cannot hold where a signature is required: this machine's memory and "
                 "tree are not those of a file");
  }
  if (arguments.text("--digest").value_or("sha256") != "sha256") {
    return Error(Code::USAGE, Stage::kUsage,
                 "--digest fast finds accidents alone: where a signature is required it is sha256");
  }
  HR_TRY(key_text, os::read_input_text(path, os::kSignatureFile));
  HR_TRY(key, handoff::read_public_key(key_text, path));
  const std::string warrant_path = request.warrant.value_or(request.kernel + ".warrant");
  HR_TRY(text, read_signed_text(warrant_path));
  const std::string signature_path = warrant_path + ".minisig";
  HR_TRY(signature, read_signed_text(signature_path));
  Signer signer{.key = key.name(), .trusted_comment = "", .warrant = {}};
  HR_TRY(comment, handoff::check_signature(signature, signature_path, base::bytes_of(text), key,
                                           handoff::signature_tools()));
  signer.trusted_comment = std::move(comment);
  HR_TRY(warrant, handoff::read_warrant(text, warrant_path));
  signer.warrant = std::move(warrant);
  HR_TRYV(handoff::check_parts(named_by(request), signer.warrant));
  HR_TRY(given, warrant_of_files(request, &signer.warrant));
  static_cast<void>(given);
  request.wishes.digest_algorithm = HR_DIGEST_SHA256;
  return std::optional(std::move(signer));
}

base::Result<void> check_signed_line(const Signer& signer, const Request& request,
                                     const Files& files) {
  handoff::Warrant given;
  add_line(request, files, given);
  return handoff::check_command_line(given, signer.warrant);
}

void take_signer(const Signer& signer, Request& request, Files& files) {
  request.signed_by = signer.key;
  files.notes.push_back("signed by key " + signer.key + ": " + signer.trusted_comment);
}

void note_unsigned_tree(handoff::Planned& planned) {
  const std::string& name = planned.found.source.name;
  if (name == planned.found.machine.device_tree_source) {
    planned.notes.push_back("the device tree is that of " + name + ", which nobody has signed");
  }
}

base::Result<int> run_warrant(const Arguments& arguments) {
  HR_TRY(request, request_of(arguments));
  HR_TRY(warrant, warrant_of_files(request, nullptr));
  HR_TRY(files, open_files(request));
  add_line(request, files, warrant);
  if (warrant.behind_running) {
    complain(
        "note: the command line begins with the running kernel's, whatever that is; "
        "--command-line gives one that is signed");
  }
  if (const std::string why = handoff::why_not_text(warrant); !why.empty()) {
    return Error(Code::USAGE, Stage::kUsage, why);
  }
  const std::string text = handoff::to_text(warrant);
  if (text.size() > os::kSignatureFile.most_bytes) {
    return Error(Code::USAGE, Stage::kUsage,
                 "the warrant would have " + std::to_string(text.size()) + " bytes, and " +
                     std::to_string(os::kSignatureFile.most_bytes) + " are read of one");
  }
  return print(text);
}

base::Result<os::InputFile> open_input(const Request& request, const std::string& path,
                                       const os::FileBound& bound) {
  const auto held = request.held.find(path);
  if (held == request.held.end()) {
    return os::InputFile::open(path, bound);
  }
  HR_TRY(file, os::InputFile::open(os::path_of(*held->second), bound));
  file.rename(path);
  return file;
}

}  // namespace hyprelay::cli
