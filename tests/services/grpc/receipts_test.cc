// Proofs that come with other answers: receipts, batches of a read, rows of registers.
#include "tests/services/grpc/receipts.h"

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "scrutiny/register/v1/register.grpc.pb.h"
#include "services/grpc/prover.h"
#include "services/grpc/row_proofs.h"
#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

namespace rapi = ::scrutiny::register_::v1;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ReceiptsTest : public GrpcTest {
 protected:
  void SetUp() override {
    signs_ = true;
    ASSERT_NO_FATAL_FAILURE(Start());
    SCRUTINY_ASSERT_OK_AND_ASSIGN(keys_,
                                  KeysOf(std::vector<std::string>{ledger_->identity().log_key}));
  }

  static api::AppendRequest WithProof(api::AppendRequest request) {
    request.set_with_proof(true);
    return request;
  }

  // The proofs are those of the entries as they can be read, and verify.
  void CheckReceipt(const api::Receipt& receipt) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint, CheckProofs(receipt, keys_));
    EXPECT_EQ(checkpoint.origin, ledger_->identity().origin);
    for (const api::EntryReceipt& entry : receipt.entries()) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes,
                                    ledger_->EntryBytes(ledger::Sequence(entry.sequence())));
      ASSERT_EQ(entry.leaf_hash(), ledger::AsBytes(ledger::LeafHash(bytes)));
    }
  }

  // What a read with proofs gives, checked batch by batch; the sequences as they came.
  std::vector<uint64_t> ReadProved(api::ReadRequest request) {
    request.set_with_proofs(true);
    std::vector<api::ReadResponse> batches;
    const std::vector<std::string> entries = ReadAll(request, nullptr, &batches);
    for (const api::ReadResponse& batch : batches) {
      std::set<std::string> leaves;
      for (const std::string& entry : batch.entries()) {
        leaves.insert(std::string(ledger::AsBytes(ledger::LeafHash(entry))));
      }
      EXPECT_THAT(CheckProofs(batch.proofs(), keys_), IsOk());
      EXPECT_EQ(batch.proofs().entries_size(), batch.entries_size());
      uint64_t last = 0;
      for (const api::EntryProof& proof : batch.proofs().entries()) {
        EXPECT_EQ(leaves.count(proof.leaf_hash()), 1u) << proof.sequence();
        EXPECT_GE(proof.sequence(), last) << "in order of sequence";
        last = proof.sequence();
      }
    }
    return SequencesOf(entries);
  }

  std::vector<ledger::VerifierKey> keys_;
};

TEST_F(ReceiptsTest, AReceiptWithProofVerifies) {
  api::AppendResponse response;
  const grpc::Status status =
      Append(WithProof(RequestOf(
                 "r-1", {ActionRaised("actions/a", "One"), ActionUpdated("actions/a", "Two")})),
             &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.receipt().entries_size(), 2);
  CheckReceipt(response.receipt());
}

TEST_F(ReceiptsTest, OnlyWhoAsksIsGivenProofs) {
  api::AppendResponse response;
  ASSERT_TRUE(Append(RequestOf("r-1", {ActionRaised("actions/a", "One")}), &response).ok());
  EXPECT_THAT(response.receipt().checkpoint(), IsEmpty());
  EXPECT_THAT(response.receipt().entries(0).inclusion_path(), IsEmpty());
}

// Asked again, perhaps after years, the receipt is proved under the newest checkpoint.
TEST_F(ReceiptsTest, ARepeatedRequestIsProvedToo) {
  const api::AppendRequest request = RequestOf("r-1", {ActionRaised("actions/a", "One")});
  ASSERT_TRUE(Append(request).ok());
  AppendActions(300, 100);
  api::AppendResponse response;
  ASSERT_TRUE(Append(WithProof(request), &response).ok());
  EXPECT_TRUE(response.already_recorded());
  EXPECT_EQ(response.receipt().first_sequence(), 1u);
  CheckReceipt(response.receipt());
  Stop();
  Start();
  api::AppendResponse after;
  ASSERT_TRUE(Append(WithProof(request), &after).ok());
  EXPECT_TRUE(after.already_recorded());
  CheckReceipt(after.receipt());
}

TEST_F(ReceiptsTest, WhatIsNotRecordedHasNoProof) {
  api::AppendRequest request = WithProof(RequestOf("r-1", {ActionRaised("actions/a", "One")}));
  request.set_validate_only(true);
  api::AppendResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_TRUE(response.validated_only());
  EXPECT_THAT(response.receipt().checkpoint(), IsEmpty());
  EXPECT_THAT(response.receipt().entries(0).inclusion_path(), IsEmpty());
  EXPECT_EQ(ledger_->size().value(), 1u);
}

// A request that is only to be validated, and was recorded before: there is something to prove, but
// it was not asked to record anything.
TEST_F(ReceiptsTest, ValidatingWhatWasRecordedAnswersWithItsReceipt) {
  api::AppendRequest request = WithProof(RequestOf("r-1", {ActionRaised("actions/a", "One")}));
  ASSERT_TRUE(Append(request).ok());
  request.set_validate_only(true);
  api::AppendResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_TRUE(response.already_recorded());
  EXPECT_FALSE(response.validated_only());
  EXPECT_EQ(response.receipt().first_sequence(), 1u);
}

TEST_F(ReceiptsTest, AThousandFactsAreProvedAtOnce) {
  std::vector<event::v1::Proposed> facts;
  for (int i = 0; i < 1000; ++i) facts.push_back(ActionRaised(ActionName(i), "Do it."));
  api::AppendResponse response;
  const grpc::Status status = Append(WithProof(RequestOf("r-1", facts)), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.receipt().entries_size(), 1000);
  CheckReceipt(response.receipt());
}

// Many ask at once: each is answered, by signatures they share.
TEST_F(ReceiptsTest, ManyWritersShareSignatures) {
  constexpr int kWriters = 16;
  constexpr int kAppends = 40;
  std::atomic<int> proved{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([this, w, &proved] {
      for (int i = 0; i < kAppends; ++i) {
        api::AppendResponse response;
        const grpc::Status status = Append(
            WithProof(RequestOf(absl::StrCat("w", w, "-", i),
                                {ActionRaised(absl::StrCat("actions/w", w, "/", i), "One")})),
            &response);
        ASSERT_TRUE(status.ok()) << status.error_message();
        ASSERT_THAT(CheckProofs(response.receipt(), keys_), IsOk());
        ++proved;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(proved, kWriters * kAppends);
}

TEST_F(ReceiptsTest, AStreamAnswersInOrderWithProofsAndWithout) {
  constexpr int kAppends = 200;
  grpc::ClientContext context;
  const auto stream = stub_->AppendStream(&context);
  std::thread writer([&stream] {
    for (int i = 0; i < kAppends; ++i) {
      api::AppendStreamRequest request;
      // Each fourth repeats the one before; each third asks for no proof.
      const int id = i % 4 == 3 ? i - 1 : i;
      *request.mutable_append() =
          RequestOf(absl::StrCat("r-", id), {ActionRaised(ActionName(id), "One")});
      request.mutable_append()->set_with_proof(i % 3 != 0);
      stream->Write(request);
    }
    stream->WritesDone();
  });
  api::AppendStreamResponse answer;
  int answers = 0;
  for (; stream->Read(&answer); ++answers) {
    ASSERT_EQ(answer.index(), static_cast<uint64_t>(answers));
    ASSERT_TRUE(answer.has_appended()) << answer.DebugString();
    const api::Receipt& receipt = answer.appended().receipt();
    EXPECT_EQ(answer.appended().already_recorded(), answers % 4 == 3);
    if (answers % 3 == 0) {
      EXPECT_THAT(receipt.checkpoint(), IsEmpty());
    } else {
      CheckReceipt(receipt);
    }
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers, kAppends);
}

TEST_F(ReceiptsTest, AStreamTakesAThousandFactsWithProof) {
  grpc::ClientContext context;
  const auto stream = stub_->AppendStream(&context);
  for (int i = 0; i < 3; ++i) {
    api::AppendStreamRequest request;
    std::vector<event::v1::Proposed> facts;
    for (int k = 0; k < 1000; ++k) {
      facts.push_back(ActionRaised(absl::StrCat("actions/s", i, "/", k), "Do it."));
    }
    *request.mutable_append() = WithProof(RequestOf(absl::StrCat("r-", i), std::move(facts)));
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  api::AppendStreamResponse answer;
  int answers = 0;
  for (; stream->Read(&answer); ++answers) CheckReceipt(answer.appended().receipt());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers, 3);
}

// What waits for a signature is answered when the server ends, and ends it no later.
TEST_F(ReceiptsTest, ClosingAnswersThoseWhoWaitForProof) {
  std::atomic<bool> stop{false};
  std::atomic<int> unanswered{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < 8; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; !stop; ++i) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
        api::AppendResponse response;
        const auto request =
            WithProof(RequestOf(absl::StrCat("w", w, "-", i),
                                {ActionRaised(absl::StrCat("actions/w", w, "/", i), "One")}));
        const grpc::Status status = stub_->Append(&context, request, &response);
        if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) ++unanswered;
        if (!status.ok()) return;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  server_->Shutdown(5'000'000);
  stop = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(unanswered, 0);
}

// --- Reading.

TEST_F(ReceiptsTest, AReadWithProofsVerifiesBothWays) {
  AppendActions(1500, 100);
  checkpointer_->WaitCovered(ledger_->size()).IgnoreError();
  std::vector<uint64_t> all;
  for (uint64_t i = 0; i <= 1500; ++i) all.push_back(i);
  EXPECT_EQ(ReadProved(api::ReadRequest()), all);
  api::ReadRequest backwards;
  backwards.set_direction(api::DIRECTION_BACKWARDS);
  std::vector<uint64_t> reversed(all.rbegin(), all.rend());
  EXPECT_EQ(ReadProved(backwards), reversed);
}

TEST_F(ReceiptsTest, ARangeAFilterAndALimitAreProvedAlone) {
  AppendActions(50);
  AppendActions(50, 1, "actions/other");
  checkpointer_->WaitCovered(ledger_->size()).IgnoreError();
  api::ReadRequest request;
  request.set_from_sequence(40);
  request.set_to_sequence(90);
  request.mutable_filter()->add_record_prefixes("actions/other");
  request.set_limit(7);
  EXPECT_THAT(ReadProved(request), SizeIs(7));
  request.set_direction(api::DIRECTION_BACKWARDS);
  EXPECT_THAT(ReadProved(request), SizeIs(7));
}

// A read that goes on where another stopped never skips what was not signed yet.
TEST_F(ReceiptsTest, ACursorGoesOnBehindTheCheckpoint) {
  AppendActions(20);
  api::ReadRequest request;
  request.set_with_proofs(true);
  std::vector<uint64_t> seen;
  for (int round = 0; seen.size() < 121 && round < 2000; ++round) {
    if (round < 100) AppendActions(1, 1, absl::StrCat("actions/round/", round));
    std::vector<api::ReadResponse> batches;
    const std::vector<uint64_t> read = SequencesOf(ReadAll(request, nullptr, &batches));
    seen.insert(seen.end(), read.begin(), read.end());
    if (!batches.empty()) *request.mutable_cursor() = batches.back().next();
    for (const api::ReadResponse& batch : batches) {
      ASSERT_THAT(CheckProofs(batch.proofs(), keys_), IsOk());
    }
  }
  ASSERT_THAT(seen, SizeIs(121));
  for (uint64_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], i);
}

TEST_F(ReceiptsTest, AReadBehindTheCheckpointIsEmptyOrProved) {
  for (int i = 0; i < 30; ++i) {
    AppendActions(1, 1, absl::StrCat("actions/behind/", i));
    api::ReadRequest request;
    request.set_from_sequence(ledger_->size().value() - 1);
    EXPECT_LE(ReadProved(request).size(), 1u);
    request.set_direction(api::DIRECTION_BACKWARDS);
    EXPECT_LE(ReadProved(request).size(), 1u);
  }
}

// --- Registers.

TEST_F(ReceiptsTest, RowsOfARegisterAreProvedByTheirEntries) {
  AppendActions(30);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Append(RequestOf(absl::StrCat("u-", i),
                                 {ActionUpdated(absl::StrCat("actions/test/", i), "News.")}))
                    .ok());
  }
  const auto registers = rapi::RegisterService::NewStub(channel_);
  grpc::ClientContext context;
  rapi::ListActionsRequest request;
  request.mutable_view()->set_with_proofs(true);
  request.mutable_view()->set_min_sequence(ledger_->size().value() - 1);
  rapi::ListActionsResponse response;
  const grpc::Status status = registers->ListActions(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_THAT(response.rows(), SizeIs(30));
  SCRUTINY_ASSERT_OK(CheckProofs(response.basis().proofs(), keys_));
  std::vector<uint64_t> proved;
  for (const api::EntryProof& proof : response.basis().proofs().entries()) {
    proved.push_back(proof.sequence());
  }
  for (const rapi::ActionRow& row : response.rows()) {
    EXPECT_THAT(row.meta().entries(), Not(IsEmpty()));
    for (const uint64_t sequence : row.meta().entries()) EXPECT_THAT(proved, Contains(sequence));
  }
  EXPECT_EQ(proved.size(), 40u);
}

// A page of rows that thousands of entries made: its proofs do not fit a message, and those of a
// smaller page do.
TEST_F(ReceiptsTest, ProofsThatDoNotFitAreRefusedAndASmallerPageIsGiven) {
  constexpr int kActions = 800;
  AppendActions(kActions, 400);
  for (int i = 0; i < 6; ++i) {
    std::vector<event::v1::Proposed> facts;
    for (int k = 0; k < kActions; ++k) {
      facts.push_back(ActionUpdated(absl::StrCat("actions/test/", k), "News."));
    }
    ASSERT_TRUE(Append(RequestOf(absl::StrCat("u-", i), std::move(facts))).ok());
  }
  const auto registers = rapi::RegisterService::NewStub(channel_);
  rapi::ListActionsRequest request;
  request.mutable_view()->set_with_proofs(true);
  request.mutable_view()->set_min_sequence(ledger_->size().value() - 1);
  rapi::ListActionsResponse response;
  {
    grpc::ClientContext context;
    const grpc::Status status = registers->ListActions(&context, request, &response);
    EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
    EXPECT_THAT(DetailOf(status).next(), ::testing::HasSubstr("smaller pages"));
  }
  request.mutable_page()->set_size(100);
  grpc::ClientContext context;
  const grpc::Status status = registers->ListActions(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(response.rows(), SizeIs(100));
  SCRUTINY_EXPECT_OK(CheckProofs(response.basis().proofs(), keys_));
}

TEST_F(ReceiptsTest, RowsAreNotProvedUnasked) {
  AppendActions(3);
  const auto registers = rapi::RegisterService::NewStub(channel_);
  grpc::ClientContext context;
  rapi::ListActionsRequest request;
  rapi::ListActionsResponse response;
  ASSERT_TRUE(registers->ListActions(&context, request, &response).ok());
  EXPECT_FALSE(response.basis().has_proofs());
}

// --- Without a key to sign with.

TEST_F(GrpcTest, WithoutAKeyAReceiptStaysWithoutProof) {
  api::AppendRequest request = RequestOf("r-1", {ActionRaised("actions/a", "One")});
  request.set_with_proof(true);
  api::AppendResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_EQ(response.receipt().first_sequence(), 1u);
  EXPECT_THAT(response.receipt().checkpoint(), IsEmpty());
  api::ReadRequest read;
  read.set_with_proofs(true);
  grpc::Status status;
  ReadAll(read, &status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace scrutiny::testing
