// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/initramfs.hpp"

#include "rehearse/guest/files.hpp"
#include "rehearse/guest/manifest.hpp"
#include "rehearse/protocol.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

// Name in our folder -> content. Sorted, so that the archive is the same for the same input.
using Files = std::map<std::string, std::string, std::less<>>;

Result<std::string> read_input(const std::string& path) {
  auto content = guest::read_file(path);
  if (!content) {
    const bool exists = access(path.c_str(), F_OK) == 0;
    return Error(exists ? Code::FILE_UNREADABLE : Code::FILE_MISSING, Stage::kRehearse, path);
  }
  if (content->empty()) {
    return Error(Code::FILE_EMPTY, Stage::kRehearse, path);
  }
  return std::move(*content);
}

std::string settings_of(const InitramfsRequest& request) {
  nlohmann::ordered_json settings;
  settings["hops"] = request.options.hops;
  settings["sync"] = request.sync;
  settings["initrd"] = !request.options.initrd.empty();
  settings["dtb"] = !request.options.dtb.empty();
  settings["tell_vectors"] = request.options.tell_vectors;
  settings["command_line"] = request.command_line;
  settings["kernels"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < request.options.to.size(); ++i) {
    settings["kernels"].push_back(std::string(kKernelPrefix) + std::to_string(i));
  }
  settings["panic"] = request.options.panic;
  settings["panic_cpu"] = request.options.panic_cpu;
  settings["panic_run"] = request.options.panic_run;
  settings["panic_twice"] = request.options.panic_twice;
  settings["before_panic"] = request.options.before_panic;
  settings["capture"] = request.options.capture_runs;
  settings["disk"] = !request.options.disk.empty();
  settings["load_args"] = request.options.load_args;
  return settings.dump(1) + "\n";
}

Result<Files> collect(const InitramfsRequest& request) {
  Files files;
  const auto add = [&](std::string_view name, const std::string& path) -> Result<void> {
    HR_TRY(content, read_input(path));
    files.emplace(name, std::move(content));
    return base::success();
  };
  HR_TRYV(add(kInit, request.programs.init));
  HR_TRYV(add(kTool, request.programs.hyprelay));
  for (std::size_t i = 0; i < request.options.to.size(); ++i) {
    HR_TRYV(add(std::string(kKernelPrefix) + std::to_string(i), request.options.to[i]));
  }
  if (!request.options.initrd.empty()) {
    HR_TRYV(add(kInitrd, request.options.initrd));
  }
  if (!request.options.dtb.empty()) {
    HR_TRYV(add(kTree, request.options.dtb));
  }
  files.emplace(kPayload, make_payload(std::uint64_t{request.options.payload_mib} << 20));
  files.emplace(kSettings, settings_of(request));
  return files;
}

struct ArchiveDeleter {
  void operator()(archive* a) const { archive_write_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

bool add_entry(archive* out, const std::string& path, unsigned type, unsigned permissions,
               std::string_view content) {
  const std::unique_ptr<archive_entry, ArchiveDeleter> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_filetype(entry.get(), type);
  archive_entry_set_perm(entry.get(), permissions);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  return archive_write_header(out, entry.get()) == ARCHIVE_OK &&
         archive_write_data(out, content.data(), content.size()) ==
             static_cast<la_ssize_t>(content.size());
}

// Linux unpacks archives that follow one another [Linux Documentation/driver-api/early-userspace/
// buffer-format.rst]; libarchive pads ours to a multiple of 512 bytes.
bool write_archive(const Files& files, const std::string& path) {
  const std::unique_ptr<archive, ArchiveDeleter> out(archive_write_new());
  bool good = archive_write_set_format_cpio_newc(out.get()) == ARCHIVE_OK &&
              archive_write_set_bytes_per_block(out.get(), 1 << 20) == ARCHIVE_OK &&
              archive_write_set_bytes_in_last_block(out.get(), 512) == ARCHIVE_OK &&
              archive_write_open_filename(out.get(), path.c_str()) == ARCHIVE_OK &&
              add_entry(out.get(), std::string(kFolder), AE_IFDIR, 0755, {});
  for (const auto& [name, content] : files) {
    const bool program = name == kInit || name == kTool;
    good = good && add_entry(out.get(), std::string(kFolder) + "/" + name, AE_IFREG,
                             program ? 0755 : 0644, content);
  }
  return good && archive_write_close(out.get()) == ARCHIVE_OK;
}

bool append(const std::string& path, std::string_view bytes) {
  const guest::Descriptor file(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  return file.valid() && guest::write_all(file.get(), bytes);
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
    manifest += guest::manifest_line(name, content);
  }
  const std::string digest = guest::sha256_hex(manifest);
  files.emplace(kManifest, std::move(manifest));
  const auto initrd = files.find(kInitrd);
  if (!write_archive(files, path) || (initrd != files.end() && !append(path, initrd->second))) {
    return Error(Code::FILE_UNWRITABLE, Stage::kRehearse, path);
  }
  return digest;
}

}  // namespace hyprelay::rehearse
