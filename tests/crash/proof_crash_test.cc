// A few rounds of proof_rounds.h, and the search for what was erased; long/ has many rounds.
#include <string>
#include <vector>

#include "gmock/gmock.h"

#include "tests/crash/proof_rounds.h"

namespace scrutiny::crash {
namespace {

TEST(ProofCrashTest, EveryProofHoldsAndEveryErasureIsFinishedAfterAKill) { ProofRounds(8).Run(); }

// The server is left running throughout: what it holds open is searched too.
class SearchTest : public ::testing::Test {
 protected:
  api::EraseSubjectResponse Erase(const std::string& subject) {
    api::EraseSubjectRequest request;
    request.set_request_id("erase-" + subject.substr(8));
    request.set_subject(subject);
    request.set_reason("Asked for by the person.");
    request.set_authority("Data protection officer");
    grpc::ClientContext context;
    api::EraseSubjectResponse response;
    const grpc::Status status = seals_->EraseSubject(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  // What those of the ledger's entries say of their ciphertexts that were recorded for the subject.
  Ciphertexts SealedFor(const std::string& subject) {
    Ciphertexts sealed;
    api::ListSubjectRequest request;
    request.set_subject(subject);
    grpc::ClientContext context;
    api::ListSubjectResponse held;
    EXPECT_TRUE(seals_->ListSubject(&context, request, &held).ok());
    const WholeLog log = ReadLog(server_.address());
    for (const api::HeldSeal& seal : held.held()) {
      event::v1::Entry entry;
      EXPECT_TRUE(entry.ParseFromString(log.entries[seal.sequence()]));
      AddSeals(entry, &sealed);
    }
    return sealed;
  }
  static size_t Count(const Ciphertexts& sealed) {
    size_t count = 0;
    for (const auto& [length, hashes] : sealed) count += hashes.size();
    return count;
  }

  testing::TempDir dir_;
  testing::ServerProcess server_{dir_.path()};
  std::unique_ptr<api::SealService::Stub> seals_;
};

TEST_F(SearchTest, WhatIsErasedIsNowhereAndTheRestIsWhereItWas) {
  SCRUTINY_ASSERT_OK(server_.Start({"--log-level", "debug"}));
  seals_ = api::SealService::NewStub(ChannelTo(server_.address()));
  const auto stub = api::LedgerService::NewStub(ChannelTo(server_.address()));
  constexpr int kEach = 60;
  for (int i = 0; i < 2 * kEach; ++i) {
    grpc::ClientContext context;
    api::AppendResponse response;
    const grpc::Status status = stub->Append(
        &context,
        SealedFinding(absl::StrCat("s-", i), i % 2 == 0 ? "persons/ann" : "persons/bob",
                      absl::StrCat(kSecretMark, " ", i)),
        &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    // Opened too: what was shown once is not kept.
    grpc::ClientContext opening;
    api::OpenSealedRequest request;
    request.set_sequence(response.receipt().first_sequence());
    api::OpenSealedResponse opened;
    ASSERT_TRUE(seals_->OpenSealed(&opening, request, &opened).ok());
  }
  const Ciphertexts ann = SealedFor("persons/ann");
  const Ciphertexts bob = SealedFor("persons/bob");
  ASSERT_EQ(Count(ann), size_t{kEach});
  ASSERT_EQ(CountCiphertexts(server_.data(), ann), size_t{kEach})
      << "the search finds what is there";
  EXPECT_TRUE(FilesWith(dir_.path(), kSecretMark).empty()) << "not even before";

  EXPECT_EQ(Erase("persons/ann").seals(), uint64_t{kEach});
  EXPECT_EQ(CountCiphertexts(server_.data(), ann), 0u) << "once it is answered";
  EXPECT_EQ(CountCiphertexts(server_.data(), bob), size_t{kEach});
  EXPECT_TRUE(FilesWith(dir_.path(), kSecretMark).empty());
  server_.Kill();
  EXPECT_EQ(CountCiphertexts(dir_.path(), ann), 0u);
  SCRUTINY_ASSERT_OK(server_.Start());
  EXPECT_EQ(CountCiphertexts(dir_.path(), ann), 0u);
  EXPECT_EQ(CountCiphertexts(server_.data(), bob), size_t{kEach});
  EXPECT_TRUE(FilesWith(dir_.path(), kSecretMark).empty());
}

}  // namespace
}  // namespace scrutiny::crash
