// SPDX-License-Identifier: BSD-2-Clause
#include "cli/signed_load.hpp"

#include "cli/configuration.hpp"
#include "cli/print.hpp"
#include "digest/digest.hpp"
#include "handoff/minisign.hpp"
#include "handoff/unpack/signatures.hpp"
#include "os/sealed_copy.hpp"

#include <array>
#include <memory>
#include <utility>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// What would change what was signed, or read it once more.
struct Unsignable {
  OptionName option;
  const char* why;
};
constexpr auto kUnsignable = std::to_array<Unsignable>({
    {"--file", "the kernel reads the files itself, and has keys of its own"},
    {"--set", "sign the tree that hyprelay fdt patch makes"},
    {"--delete", "sign the tree that hyprelay fdt patch makes"},
});

// Empty: none is required.
base::Result<std::string> key_path(const Arguments& arguments) {
  if (const auto given = arguments.text("--require-signature")) {
    return *given;
  }
  const auto configuration = read_configuration(arguments);
  if (!configuration) {
    return configuration.error();
  }
  // A file that cannot be read, or a line that is left out, may require one.
  for (const Error& complaint : configuration.value().complaints) {
    if (complaint.code() == Code::FILE_UNREADABLE || complaint.code() == Code::FILE_TOO_LARGE ||
        complaint.subject().find("require_signature") != std::string_view::npos) {
      return complaint;
    }
  }
  const auto& path = configuration.value().require_signature;
  if (path && !path->starts_with('/')) {
    return Error(
        Code::SIGNATURE_KEY, Stage::kFile,
        configuration.value().path + ": require_signature=" + *path + " is not a whole path");
  }
  return path.value_or("");
}

// One that is there is read; else the second line is the error's.
base::Result<std::string> read_signed_text(const std::string& path) {
  auto text = os::read_input_text(path, os::kSignatureFile);
  if (!text && text.error().code() == Code::FILE_MISSING) {
    return Error(Code::SIGNATURE_MISSING, Stage::kFile, path);
  }
  return text;
}

base::Result<handoff::WarrantFile> hold(const std::string& path, const os::FileBound& bound,
                                        Request& request) {
  if (!request.held.contains(path)) {
    HR_TRY(copy, os::sealed_copy(path, bound));
    request.held[path] = std::make_shared<os::FileDescriptor>(std::move(copy));
  }
  HR_TRY(file, open_input(request, path, bound));
  HR_TRY(content, file.content());
  return handoff::WarrantFile{
      .digest = base::sha256(content.bytes(), digest::engine_of_process().sha256), .path = path};
}

base::Result<std::optional<handoff::WarrantFile>> hold(const std::optional<std::string>& path,
                                                       const os::FileBound& bound,
                                                       Request& request) {
  if (!path) {
    return std::optional<handoff::WarrantFile>();
  }
  HR_TRY(file, hold(*path, bound, request));
  return std::optional(std::move(file));
}

// Holds every file of the request. The command line is not in it.
base::Result<handoff::Warrant> warrant_of_files(Request& request) {
  handoff::Warrant given;
  HR_TRY(kernel, hold(request.kernel, os::kKernelFile, request));
  given.kernel = std::move(kernel);
  HR_TRY(initrd, hold(request.initrd, os::kInitrdFile, request));
  given.initrd = std::move(initrd);
  HR_TRY(tree, hold(request.dtb, os::kTreeFile, request));
  given.tree = std::move(tree);
  HR_TRY(vendor_boot, hold(request.vendor_boot, os::kKernelFile, request));
  given.vendor_boot = std::move(vendor_boot);
  for (const std::string& path : request.overlays) {
    HR_TRY(overlay, hold(path, os::kTreeFile, request));
    given.overlays.push_back(std::move(overlay));
  }
  given.fit_config = request.fit_config;
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
  HR_TRY(path, key_path(arguments));
  if (path.empty()) {
    return std::optional<Signer>();
  }
  for (const Unsignable& one : kUnsignable) {
    if (arguments.has(one.option)) {
      return Error(Code::USAGE, Stage::kUsage,
                   std::string(one.option.text()) +
                       " cannot hold where a signature is required: " + one.why);
    }
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
  HR_TRY(given, warrant_of_files(request));
  HR_TRYV(handoff::check_files(given, signer.warrant));
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
  if (!signer.warrant.tree && !files.contained.tree && files.contained.trees.empty()) {
    files.notes.emplace_back("the device tree is the running machine's, which nobody has signed");
  }
}

base::Result<int> run_warrant(const Arguments& arguments) {
  HR_TRY(request, request_of(arguments));
  HR_TRY(warrant, warrant_of_files(request));
  HR_TRY(files, open_files(request));
  add_line(request, files, warrant);
  if (warrant.behind_running) {
    complain(
        "note: the command line begins with the running kernel's, whatever that is; "
        "--command-line gives one that is signed");
  }
  return print(handoff::to_text(warrant));
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
