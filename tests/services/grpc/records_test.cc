#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/services/grpc/fixture.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecordsTest : public GrpcTest {
 protected:
  grpc::Status GetRecord(const api::GetRecordRequest& request, api::GetRecordResponse* response) {
    grpc::ClientContext context;
    return stub_->GetRecord(&context, request, response);
  }

  // Records that an alias finds, or what it was refused for.
  std::vector<std::string> Find(const std::string& alias, const std::string& kind = "") {
    grpc::ClientContext context;
    api::ResolveRequest request;
    request.set_alias(alias);
    request.set_kind(kind);
    api::ResolveResponse response;
    const grpc::Status status = stub_->Resolve(&context, request, &response);
    if (!status.ok()) return {api::ErrorReason_Name(DetailOf(status).reason())};
    std::vector<std::string> found;
    for (const api::ResolvedRecord& candidate : response.candidates()) {
      found.push_back(
          absl::StrCat(candidate.record(), candidate.item().empty() ? "" : "#", candidate.item()));
    }
    return found;
  }

  void AppendOne(event::v1::Proposed fact) {
    const std::string id = absl::StrCat("one-", ledger_->size().value());
    const grpc::Status status = Append(RequestOf(id, {std::move(fact)}));
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  void AppendForum() {
    event::v1::Proposed forum;
    forum.set_record("forums/spab");
    forum.mutable_forum_established()->set_name("Strategic Priorities Assurance Board");
    forum.mutable_forum_established()->add_aliases("SPA Board");
    AppendOne(forum);
  }
};

TEST_F(RecordsTest, HistoryComesInOrderOfRevisionAndInPages) {
  ASSERT_TRUE(Append(RequestOf("r", {ActionRaised("actions/a", "One")})).ok());
  for (int i = 0; i < 100; ++i) AppendOne(ActionUpdated("actions/a", absl::StrCat("Step ", i)));
  api::GetRecordRequest request;
  request.set_record("actions/a");
  api::GetRecordResponse whole;
  ASSERT_TRUE(GetRecord(request, &whole).ok());
  EXPECT_EQ(whole.state(), api::RECORD_STATE_HELD);
  EXPECT_EQ(whole.revision(), 101u);
  EXPECT_EQ(whole.entries_size(), 101);
  EXPECT_TRUE(whole.next_page_token().empty());

  request.set_page_size(40);
  std::vector<std::string> paged;
  int pages = 0;
  do {
    api::GetRecordResponse page;
    ASSERT_TRUE(GetRecord(request, &page).ok());
    paged.insert(paged.end(), page.entries().begin(), page.entries().end());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_TRUE(
      std::equal(paged.begin(), paged.end(), whole.entries().begin(), whole.entries().end()));
}

TEST_F(RecordsTest, ALargeHistoryIsCutByBytes) {
  ASSERT_TRUE(Append(RequestOf("r", {ActionRaised("actions/a", "One")})).ok());
  const std::string text(4000, 'x');
  for (int i = 0; i < 8; ++i) {
    std::vector<event::v1::Proposed> facts;
    for (int j = 0; j < 100; ++j) facts.push_back(ActionUpdated("actions/a", text));
    ASSERT_TRUE(Append(RequestOf(absl::StrCat("many-", i), facts)).ok());
  }
  api::GetRecordRequest request;
  request.set_record("actions/a");
  int entries = 0;
  do {
    api::GetRecordResponse page;
    ASSERT_TRUE(GetRecord(request, &page).ok());
    EXPECT_LT(page.ByteSizeLong(), 4u * 1024 * 1024);
    entries += page.entries_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(entries, 801);
}

TEST_F(RecordsTest, ARecordOnlyCitedIsAStub) {
  event::v1::Proposed raised = ActionRaised("actions/a", "One");
  raised.mutable_action_raised()->set_meeting("meetings/spab/2019-01-28");
  AppendOne(raised);
  api::GetRecordRequest request;
  request.set_record("meetings/spab/2019-01-28");
  api::GetRecordResponse response;
  ASSERT_TRUE(GetRecord(request, &response).ok());
  EXPECT_EQ(response.state(), api::RECORD_STATE_CITED_NOT_HELD);
  EXPECT_EQ(response.revision(), 0u);
  EXPECT_THAT(response.cited_by(), ElementsAre(1));
  EXPECT_THAT(Find("meetings/spab/2019-01-28"), ElementsAre("meetings/spab/2019-01-28"));
}

TEST_F(RecordsTest, RefusesWhatIsNotThere) {
  api::GetRecordResponse response;
  api::GetRecordRequest request;
  request.set_record("actions/none");
  EXPECT_THAT(GetRecord(request, &response), IsRefusedFor(api::ERROR_REASON_NOT_FOUND));
  request.set_record("None");
  EXPECT_THAT(GetRecord(request, &response), IsRefusedFor(api::ERROR_REASON_MALFORMED));
  request.set_record("ledger/identity");
  request.set_page_size(1001);
  EXPECT_THAT(GetRecord(request, &response), IsRefusedFor(api::ERROR_REASON_OVER_LIMIT));
  request.set_page_size(0);
  request.set_page_token("zzzz");
  EXPECT_THAT(GetRecord(request, &response), IsRefusedFor(api::ERROR_REASON_MALFORMED));
}

TEST_F(RecordsTest, ListsNamesInPages) {
  AppendActions(25, 25, "actions/x");
  AppendActions(5, 5, "actions/y");
  api::ListRecordsRequest request;
  request.set_prefix("actions/x/");
  request.set_page_size(10);
  std::vector<std::string> names;
  do {
    grpc::ClientContext context;
    api::ListRecordsResponse response;
    ASSERT_TRUE(stub_->ListRecords(&context, request, &response).ok());
    EXPECT_LE(response.records_size(), 10);
    names.insert(names.end(), response.records().begin(), response.records().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names.size(), 25u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(RecordsTest, ResolvesNamesInAnyCaseAndSpacing) {
  AppendForum();
  for (const std::string alias :
       {"SPA Board", "spa  board", "Strategic Priorities Assurance Board", "forums/spab",
        "forum spa board", "Forums SPA Board", "forum spab"}) {
    EXPECT_THAT(Find(alias), ElementsAre("forums/spab")) << alias;
  }
  EXPECT_THAT(Find("spa board", "forums"), ElementsAre("forums/spab"));
  EXPECT_THAT(Find("spa board", "forum"), ElementsAre("forums/spab"));
  EXPECT_THAT(Find("spa board", "decisions"), IsEmpty());
  EXPECT_THAT(Find("another board"), IsEmpty());
  EXPECT_THAT(Find("  "), ElementsAre("ERROR_REASON_MALFORMED"));
  EXPECT_THAT(Find("x", "unicorns"), ElementsAre("ERROR_REASON_MALFORMED"));
}

TEST_F(RecordsTest, ResolvesNumbersHoweverTheyAreSaid) {
  AppendOne(DecisionNumbered("decisions/buxton", 2019, 13));
  for (const std::string alias : {"2019/13", "decision 2019/13", "Decisions 2019/13", "13/2019",
                                  "decision 13/2019", "decision no. 2019/13", "2019/013"}) {
    EXPECT_THAT(Find(alias), ElementsAre("decisions/buxton")) << alias;
  }
  EXPECT_THAT(Find("2019/13", "decisions"), ElementsAre("decisions/buxton"));
  EXPECT_THAT(Find("2019/13", "actions"), IsEmpty());
  EXPECT_THAT(Find("action 2019/13"), IsEmpty());
  EXPECT_THAT(Find("2018/13"), IsEmpty());
}

TEST_F(RecordsTest, ResolvesMinuteNumbersToTheItem) {
  event::v1::Proposed placed;
  placed.set_record("meetings/spab/2022-05-09");
  event::v1::AgendaItemPlaced& item = *placed.mutable_agenda_item_placed();
  item.set_item("5a-i");
  item.set_title("Minutes");
  item.mutable_minute_number()->set_kind("meetings");
  item.mutable_minute_number()->set_year(2022);
  item.mutable_minute_number()->set_number(41);
  item.mutable_minute_number()->set_printed("41/22");
  AppendOne(placed);
  EXPECT_THAT(Find("41/22"), ElementsAre("meetings/spab/2022-05-09#5a-i"));
  EXPECT_THAT(Find("2022/41"), ElementsAre("meetings/spab/2022-05-09#5a-i"));
}

TEST_F(RecordsTest, ASharedAliasFindsAll) {
  AppendForum();
  event::v1::Proposed forum;
  forum.set_record("forums/spab-east");
  forum.mutable_forum_established()->set_name("SPA Board");
  AppendOne(forum);
  EXPECT_THAT(Find("spa board"), ElementsAre("forums/spab", "forums/spab-east"));
}

TEST_F(RecordsTest, AWithdrawnNameFindsNothing) {
  AppendForum();
  event::v1::Proposed withdrawn;
  withdrawn.set_record("forums/spab");
  withdrawn.set_corrects(1);
  withdrawn.mutable_withdrawn()->set_reason("Entered by mistake.");
  AppendOne(withdrawn);
  EXPECT_THAT(Find("spa board"), IsEmpty());
}

}  // namespace
}  // namespace scrutiny::testing
