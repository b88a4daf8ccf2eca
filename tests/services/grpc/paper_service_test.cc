#include "services/grpc/paper_service.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "scrutiny/ledger/v1/paper.grpc.pb.h"
#include "scrutiny/register/v1/papers.pb.h"
#include "scrutiny/register/v1/register.grpc.pb.h"
#include "tests/services/grpc/fixture.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string Sha256(const std::string& bytes) {
  return std::string(ledger::AsBytes(ledger::Sha256Of(bytes)));
}

class PaperServiceTest : public GrpcTest {
 protected:
  void SetUp() override {
    GrpcTest::SetUp();
    papers_stub_ = api::PaperService::NewStub(channel_);
  }

  grpc::Status Send(const std::vector<api::AddPaperRequest>& pieces,
                    api::AddPaperResponse* response) {
    grpc::ClientContext context;
    const auto writer = papers_stub_->AddPaper(&context, response);
    for (const api::AddPaperRequest& piece : pieces) {
      if (!writer->Write(piece)) break;
    }
    writer->WritesDone();
    return writer->Finish();
  }
  grpc::Status Add(const std::string& bytes, const std::string& said = "",
                   api::AddPaperResponse* response = nullptr) {
    std::vector<api::AddPaperRequest> pieces;
    for (size_t at = 0; at < bytes.size(); at += 100'000) {
      pieces.emplace_back().set_bytes(bytes.substr(at, 100'000));
    }
    if (!pieces.empty()) pieces[0].set_media_type(said);
    if (!pieces.empty()) pieces.back().set_last(true);
    api::AddPaperResponse ignored;
    return Send(pieces, response == nullptr ? &ignored : response);
  }
  grpc::Status Get(const std::string& sha256, std::string* bytes, api::HeldPaper* paper = nullptr) {
    grpc::ClientContext context;
    api::GetPaperRequest request;
    request.set_sha256(sha256);
    const auto reader = papers_stub_->GetPaper(&context, request);
    api::GetPaperResponse piece;
    while (reader->Read(&piece)) {
      bytes->append(piece.bytes());
      if (paper != nullptr && piece.has_paper()) *paper = piece.paper();
    }
    return reader->Finish();
  }
  api::ListHeldPapersResponse List(uint32_t page_size, const std::string& token,
                                   grpc::Status* status = nullptr) {
    grpc::ClientContext context;
    api::ListHeldPapersRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    api::ListHeldPapersResponse response;
    const grpc::Status listed = papers_stub_->ListHeldPapers(&context, request, &response);
    if (status != nullptr) *status = listed;
    return response;
  }

  std::unique_ptr<api::PaperService::Stub> papers_stub_;
};

TEST_F(PaperServiceTest, APaperComesBackAsItWent) {
  std::string bytes = "%PDF-1.7\n";
  for (int i = 0; bytes.size() < 3'000'000; ++i) absl::StrAppend(&bytes, i, "\n");
  api::AddPaperResponse added;
  ASSERT_TRUE(Add(bytes, "", &added).ok());
  EXPECT_EQ(added.paper().sha256(), Sha256(bytes));
  EXPECT_EQ(added.paper().media_type(), "application/pdf");
  EXPECT_FALSE(added.held_already());
  std::string back;
  api::HeldPaper paper;
  ASSERT_TRUE(Get(Sha256(bytes), &back, &paper).ok());
  EXPECT_EQ(back, bytes);
  EXPECT_EQ(paper.bytes(), bytes.size());
  ASSERT_TRUE(Add(bytes, "", &added).ok());
  EXPECT_TRUE(added.held_already());
}

TEST_F(PaperServiceTest, APaperThatLiesIsRefusedWithWhatItIs) {
  const grpc::Status status = Add("only words", "application/pdf");
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_MALFORMED));
  EXPECT_THAT(status.error_message(), HasSubstr("plain text"));
  EXPECT_EQ(papers_->count(), 0u);
}

TEST_F(PaperServiceTest, NothingAndTooMuchAreRefused) {
  EXPECT_THAT(Add(""), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  std::vector<api::AddPaperRequest> pieces(65);
  for (api::AddPaperRequest& piece : pieces) piece.set_bytes(std::string(1 << 20, 'a'));
  api::AddPaperResponse ignored;
  EXPECT_THAT(Send(pieces, &ignored), IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  pieces.assign(1, {});
  pieces[0].set_bytes(std::string((1 << 20) + 1, 'a'));
  EXPECT_THAT(Send(pieces, &ignored), IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  EXPECT_EQ(papers_->count(), 0u);
}

TEST_F(PaperServiceTest, WhatItIsIsSaidInTheFirstPieceAlone) {
  std::vector<api::AddPaperRequest> pieces(2);
  pieces[0].set_bytes("one");
  pieces[1].set_bytes("two");
  pieces[1].set_last(true);
  pieces[1].set_media_type("text/csv");
  api::AddPaperResponse ignored;
  EXPECT_THAT(Send(pieces, &ignored), IsRefusedFor(api::ERROR_REASON_MALFORMED));
}

TEST_F(PaperServiceTest, AHashThatIsKnownIsChecked) {
  std::vector<api::AddPaperRequest> pieces(1);
  pieces[0].set_bytes("one");
  pieces[0].set_last(true);
  pieces[0].set_sha256(Sha256("two"));
  api::AddPaperResponse added;
  EXPECT_THAT(Send(pieces, &added), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  pieces[0].set_sha256("short");
  EXPECT_THAT(Send(pieces, &added), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  pieces[0].set_sha256(Sha256("one"));
  EXPECT_TRUE(Send(pieces, &added).ok());
}

TEST_F(PaperServiceTest, AStreamWithoutALastPieceWasBrokenOff) {
  std::vector<api::AddPaperRequest> pieces(1);
  pieces[0].set_bytes("half of it");
  api::AddPaperResponse ignored;
  EXPECT_THAT(Send(pieces, &ignored), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  EXPECT_EQ(papers_->count(), 0u);
  pieces[0].set_last(true);
  pieces.push_back(pieces[0]);
  EXPECT_THAT(Send(pieces, &ignored), IsRefusedFor(api::ERROR_REASON_MALFORMED));
}

TEST_F(PaperServiceTest, AClientThatGoesAwayLeavesNothing) {
  {
    grpc::ClientContext context;
    api::AddPaperResponse ignored;
    const auto writer = papers_stub_->AddPaper(&context, &ignored);
    api::AddPaperRequest piece;
    piece.set_bytes("half of it");
    ASSERT_TRUE(writer->Write(piece));
    context.TryCancel();
    EXPECT_FALSE(writer->Finish().ok());
  }
  ASSERT_TRUE(Add("whole").ok());
  Stop();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, ledger::PaperStore::Open(dir_.File("papers")));
  EXPECT_EQ(store->count(), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(dir_.File("papers/incoming")));
}

TEST_F(PaperServiceTest, ListedInPagesAndTokensOfOthersAreRefused) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Add(absl::StrCat("paper ", i)).ok());
  const api::ListHeldPapersResponse first = List(3, "");
  EXPECT_THAT(first.papers(), SizeIs(3));
  EXPECT_EQ(first.total(), 5u);
  const api::ListHeldPapersResponse second = List(3, first.next_page_token());
  EXPECT_THAT(second.papers(), SizeIs(2));
  EXPECT_EQ(second.next_page_token(), "");
  grpc::Status status;
  List(3, "nonsense", &status);
  EXPECT_THAT(status, IsRefusedFor(api::ERROR_REASON_MALFORMED));
}

TEST_F(PaperServiceTest, RemovedIsNotFound) {
  ASSERT_TRUE(Add("words").ok());
  grpc::ClientContext context;
  api::RemovePaperRequest request;
  request.set_sha256(Sha256("words"));
  api::RemovePaperResponse removed;
  ASSERT_TRUE(papers_stub_->RemovePaper(&context, request, &removed).ok());
  EXPECT_EQ(removed.paper().bytes(), 5u);
  std::string bytes;
  EXPECT_THAT(Get(Sha256("words"), &bytes), IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
}

TEST_F(PaperServiceTest, AFactThatCitesAPaperIsTakenAndShowsWhetherItIsHeld) {
  event::v1::Proposed fact;
  fact.set_record("papers/8a");
  fact.mutable_occurred()->set_on("2019-05-20");
  fact.mutable_paper_submitted()->set_title("Report 8A");
  fact.mutable_paper_submitted()->set_sha256(Sha256("the report"));
  ASSERT_TRUE(Append(RequestOf("r-1", {fact})).ok());
  const auto holding = [this] {
    const auto stub = register_::v1::RegisterService::NewStub(channel_);
    grpc::ClientContext context;
    register_::v1::ListPapersRequest request;
    register_::v1::ListPapersResponse response;
    const grpc::Status status = stub->ListPapers(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_THAT(response.rows(), SizeIs(1));
    return response.rows_size() == 1 ? response.rows(0).holding()
                                     : register_::v1::PAPER_HOLDING_UNSPECIFIED;
  };
  EXPECT_EQ(holding(), register_::v1::PAPER_HOLDING_BYTES_MISSING);
  ASSERT_TRUE(Add("the report").ok());
  EXPECT_EQ(holding(), register_::v1::PAPER_HOLDING_HELD);
}

}  // namespace
}  // namespace scrutiny::testing
