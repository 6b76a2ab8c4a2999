// SPDX-License-Identifier: BSD-2-Clause
// Of libsodium only what is needed: a static program takes in no more. Its functions check without
// sodium_init(), which is for random numbers and for faster code.
#include "handoff/unpack/signatures.hpp"

#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_sign_ed25519.h>

namespace hyprelay::handoff {
namespace {

const unsigned char* plain(base::ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool is_signature(base::ByteView signature, base::ByteView message, base::ByteView key) {
  return signature.size() == crypto_sign_ed25519_BYTES &&
         key.size() == crypto_sign_ed25519_PUBLICKEYBYTES &&
         ::crypto_sign_ed25519_verify_detached(plain(signature), plain(message), message.size(),
                                               plain(key)) == 0;
}

std::vector<std::byte> blake2b_of(base::ByteView message) {
  std::vector<std::byte> hash(crypto_generichash_blake2b_BYTES_MAX);
  ::crypto_generichash_blake2b(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                               plain(message), message.size(), nullptr, 0);
  return hash;
}

}  // namespace

SignatureTools signature_tools() {
  return {.ed25519 = is_signature, .blake2b = blake2b_of};
}

}  // namespace hyprelay::handoff
