// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/sums.hpp"

#include <md5.h>
#include <sha1.h>
#include <sha2.h>
#include <zlib.h>

namespace hyprelay::handoff {
namespace {

// libmd's functions of one kind; it does not write to what it reads.
template <std::size_t kBytes, class Context, class Init, class Update, class Final>
std::vector<std::byte> libmd_sum(base::ByteView bytes, Init init, Update update, Final final) {
  Context context;
  std::vector<std::byte> sum(kBytes);
  init(&context);
  update(&context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  final(reinterpret_cast<std::uint8_t*>(sum.data()), &context);
  return sum;
}

std::vector<std::byte> crc32_sum(base::ByteView bytes) {
  const std::uint32_t sum = crc32_of(bytes);
  std::vector<std::byte> big_endian(4);
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    big_endian[i] = static_cast<std::byte>(sum >> (24 - 8 * i));
  }
  return big_endian;
}

}  // namespace

std::uint32_t crc32_of(base::ByteView bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::optional<std::vector<std::byte>> hash_of(std::string_view name, base::ByteView bytes) {
  if (name == "crc32") {
    return crc32_sum(bytes);
  }
  if (name == "md5") {
    return libmd_sum<MD5_DIGEST_LENGTH, MD5_CTX>(bytes, MD5Init, MD5Update, MD5Final);
  }
  if (name == "sha1") {
    return libmd_sum<SHA1_DIGEST_LENGTH, SHA1_CTX>(bytes, SHA1Init, SHA1Update, SHA1Final);
  }
  if (name == "sha256") {
    return libmd_sum<SHA256_DIGEST_LENGTH, SHA2_CTX>(bytes, SHA256Init, SHA256Update, SHA256Final);
  }
  if (name == "sha384") {
    return libmd_sum<SHA384_DIGEST_LENGTH, SHA2_CTX>(bytes, SHA384Init, SHA384Update, SHA384Final);
  }
  if (name == "sha512") {
    return libmd_sum<SHA512_DIGEST_LENGTH, SHA2_CTX>(bytes, SHA512Init, SHA512Update, SHA512Final);
  }
  return std::nullopt;
}

}  // namespace hyprelay::handoff
