// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/board_card.hpp"

#include "os/files.hpp"
#include "os/process.hpp"
#include "rehearse/little_endian.hpp"

#include <fcntl.h>

#include <filesystem>
#include <system_error>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

constexpr std::uint64_t kSectorBytes = 512;
constexpr std::uint64_t kUBootAt = 8192;

Error no_card(std::string_view why) {
  return {Code::FILE_UNWRITABLE, Stage::kRehearse, "card: " + std::string(why)};
}

// The folder that becomes the file system.
Result<void> fill_folder(const CardFiles& files, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder + "/extlinux", error);
  const auto copy = [&](const std::string& from, const char* name) {
    return std::filesystem::copy_file(from, folder + name, error);
  };
  if (!copy(files.kernel, "/kernel") || !copy(files.initrd, "/initrd") ||
      !copy(files.tree, "/tree")) {
    return no_card(folder + ": " + error.message());
  }
  return os::replace_file(folder + "/extlinux/extlinux.conf", extlinux_text(files.command_line),
                          0600);
}

// What lies before the partition.
Result<void> write_start(const std::string& card, const std::string& u_boot) {
  std::string start = partition_table();
  HR_TRY(content, os::read_input_text(u_boot, os::kRehearsedFile));
  start.resize(kUBootAt, '\0');
  start += content;
  if (start.size() > kPartitionAt) {
    return no_card(u_boot + ": larger than what is before the partition");
  }
  const os::FileDescriptor file(open(card.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid() || !os::write_all(file.get(), start)) {
    return no_card(card);
  }
  return base::success();
}

}  // namespace

std::string extlinux_text(const std::string& command_line) {
  // In tenths of a second; 0 would wait for ever.
  return "timeout 1\ndefault rehearsal\nlabel rehearsal\n  linux /kernel\n  initrd /initrd\n"
         "  fdt /tree\n  append " +
         command_line + "\n";
}

std::string partition_table() {
  std::string sector(446, '\0');
  sector += '\x80';  // bootable
  sector.append(3, '\0');
  sector += '\x83';  // Linux
  sector.append(3, '\0');
  add_little_endian(sector, kPartitionAt / kSectorBytes, 4);
  add_little_endian(sector, (kCardBytes - kPartitionAt) / kSectorBytes, 4);
  sector.resize(kSectorBytes - 2, '\0');
  return sector + "\x55\xaa";
}

Result<std::string> write_card(const CardFiles& files, const std::string& folder) {
  const std::string content = folder + "/card.files";
  const std::string card = folder + "/card";
  HR_TRYV(fill_folder(files, content));
  const os::FileDescriptor made(open(card.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  std::error_code error;
  std::filesystem::resize_file(card, kCardBytes, error);
  if (!made.valid() || error) {
    return no_card(card);
  }
  const std::string program = os::find_program("mke2fs");
  if (program.empty()) {
    return no_card("no mke2fs, of the package e2fsprogs");
  }
  const os::Outcome outcome =
      os::run_captured({program, "-q", "-F", "-t", "ext2", "-d", content, "-E",
                        "offset=" + std::to_string(kPartitionAt), card,
                        std::to_string((kCardBytes - kPartitionAt) / 1024) + "k"});
  if (outcome.exit_code != 0) {
    return no_card("mke2fs: " + outcome.errors);
  }
  HR_TRYV(write_start(card, files.u_boot));
  std::filesystem::remove_all(content, error);
  return card;
}

}  // namespace hyprelay::rehearse
