// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/line_place.hpp"

#include "base/bytes.hpp"
#include "handoff/command_line.hpp"
#include "os/files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

constexpr const char* kGrub = "/etc/default/grub";
constexpr const char* kGrubFolder = "/etc/default/grub.d";

// What is there when this boots the machine, the file to write into, and how; WORD stands for the
// word. The first that is there counts: what makes a configuration before what is made.
struct Row {
  const char* sign;
  const char* file;
  const char* how;
};
constexpr auto kRows = std::to_array<Row>({
    {"/etc/default/raspi-firmware", "/etc/default/raspi-extra-cmdline",
     "write WORD into /etc/default/raspi-extra-cmdline, then run update-initramfs -u"},
    {"/boot/firmware/cmdline.txt", "/boot/firmware/cmdline.txt",
     "add WORD to the one line of /boot/firmware/cmdline.txt"},
    {"/etc/default/u-boot", "/etc/default/u-boot",
     "add WORD to U_BOOT_PARAMETERS in /etc/default/u-boot, then run u-boot-update"},
    {"/boot/extlinux/extlinux.conf", "/boot/extlinux/extlinux.conf",
     "add WORD to the append line in /boot/extlinux/extlinux.conf"},
    {"/etc/default/flash-kernel", "/etc/default/flash-kernel",
     "add WORD to LINUX_KERNEL_CMDLINE in /etc/default/flash-kernel, then run flash-kernel"},
});
constexpr Row kStub = {
    "", "/etc/kernel/cmdline",
    "add WORD to the one line of /etc/kernel/cmdline, which begins as the words of /proc/cmdline "
    "without initrd=, then run kernel-install add $(uname -r) /boot/vmlinuz-$(uname -r)"};

LinePlace place_of(const Row& row, std::string_view word) {
  constexpr std::string_view kWord = "WORD";
  std::string how = row.how;
  how.replace(how.find(kWord), kWord.size(), word);
  return {row.file, how};
}

// Whether a line that is no comment sets this name.
bool sets_name(const Root& root, const std::string& path, const std::string& name) {
  const auto text = os::read_fact_text(root.path + path);
  std::string_view rest = text ? std::string_view(text.value()) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = base::take_line(rest);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '#' &&
        line.find(name + "=") != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// The last of the files that grub-mkconfig(8) reads counts.
std::optional<std::string> grub_file_that_sets(const Root& root, const std::string& name) {
  std::vector<std::string> files = {kGrub};
  std::error_code error;
  for (fs::directory_iterator entry(root.path + kGrubFolder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".cfg") {
      files.push_back(kGrubFolder + ("/" + entry->path().filename().string()));
    }
  }
  std::sort(files.begin() + 1, files.end());
  const auto last =
      std::ranges::find_if(files.rbegin(), files.rend(),
                           [&](const std::string& file) { return sets_name(root, file, name); });
  return last == files.rend() ? std::nullopt : std::optional(*last);
}

LinePlace place_in_grub(const Root& root, std::string_view word) {
  const std::string name(word.substr(0, word.find('=')));
  if (const auto file = grub_file_that_sets(root, name)) {
    return {*file, "write " + std::string(word) + " in place of the " + name + "= in " + *file +
                       ", then run update-grub"};
  }
  const std::string file = std::string(kGrubFolder) + "/hyprelay.cfg";
  return {file, "write GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT " +
                    std::string(word) + "\" into " + file + ", then run update-grub"};
}

}  // namespace

bool started_by_stub(const Root& root) {
  const auto text = os::read_fact_text(root.path + "/proc/cmdline");
  std::string_view rest = text ? std::string_view(text.value()) : std::string_view();
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (word.starts_with("initrd=\\")) {
      return true;
    }
  }
  return false;
}

std::optional<LinePlace> place_of_word(const Root& root, std::string_view word) {
  if (started_by_stub(root)) {
    return place_of(kStub, word);
  }
  if (os::is_there(root.path + "/boot/grub/grub.cfg") || os::is_there(root.path + kGrub)) {
    return place_in_grub(root, word);
  }
  const auto row = std::ranges::find_if(
      kRows, [&root](const Row& one) { return os::is_there(root.path + one.sign); });
  return row == kRows.end() ? std::nullopt : std::optional(place_of(*row, word));
}

}  // namespace hyprelay::handoff::linux_host
