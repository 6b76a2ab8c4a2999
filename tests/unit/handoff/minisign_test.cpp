// SPDX-License-Identifier: BSD-2-Clause
// Keys and signatures made by Debian's minisign.
#include "handoff/minisign.hpp"

#include "base/number_text.hpp"
#include "handoff/unpack/signatures.hpp"
#include "tests/unit/handoff/workshop.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;

constexpr const char* kMessage = "hyprelay warrant 1\n";

class Minisign : public testing::Workshop {
 protected:
  void SetUp() override {
    Workshop::SetUp();
    write_text("m", kMessage);
    run("minisign -G -W -p k.pub -s k.sec >/dev/null && minisign -G -W -p l.pub -s l.sec "
        ">/dev/null");
    run("minisign -Sm m -s k.sec -t 'by hand' >/dev/null && "
        "minisign -S -l -m m -x legacy -s k.sec -t 'old form' >/dev/null");
  }
  std::string text(const std::string& name) const {
    return std::string(base::text_of(content_at(path(name))));
  }
  PublicKey key(const std::string& name = "k.pub") const {
    const auto read = read_public_key(text(name), name);
    EXPECT_TRUE(read);
    return read ? read.value() : PublicKey();
  }
  base::Result<std::string> check(const std::string& signature,
                                  std::string_view message = kMessage) const {
    return check_signature(signature, "m.minisig", base::bytes_of(message), key(),
                           signature_tools());
  }
  void expect_refusal(const std::string& signature, Code code,
                      std::string_view message = kMessage) const {
    const auto checked = check(signature, message);
    ASSERT_FALSE(checked) << signature;
    EXPECT_EQ(checked.error().code(), code) << base::describe(checked.error());
  }
};

TEST_F(Minisign, both_of_its_forms_are_right) {
  const auto checked = check(text("m.minisig"));
  ASSERT_TRUE(checked) << base::describe(checked.error());
  EXPECT_EQ(checked.value(), "by hand");
  EXPECT_EQ(check(text("legacy")).value(), "old form");
  // As minisign itself calls the key.
  EXPECT_NE(text("k.pub").find("public key " + key().name() + "\n"), std::string::npos);
  // The line alone, as -P takes it.
  const std::string whole = text("k.pub");
  const auto alone = read_public_key(whole.substr(whole.find('\n') + 1), "k");
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone.value().key, key().key);
}

TEST_F(Minisign, what_was_changed_is_refused) {
  expect_refusal(text("m.minisig"), Code::SIGNATURE_WRONG, "hyprelay warrant 2\n");
  expect_refusal(text("legacy"), Code::SIGNATURE_WRONG, "hyprelay warrant 1");
  std::string comment = text("m.minisig");
  comment.replace(comment.find("by hand"), 7, "by foot");
  expect_refusal(comment, Code::SIGNATURE_WRONG);
  run("minisign -Sm m -x other -s l.sec >/dev/null");
  const auto other = check(text("other"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), Code::SIGNATURE_OTHER_KEY);
  EXPECT_EQ(other.error().subject(),
            "m.minisig: by key " + key("l.pub").name() + ", not by " + key().name());
}

// Each character of the file as another one: it is refused, but in the untrusted comment.
TEST_F(Minisign, no_changed_character_gets_by) {
  const std::string good = text("m.minisig");
  const std::size_t untrusted = good.find('\n');
  int refused = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    const auto checked = check(bad);
    refused += checked ? 0 : 1;
    EXPECT_TRUE(!checked || i < untrusted) << i << bad;
  }
  EXPECT_GT(refused, 200);
  for (std::size_t size = 0; size + 1 < good.size(); ++size) {
    EXPECT_FALSE(check(good.substr(0, size))) << size;
  }
}

TEST_F(Minisign, what_is_no_signature_and_no_key) {
  for (const std::string& signature :
       {std::string(), std::string("untrusted comment: a\n"), text("k.pub"), std::string("\0\1", 2),
        "x" + text("m.minisig")}) {
    expect_refusal(signature, Code::SIGNATURE_MALFORMED);
  }
  for (const std::string& bad : {std::string(), text("m.minisig"), text("k.sec"),
                                 std::string("untrusted comment: a\n"), std::string("RWQ=\n")}) {
    const auto read = read_public_key(bad, "k.pub");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), Code::SIGNATURE_KEY);
  }
}

// [RFC 8032, 7.1, TEST 2; RFC 7693, appendix A]
TEST(Signatures, are_those_of_their_documents) {
  const auto bytes = [](std::string_view digits) {
    testing::Bytes all;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      all.push_back(
          static_cast<std::byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    }
    return all;
  };
  const auto key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  auto signature = bytes(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  const SignatureTools tools = signature_tools();
  EXPECT_TRUE(tools.ed25519(signature, bytes("72"), key));
  EXPECT_FALSE(tools.ed25519(signature, bytes("73"), key));
  EXPECT_FALSE(tools.ed25519(base::ByteView(signature).first(63), bytes("72"), key));
  EXPECT_FALSE(tools.ed25519(signature, bytes("72"), base::ByteView(key).first(31)));
  EXPECT_EQ(base::hex_bytes(tools.blake2b(base::bytes_of("abc"))),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

}  // namespace
}  // namespace hyprelay::handoff
