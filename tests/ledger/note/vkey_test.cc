#include "ledger/note/vkey.h"

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/ledger/note/support.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// The first key, by number, whose text has a plus within its base64.
Signer SignerWithPlus(KeyType type, bool in_private_text) {
  for (uint64_t number = 0;; ++number) {
    Signer signer = SignerOf("a.example", type, number);
    const std::string text = in_private_text ? ToString(signer) : ToString(signer.verifier());
    const size_t parts = in_private_text ? 4 : 2;
    if (static_cast<size_t>(std::count(text.begin(), text.end(), '+')) > parts) return signer;
  }
}

TEST(VkeyTest, APlusWithinTheBase64BelongsToIt) {
  for (const KeyType type : {KeyType::kEd25519, KeyType::kCosignature}) {
    const Signer signer = SignerWithPlus(type, false);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const VerifierKey key,
                                  ParseVerifierKey(ToString(signer.verifier())));
    EXPECT_EQ(key, signer.verifier());
    const Signer secret = SignerWithPlus(type, true);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Signer read, ParseSigner(ToString(secret)));
    EXPECT_EQ(read.verifier(), secret.verifier());
    EXPECT_EQ(read.key().seed(), secret.key().seed());
  }
  // A published one: there are three plus signs in it.
  EXPECT_TRUE(absl::StrContains(absl::string_view(kLogVkey).substr(40), "+"));
  SCRUTINY_EXPECT_OK(ParseVerifierKey(kLogVkey));
}

// C2SP signed-note: SHA-256(name || newline || type || key), the first four bytes.
TEST(VkeyTest, TheIdIsOfNameTypeAndKey) {
  const Signer log = LogSigner();
  const PublicKey& key = log.key().public_key();
  std::string hashed = absl::StrCat(kLogName, "\n\x01");
  hashed.append(reinterpret_cast<const char*>(key.data()), key.size());
  EXPECT_EQ(ToHex(AsBytes(Sha256Of(hashed))).substr(0, 8), "33d7b496");
  EXPECT_EQ(KeyId(kLogName, KeyType::kEd25519, key), 0x33d7b496u);
  EXPECT_NE(KeyId(kLogName, KeyType::kCosignature, key), 0x33d7b496u);
  EXPECT_NE(KeyId("example.com/log/testdatb", KeyType::kEd25519, key), 0x33d7b496u);
  EXPECT_EQ(KeyOf(kMirrorVkey).type, KeyType::kCosignature);
  EXPECT_EQ(KeyOf(kSpecVkey).id, 0x530d903au);
}

TEST(VkeyTest, TheIdKeepsItsLeadingZeros) {
  uint64_t number = 0;
  while (SignerOf("a.example", KeyType::kEd25519, number).id() > 0x0fffffff) ++number;
  const Signer signer = SignerOf("a.example", KeyType::kEd25519, number);
  EXPECT_THAT(ToString(signer.verifier()), HasSubstr("a.example+0"));
  EXPECT_EQ(KeyOf(ToString(signer.verifier())), signer.verifier());
}

TEST(VkeyTest, EachSingleChangeOfAKeyIsNoticed) {
  for (const std::string text : {kLogVkey, kMirrorVkey}) {
    for (size_t at = 0; at < text.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string changed = text;
        changed[at] = static_cast<char>(byte);
        if (changed == text) continue;
        EXPECT_THAT(ParseVerifierKey(changed), Not(testing::IsOk())) << changed;
      }
      std::string shorter = text;
      shorter.erase(at, 1);
      EXPECT_THAT(ParseVerifierKey(shorter), Not(testing::IsOk())) << shorter;
    }
    EXPECT_THAT(ParseVerifierKey(text + "\n"), FailsWith(Reason::kMalformed));
    EXPECT_THAT(ParseVerifierKey(" " + text), FailsWith(Reason::kMalformed));
  }
}

TEST(VkeyTest, EachSingleChangeOfAPrivateKeyIsNoticed) {
  const std::string text = ToString(LogSigner());
  for (size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      EXPECT_THAT(ParseSigner(changed), Not(testing::IsOk())) << changed;
    }
  }
}

TEST(VkeyTest, OnlyTheTwoTypesAreKnown) {
  for (int type = 0; type < 256; ++type) {
    std::string material(1, static_cast<char>(type));
    material.append(32, '\x07');
    const std::string text = absl::StrCat("a.example+00000000+", EncodeBase64(material));
    const absl::Status status = ParseVerifierKey(text).status();
    EXPECT_THAT(status, FailsWith(Reason::kMalformed)) << type;
    const bool known = type == 1 || type == 4;
    EXPECT_EQ(absl::StrContains(status.message(), "Only keys of type"), !known) << type;
  }
}

TEST(VkeyTest, PrivateKeysHaveGosForm) {
  EXPECT_EQ(ToString(LogSigner()),
            "PRIVATE+KEY+example.com/log/testdata+33d7b496+"
            "AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg");
  EXPECT_THAT(ToString(MirrorSigner()), HasSubstr("PRIVATE+KEY+mirror.example.org+3fb148ef+B"));
}

TEST(VkeyTest, MalformedKeysAreRefused) {
  const std::string good = kLogVkey;
  for (const std::string& text :
       {std::string(), std::string("+"), std::string("++"), std::string("a"),
        std::string("a.example+33d7b496"), std::string("a.example+33d7b496+"),
        absl::StrReplaceAll(good, {{"33d7b496", "33D7B496"}}),
        absl::StrReplaceAll(good, {{"33d7b496", "33d7b49"}}),
        absl::StrReplaceAll(good, {{"33d7b496", "033d7b496"}}),
        absl::StrReplaceAll(good, {{"33d7b496", "0x33d7b4"}}),
        absl::StrReplaceAll(good, {{kLogName, ""}}),
        absl::StrReplaceAll(good, {{kLogName, "two words"}}), good + "=", good + "AAAA",
        good.substr(0, good.size() - 4)}) {
    EXPECT_THAT(ParseVerifierKey(text), FailsWith(Reason::kMalformed)) << text;
    EXPECT_THAT(ParseSigner(absl::StrCat("PRIVATE+KEY+", text)), FailsWith(Reason::kMalformed));
  }
}

TEST(VkeyTest, OneKindOfKeyIsNotTakenForTheOther) {
  const absl::Status status = ParseVerifierKey(ToString(LogSigner())).status();
  EXPECT_THAT(status, FailsWith(Reason::kMalformed));
  EXPECT_THAT(std::string(status.message()), HasSubstr("private key"));
  EXPECT_THAT(ParseSigner(kLogVkey), FailsWith(Reason::kMalformed));
  // The public key in a private key's place is a seed whose id is another.
  EXPECT_THAT(ParseSigner(absl::StrCat("PRIVATE+KEY+", kLogVkey)), FailsWith(Reason::kMalformed));
}

// Whatever is wrong with it, no part of a private key gets into the error.
TEST(VkeyTest, ErrorsDoNotQuoteTheKey) {
  const std::string good = ToString(LogSigner());
  const std::string material = good.substr(good.rfind("AeymY"));
  for (const std::string& text :
       {good.substr(1), good + "\n", good + "A", absl::StrReplaceAll(good, {{"33d7", "33d8"}}),
        absl::StrReplaceAll(good, {{"+33d7b496+", "+"}}), material,
        absl::StrReplaceAll(good, {{kLogName, "two words"}})}) {
    for (const absl::Status& status :
         {ParseSigner(text).status(), ParseVerifierKey(text).status()}) {
      EXPECT_FALSE(status.ok());
      EXPECT_THAT(status.ToString(), Not(HasSubstr(material.substr(1, 6)))) << text;
      EXPECT_THAT(InfoOf(status).value, "") << text;
    }
  }
}

TEST(VkeyTest, NamesThatAreAllowed) {
  for (const char* name :
       {"a", "example.com/log", "oid/1.2.3", "caf\xC3\xA9", "a=b", "-", "\x7F", "\xE2\x80\x94"}) {
    SCRUTINY_EXPECT_OK(ValidateKeyName(name)) << name;
  }
  SCRUTINY_EXPECT_OK(ValidateKeyName(std::string(kKeyNameBytesMax, 'n')));
}

TEST(VkeyTest, NamesThatAreNot) {
  for (const char* name : {"",
                           " ",
                           "a b",
                           "a+b",
                           "+",
                           "a\n",
                           "\ta",
                           "a\r",
                           "a\x0B",
                           "a\x0C",
                           "a\x01",
                           "\xC2\x85",
                           "\xC2\xA0",
                           "a\xE1\x9A\x80",
                           "\xE2\x80\x80",
                           "\xE2\x80\x85",
                           "\xE2\x80\x8A"
                           "a",
                           "\xE2\x80\xA8",
                           "\xE2\x80\xA9",
                           "\xE2\x80\xAF",
                           "\xE2\x81\x9F",
                           "\xE3\x80\x80",
                           "\xFF",
                           "caf\xE9"}) {
    EXPECT_THAT(ValidateKeyName(name), FailsWith(Reason::kMalformed)) << name;
    EXPECT_THAT(Signer::Create(name, KeyType::kEd25519, SigningKey::FromSeed(Seed{1})),
                FailsWith(Reason::kMalformed));
  }
  EXPECT_THAT(ValidateKeyName(absl::string_view("a\0b", 3)), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ValidateKeyName(std::string(kKeyNameBytesMax + 1, 'n')),
              FailsWith(Reason::kOverLimit));
}

// Characters that only look like spaces, or are none by Unicode's property.
TEST(VkeyTest, NeighboursOfSpacesAreAllowed) {
  for (const char* name : {"\xE2\x80\x8B", "\xE2\x80\xA7", "\xE1\xA0\x8E", "\xC2\x86",
                           "\xEF\xBB\xBF", "\xE3\x80\x81"}) {
    SCRUTINY_EXPECT_OK(ValidateKeyName(name)) << name;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
