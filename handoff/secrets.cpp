// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/secrets.hpp"

#include "base/config_lines.hpp"
#include "base/number_text.hpp"
#include "fdt/tree.hpp"
#include "handoff/json.hpp"
#include "handoff/secret_words.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>

namespace hyprelay::handoff {
namespace {

std::string small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return small;
}

std::vector<std::byte> reversed(base::ByteView bytes) {
  return {bytes.rbegin(), bytes.rend()};
}

// The digits of base64 that these bytes alone decide, when `before` others precede them modulo 3.
std::string base64_of_part(base::ByteView bytes, std::size_t before) {
  std::vector<std::byte> padded(before);
  padded.insert(padded.end(), bytes.begin(), bytes.end());
  const std::size_t first = (before * 8 + 5) / 6;
  const std::size_t end = padded.size() * 8 / 6;
  return to_base64(padded).substr(first, end - first);
}

bool is_text_value(base::ByteView value) {
  if (value.empty() || value.back() != std::byte{0} || value.front() == std::byte{0}) {
    return false;
  }
  return std::ranges::all_of(value.first(value.size() - 1), [](std::byte byte) {
    const auto c = std::to_integer<unsigned char>(byte);
    return c == 0 || c == '\t' || c == '\n' || (c >= 0x20 && c != 0x7f);
  });
}

// Of a MAC address in text; empty for anything else.
std::vector<std::byte> bytes_of_mac(std::string_view text) {
  std::vector<std::byte> bytes;
  for (std::size_t at = 0, end = mac_bytes(text); at < end; at += 3) {
    std::string_view digits = text.substr(at, 2);
    bytes.push_back(static_cast<std::byte>(base::take_number(digits, 16).value_or(0)));
  }
  return bytes;
}

// Calls replace(at) for each place, of either case, and goes on behind what it returns.
template <class Replace>
void for_each_place(std::string& text, const std::string& small_form, const Replace& replace) {
  std::string small = small_letters(text);
  for (std::size_t at = small.find(small_form); at != std::string::npos;) {
    const std::size_t behind = replace(at);
    small = small_letters(text);
    at = small.find(small_form, behind);
  }
}

}  // namespace

std::string secret_mark(std::string_view what, std::size_t size_bytes) {
  std::string mark = "<left-out-" + std::string(what) + "-of-" + std::to_string(size_bytes) +
                     (size_bytes == 1 ? "-byte>" : "-bytes>");
  std::ranges::replace(mark, ' ', '-');
  return mark;
}

void Secrets::note(std::string_view where, std::string_view what, std::size_t size_bytes) {
  LeftOutSecret one{std::string(where), std::string(what), size_bytes};
  if (std::ranges::find(left_out_, one) == left_out_.end()) {
    left_out_.push_back(std::move(one));
  }
}

void Secrets::remember(base::ByteView value) {
  const bool is_plain =
      value.size() < kLeastBytes ||
      std::ranges::all_of(value, [&](std::byte byte) { return byte == value.front(); });
  std::vector<std::byte> own(value.begin(), value.end());
  if (!is_plain && std::ranges::find(known_, own) == known_.end()) {
    known_.push_back(std::move(own));
  }
}

std::string Secrets::mark(std::string_view value, std::string_view what, std::string_view where,
                          bool remembered) {
  if (value.starts_with("<left-out-") || value.empty()) {
    return std::string(value);
  }
  note(where, what, value.size());
  // One in text may stand elsewhere as bytes.
  remember(bytes_of_mac(value));
  if (remembered) {
    remember(base::bytes_of(value));
  }
  return secret_mark(what, value.size());
}

std::string Secrets::mark_known(std::string text) const {
  for (const std::vector<std::byte>& secret : known_) {
    for (const std::string& form :
         {small_letters(base::text_of(secret)), base::hex_bytes(secret)}) {
      for_each_place(text, form, [&](std::size_t at) {
        const std::string mark = secret_mark("secret", secret.size());
        text.replace(at, form.size(), mark);
        return at + mark.size();
      });
    }
  }
  return text;
}

std::string Secrets::command_line(std::string_view line, std::string_view where) {
  return text(
      mark_words(line, [&](std::string_view value, std::string_view what,
                           bool remembered) { return mark(value, what, where, remembered); }),
      where);
}

std::string Secrets::configuration(std::string_view text, std::string_view where) {
  // What takes several lines first: a private key.
  const std::string whole = this->text(text, where);
  text = whole;
  std::string marked;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const std::size_t equals = line.find('=');
    const std::string_view key = line.substr(0, std::min(equals, line.size()));
    const std::string_view what = secret_of_word(key);
    const std::string place = std::string(where).append(": ").append(key);
    if (equals == line.npos) {
      marked += this->text(line, where);
    } else if (what.empty()) {
      // A comment's words too: it may be a line that somebody switched off. The quotes of a shell
      // are not those of a command line.
      std::string_view value = line.substr(equals + 1);
      const bool quoted = value.starts_with('"') || value.starts_with('\'');
      value.remove_prefix(quoted ? 1 : 0);
      marked.append(line.substr(0, equals + 1)).append(quoted ? line.substr(equals + 1, 1) : "");
      marked += command_line(value, place);
    } else {
      marked.append(line.substr(0, equals + 1));
      marked += mark(line.substr(equals + 1), what, place, what != "user");
    }
    marked += '\n';
  }
  return marked;
}

std::string Secrets::text(std::string_view text, std::string_view where) {
  return mark_known(
      mark_text(text, [&](std::string_view value, std::string_view what, bool remembered) {
        return mark(value, what, where, remembered);
      }));
}

std::vector<std::byte> Secrets::property(const std::string& node, std::string_view name,
                                         base::ByteView value) {
  const std::string where = "device tree: " + node + ": " + std::string(name);
  const std::string_view what = secret_of_property(node, name);
  std::vector<std::byte> blank(value.begin(), value.end());
  const bool is_zero =
      std::ranges::all_of(value, [](std::byte byte) { return byte == std::byte{0}; });
  // "serial:115200n8" names a console.
  if (is_zero || name.ends_with("stdout-path")) {
    return blank;
  }
  if (is_text_value(value)) {
    std::string texts;
    for (std::string_view rest = base::text_of(value); !rest.empty();) {
      const std::string_view one = rest.substr(0, rest.find('\0'));
      rest.remove_prefix(one.size() + 1);
      texts += !what.empty()                    ? mark(one, what, where, true)
               : is_command_line_property(name) ? command_line(one, where)
                                                : text(one, where);
      texts += '\0';
    }
    const base::ByteView bytes = base::bytes_of(texts);
    return {bytes.begin(), bytes.end()};
  }
  if (!what.empty()) {
    note(where, what, value.size());
    remember(value);
    std::ranges::fill(blank, std::byte{0});
    return blank;
  }
  for (const std::vector<std::byte>& secret : known_) {
    for (const std::vector<std::byte>& form : {secret, reversed(secret)}) {
      for (auto at = std::ranges::search(blank, form); !at.empty();
           at = std::ranges::search(blank, form)) {
        note(where, "secret", form.size());
        std::ranges::fill(at, std::byte{0});
      }
    }
  }
  return blank;
}

std::vector<std::byte> Secrets::tree(base::ByteView blob, std::string_view name) {
  auto tree = fdt::Tree::from_bytes(blob, name);
  if (!tree) {
    return {};
  }
  struct Edit {
    std::string node;
    std::string name;
    std::vector<std::byte> value;
  };
  std::vector<Edit> edits;
  tree.value().for_each_property(
      [&](const std::string& node, std::string_view property_name, base::ByteView value) {
        auto blank = property(node, property_name, value);
        if (!std::ranges::equal(blank, value)) {
          edits.push_back({node, std::string(property_name), std::move(blank)});
        }
      });
  for (const Edit& edit : edits) {
    if (!tree.value().set(edit.node, edit.name, edit.value)) {
      return {};
    }
  }
  return tree.value().packed();
}

Machine Secrets::machine(const Machine& machine) {
  Machine blank = machine;
  blank.command_line = command_line(machine.command_line, "command line");
  for (std::string& line : blank.hyp.log) {
    line = command_line(line, "log");
  }
  for (NamedRange& range : blank.reserved) {
    range.name = text(range.name, "reserved memory");
  }
  if (!machine.device_tree.empty()) {
    blank.device_tree = tree(machine.device_tree, machine.device_tree_source);
    if (blank.device_tree.empty()) {
      note("device tree", "tree that cannot be read", machine.device_tree.size());
    }
  }
  return blank;
}

bool Secrets::is_any_in(std::string_view text) const {
  const std::string small = small_letters(text);
  return std::ranges::any_of(known_, [&](const std::vector<std::byte>& secret) {
    const std::vector<std::byte> backwards = reversed(secret);
    return std::ranges::any_of(
        std::initializer_list<base::ByteView>{secret, backwards}, [&](base::ByteView bytes) {
          bool found = small.find(small_letters(base::text_of(bytes))) != small.npos ||
                       small.find(base::hex_bytes(bytes)) != small.npos;
          for (std::size_t before = 0; before < 3 && !found; ++before) {
            found = text.find(base64_of_part(bytes, before)) != text.npos;
          }
          return found;
        });
  });
}

}  // namespace hyprelay::handoff
