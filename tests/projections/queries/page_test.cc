// Goal: pages fit together whatever is appended between them, and a token is taken for nothing else
// than it was given for.

#include "projections/queries/page.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using ledger::Reason;
using register_::v1::ListActionsRequest;
using register_::v1::ListActionsResponse;
using testing::Ask;
using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::Le;
using testing::MemoryLedger;
using testing::OpenRegisters;

TEST(SortKeyTest, OrdersAsTheRowsDo) {
  const auto key = [](const std::string& date, uint64_t number) {
    return SortKey().Date(date).Number(number).Take();
  };
  EXPECT_LT(key("2019-03-18", 2), key("2019-03-18", 10));
  EXPECT_LT(key("2019-03-18", 10), key("2019-03-19", 1));
  EXPECT_LT(key("9999-12-31", 10), key("", 1));
  EXPECT_LT(SortKey().Text("a").Text("z").Take(), SortKey().Text("ab").Text("a").Take());
}

TEST(PageRowsTest, KeepsTheRowsOfOnePage) {
  PageRows<register_::v1::SchemeRow> page(2, "b");
  for (const std::string key : {"f", "a", "d", "b", "c", "e"}) {
    register_::v1::SchemeRow row;
    row.set_scheme(key);
    page.Add(key, row);
  }
  register_::v1::ListSchemesResponse response;
  EXPECT_EQ(page.MoveTo(response.mutable_rows()), "d");
  ASSERT_EQ(response.rows_size(), 2);
  EXPECT_EQ(response.rows(0).scheme(), "c");
}

TEST(PageRowsTest, PageEndsBeforeTheMessageIsTooLarge) {
  PageRows<register_::v1::SchemeRow> page(1000, "");
  for (int i = 0; i < 1000; ++i) {
    register_::v1::SchemeRow row;
    row.set_purpose(std::string(4000, 'x'));
    page.Add(absl::StrCat(absl::Dec(i, absl::kZeroPad4)), row);
  }
  register_::v1::ListSchemesResponse response;
  EXPECT_NE(page.MoveTo(response.mutable_rows()), "");
  EXPECT_THAT(response.ByteSizeLong(), Le(kPageBytesMax));
  EXPECT_GT(response.rows_size(), 700);
}

class PageTokenTest : public ::testing::Test {
 protected:
  PageTokenTest() {
    for (int i = 0; i < 10; ++i) Raise(ledger_, i);
  }

  static void Raise(MemoryLedger& ledger, int i) {
    ledger.Append({absl::StrCat("record: 'actions/a", i, "' occurred { on: '2019-03-1", i % 10,
                                "' } action_raised { title: 'x' due { date: '2019-06-01' } }")});
  }
  absl::StatusOr<ListActionsResponse> Page(OpenRegisters& registers, const std::string& token,
                                           const std::string& more = "",
                                           const std::string& today = "2019-06-01") {
    return registers->Answer<register_::v1::ListActionsResponse>(
        Ask<ListActionsRequest>(absl::StrCat("page { size: 4 token: '", token, "' } ", more)),
        {*ledger::Day::Parse(today), nullptr});
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(PageTokenTest, PagesFitTogetherWhateverIsAppended) {
  std::vector<std::string> names;
  std::string token;
  for (int page = 0; page < 3; ++page) {
    // The day has changed by the second page: overdue is judged as on the first all the same.
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        const auto response, Page(registers_, token, "", page == 0 ? "2019-06-01" : "2019-06-02"));
    for (const auto& row : response.rows()) {
      names.push_back(row.action());
      EXPECT_FALSE(row.overdue());
    }
    EXPECT_EQ(response.basis().sequence(), 9u);
    token = response.next_page_token();
    EXPECT_EQ(token.empty(), page == 2);
    Raise(ledger_, 10 + page);
    ledger_.Append({"record: 'actions/a9' occurred { on: '2019-03-19' } action_completed { }"});
  }
  EXPECT_THAT(names,
              ElementsAre("actions/a0", "actions/a1", "actions/a2", "actions/a3", "actions/a4",
                          "actions/a5", "actions/a6", "actions/a7", "actions/a8", "actions/a9"));
}

TEST_F(PageTokenTest, SurvivesReopeningAndRebuilding) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto first, Page(registers_, ""));
  registers_.Close();
  registers_.Open();
  SCRUTINY_ASSERT_OK(registers_->Rebuild({}, [](const auto&) { return true; }));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto second, Page(registers_, first.next_page_token()));
  EXPECT_EQ(second.rows(0).action(), "actions/a4");
}

TEST_F(PageTokenTest, OfAnotherRequestIsRefused) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto first, Page(registers_, ""));
  EXPECT_THAT(Page(registers_, first.next_page_token(), "owner: 'x'"),
              FailsWith(Reason::kMalformed));
  EXPECT_THAT(Page(registers_, first.next_page_token(), "view { true_on: '2019-03-18' }"),
              FailsWith(Reason::kMalformed));
  std::string damaged = first.next_page_token();
  damaged.resize(20);
  EXPECT_THAT(Page(registers_, damaged), FailsWith(Reason::kMalformed));
}

TEST_F(PageTokenTest, OfAnotherLedgerOrIncarnationIsRefused) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto first, Page(registers_, ""));
  MemoryLedger other('b');
  for (int i = 0; i < 10; ++i) Raise(other, i);
  OpenRegisters registers(other);
  const auto refused = Page(registers, first.next_page_token());
  EXPECT_THAT(refused, FailsWith(Reason::kLedgerChanged));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  registers_.Close();
  ledger_.set_incarnation(2);
  registers_.Open();
  EXPECT_THAT(Page(registers_, first.next_page_token()), FailsWith(Reason::kLedgerChanged));
}

TEST(PageTokenCodingTest, OfAnotherVersionOfTheRegisterIsRefused) {
  PageToken token;
  token.ledger = {std::string(16, 'a'), 1, "", 1};
  token.register_version = 3;
  token.last = ledger::Sequence(41);
  token.judged_on = *ledger::Day::Parse("1969-07-20");
  token.request = "12345678";
  token.after = std::string("k\0ey", 4);
  const std::string text = EncodePageToken(token);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const PageToken read,
                                DecodePageToken(text, token.ledger, 3, "12345678"));
  EXPECT_EQ(read.last, token.last);
  EXPECT_EQ(read.judged_on, token.judged_on) << "before 1970";
  EXPECT_EQ(read.after, token.after);
  EXPECT_THAT(DecodePageToken(text, token.ledger, 4, "12345678"),
              FailsWith(Reason::kLedgerChanged));
}

}  // namespace
}  // namespace scrutiny::projections
