// SPDX-License-Identifier: BSD-2-Clause
// Keys and detached signatures as minisign writes them [jedisct1.github.io/minisign, "Public key
// format", "Signature format"]. Pure: Ed25519 and BLAKE2b are handed in.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

struct SignatureTools {
  // Whether the 64 bytes are a signature of the message by the key of 32 bytes [RFC 8032, Ed25519].
  std::function<bool(base::ByteView signature, base::ByteView message, base::ByteView key)> ed25519;
  // BLAKE2b with 64 bytes of output and no key [RFC 7693].
  std::function<std::vector<std::byte>(base::ByteView message)> blake2b;
};

struct PublicKey {
  std::array<std::byte, 8> id = {};
  std::array<std::byte, 32> key = {};

  // As minisign prints it: "2921A6DDDD8C2F7D".
  std::string name() const;
};

// Of the two lines of a key's file, or of the second alone. `file`: its name, for messages. Error
// (stage file): SIGNATURE_KEY.
base::Result<PublicKey> read_public_key(std::string_view text, std::string_view file);

// Whether `text`, the content of a .minisig file, is that key's signature of the message: of the
// message itself or of its BLAKE2b, and of the trusted comment with it. The value is that comment.
// Errors (stage file, subject: `file`): SIGNATURE_MALFORMED, SIGNATURE_OTHER_KEY, SIGNATURE_WRONG.
base::Result<std::string> check_signature(std::string_view text, std::string_view file,
                                          base::ByteView message, const PublicKey& key,
                                          const SignatureTools& tools);

}  // namespace hyprelay::handoff
