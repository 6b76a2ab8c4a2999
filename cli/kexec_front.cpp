// SPDX-License-Identifier: BSD-2-Clause
#include "cli/kexec_front.hpp"

#include "base/number_text.hpp"

#include <getopt.h>

#include <limits>
#include <list>
#include <utility>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

Error kexec_usage(const std::string& what) {
  return Error(Code::USAGE, Stage::kUsage, what);
}

// The rows as getopt_long() takes them, which gives back a row's number, behind all letters.
struct KexecTable {
  static constexpr int kFirst = 256;
  std::list<std::string> names;
  std::vector<option> options;
  // ":": ours to complain.
  std::string letters = ":";

  KexecTable() {
    int number = kFirst;
    for (const KexecRow& row : kKexecRows) {
      const int takes = row.argument.empty() ? no_argument : required_argument;
      for (const std::string_view name : split(row.names, ",")) {
        if (name.starts_with("--")) {
          names.emplace_back(name.substr(2));
          options.push_back({names.back().c_str(), takes, nullptr, number});
        } else if (name != "-?") {
          // getopt(3) returns '?' for that letter in any case: it is no option to it.
          letters.append(name.substr(1)).append(takes == no_argument ? "" : ":");
        }
      }
      ++number;
    }
    options.push_back({});
  }
};

const KexecRow* row_of_letter(int letter) {
  const std::string name = {'-', static_cast<char>(letter)};
  const auto row = std::ranges::find_if(
      kKexecRows, [&name](const KexecRow& one) { return has_word(one.names, ',', name); });
  return row == kKexecRows.end() ? nullptr : &*row;
}

// What the options say, before it is known what they say together.
class KexecReader {
 public:
  base::Result<KexecOrder> run(const KexecWords& words) {
    HR_TRYV(read(words));
    if (order_.alone != KexecOrder::Alone::kNothing) {
      order_.of_panic = of_panic_.value_or(true);
      return order_;
    }
    HR_TRYV(check());
    make_steps();
    return std::move(order_);
  }

 private:
  base::Result<void> read(const KexecWords& words) {
    static char program[] = "kexec";
    std::vector<char*> argv = {program};
    for (const std::string& word : words) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    const KexecTable table;
    // 0: begin anew, whatever was read before [getopt(3)].
    optind = 0;
    for (;;) {
      const auto at = static_cast<std::size_t>(std::max(optind, 1));
      const int found = getopt_long(static_cast<int>(argv.size()) - 1, argv.data(),
                                    table.letters.c_str(), table.options.data(), nullptr);
      if (found == -1) {
        break;
      }
      const KexecRow* const row =
          found >= KexecTable::kFirst
              ? &kKexecRows[static_cast<std::size_t>(found - KexecTable::kFirst)]
              : row_of_letter(found == '?' ? optopt : found);
      if (found == ':') {
        return kexec_usage(std::string(argv[static_cast<std::size_t>(optind) - 1]) +
                           " needs a value");
      }
      if (found == '?' && optopt >= KexecTable::kFirst) {
        return kexec_usage(stranger(argv, at) + ": that option takes no value");
      }
      if (row == nullptr || (found == '?' && optopt != '?')) {
        return kexec_usage("kexec has no option \"" + stranger(argv, at) + "\", or more than one");
      }
      HR_TRYV(take(*row, optarg == nullptr ? std::string() : std::string(optarg)));
      if (is_last_word(row->does)) {
        return base::success();
      }
    }
    kernels_.assign(argv.begin() + optind, argv.end() - 1);
    return base::success();
  }

  static bool is_last_word(KexecOption option) {
    return option == KexecOption::kHelp || option == KexecOption::kVersion ||
           option == KexecOption::kRegionSize;
  }

  // What getopt_long() did not understand: a letter, or the word that it has just left.
  static std::string stranger(const std::vector<char*>& argv, std::size_t at) {
    if (optopt > 0 && optopt < KexecTable::kFirst) {
      return std::string("-") + static_cast<char>(optopt);
    }
    const auto behind = static_cast<std::size_t>(optind);
    return argv[behind > at ? behind - 1 : at];
  }

  base::Result<void> take(const KexecRow& row, std::string value) {
    switch (row.does) {
      case KexecOption::kCommandLine:
        line_ = std::move(value);
        break;
      case KexecOption::kInitrd:
        initrd_ = std::move(value);
        break;
      case KexecOption::kTree:
        tree_ = std::move(value);
        break;
      case KexecOption::kLowest:
        return take_address(row, value, lowest_);
      case KexecOption::kHighest:
        return take_address(row, value, highest_);
      case KexecOption::kReuseLine:
        reuse_line_ = true;
        break;
      case KexecOption::kFileCall:
      case KexecOption::kSegmentsCall:
      case KexecOption::kAnyCall:
        call_ = row.does;
        break;
      case KexecOption::kIgnored:
        order_.notes.push_back(std::string(row.shown_name()) +
                               " changes nothing: " + std::string(row.what));
        break;
      case KexecOption::kRefused:
        return Error(Code::KEXEC_OPTION, Stage::kUsage,
                     std::string(row.shown_name()) + ": " + std::string(row.what));
      case KexecOption::kHolds:
        break;
      case KexecOption::kDebug:
        order_.debug = true;
        break;
      default:
        take_action(row.does);
    }
    return base::success();
  }

  static base::Result<void> take_address(const KexecRow& row, const std::string& text,
                                         std::optional<std::uint64_t>& address) {
    address = base::parse_number(text);
    return address ? base::success()
                   : base::Result<void>(kexec_usage(std::string(row.shown_name()) +
                                                    " takes an address as 0x40000000, not \"" +
                                                    text + "\""));
  }

  void take_action(KexecOption option) {
    using Alone = KexecOrder::Alone;
    const bool ends = option == KexecOption::kHelp || option == KexecOption::kVersion ||
                      option == KexecOption::kStatus || option == KexecOption::kRegionSize;
    if (ends) {
      order_.alone = option == KexecOption::kHelp      ? Alone::kHelp
                     : option == KexecOption::kVersion ? Alone::kVersion
                     : option == KexecOption::kStatus  ? Alone::kStatus
                                                       : Alone::kRegionSize;
      return;
    }
    given_.push_back(option);
    if (option == KexecOption::kLoad || option == KexecOption::kLoadPanic) {
      of_panic_ = option == KexecOption::kLoadPanic;
    }
    unload_ = unload_ || option == KexecOption::kUnload;
    load_ = option != KexecOption::kUnload && option != KexecOption::kExec;
    exec_ = option == KexecOption::kExec || option == KexecOption::kForce;
  }

  bool is_given(KexecOption option) const { return std::ranges::count(given_, option) != 0; }

  base::Result<void> check() {
    if (kernels_.size() > 1) {
      return kexec_usage("more than one KERNEL: " + kernels_[0] + ", " + kernels_[1] +
                         " (an initrd is --initrd=FILE)");
    }
    const bool panic = of_panic_.value_or(false) || is_given(KexecOption::kLoadPanic);
    if (panic && (is_given(KexecOption::kExec) || is_given(KexecOption::kForce))) {
      return kexec_usage("a crash kernel is started by a panic: -p goes with neither -e nor -f");
    }
    if (!kernels_.empty() && is_given(KexecOption::kExec) && is_given(KexecOption::kLoad)) {
      load_ = exec_ = true;
    }
    if (kernels_.empty() && is_given(KexecOption::kExec) && is_given(KexecOption::kForce)) {
      load_ = false;
      exec_ = true;
    }
    // "-u -p" is "-p -u".
    load_ = load_ && !(unload_ && kernels_.empty());
    if (load_ && kernels_.empty()) {
      return kexec_usage("KERNEL is missing");
    }
    if (!load_ && !kernels_.empty()) {
      return kexec_usage(kernels_[0] + ": a KERNEL goes with -l, -p or -f alone");
    }
    if (load_ && lowest_ && highest_ && *lowest_ > *highest_) {
      return kexec_usage("--mem-min is above --mem-max");
    }
    of_panic_ = panic;
    order_.shut_down = given_.empty();
    return base::success();
  }

  void make_steps() {
    if (unload_) {
      order_.steps.push_back({.words = {"unload"}});
      if (*of_panic_) {
        order_.steps.back().words.emplace_back("--panic");
      }
    }
    if (load_) {
      const bool by_file = call_ == KexecOption::kFileCall;
      KexecStep step{.words = load_words(by_file)};
      if (call_ == KexecOption::kAnyCall) {
        step.when_refused = load_words(true);
      }
      order_.steps.push_back(std::move(step));
      if (tree_ && !line_ && !reuse_line_) {
        order_.line_of_tree = tree_;
      }
    }
    if (exec_) {
      order_.steps.push_back({.words = {"exec"}});
    }
  }

  KexecWords load_words(bool by_file) const {
    KexecWords words = {"load"};
    const auto add = [&words](bool wanted, const std::string& word) {
      words.insert(words.end(), wanted ? 1 : 0, word);
    };
    add(*of_panic_, "--panic");
    add(by_file, "--file");
    add(initrd_.has_value(), "--initrd=" + initrd_.value_or(""));
    add(tree_.has_value(), "--dtb=" + tree_.value_or(""));
    add(reuse_line_, "--reuse-cmdline");
    add(line_.has_value(), "--command-line=" + line_.value_or(""));
    add(lowest_.value_or(0) != 0, "--reserve=0," + base::hex(lowest_.value_or(0)));
    // Half open, and nothing lies at the last byte of all.
    constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
    if (highest_ && *highest_ < kEnd - 1) {
      words.push_back("--reserve=" + base::hex(*highest_ + 1) + "," +
                      base::hex(kEnd - (*highest_ + 1)));
    }
    words.insert(words.end(), {"--", kernels_[0]});
    return words;
  }

  KexecOrder order_;
  KexecWords kernels_;
  std::vector<KexecOption> given_;
  bool load_ = true;
  bool exec_ = false;
  bool unload_ = false;
  std::optional<bool> of_panic_;
  std::optional<std::string> line_;
  bool reuse_line_ = false;
  std::optional<std::string> initrd_;
  std::optional<std::string> tree_;
  std::optional<std::uint64_t> lowest_;
  std::optional<std::uint64_t> highest_;
  KexecOption call_ = KexecOption::kSegmentsCall;
};

}  // namespace

base::Result<KexecOrder> kexec_order(const KexecWords& words) {
  return KexecReader().run(words);
}

}  // namespace hyprelay::cli
