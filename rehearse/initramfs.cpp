// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/initramfs.hpp"

#include "os/files.hpp"
#include "rehearse/boards.hpp"
#include "rehearse/protocol/cpio.hpp"
#include "rehearse/protocol/manifest.hpp"
#include "rehearse/protocol/words.hpp"

#include <fcntl.h>

#include <map>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

// Name in our folder -> content. Sorted, so that the archive is the same for the same input.
using Files = std::map<std::string, std::string, std::less<>>;

Result<std::string> read_input(const std::string& path, const os::FileBound& bound) {
  HR_TRY(content, os::read_input_text(path, bound));
  if (content.empty()) {
    return Error(Code::FILE_EMPTY, Stage::kRehearse, path);
  }
  return std::move(content);
}

std::string kernel_name(std::size_t number) {
  return std::string(kKernelPrefix) + std::to_string(number);
}

// In the guest.
std::string in_folder(std::string_view name) {
  return std::string("/").append(kFolder).append("/").append(name);
}

std::string overlay_name(std::size_t number) {
  return std::string(kOverlayPrefix) + std::to_string(number);
}

// That of a board is the running kernel's, and needs no second way.
bool load_has_tree(const Options& options) {
  return !options.dtb.empty() && board_of(options).is_virt();
}

std::string settings_of(const InitramfsRequest& request) {
  Settings settings = request.options;
  settings.has_initrd = !request.options.initrd.empty();
  settings.has_tree = load_has_tree(request.options);
  for (std::size_t i = 0; i < request.options.overlays.size(); ++i) {
    settings.load_args.insert(settings.load_args.end(), {"--overlay", in_folder(overlay_name(i))});
  }
  settings.has_disk = !request.options.disk.empty();
  settings.sync = request.sync;
  settings.command_line = request.command_line;
  for (std::size_t i = 0; i < request.options.to.size(); ++i) {
    settings.kernels.push_back(kernel_name(i));
  }
  return to_text(settings);
}

Result<Files> collect(const InitramfsRequest& request) {
  Files files;
  const auto add = [&](std::string_view name, const std::string& path,
                       const os::FileBound& bound) -> Result<void> {
    HR_TRY(content, read_input(path, bound));
    files.emplace(name, std::move(content));
    return base::success();
  };
  HR_TRYV(add(kInit, request.programs.init, os::kRehearsedFile));
  HR_TRYV(add(kTool, request.programs.hyprelay, os::kRehearsedFile));
  for (std::size_t i = 0; i < request.options.to.size(); ++i) {
    HR_TRYV(add(kernel_name(i), request.options.to[i], os::kKernelFile));
  }
  if (!request.options.initrd.empty()) {
    HR_TRYV(add(kInitrd, request.options.initrd, os::kRehearsedFile));
  }
  if (load_has_tree(request.options)) {
    HR_TRYV(add(kTree, request.options.dtb, os::kTreeFile));
  }
  for (std::size_t i = 0; i < request.options.overlays.size(); ++i) {
    HR_TRYV(add(overlay_name(i), request.options.overlays[i], os::kTreeFile));
  }
  files.emplace(kPayload, make_payload(std::uint64_t{request.options.payload_mib} << 20));
  files.emplace(kSettings, settings_of(request));
  return files;
}

// Our folder, and behind it the user's initrd as it is, which may hold secrets.
bool write_archive(const Files& files, const std::string& path) {
  const os::FileDescriptor out(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  CpioWriter archive(out.get());
  bool good = out.valid() && archive.add_folder(kFolder);
  for (const auto& [name, content] : files) {
    good = good && archive.add_ours(name, content);
  }
  const auto initrd = files.find(kInitrd);
  return good && archive.finish() &&
         (initrd == files.end() || os::write_all(out.get(), initrd->second));
}

}  // namespace

std::string make_payload(std::uint64_t size_bytes) {
  std::string payload;
  payload.reserve(size_bytes + 8);
  for (std::uint64_t state = 0; payload.size() < size_bytes;) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    for (int i = 0; i < 8; ++i) {
      payload += static_cast<char>(z >> (8 * i));
    }
  }
  payload.resize(size_bytes);
  return payload;
}

Result<std::string> write_initramfs(const InitramfsRequest& request, const std::string& path) {
  HR_TRY(files, collect(request));
  std::string manifest;
  for (const auto& [name, content] : files) {
    manifest += manifest_line(name, content);
  }
  const std::string digest = sha256_hex(manifest);
  files.emplace(kManifest, std::move(manifest));
  if (!write_archive(files, path)) {
    return Error(Code::FILE_UNWRITABLE, Stage::kRehearse, path);
  }
  return digest;
}

}  // namespace hyprelay::rehearse
