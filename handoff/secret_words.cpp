// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/secret_words.hpp"

#include "handoff/command_line.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hyprelay::handoff {
namespace {

// Where a part of a name counts.
enum class Match : std::uint8_t {
  kAnywhere,
  kBegins,
  kEnds,
  // Between dots, commas, hyphens and underscores, with digits behind it or not.
  kSegment,
  // The last of those.
  kLast,
};

struct NameRule {
  std::string_view part;
  Match match;
  std::string_view what;
};

constexpr auto kWordRules = std::to_array<NameRule>({
    {"pass", Match::kAnywhere, "password"},
    {"pw", Match::kSegment, "password"},
    // inst.rootpw of Anaconda, netcfg/wireless_wep of Debian's installer, and the like.
    {"pw", Match::kEnds, "password"},
    {"pwd", Match::kSegment, "password"},
    {"chap", Match::kSegment, "password"},
    {"otp", Match::kSegment, "password"},
    {"login", Match::kSegment, "user and password"},
    {"wep", Match::kSegment, "key"},
    {"wpa", Match::kSegment, "key"},
    {"bearer", Match::kSegment, "token"},
    {"jwt", Match::kSegment, "token"},
    {"secret", Match::kAnywhere, "secret"},
    {"token", Match::kAnywhere, "token"},
    {"credential", Match::kAnywhere, "credential"},
    {"psk", Match::kAnywhere, "key"},
    {"key", Match::kAnywhere, "key"},
    {"auth", Match::kSegment, "secret"},
    {"pin", Match::kSegment, "secret"},
    // What dracut and systemd-cryptsetup take [dracut.cmdline(7), systemd-cryptsetup-generator(8)].
    {"rd.luks.", Match::kBegins, "what unlocks a disk"},
    {"luks.", Match::kBegins, "what unlocks a disk"},
    {"user", Match::kSegment, "user"},
    {"username", Match::kSegment, "user"},
    {"seed", Match::kAnywhere, "seed"},
    {"serial", Match::kAnywhere, "serial number"},
    {"imei", Match::kAnywhere, "serial number"},
    {"duid", Match::kSegment, "serial number"},
    {"macaddr", Match::kAnywhere, "MAC address"},
    {"ethaddr", Match::kAnywhere, "MAC address"},
    {"hwaddr", Match::kAnywhere, "MAC address"},
    {"mac", Match::kSegment, "MAC address"},
});

// Parts of names that hold one of the above, and are needed to understand a machine.
constexpr auto kHarmless = std::to_array<std::string_view>(
    {"passthrough", "pass_through", "bypass", "keymap", "keytable", "keyboard"});

constexpr auto kPropertyRules = std::to_array<NameRule>({
    // kaslr-seed, rng-seed; what U-Boot and others hand on.
    {"seed", Match::kLast, "seed"},
    // local-mac-address, mac-address [dt-schema net/ethernet-controller.yaml]; local-bd-address.
    {"mac-address", Match::kEnds, "MAC address"},
    {"bd-address", Match::kEnds, "MAC address"},
    {"ethaddr", Match::kAnywhere, "MAC address"},
    {"hwaddr", Match::kAnywhere, "MAC address"},
    {"mac", Match::kLast, "MAC address"},
    // /serial-number [devicetree specification 3.2]; linux,serial and rpi-serial64 of Raspberry
    // Pi's firmware, rpi-duid too.
    {"serial-number", Match::kEnds, "serial number"},
    {"serialno", Match::kEnds, "serial number"},
    {"serial", Match::kLast, "serial number"},
    {"duid", Match::kLast, "serial number"},
    {"ecid", Match::kLast, "serial number"},
    {"unique-chip-id", Match::kEnds, "serial number"},
    {"password", Match::kAnywhere, "password"},
    {"passphrase", Match::kAnywhere, "password"},
    {"secret", Match::kAnywhere, "secret"},
    {"token", Match::kAnywhere, "token"},
    {"psk", Match::kLast, "key"},
    {"key", Match::kEnds, "key"},
});

// Parameters whose values have an '@' before an address or an offset of memory, and no user before
// it [linux/Documentation/admin-guide/kernel-parameters.txt, drivers/mtd/parsers/cmdlinepart.c].
constexpr auto kPlaces = std::to_array<std::string_view>(
    {"mem", "memmap", "crashkernel", "cma", "mtdparts", "cmdlinepart.mtdparts", "blkdevparts",
     "elfcorehdr", "initrdmem", "vmalloc", "ramoops", "reserve_mem", "video"});

bool ends_a_segment(char c) {
  return c == '.' || c == ',' || c == '-' || c == '_';
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return small;
}

bool has_segment(std::string_view name, std::string_view part, bool last_only) {
  while (!name.empty()) {
    const auto* const end = std::ranges::find_if(name, ends_a_segment);
    std::string_view segment = name.substr(0, static_cast<std::size_t>(end - name.begin()));
    name.remove_prefix(std::min(segment.size() + 1, name.size()));
    if (segment.starts_with(part) && (!last_only || name.empty()) &&
        segment.find_first_not_of("0123456789#", part.size()) == segment.npos) {
      return true;
    }
  }
  return false;
}

bool matches(std::string_view name, const NameRule& rule) {
  switch (rule.match) {
    case Match::kAnywhere:
      return name.find(rule.part) != name.npos;
    case Match::kBegins:
      return name.starts_with(rule.part);
    case Match::kEnds:
      return name.ends_with(rule.part);
    case Match::kSegment:
      return has_segment(name, rule.part, false);
    case Match::kLast:
      return has_segment(name, rule.part, true);
  }
  return false;
}

template <class Rules>
std::string_view what_by(const Rules& rules, std::string_view name) {
  const auto* const rule =
      std::ranges::find_if(rules, [name](const NameRule& one) { return matches(name, one); });
  return rule == rules.end() ? std::string_view() : rule->what;
}

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// "scheme://user:password@host" and "iscsi:user:password@host": up to the last '@' nothing may
// stay but the scheme. The password is what follows the first colon.
std::string mark_user(std::string_view value, const MarkSecret& mark) {
  const std::size_t at = value.rfind('@');
  if (at == value.npos || at == 0) {
    return std::string(value);
  }
  std::size_t start = value.substr(0, at).rfind("://");
  start = start == value.npos ? 0 : start + 3;
  for (const std::string_view scheme : {"iscsi:", "ssh:", "nfs:", "nfs4:", "netroot:"}) {
    start += value.substr(start).starts_with(scheme) ? scheme.size() : 0;
  }
  if (start >= at) {
    return std::string(value);
  }
  const std::string_view user = value.substr(start, at - start);
  const std::size_t colon = user.find(':');
  if (colon != user.npos && colon + 1 < user.size()) {
    static_cast<void>(mark(user.substr(colon + 1), "password", true));
  }
  return std::string(value.substr(0, start)) +
         mark(user, colon == user.npos ? "user" : "user and password", false) +
         std::string(value.substr(at));
}

std::string mark_named(std::string_view name, std::string_view value, const MarkSecret& mark,
                       bool nested);

// Of a list in a value: "a=b,c=d". Other pieces stay as they are.
std::string mark_list(std::string_view value, const MarkSecret& mark) {
  constexpr std::string_view kBetween = ",;&? ";
  std::string marked;
  while (!value.empty()) {
    const std::size_t size = std::min(value.find_first_of(kBetween), value.size());
    const std::string_view piece = value.substr(0, size);
    const std::size_t equals = piece.find('=');
    marked += equals == piece.npos
                  ? std::string(piece)
                  : std::string(piece.substr(0, equals + 1)) +
                        mark_named(piece.substr(0, equals), piece.substr(equals + 1), mark, true);
    value.remove_prefix(size);
    if (!value.empty()) {
      marked += value.front();
      value.remove_prefix(1);
    }
  }
  return marked;
}

std::string mark_named(std::string_view name, std::string_view value, const MarkSecret& mark,
                       bool nested) {
  const std::string_view what = secret_of_word(name);
  if (!what.empty() && !value.empty()) {
    return mark(value, what, what != "user");
  }
  if (std::ranges::find(kPlaces, name) != kPlaces.end()) {
    return std::string(value);
  }
  const std::string without_user = mark_user(value, mark);
  // "systemd.setenv=NAME=VALUE" has one more name in it, and a list some.
  return nested && without_user.find('=') == std::string::npos ? without_user
                                                               : mark_list(without_user, mark);
}

// In front of the quotes that are around all of it, or behind the name.
std::string mark_word(std::string_view word, const MarkSecret& mark) {
  const std::size_t equals = word.find('=');
  if (equals == word.npos) {
    return mark_value(word, mark);
  }
  const std::string name = name_of_word(word);
  const bool whole = word.starts_with('"');
  std::string_view value = word.substr(equals + 1);
  const bool quoted = value.starts_with('"');
  value.remove_prefix(quoted ? 1 : 0);
  const bool closed = (whole || quoted) && value.ends_with('"');
  value.remove_suffix(closed ? 1 : 0);
  std::string marked(word.substr(0, equals + 1));
  marked.append(quoted ? "\"" : "").append(mark_named(name, value, mark, false));
  return marked.append(closed ? "\"" : "");
}

// What stands behind "serial number" and the like, at the beginning of the text: how many bytes lie
// between. 0: nothing is named here.
std::size_t serial_label_bytes(std::string_view text) {
  constexpr std::string_view kSerial = "serial";
  if (!lower(text.substr(0, kSerial.size())).starts_with(kSerial)) {
    return 0;
  }
  std::size_t at = kSerial.size();
  const auto skip = [&](std::string_view set) {
    at = std::min(text.find_first_not_of(set, at), text.size());
  };
  skip(" _-");
  bool named = false;
  for (const std::string_view word : {"number", "num", "no.", "no", "#"}) {
    if (!named && lower(text.substr(at, word.size())) == word) {
      named = true;
      at += word.size();
    }
  }
  const std::size_t end = at;
  skip(" \t:=\"'");
  if (at == end) {
    return 0;
  }
  const std::string_view value = text.substr(at);
  const auto* const value_end = std::ranges::find_if_not(value, is_word);
  const auto digits = std::count_if(value.begin(), value_end, is_hex);
  // "Serial: 8250/16550 driver" has none.
  const bool is_one = named || (text.substr(end, at - end).find_first_of(":=") != text.npos &&
                                value_end - value.begin() >= 6 && digits >= 4);
  return is_one ? at : 0;
}

// "-----BEGIN ... PRIVATE KEY-----" and what follows, to its end or that of the text.
std::size_t private_key_bytes(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kEnd = "-----END ";
  const std::string_view head = text.substr(0, text.find('\n'));
  if (!text.starts_with(kBegin) || head.find("PRIVATE KEY") == head.npos) {
    return 0;
  }
  const std::size_t end = text.find(kEnd);
  return end == text.npos ? text.size() : std::min(text.find('\n', end), text.size());
}

}  // namespace

std::string_view secret_of_word(std::string_view name) {
  std::string left = lower(name);
  for (const std::string_view harmless : kHarmless) {
    for (std::size_t at = left.find(harmless); at != left.npos; at = left.find(harmless)) {
      left.erase(at, harmless.size());
    }
  }
  return what_by(kWordRules, left);
}

std::string_view secret_of_property(std::string_view node, std::string_view name) {
  // Their properties are names that somebody chose, and their values paths and phandles.
  const bool names_others = node == "/aliases" || node.starts_with("/__symbols__") ||
                            node.starts_with("/__fixups__") ||
                            node.starts_with("/__local_fixups__");
  return names_others ? std::string_view() : what_by(kPropertyRules, lower(name));
}

bool is_command_line_property(std::string_view name) {
  return name.ends_with("bootargs");
}

std::string mark_words(std::string_view line, const MarkSecret& mark) {
  std::string marked;
  std::string_view rest = line;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const std::string_view word = take_word(rest);
    if (word.empty()) {
      return marked.append(before);
    }
    // The blanks around it stay as they are.
    marked.append(before.data(), word.data()).append(mark_word(word, mark));
    rest = before.substr(static_cast<std::size_t>(word.data() + word.size() - before.data()));
  }
  return marked;
}

std::string mark_value(std::string_view value, const MarkSecret& mark) {
  return mark_list(mark_user(value, mark), mark);
}

std::string mark_text(std::string_view text, const MarkSecret& mark) {
  std::string marked;
  char before = ' ';
  while (!text.empty()) {
    std::size_t kept = 0;
    std::size_t size = 0;
    std::string_view what;
    if (!is_word(before) && (size = mac_bytes(text)) != 0) {
      what = "MAC address";
    } else if (!is_word(before) && (kept = serial_label_bytes(text)) != 0) {
      const std::string_view value = text.substr(kept);
      size = static_cast<std::size_t>(
          std::ranges::find_if_not(value, [](char c) { return is_word(c) || c == '-'; }) -
          value.begin());
      what = "serial number";
    } else if ((size = private_key_bytes(text)) != 0) {
      what = "private key";
    }
    if (size == 0) {
      kept = std::max<std::size_t>(kept, 1);
      before = text[kept - 1];
      marked.append(text.substr(0, kept));
      text.remove_prefix(kept);
      continue;
    }
    marked.append(text.substr(0, kept)).append(mark(text.substr(kept, size), what, true));
    text.remove_prefix(kept + size);
    before = 'x';
  }
  return marked;
}

std::size_t mac_bytes(std::string_view text) {
  constexpr std::size_t kLeastPairs = 6;
  const auto is_pair = [text](std::size_t at) {
    return at + 2 <= text.size() && is_hex(text[at]) && is_hex(text[at + 1]) &&
           (at + 2 == text.size() || !is_word(text[at + 2]));
  };
  if (text.size() < 3 || (text[2] != ':' && text[2] != '-')) {
    return 0;
  }
  std::size_t size = 0;
  std::size_t pairs = 0;
  for (std::size_t at = 0; is_pair(at); at = size + 1) {
    ++pairs;
    size = at + 2;
    if (size >= text.size() || text[size] != text[2]) {
      break;
    }
  }
  return pairs >= kLeastPairs ? size : 0;
}

}  // namespace hyprelay::handoff
