#include "services/grpc/proof_service.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "ledger/merkle/tree_hash.h"
#include "ledger/note/tlog_proof.h"
#include "tests/services/grpc/fixture.h"
#include "tests/services/grpc/receipts.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

// Beyond every ledger, at the places where numbers change their signs or widths.
std::vector<uint64_t> TooLarge(uint64_t size) {
  return {size,
          size + 1,
          uint64_t{1} << 31,
          uint64_t{1} << 32,
          (uint64_t{1} << 63) - 1,
          uint64_t{1} << 63,
          kMost - 1,
          kMost};
}

class ProofServiceTest : public GrpcTest {
 protected:
  void SetUp() override {
    signs_ = true;
    StartAll();
  }
  void TearDown() override {
    proofs_.reset();
    Stop();
  }
  void StartAll() {
    ASSERT_NO_FATAL_FAILURE(Start());
    proofs_ = api::ProofService::NewStub(channel_);
  }
  void Restart() {
    proofs_.reset();
    Stop();
    StartAll();
  }

  grpc::Status GetProof(uint64_t sequence, absl::optional<uint64_t> size,
                        api::GetProofResponse* response) {
    grpc::ClientContext context;
    api::GetProofRequest request;
    request.set_sequence(sequence);
    if (size) request.set_tree_size(*size);
    return proofs_->GetProof(&context, request, response);
  }
  grpc::Status GetConsistency(uint64_t old_size, absl::optional<uint64_t> new_size,
                              api::GetConsistencyResponse* response) {
    grpc::ClientContext context;
    api::GetConsistencyRequest request;
    request.set_old_size(old_size);
    if (new_size) request.set_new_size(*new_size);
    return proofs_->GetConsistency(&context, request, response);
  }
  api::GetCheckpointResponse GetCheckpoint() {
    grpc::ClientContext context;
    api::GetCheckpointResponse response;
    const grpc::Status status =
        proofs_->GetCheckpoint(&context, api::GetCheckpointRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<ledger::VerifierKey> Keys() {
    auto keys = KeysOf(GetCheckpoint().verifier_keys());
    EXPECT_THAT(keys, IsOk());
    return keys.ok() ? *keys : std::vector<ledger::VerifierKey>();
  }
  grpc::Status Rotate(const std::string& id, const std::string& reason,
                      api::RotateKeyResponse* response) {
    grpc::ClientContext context;
    api::RotateKeyRequest request;
    request.set_request_id(id);
    request.set_reason(reason);
    return proofs_->RotateKey(&context, request, response);
  }
  size_t KeysInFile() {
    const auto keys = identity_->ReadKeys();
    EXPECT_THAT(keys, IsOk());
    return keys.ok() ? keys->size() : 0;
  }

  std::unique_ptr<api::ProofService::Stub> proofs_;
};

TEST_F(ProofServiceTest, TheCheckpointVerifiesUnderTheKeysThatAreNamedWithIt) {
  AppendActions(3);
  const api::GetCheckpointResponse response = GetCheckpoint();
  ASSERT_THAT(response.verifier_keys(), SizeIs(1));
  EXPECT_EQ(response.verifier_keys(0), ledger_->identity().log_key);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, KeysOf(response.verifier_keys()));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                                ledger::OpenCheckpoint(response.checkpoint(), keys));
  EXPECT_EQ(checkpoint.origin, ledger_->identity().origin);
  EXPECT_EQ(checkpoint.size.value(), response.size());
  EXPECT_GT(response.signed_at_us(), 0);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Hash root, ledger_->tree().Root(checkpoint.size));
  EXPECT_EQ(checkpoint.root, root);
}

TEST_F(ProofServiceTest, EveryEntryIsProvedAtEverySize) {
  AppendActions(259, 50);
  const std::vector<std::string> entries = ReadAll(api::ReadRequest());
  ASSERT_THAT(entries, SizeIs(260));
  for (const uint64_t size : {1, 2, 3, 4, 5, 7, 8, 9, 64, 255, 256, 257, 260}) {
    std::set<std::string> roots;
    for (uint64_t sequence = 0; sequence < size; ++sequence) {
      api::GetProofResponse proof;
      const grpc::Status status = GetProof(sequence, size, &proof);
      ASSERT_TRUE(status.ok()) << status.error_message();
      ASSERT_EQ(proof.entry(), entries[sequence]);
      ASSERT_EQ(proof.leaf_hash(), ledger::AsBytes(ledger::LeafHash(entries[sequence])));
      ASSERT_EQ(proof.tree_size(), size);
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Hash leaf, HashOf(proof.leaf_hash()));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Hash root, HashOf(proof.root()));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, HashesOf(proof.inclusion_path()));
      SCRUTINY_ASSERT_OK(ledger::VerifyInclusion(ledger::Sequence(sequence), ledger::TreeSize(size),
                                                 leaf, path, root));
      roots.insert(proof.root());
    }
    EXPECT_THAT(roots, SizeIs(1)) << "one size has one root";
  }
}

TEST_F(ProofServiceTest, AProofWithoutASizeIsAFileThatVerifiesByItself) {
  AppendActions(20);
  const auto keys = Keys();
  for (const uint64_t sequence : {uint64_t{0}, uint64_t{7}, ledger_->size().value() - 1}) {
    api::GetProofResponse proof;
    const grpc::Status status = GetProof(sequence, absl::nullopt, &proof);
    ASSERT_TRUE(status.ok()) << status.error_message();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::TlogProof file,
                                  ledger::ParseTlogProof(proof.tlog_proof()));
    EXPECT_EQ(file.index.value(), sequence);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                                  ledger::OpenCheckpoint(file.checkpoint, keys));
    EXPECT_EQ(checkpoint.size.value(), proof.tree_size());
    SCRUTINY_EXPECT_OK(ledger::VerifyInclusion(
        file.index, checkpoint.size, ledger::LeafHash(proof.entry()), file.path, checkpoint.root));
  }
}

// The newest entry has no checkpoint yet when it is acknowledged: the answer waits for it.
TEST_F(ProofServiceTest, AnEntryNoCheckpointCoversYetWaitsForTheNext) {
  for (int i = 0; i < 50; ++i) {
    AppendActions(1, 1, absl::StrCat("actions/wait/", i));
    const uint64_t sequence = ledger_->size().value() - 1;
    api::GetProofResponse proof;
    const grpc::Status status = GetProof(sequence, absl::nullopt, &proof);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_GT(proof.tree_size(), sequence);
    ASSERT_THAT(proof.tlog_proof(), Not(IsEmpty()));
  }
}

TEST_F(ProofServiceTest, WhatIsBeyondTheHeadIsOutOfRange) {
  AppendActions(9);
  const uint64_t size = ledger_->size().value();
  api::GetProofResponse proof;
  for (const uint64_t large : TooLarge(size)) {
    grpc::Status status = GetProof(large, absl::nullopt, &proof);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE) << large;
    EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_BEYOND_HEAD));
    status = GetProof(large, kMost, &proof);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE) << large;
    if (large == size) continue;  // As a size that is the head's own.
    status = GetProof(0, large, &proof);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE) << large;
    EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_BEYOND_HEAD));
  }
  // There, but not in so small a tree.
  EXPECT_EQ(GetProof(5, 5, &proof).error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(GetProof(0, 0, &proof).error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_TRUE(GetProof(5, 6, &proof).ok());
}

TEST_F(ProofServiceTest, EverySizeContinuesEveryEarlierOne) {
  AppendActions(259, 50);
  const auto check = [this](uint64_t old_size, uint64_t new_size) {
    api::GetConsistencyResponse proof;
    const grpc::Status status = GetConsistency(old_size, new_size, &proof);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(proof.old_size(), old_size);
    ASSERT_EQ(proof.new_size(), new_size);
    SCRUTINY_ASSERT_OK(CheckConsistency(proof)) << old_size << " to " << new_size;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Hash root,
                                  ledger_->tree().Root(ledger::TreeSize(old_size)));
    ASSERT_EQ(proof.old_root(), ledger::AsBytes(root));
  };
  for (uint64_t new_size = 0; new_size <= 33; ++new_size) {
    for (uint64_t old_size = 0; old_size <= new_size; ++old_size) check(old_size, new_size);
  }
  for (const uint64_t new_size : {255, 256, 257, 260}) {
    for (uint64_t old_size = 0; old_size <= new_size; ++old_size) check(old_size, new_size);
  }
}

TEST_F(ProofServiceTest, AnEmptyTreeHasItsRoot) {
  api::GetConsistencyResponse proof;
  ASSERT_TRUE(GetConsistency(0, 0, &proof).ok());
  EXPECT_EQ(proof.old_root(), ledger::AsBytes(ledger::EmptyRoot()));
  EXPECT_EQ(proof.new_root(), ledger::AsBytes(ledger::EmptyRoot()));
  EXPECT_THAT(proof.consistency_path(), IsEmpty());
}

TEST_F(ProofServiceTest, ConsistencyWithoutASizeEndsAtTheSignedCheckpoint) {
  AppendActions(40);
  api::GetConsistencyResponse proof;
  ASSERT_TRUE(GetConsistency(1, absl::nullopt, &proof).ok());
  SCRUTINY_EXPECT_OK(CheckConsistency(proof));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                                ledger::OpenCheckpoint(proof.checkpoint(), Keys()));
  EXPECT_EQ(checkpoint.size.value(), proof.new_size());
  EXPECT_EQ(ledger::AsBytes(checkpoint.root), proof.new_root());
}

TEST_F(ProofServiceTest, ConsistencyBeyondTheHeadOrBackwardsIsOutOfRange) {
  AppendActions(9);
  const uint64_t size = ledger_->size().value();
  api::GetConsistencyResponse proof;
  for (const uint64_t large : TooLarge(size + 1)) {
    for (const grpc::Status& status :
         {GetConsistency(0, large, &proof), GetConsistency(large, large, &proof),
          GetConsistency(large, absl::nullopt, &proof), GetConsistency(large, size, &proof)}) {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE) << large;
      EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_BEYOND_HEAD));
    }
  }
  const grpc::Status backwards = GetConsistency(5, 4, &proof);
  EXPECT_EQ(backwards.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_THAT(backwards.error_message(), HasSubstr("5"));
}

TEST_F(ProofServiceTest, ProofsStandAfterARestart) {
  AppendActions(300, 60);
  api::GetProofResponse before;
  ASSERT_TRUE(GetProof(17, 290, &before).ok());
  Restart();
  api::GetProofResponse after;
  ASSERT_TRUE(GetProof(17, 290, &after).ok());
  before.clear_tlog_proof();
  after.clear_tlog_proof();
  EXPECT_EQ(before.SerializeAsString(), after.SerializeAsString());
}

// --- Another key.

TEST_F(ProofServiceTest, AnotherKeySignsFromNowOnAndTheOneBeforeToo) {
  const std::string first = ledger_->identity().log_key;
  api::RotateKeyResponse rotated;
  const grpc::Status status = Rotate("rotate-1", "The year is over.", &rotated);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_NE(rotated.verifier_key(), first);
  EXPECT_GT(rotated.both_sign_until_us(), clock_.WallMicros());
  AppendActions(1);
  for (int restart = 0; restart < 2; ++restart) {
    api::GetProofResponse proof;
    ASSERT_TRUE(GetProof(ledger_->size().value() - 1, absl::nullopt, &proof).ok());
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto file, ledger::ParseTlogProof(proof.tlog_proof()));
    for (const std::string& key : {first, rotated.verifier_key()}) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, KeysOf(std::vector<std::string>{key}));
      SCRUTINY_EXPECT_OK(ledger::OpenCheckpoint(file.checkpoint, keys));
    }
    EXPECT_EQ(GetCheckpoint().verifier_keys(0), rotated.verifier_key());
    Restart();
  }
}

TEST_F(ProofServiceTest, ARepeatedRotationGivesTheSameKey) {
  api::RotateKeyResponse first;
  ASSERT_TRUE(Rotate("rotate-1", "The year is over.", &first).ok());
  const uint64_t size = ledger_->size().value();
  const size_t keys = KeysInFile();
  api::RotateKeyResponse second;
  ASSERT_TRUE(Rotate("rotate-1", "The year is over.", &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  Restart();
  ASSERT_TRUE(Rotate("rotate-1", "The year is over.", &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(ledger_->size().value(), size);
  EXPECT_EQ(KeysInFile(), keys);
}

TEST_F(ProofServiceTest, ARotationsIdIsUsedForNothingElse) {
  AppendActions(1, 1, "actions/id");
  api::RotateKeyResponse rotated;
  const size_t keys = KeysInFile();
  EXPECT_THAT(Rotate("actions/id:1", "Why not.", &rotated),
              IsRefusedFor(api::ERROR_REASON_REQUEST_ID_REUSED));
  EXPECT_EQ(KeysInFile(), keys);
  ASSERT_TRUE(Rotate("rotate-1", "The year is over.", &rotated).ok());
  EXPECT_THAT(Append(RequestOf("rotate-1", {ActionRaised("actions/b", "One")})),
              IsRefusedFor(api::ERROR_REASON_REQUEST_ID_REUSED));
}

// A private key is made for what is recorded, not for every request that is refused.
TEST_F(ProofServiceTest, ARefusedRotationMakesNoKey) {
  const size_t keys = KeysInFile();
  api::RotateKeyResponse rotated;
  EXPECT_EQ(Rotate("rotate-1", "", &rotated).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  for (const std::string& id : {std::string(), std::string("a b"), std::string(65, 'x')}) {
    EXPECT_EQ(Rotate(id, "Why not.", &rotated).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_EQ(Rotate("rotate-1", std::string(70'000, 'x'), &rotated).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(KeysInFile(), keys);
  EXPECT_EQ(ledger_->size().value(), 1u);
}

// --- Without a key to sign with.

class UnsignedTest : public ProofServiceTest {
 protected:
  void SetUp() override { StartAll(); }
};

TEST_F(UnsignedTest, WithoutAKeyWhatNeedsASignatureIsUnavailable) {
  AppendActions(4);
  grpc::ClientContext context;
  api::GetCheckpointResponse checkpoint;
  EXPECT_EQ(proofs_->GetCheckpoint(&context, api::GetCheckpointRequest(), &checkpoint).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  api::GetProofResponse proof;
  EXPECT_EQ(GetProof(1, absl::nullopt, &proof).error_code(), grpc::StatusCode::UNAVAILABLE);
  api::GetConsistencyResponse consistency;
  EXPECT_EQ(GetConsistency(1, absl::nullopt, &consistency).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  api::RotateKeyResponse rotated;
  EXPECT_EQ(Rotate("rotate-1", "Why not.", &rotated).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(UnsignedTest, ThePathsAreThereAllTheSame) {
  AppendActions(4);
  api::GetProofResponse proof;
  ASSERT_TRUE(GetProof(1, 5, &proof).ok());
  EXPECT_THAT(proof.tlog_proof(), IsEmpty());
  api::GetConsistencyResponse consistency;
  ASSERT_TRUE(GetConsistency(2, 5, &consistency).ok());
  SCRUTINY_EXPECT_OK(CheckConsistency(consistency));
  EXPECT_THAT(consistency.checkpoint(), IsEmpty());
}

}  // namespace
}  // namespace scrutiny::testing
