// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/minisign.hpp"

#include "handoff/json.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::Stage;

constexpr std::string_view kUntrusted = "untrusted comment:";
constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::size_t kMarkBytes = 2;
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

// "Ed": of the message; "ED": of its BLAKE2b.
constexpr std::string_view kPlainMark = "Ed";
constexpr std::string_view kHashedMark = "ED";

std::string_view without_return(std::string_view line) {
  line.remove_suffix(line.ends_with('\r') ? 1 : 0);
  return line;
}

// Of exactly that many bytes, in the one way that they are written; empty: it is none.
std::vector<std::byte> bytes_of_line(std::string_view line, std::size_t size_bytes) {
  auto bytes = from_base64(line);
  return bytes && bytes->size() == size_bytes && to_base64(*bytes) == line
             ? std::move(*bytes)
             : std::vector<std::byte>();
}

std::string id_text(ByteView id) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::byte byte : id) {
    const auto value = std::to_integer<unsigned>(byte);
    // Little endian, as a number.
    text.insert(0, {kDigits[value >> 4], kDigits[value & 15]});
  }
  return text;
}

struct SignatureFile {
  std::string_view mark;
  ByteView id;
  ByteView signature;
  std::string_view comment;
  ByteView of_comment;
  std::vector<std::byte> first;
  std::vector<std::byte> second;
};

// nullopt: it is none.
std::optional<SignatureFile> read_signature(std::string_view text) {
  SignatureFile read;
  const std::string_view untrusted = base::take_line(text);
  read.first =
      bytes_of_line(without_return(base::take_line(text)), kMarkBytes + kIdBytes + kSignatureBytes);
  const std::string_view trusted = without_return(base::take_line(text));
  read.second = bytes_of_line(without_return(base::take_line(text)), kSignatureBytes);
  if (!untrusted.starts_with(kUntrusted) || !trusted.starts_with(kTrusted) || read.first.empty() ||
      read.second.empty()) {
    return std::nullopt;
  }
  const ByteView first = read.first;
  read.mark = base::text_of(first.first(kMarkBytes));
  read.id = first.subspan(kMarkBytes, kIdBytes);
  read.signature = first.subspan(kMarkBytes + kIdBytes);
  read.comment = trusted.substr(kTrusted.size());
  read.of_comment = read.second;
  return read.mark == kPlainMark || read.mark == kHashedMark ? std::optional(std::move(read))
                                                             : std::nullopt;
}

Error signature_error(Code code, std::string_view file, std::string_view what) {
  return {code, Stage::kFile, std::string(file).append(what.empty() ? "" : ": ").append(what)};
}

}  // namespace

std::string PublicKey::name() const {
  return id_text(id);
}

base::Result<PublicKey> read_public_key(std::string_view text, std::string_view file) {
  std::string_view line = without_return(base::take_line(text));
  if (line.starts_with(kUntrusted)) {
    line = without_return(base::take_line(text));
  }
  const std::vector<std::byte> bytes = bytes_of_line(line, kMarkBytes + kIdBytes + kKeyBytes);
  if (bytes.empty() || base::text_of(ByteView(bytes).first(kMarkBytes)) != kPlainMark) {
    return signature_error(Code::SIGNATURE_KEY, file, "");
  }
  PublicKey key;
  std::copy_n(bytes.begin() + kMarkBytes, kIdBytes, key.id.begin());
  std::copy_n(bytes.begin() + kMarkBytes + kIdBytes, kKeyBytes, key.key.begin());
  return key;
}

base::Result<std::string> check_signature(std::string_view text, std::string_view file,
                                          ByteView message, const PublicKey& key,
                                          const SignatureTools& tools) {
  const auto read = read_signature(text);
  if (!read) {
    return signature_error(Code::SIGNATURE_MALFORMED, file, "");
  }
  if (!std::ranges::equal(read->id, key.id)) {
    return signature_error(Code::SIGNATURE_OTHER_KEY, file,
                           "by key " + id_text(read->id) + ", not by " + key.name());
  }
  const std::vector<std::byte> hash =
      read->mark == kHashedMark ? tools.blake2b(message) : std::vector<std::byte>();
  const ByteView what = read->mark == kHashedMark ? ByteView(hash) : message;
  if (!tools.ed25519(read->signature, what, key.key)) {
    return signature_error(Code::SIGNATURE_WRONG, file, "");
  }
  // Comment and signature are bound to each other.
  std::vector<std::byte> both(read->signature.begin(), read->signature.end());
  const ByteView comment = base::bytes_of(read->comment);
  both.insert(both.end(), comment.begin(), comment.end());
  if (!tools.ed25519(read->of_comment, both, key.key)) {
    return signature_error(Code::SIGNATURE_WRONG, file, "its trusted comment was changed");
  }
  return std::string(read->comment);
}

}  // namespace hyprelay::handoff
