// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/command_line.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::handoff {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";
constexpr std::string_view kInitMark = "--";
constexpr std::string_view kBootImage = "BOOT_IMAGE";

// KDUMP_COMMANDLINE_REMOVE of rhkdump/kdump-utils gen-kdump-sysconfig.sh, and what its
// prepare_cmdline always takes off; what openSUSE/kdump init/load.sh takes off; what Debian's
// kdump-tools takes off in kdump-config. root= and what names disks stays, which some of them drop:
// our capture initrd mounts the root filesystem by it.
constexpr std::string_view kRedHat = "kdump-utils";
constexpr std::string_view kSuse = "openSUSE/kdump";
constexpr std::string_view kAll = "kdump-utils, openSUSE/kdump, kdump-tools";
constexpr std::string_view kParameters = "linux/Documentation/admin-guide/kernel-parameters.txt";

constexpr std::string_view kTakesMemory = "takes memory by the measure of the whole machine";
constexpr std::string_view kDescribesMemory = "describes memory that a crash kernel does not have";
constexpr std::string_view kNamesCpus = "names CPUs that a crash kernel does not start";
constexpr std::string_view kPanics = "makes a panic of what a capture survives";
constexpr std::string_view kEndsServing =
    "ends the kernel's serving of a watchdog that the dead kernel armed";
constexpr std::string_view kHides = "hides what a capture says";
constexpr std::string_view kOtherBoot = "is for the boot of the running kernel alone";

constexpr auto kBigWords = std::to_array<BigWord>({
    {"hugepages", kTakesMemory, kAll},
    {"hugepagesz", kTakesMemory, "kdump-utils, kdump-tools"},
    {"default_hugepagesz", kTakesMemory, kParameters},
    {"hugetlb_cma*", kTakesMemory, kRedHat},
    {"cma", kTakesMemory, kRedHat},
    {"numa_cma", kTakesMemory, kParameters},
    {"cma_pernuma", kTakesMemory, kParameters},
    {"log_buf_len", kTakesMemory, kRedHat},
    {"swiotlb", kTakesMemory, kRedHat},
    {"coherent_pool", kTakesMemory, kParameters},
    {"slub_debug", kTakesMemory, kRedHat},
    // Its name since 6.9, where the other is kept [linux/mm/slub.c].
    {"slab_debug", kTakesMemory, kParameters},
    {"kfence.*", kTakesMemory, "kdump-utils, which sets sample_interval=0"},
    {"kmemleak", kTakesMemory, kParameters},
    {"page_owner", kTakesMemory, kParameters},
    {"debug_pagealloc", kTakesMemory, kParameters},
    {"trace_buf_size", kTakesMemory, kParameters},
    {"dhash_entries", kTakesMemory, kParameters},
    {"ihash_entries", kTakesMemory, kParameters},
    {"mhash_entries", kTakesMemory, kParameters},
    {"mphash_entries", kTakesMemory, kParameters},
    {"thash_entries", kTakesMemory, kParameters},
    {"uhash_entries", kTakesMemory, kParameters},
    {"udev.children_max", kTakesMemory, "kdump-utils, which sets 2"},
    {"rd.udev.children_max", kTakesMemory, kSuse},
    {"mem", kDescribesMemory, kSuse},
    {"memmap", kDescribesMemory, kParameters},
    {"kernelcore", kDescribesMemory, kParameters},
    {"movablecore", kDescribesMemory, kParameters},
    {"initrd", kDescribesMemory, kParameters},
    {"initrdmem", kDescribesMemory, kParameters},
    {"isolcpus", kNamesCpus, kParameters},
    {"nohz_full", kNamesCpus, kParameters},
    {"rcu_nocbs", kNamesCpus, kParameters},
    {"irqaffinity", kNamesCpus, kParameters},
    {"panic_on_warn", kPanics, kRedHat},
    {"panic_on_taint", kPanics, kParameters},
    {"hung_task_panic", kPanics, kParameters},
    {"softlockup_panic", kPanics, kParameters},
    {"unknown_nmi_panic", kPanics, kSuse},
    {"watchdog.open_timeout", kEndsServing, kParameters},
    {"watchdog.handle_boot_enabled", kEndsServing, kParameters},
    {"quiet", kHides, kRedHat},
    {"splash", kHides, kSuse},
    {"resume", kOtherBoot, kSuse},
    {"resume_offset", kOtherBoot, kParameters},
    {"ignition.firstboot", kOtherBoot, kRedHat},
});

// What a crash kernel of the running one's words is told besides.
constexpr auto kAdded =
    std::to_array<std::string_view>({"reset_devices", "cma=0", "hugetlb_cma=0",
                                     "kfence.sample_interval=0", "cgroup_disable=memory"});

bool is_called(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1))
                                : name == pattern;
}

bool is_own(std::string_view name) {
  return name == "crashkernel" || name == "elfcorehdr" || name == "mem" || name == kBootImage;
}

const BigWord* find_big(std::string_view name) {
  const auto* const found = std::ranges::find_if(
      kBigWords, [&](const BigWord& row) { return is_called(row.name, name); });
  return found == kBigWords.end() ? nullptr : found;
}

bool is_kept(const std::vector<std::string>& keep, const std::string& name) {
  return std::ranges::any_of(keep,
                             [&](const std::string& one) { return name_of_word(one) == name; });
}

}  // namespace

std::span<const BigWord> big_words() {
  return kBigWords;
}

std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  bool quoted = false;
  std::size_t end = 0;
  while (end < rest.size() && (quoted || kBlanks.find(rest[end]) == std::string_view::npos)) {
    quoted = quoted != (rest[end] == '"');
    ++end;
  }
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

std::string name_of_word(std::string_view word) {
  std::string name(word.substr(0, word.find('=')));
  std::erase(name, '"');
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string_view open_word(std::string_view line) {
  std::string_view last;
  for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
    last = word;
  }
  return std::ranges::count(last, '"') % 2 != 0 ? last : std::string_view();
}

void close_quote(std::string& line) {
  line.append(open_word(line).empty() ? "" : "\"");
}

std::optional<std::string> value_in(std::string_view line, std::string_view name) {
  std::optional<std::string> value;
  for (std::string_view word = take_word(line); !word.empty() && word != kInitMark;
       word = take_word(line)) {
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos && name_of_word(word) == name) {
      value = word.substr(equals + 1);
      std::erase(*value, '"');
    }
  }
  return value;
}

void append_words(std::string& line, std::string_view words) {
  line.append(line.empty() || words.empty() ? "" : " ").append(words);
}

void add_words(std::string& line, std::string_view words) {
  if (words.empty()) {
    return;
  }
  close_quote(line);
  std::string added(words);
  close_quote(added);
  std::size_t at = line.size();
  for (std::string_view rest = line; !rest.empty();) {
    const std::string_view word = take_word(rest);
    if (word == kInitMark) {
      at = line.size() - rest.size() - word.size();
      break;
    }
  }
  if (at < line.size()) {
    line.insert(at, added + " ");
  } else {
    append_words(line, added);
  }
}

std::vector<std::string> initrd_words(std::string_view line) {
  std::vector<std::string> words;
  for (std::string_view word = take_word(line); !word.empty() && word != kInitMark;
       word = take_word(line)) {
    const std::string name = name_of_word(word);
    const std::string_view value = word.substr(std::min(word.find('=') + 1, word.size()));
    const bool is_number = !value.empty() && value[0] >= '0' && value[0] <= '9';
    if ((name == "initrd" || name == "initrdmem") && is_number &&
        value.find(',') != std::string_view::npos) {
      words.emplace_back(word);
    }
  }
  return words;
}

std::string inherited_command_line(std::string_view running) {
  std::string line;
  bool for_init = false;
  for (std::string_view word = take_word(running); !word.empty(); word = take_word(running)) {
    const std::string name = name_of_word(word);
    for_init = for_init || word == kInitMark;
    const bool of_loader = name == kBootImage || name == "initrd" || name == "initrdmem";
    append_words(line, of_loader && !for_init ? std::string_view() : word);
  }
  return line;
}

std::vector<std::string> costly_words(std::string_view line, const std::vector<std::string>& keep) {
  std::vector<std::string> costly;
  for (std::string_view word = take_word(line); !word.empty() && word != kInitMark;
       word = take_word(line)) {
    const std::string name = name_of_word(word);
    const BigWord* const row = find_big(name);
    const bool off = word.ends_with("=0") || word.ends_with("=off");
    if (row != nullptr && row->why != kHides && !off && !is_kept(keep, name)) {
      costly.push_back(std::string(word).append(" (").append(row->why).append(")"));
    }
  }
  return costly;
}

CrashLine crash_command_line(std::string_view running, Arch arch, bool add_defaults,
                             const std::vector<std::string>& keep, std::uint32_t cpus) {
  CrashLine line;
  bool for_init = false;
  for (std::string_view word = take_word(running); !word.empty(); word = take_word(running)) {
    const std::string name = name_of_word(word);
    for_init = for_init || word == kInitMark;
    const bool big =
        !for_init && find_big(name) != nullptr && (is_own(name) || !is_kept(keep, name));
    if (big) {
      line.left_out.emplace_back(word);
    } else if (for_init || !is_own(name)) {
      append_words(line.kept, word);
    }
  }
  if (add_defaults) {
    append_words(line.added, (arch == Arch::kArm ? "maxcpus=" : "nr_cpus=") + std::to_string(cpus));
    for (const std::string_view word : kAdded) {
      if (!is_kept(keep, name_of_word(word))) {
        append_words(line.added, word);
      }
    }
  }
  line.text = line.kept;
  add_words(line.text, line.added);
  return line;
}

}  // namespace hyprelay::handoff
