#include "ledger/seal/keys_file.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "ledger/seal/aead.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::SeededRandom;
using ::testing::AnyOf;

SubjectKeyId IdOf(uint8_t byte) {
  SubjectKeyId id;
  id.fill(byte);
  return id;
}

std::shared_ptr<const KeyRow> Row(uint8_t id, const std::string& subject) {
  auto row = std::make_shared<KeyRow>();
  row->id = IdOf(id);
  row->subject = subject;
  row->created_at_us = 1'000'000 + id;
  row->key = Secret(std::string(32, static_cast<char>('A' + id)));
  return row;
}

KeysContent Content() {
  KeysContent content;
  content.first_epoch = 1;
  content.keys = {Row(1, "office"), Row(3, "persons/b")};
  content.tombstones = {Tombstone{IdOf(2), "persons/a", 77}, Tombstone{IdOf(9), "persons/a", 99}};
  PendingErasure pending;
  pending.erasure_id = IdOf(0xee);
  pending.request = {"persons/a", "why", "who", "r-1", "clerk"};
  pending.key_ids = {IdOf(9)};
  pending.erased_at_us = 99;
  pending.survivors = 2;
  content.pending = {pending};
  return content;
}

KeysHeader Header() { return KeysHeader{std::string(16, 'L'), 4, "wrapped"}; }

const Secret& FileKey() {
  static const Secret& key = *new Secret(std::string(32, 'F'));
  return key;
}

std::string File(const KeysContent& content) {
  SeededRandom random(3);
  return EncodeKeysFile(Header(), FileKey(), content, random);
}

bool Same(const KeysContent& a, const KeysContent& b) {
  if (a.keys.size() != b.keys.size() || a.first_epoch != b.first_epoch) return false;
  for (size_t i = 0; i < a.keys.size(); ++i) {
    if (a.keys[i]->id != b.keys[i]->id || a.keys[i]->subject != b.keys[i]->subject ||
        a.keys[i]->created_at_us != b.keys[i]->created_at_us ||
        a.keys[i]->key.view() != b.keys[i]->key.view()) {
      return false;
    }
  }
  return a.tombstones == b.tombstones && a.pending == b.pending;
}

// The body of a file whose content nobody would encode.
absl::Status OpenBody(const std::string& body) {
  std::string file = KeysFileContext(Header().ledger_id, 4) + std::string("\0\7wrapped", 9);
  file += AeadSeal(FileKey().view(), std::string(12, 'n'), file, body);
  return OpenKeysFile(file, FileKey()).status();
}

TEST(KeysFileTest, WhatIsWrittenIsRead) {
  const std::string file = File(Content());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const KeysHeader header, ParseKeysHeader(file));
  EXPECT_EQ(header.ledger_id, Header().ledger_id);
  EXPECT_EQ(header.epoch, 4u);
  EXPECT_EQ(header.wrapped_file_key, "wrapped");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const KeysContent read, OpenKeysFile(file, FileKey()));
  EXPECT_TRUE(Same(read, Content()));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const KeysContent nothing,
                                OpenKeysFile(File(KeysContent{}), FileKey()));
  EXPECT_TRUE(Same(nothing, KeysContent{}));
}

// Version 1, to the byte: README.md explains it.
TEST(KeysFileTest, TheBytesAreThoseOfTheFormat) {
  const std::string file = File(Content());
  const std::string head = KeysFileContext(std::string(16, 'L'), 4);
  EXPECT_EQ(ToHex(head),
            "7363727574696e792d6b6579732d76310a"  // scrutiny-keys-v1
            "4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c"    // ledger id
            "0000000000000004");                  // epoch
  const std::string aad = head + std::string("\0\7wrapped", 9);
  ASSERT_EQ(file.substr(0, aad.size()), aad);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Secret body, AeadOpen(FileKey().view(), aad, file.substr(aad.size()), "The body"));
  const auto text = [](const std::string& s) {
    return ToHex(std::string(1, '\0') + static_cast<char>(s.size()) + s);
  };
  const auto sixteen = [](const std::string& byte) {
    std::string hex;
    for (int i = 0; i < 16; ++i) hex += byte;
    return hex;
  };
  EXPECT_EQ(
      ToHex(body.view()),
      absl::StrCat(
          "0000000000000001",  // first epoch
          "00000002",          // keys
          sixteen("01"), "00000000000f4241", text("office"), ToHex(std::string(32, 'B')),     //
          sixteen("03"), "00000000000f4243", text("persons/b"), ToHex(std::string(32, 'D')),  //
          "00000002",                                            // tombstones
          sixteen("02"), "000000000000004d", text("persons/a"),  //
          sixteen("09"), "0000000000000063", text("persons/a"),  //
          "00000001",                                            // pending
          sixteen("ee"), "0000000000000063", "0000000000000002", text("persons/a"), text("why"),
          text("who"), text("r-1"), text("clerk"), "00000001", sixteen("09")));
}

TEST(KeysFileTest, EveryFlippedBitIsNoticed) {
  const std::string file = File(Content());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const KeysHeader header, ParseKeysHeader(file));
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string altered = file;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(OpenKeysFile(altered, FileKey()), FailsWith(Reason::kCorrupt)) << bit;
  }
}

TEST(KeysFileTest, EveryCutIsNoticed) {
  const std::string file = File(Content());
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_THAT(OpenKeysFile(file.substr(0, size), FileKey()), FailsWith(Reason::kCorrupt));
  }
  EXPECT_THAT(OpenKeysFile(file + "x", FileKey()), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenKeysFile(file, Secret(std::string(32, 'G'))), FailsWith(Reason::kCorrupt));
}

TEST(KeysFileTest, SubjectsAreNotInTheClear) {
  const std::string file = File(Content());
  EXPECT_EQ(file.find("persons/"), std::string::npos);
  EXPECT_EQ(file.find("BBBB"), std::string::npos);
}

TEST(KeysFileTest, OneContentHasOneBody) {
  const auto with = [](auto change) {
    KeysContent content = Content();
    change(content);
    return OpenKeysFile(File(content), FileKey());
  };
  EXPECT_THAT(with([](KeysContent& c) { std::swap(c.keys[0], c.keys[1]); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(with([](KeysContent& c) { c.keys.push_back(c.keys.back()); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(with([](KeysContent& c) { c.keys.push_back(Row(4, "office")); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(with([](KeysContent& c) { std::swap(c.tombstones[0], c.tombstones[1]); }),
              FailsWith(Reason::kCorrupt));
  EXPECT_THAT(with([](KeysContent& c) { c.tombstones[0].id = c.keys[0]->id; }),
              FailsWith(Reason::kCorrupt));
}

TEST(KeysFileTest, CountsBeyondTheEndAreRefused) {
  const std::string first(8, '\0');
  const std::string many = "\xff\xff\xff\xff";
  const std::string none(4, '\0');
  SCRUTINY_EXPECT_OK(OpenBody(first + none + none + none));
  EXPECT_THAT(OpenBody(first + many), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenBody(first + none + many), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenBody(first + none + none + many), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenBody(first + none + none + none + "x"), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(OpenBody(""), FailsWith(Reason::kCorrupt));
}

}  // namespace
}  // namespace scrutiny::ledger
