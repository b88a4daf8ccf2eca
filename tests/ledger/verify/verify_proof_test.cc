#include "ledger/verify/verify_proof.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/lines.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/tlog_proof.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::MemoryLog;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::testing::HasSubstr;

TEST(VerifyProofTest, EveryEntryIsProven) {
  for (const uint64_t size : {1u, 2u, 7u, 256u, 300u}) {
    TestLog log;
    log.FillTo(size);
    for (uint64_t i = 0; i < size; i += size < 10 ? 1 : 37) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const ProvenEntry proven,
                                    VerifyProof(log.Proof(i), log.entry(i), log.trust()));
      EXPECT_EQ(proven.index, Sequence(i));
      EXPECT_EQ(proven.signed_by.checkpoint.size, TreeSize(size));
      EXPECT_EQ(proven.record.empty(), false);
    }
  }
}

TEST(VerifyProofTest, AnotherEntrysBytesAreNotProven) {
  TestLog log;
  log.FillTo(20);
  EXPECT_THAT(VerifyProof(log.Proof(5), log.entry(6), log.trust()), FailsWith(Reason::kCorrupt));
}

TEST(VerifyProofTest, AWrongKeyProvesNothing) {
  TestLog log;
  log.FillTo(20);
  Trust trust;
  trust.log_keys = {TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8).verifier()};
  EXPECT_THAT(VerifyProof(log.Proof(5), log.entry(5), trust), FailsWith(Reason::kNotFound));
}

TEST(VerifyProofTest, EveryChangedByteOfProofAndEntryIsNoticed) {
  TestLog log;
  log.FillTo(7);
  const std::string proof = log.Proof(5);
  const std::string entry = log.entry(5);
  for (const char change : {'\x01', '\x20', '\x80'}) {
    for (size_t at = 0; at < proof.size(); ++at) {
      std::string bad = proof;
      bad[at] = static_cast<char>(bad[at] ^ change);
      EXPECT_FALSE(VerifyProof(bad, entry, log.trust()).ok()) << "byte " << at;
    }
    for (size_t at = 0; at < entry.size(); ++at) {
      std::string bad = entry;
      bad[at] = static_cast<char>(bad[at] ^ change);
      EXPECT_FALSE(VerifyProof(proof, bad, log.trust()).ok()) << "byte " << at;
    }
  }
  for (size_t size = 0; size < proof.size(); ++size) {
    EXPECT_FALSE(VerifyProof(proof.substr(0, size), entry, log.trust()).ok()) << size;
  }
  for (size_t size = 0; size < entry.size(); ++size) {
    EXPECT_FALSE(VerifyProof(proof, entry.substr(0, size), log.trust()).ok()) << size;
  }
}

// An entry that the check of a whole log refuses is not taken from its proof alone.
TEST(VerifyProofTest, AnEntryThatIsWrongByItselfIsRefused) {
  const std::vector<std::pair<TestLog::Change, std::string>> slips = {
      {[](auto& e) { e.mutable_proposed()->set_record("meetings/a\x1b[2J"); },
       "whose name is none"},
      {[](auto& e) { e.mutable_proposed()->clear_record(); }, "whose name is none"},
      {[](auto& e) { e.mutable_assigned()->set_fact_type(69); }, "is said to be of type 69"},
      {[](auto& e) { e.mutable_assigned()->set_entry_id("x"); }, "its id is not of 16 bytes"},
      {[](auto& e) { e.clear_assigned(); }, "it lacks what"},
  };
  for (const auto& [change, what] : slips) {
    TestLog log;
    log.FillTo(5);
    log.Append({"actions/spab/1"}, change);
    const absl::Status status = VerifyProof(log.Proof(5), log.entry(5), log.trust()).status();
    EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(status.message()), HasSubstr("Entry 5 is in the ledger, and "));
    EXPECT_THAT(std::string(status.message()), HasSubstr(what));
  }
  TestLog empty;
  empty.AddRaw("");
  EXPECT_THAT(VerifyProof(empty.Proof(0), "", empty.trust()), FailsWith(Reason::kCorrupt));
}

TEST(VerifyProofTest, AnIndexBeyondTheTreeIsSaidToBe) {
  TestLog log;
  log.FillTo(7);
  for (const uint64_t index : {uint64_t{7}, uint64_t{8}, uint64_t{1} << 63, ~uint64_t{0}}) {
    TlogProof proof = *ParseTlogProof(log.Proof(5));
    proof.index = Sequence(index);
    const absl::Status status = VerifyProof(Format(proof), log.entry(5), log.trust()).status();
    EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(absl::StrCat("The proof is of entry ", index,
                                       ", and its checkpoint is of "
                                       "7 entries")));
  }
}

TEST(VerifyProofTest, ATreeOfTwoToThe63IsRefusedThoughItIsSigned) {
  TestLog log;
  log.FillTo(7);
  SignedNote note;
  note.text = Format(
      Checkpoint{testing::kTestOrigin, TreeSize(uint64_t{1} << 63), LeafHash(log.entry(5)), {}});
  note.signatures.push_back(SignNote(note.text, log.signer()));
  TlogProof proof = *ParseTlogProof(log.Proof(5));
  proof.checkpoint = Format(note);
  EXPECT_THAT(VerifyProof(Format(proof), log.entry(5), log.trust()), FailsWith(Reason::kOverLimit));
}

// What is in the tree, and signed, and contradicts itself all the same.
TEST(VerifyProofTest, AnEntryThatNamesAnotherPlaceIsRefused) {
  TestLog log;
  log.FillTo(3);
  log.Append({"actions/spab/1"}, [](auto& e) { e.mutable_assigned()->set_sequence(9); });
  log.AddRaw("no entry");
  absl::Status status = VerifyProof(log.Proof(3), log.entry(3), log.trust()).status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("Entry 3 is in the ledger, and says that it is entry 9"));
  status = VerifyProof(log.Proof(4), log.entry(4), log.trust()).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("its bytes are no entry"));
}

// --- Consistency.

class ConsistencyTest : public ::testing::Test {
 protected:
  ConsistencyTest() { log_.FillTo(700); }

  Checkpoint At(uint64_t size) {
    return {testing::kTestOrigin, TreeSize(size), log_.Root(size), {}};
  }
  std::vector<Hash> Proof(uint64_t older, uint64_t newer) {
    return *ConsistencyProof(log_, TreeSize(older), TreeSize(newer));
  }

  TestLog log_;
};

TEST_F(ConsistencyTest, EveryEarlierTreeIsTheFrontOfALaterOne) {
  for (const uint64_t newer : {1u, 2u, 255u, 256u, 257u, 700u}) {
    for (uint64_t older = 1; older <= newer; older += 1 + newer / 50) {
      SCRUTINY_EXPECT_OK(VerifyCheckpoints(At(older), At(newer), Proof(older, newer)));
    }
  }
  const Checkpoint none{testing::kTestOrigin, TreeSize(0), EmptyRoot(), {}};
  SCRUTINY_EXPECT_OK(VerifyCheckpoints(none, At(5), {}));
  SCRUTINY_EXPECT_OK(VerifyCheckpoints(none, none, {}));
  Checkpoint wrong = none;
  wrong.root = LeafHash("");
  EXPECT_THAT(VerifyCheckpoints(wrong, At(5), {}), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(VerifyCheckpoints(wrong, wrong, {}), FailsWith(Reason::kCorrupt));
}

TEST_F(ConsistencyTest, TwoHistoriesOfOneSizeAreCalledSo) {
  Checkpoint other = At(5);
  other.root = LeafHash("x");
  const absl::Status status = VerifyCheckpoints(At(5), other, {});
  EXPECT_THAT(status, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(status.message()), HasSubstr("two different histories of 5 entries"));
}

TEST_F(ConsistencyTest, WhatDoesNotBelongTogetherIsRefusedWithWhatToDo) {
  EXPECT_THAT(VerifyCheckpoints(At(7), At(5), {}), FailsWith(Reason::kMalformed));
  Checkpoint other = At(7);
  other.origin = "other.example";
  EXPECT_THAT(VerifyCheckpoints(At(5), other, Proof(5, 7)), FailsWith(Reason::kMalformed));
  EXPECT_THAT(VerifyCheckpoints(At(5), At(5), Proof(5, 7)), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(VerifyCheckpoints(At(5), At(7), {}), FailsWith(Reason::kCorrupt));
}

TEST_F(ConsistencyTest, EveryChangedHashIsNoticed) {
  const std::vector<Hash> good = Proof(300, 700);
  for (size_t i = 0; i < good.size(); ++i) {
    for (size_t byte = 0; byte < sizeof(Hash); ++byte) {
      std::vector<Hash> bad = good;
      bad[i][byte] ^= 1;
      ASSERT_THAT(VerifyCheckpoints(At(300), At(700), bad), FailsWith(Reason::kCorrupt));
    }
  }
  std::vector<Hash> longer = good;
  longer.push_back(good.back());
  EXPECT_FALSE(VerifyCheckpoints(At(300), At(700), longer).ok());
  EXPECT_FALSE(
      VerifyCheckpoints(At(300), At(700), absl::MakeConstSpan(good).first(good.size() - 1)).ok());
}

TEST_F(ConsistencyTest, TheProofIsMadeFromALogThatHasGrownFurther) {
  MemoryLog log(log_.Files());
  for (const auto& [older, newer] :
       {std::pair(1u, 2u), std::pair(255u, 257u), std::pair(256u, 300u), std::pair(300u, 700u),
        std::pair(511u, 512u), std::pair(699u, 700u)}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> proof,
                                  ConsistencyFromLog(log, TreeSize(older), TreeSize(newer)));
    EXPECT_EQ(proof, Proof(older, newer));
  }
  EXPECT_THAT(ConsistencyFromLog(log, TreeSize(300), TreeSize(701)),
              FailsWith(Reason::kBeyondHead));
}

TEST_F(ConsistencyTest, AProofIsReadOneHashALine) {
  const std::vector<Hash> proof = Proof(300, 700);
  std::string text;
  for (const Hash& hash : proof) absl::StrAppend(&text, FormatHash(hash), "\n");
  EXPECT_EQ(*ParseConsistencyProof(text), proof);
  EXPECT_TRUE(ParseConsistencyProof("")->empty());
  EXPECT_THAT(ParseConsistencyProof(text + "\n"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseConsistencyProof(" " + text), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ParseConsistencyProof(text.substr(0, text.size() - 1)),
              FailsWith(Reason::kMalformed));
  std::string many;
  for (int i = 0; i < 65; ++i) absl::StrAppend(&many, FormatHash(proof[0]), "\n");
  EXPECT_THAT(ParseConsistencyProof(many), FailsWith(Reason::kMalformed));
}

}  // namespace
}  // namespace scrutiny::ledger
