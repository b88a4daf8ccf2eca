#include "ledger/verify/signed_checkpoint.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/cosignature.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::testing::HasSubstr;

class SignedCheckpointTest : public ::testing::Test {
 protected:
  SignedCheckpointTest() : trust_(log_.trust()) { log_.FillTo(5); }

  // The log's checkpoint, cosigned by these.
  std::string Cosigned(std::initializer_list<const Signer*> witnesses) {
    SignedNote note = *ParseNote(log_.Checkpoint());
    for (const Signer* witness : witnesses) {
      note.signatures.push_back(Cosign(note.text, *witness, 1'767'139'200));
    }
    return Format(note);
  }

  TestLog log_;
  Trust trust_;
  const Signer first_ = TestSigner("first.example", KeyType::kCosignature, 1);
  const Signer second_ = TestSigner("second.example", KeyType::kCosignature, 2);
};

TEST_F(SignedCheckpointTest, TheLogsKeySuffices) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedCheckpoint opened,
                                OpenSignedCheckpoint(log_.Checkpoint(), trust_));
  EXPECT_EQ(opened.checkpoint.size, TreeSize(5));
  EXPECT_EQ(opened.signatures.size(), 1u);
}

TEST_F(SignedCheckpointTest, AnotherKeyOfTheSameNameDoesNot) {
  Trust trust;
  trust.log_keys = {TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8).verifier()};
  const absl::Status status = OpenSignedCheckpoint(log_.Checkpoint(), trust).status();
  EXPECT_THAT(status, FailsWith(Reason::kNotFound));
  EXPECT_THAT(std::string(status.message()), HasSubstr("scrutiny.example.org+"));
}

TEST_F(SignedCheckpointTest, AnyOfSeveralLogKeysSuffices) {
  trust_.log_keys.insert(trust_.log_keys.begin(),
                         TestSigner(testing::kTestOrigin, KeyType::kEd25519, 8).verifier());
  EXPECT_THAT(OpenSignedCheckpoint(log_.Checkpoint(), trust_), IsOk());
}

TEST_F(SignedCheckpointTest, AKeyOfAnotherLogDoesNotVouchForThisOne) {
  const Signer other = TestSigner("other.example", KeyType::kEd25519, 9);
  SignedNote note = *ParseNote(log_.Checkpoint());
  note.signatures = {SignNote(note.text, other)};
  Trust trust;
  trust.log_keys = {other.verifier()};
  EXPECT_THAT(OpenSignedCheckpoint(Format(note), trust), FailsWith(Reason::kNotFound));
}

TEST_F(SignedCheckpointTest, WitnessesAreCountedOnceEach) {
  trust_.witness_keys = {first_.verifier(), second_.verifier()};
  for (const auto& [note, witnesses] :
       {std::pair(Cosigned({}), 0u), std::pair(Cosigned({&first_}), 1u),
        std::pair(Cosigned({&first_, &first_}), 1u),
        std::pair(Cosigned({&first_, &second_}), 2u)}) {
    for (size_t required = 0; required <= 2; ++required) {
      trust_.witnesses_required = required;
      const absl::Status status = OpenSignedCheckpoint(note, trust_).status();
      if (required <= witnesses) {
        EXPECT_THAT(status, IsOk());
      } else {
        EXPECT_THAT(status, FailsWith(Reason::kNotFound)) << witnesses << " of " << required;
      }
    }
  }
}

// One who has one key would count as two.
TEST_F(SignedCheckpointTest, AKeyIsOfOneWitnessAloneAndNotTheLogs) {
  trust_.witness_keys = {first_.verifier(), *ParseVerifierKey(ToString([this] {
                           VerifierKey again = first_.verifier();
                           again.name = "another.example";
                           again.id = KeyId(again.name, again.type, again.key);
                           return again;
                         }()))};
  EXPECT_THAT(CheckTrust(trust_), FailsWith(Reason::kMalformed));
  EXPECT_THAT(std::string(CheckTrust(trust_).message()), ::testing::HasSubstr("have the same key"));
  VerifierKey own = log_.signer().verifier();
  own.type = KeyType::kCosignature;
  own.id = KeyId(own.name, own.type, own.key);
  trust_.witness_keys = {own};
  EXPECT_THAT(std::string(CheckTrust(trust_).message()),
              ::testing::HasSubstr("the same key as the ledger"));
  trust_.witness_keys = {first_.verifier(), second_.verifier()};
  EXPECT_THAT(CheckTrust(trust_), IsOk());
}

TEST_F(SignedCheckpointTest, AnUnknownWitnessDoesNotCount) {
  trust_.witness_keys = {second_.verifier()};
  trust_.witnesses_required = 1;
  EXPECT_THAT(OpenSignedCheckpoint(Cosigned({&first_}), trust_), FailsWith(Reason::kNotFound));
}

TEST_F(SignedCheckpointTest, ATrustThatNothingCanMeetIsRefused) {
  EXPECT_THAT(CheckTrust(Trust{}), FailsWith(Reason::kMalformed));
  Trust trust = trust_;
  trust.witnesses_required = 1;
  EXPECT_THAT(CheckTrust(trust), FailsWith(Reason::kMalformed));
  trust = trust_;
  trust.witness_keys = trust.log_keys;
  EXPECT_THAT(CheckTrust(trust), FailsWith(Reason::kMalformed));
  trust.log_keys = {first_.verifier()};
  EXPECT_THAT(CheckTrust(trust), FailsWith(Reason::kMalformed));
}

TEST_F(SignedCheckpointTest, ATreeThatCannotBeIsRefusedThoughItIsSigned) {
  for (const uint64_t size : {uint64_t{1} << 63, ~uint64_t{0}}) {
    SignedNote note;
    note.text = Format(Checkpoint{testing::kTestOrigin, TreeSize(size), EmptyRoot(), {}});
    note.signatures.push_back(SignNote(note.text, log_.signer()));
    EXPECT_THAT(OpenSignedCheckpoint(Format(note), trust_), FailsWith(Reason::kOverLimit));
  }
}

// Goal: no byte of a cosigned checkpoint can be changed while both signatures are required.
TEST_F(SignedCheckpointTest, EveryChangedByteIsNoticed) {
  trust_.witness_keys = {first_.verifier()};
  trust_.witnesses_required = 1;
  const std::string good = Cosigned({&first_});
  for (size_t at = 0; at < good.size(); ++at) {
    for (const char change : {'\x01', '\x20', '\x80'}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ change);
      EXPECT_FALSE(OpenSignedCheckpoint(bad, trust_).ok()) << "byte " << at;
    }
  }
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(OpenSignedCheckpoint(good.substr(0, size), trust_).ok()) << size;
  }
}

}  // namespace
}  // namespace scrutiny::ledger
