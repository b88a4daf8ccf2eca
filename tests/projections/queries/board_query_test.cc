// Actions, forward plan and decisions, as they are asked for.

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
using register_::v1::ListDecisionsRequest;
using register_::v1::ListForwardPlanRequest;
using testing::Ask;
using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryLedger;
using testing::OpenRegisters;
using ::testing::UnorderedElementsAre;

std::string Fact(const std::string& record, const std::string& on, const std::string& fact) {
  return absl::StrCat("record: '", record, "' ",
                      on.empty() ? "" : absl::StrCat("occurred { on: '", on, "' } "), fact);
}

std::string Meeting(const std::string& key, const std::string& date,
                    const std::string& forum = "forums/spab") {
  return Fact("meetings/" + key, "",
              absl::StrCat("meeting_scheduled { forum: '", forum, "' date: '", date, "' }"));
}

class BoardQueryTest : public ::testing::Test {
 protected:
  BoardQueryTest() {
    ledger_.Append(
        {Fact("forums/spab", "2016",
              "forum_established { name: 'Strategic Governance Board' aliases: 'SPAB' }"),
         Fact("forums/spab", "2019-02-01",
              "forum_renamed { name: 'Strategic Priorities Assurance Board' }"),
         Meeting("jan", "2019-01-28"), Meeting("mar", "2019-03-18"), Meeting("may", "2019-05-20"),
         Meeting("jarac", "2019-04-01", "forums/jarac")});
  }

  std::vector<std::string> Actions(const std::string& request) {
    const auto response = registers_->Answer<register_::v1::ListActionsResponse>(
        Ask<ListActionsRequest>(request), OpenRegisters::Today());
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const auto& row : response->rows()) names.push_back(row.action().substr(8));
    return names;
  }
  register_::v1::ActionRow Action(const std::string& view = "") {
    const auto response = registers_->Answer<register_::v1::ListActionsResponse>(
        Ask<ListActionsRequest>("state: ACTION_FILTER_ALL " + view), OpenRegisters::Today());
    EXPECT_TRUE(response.ok() && response->rows_size() == 1) << response.status();
    return response.ok() && response->rows_size() > 0 ? response->rows(0)
                                                      : register_::v1::ActionRow();
  }
  std::vector<std::string> Decisions(const std::string& request) {
    const auto response = registers_->Answer<register_::v1::ListDecisionsResponse>(
        Ask<ListDecisionsRequest>(request), OpenRegisters::Today());
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const auto& row : response->rows()) names.push_back(row.decision().substr(10));
    return names;
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(BoardQueryTest, ActionGoesThroughItsLife) {
  const std::string record = "actions/a";
  ledger_.Append(
      {Fact(record, "2019-01-28",
            "action_raised { title: 'Profile' meeting: 'meetings/jan' item: '6' owners { "
            "post: 'DCC' } due { printed: 'in March' date: '2019-03' } }")});
  EXPECT_EQ(Action().meeting_date(), "2019-01-28");
  EXPECT_EQ(Action().forum(), "forums/spab");
  EXPECT_TRUE(Action().overdue()) << "on 1 June";
  EXPECT_FALSE(Action("view { judged_on: '2019-03-31' }").overdue()) << "the last day of March";
  EXPECT_TRUE(Action("view { judged_on: '2019-04-01' }").overdue());
  ledger_.Append({Fact(record, "2019-03-18",
                       "action_due_set { due { meeting: 'meetings/may' } reason: 'not ready' }"),
                  Fact(record, "2019-03-18",
                       "action_reassigned { owners { post: 'ACC' } owners { organisation: 'OPCC' } "
                       "reason: 'joint' }"),
                  Fact(record, "2019-03-18", "action_restated { title: 'To share the profile' }")});
  const auto moved = Action("view { judged_on: '2019-05-20' }");
  EXPECT_EQ(moved.title(), "To share the profile");
  EXPECT_EQ(moved.due_date(), "2019-05-20");
  EXPECT_EQ(moved.due_meeting(), "meetings/may");
  EXPECT_FALSE(moved.overdue()) << "due on the day of the meeting";
  EXPECT_EQ(moved.owners_size(), 2);
  EXPECT_EQ(moved.steps(2).text(), "ACC and OPCC (joint)");
  ledger_.Append({Fact(record, "2019-05-20",
                       "action_completed { text: 'Shared' evidence { paper: 'papers/p' } }")});
  ledger_.Append({Fact(record, "2019-05-20", "action_closed { meeting: 'meetings/may' }")});
  EXPECT_EQ(Action().state(), register_::v1::ACTION_STATE_CLOSED);
  EXPECT_EQ(Action().completed_on(), "2019-05-20");
  EXPECT_FALSE(Action().overdue());
  EXPECT_THAT(Actions(""), IsEmpty());
  EXPECT_THAT(Actions("state: ACTION_FILTER_COMPLETED"), ElementsAre("a"));
  EXPECT_THAT(Actions("state: ACTION_FILTER_CLOSED"), ElementsAre("a"));
  ledger_.Append({Fact(record, "2019-05-21", "action_reopened { reason: 'the wrong profile' }")});
  EXPECT_EQ(Action().state(), register_::v1::ACTION_STATE_OPEN);
  EXPECT_EQ(Action().completed_on(), "");
  EXPECT_THAT(Actions("state: ACTION_FILTER_OVERDUE"), ElementsAre("a"));
  ledger_.Append({Fact(record, "2019-05-22", "action_withdrawn { reason: 'overtaken' }")});
  EXPECT_EQ(Action().state(), register_::v1::ACTION_STATE_WITHDRAWN);
  EXPECT_THAT(Actions(""), IsEmpty());
}

TEST_F(BoardQueryTest, UndatedRaisingDoesNotTakeBackWhatIsDated) {
  ledger_.Append({Fact("actions/a", "",
                       "action_raised { title: 'First words' due { date: "
                       "'2019-01-01' } owners { post: 'X' } }"),
                  Fact("actions/a", "2019-03-18", "action_restated { title: 'Later words' }"),
                  Fact("actions/a", "2019-03-18", "action_due_set { due { date: '2019-12-31' } }"),
                  Fact("actions/a", "2019-03-19", "action_completed { text: 'Done' }")});
  EXPECT_EQ(Action().title(), "Later words");
  EXPECT_EQ(Action().due_date(), "2019-12-31");
  EXPECT_EQ(Action().state(), register_::v1::ACTION_STATE_COMPLETED);
  EXPECT_TRUE(Action().meta().date_not_known());
}

TEST_F(BoardQueryTest, ActionsByMeetingForumAndOwner) {
  ledger_.Append(
      {Fact("actions/a", "2019-01-28",
            "action_raised { title: 'A' meeting: 'meetings/jan' owners { printed: 'Mr Dale' } }"),
       Fact("actions/b", "2019-03-18", "action_raised { title: 'B' meeting: 'meetings/mar' }"),
       Fact("actions/c", "2019-04-01", "action_raised { title: 'C' meeting: 'meetings/jarac' }"),
       Fact("actions/d", "2019-01-01", "action_raised { title: 'D' }")});
  EXPECT_THAT(Actions(""), ElementsAre("d", "a", "b", "c")) << "by the date raised";
  EXPECT_THAT(Actions("meeting: 'meetings/mar'"), ElementsAre("b"));
  EXPECT_THAT(Actions("meeting: 'spab 2019-03-18'"), ElementsAre("b"));
  EXPECT_THAT(Actions("forum: 'strategic governance board'"), ElementsAre("a", "b"))
      << "by a name it had";
  EXPECT_THAT(Actions("owner: 'DALE'"), ElementsAre("a"));
  // A correction moves it to another meeting: the index leads to it, and it is looked at again.
  ledger_.Append({Fact("actions/b", "2019-03-18",
                       "action_raised { title: 'B' meeting: 'meetings/may' } corrects: 7")});
  EXPECT_THAT(Actions("meeting: 'meetings/mar'"), IsEmpty());
  EXPECT_THAT(Actions("meeting: 'meetings/may'"), ElementsAre("b"));
  EXPECT_THAT(Actions("meeting: 'meetings/mar' view { sequence: 9 }"), ElementsAre("b"));
  for (const std::string bad : {"forum: 'Nobody'", "forum: 'forums/none'",
                                "meeting: 'meetings/none'", "not_on_review: 'meetings/none'"}) {
    EXPECT_THAT(registers_->Answer<register_::v1::ListActionsResponse>(Ask<ListActionsRequest>(bad),
                                                                       OpenRegisters::Today()),
                FailsWith(Reason::kNotFound))
        << bad;
  }
}

TEST_F(BoardQueryTest, ReviewLeavesOut) {
  const auto raise = [](const std::string& key, const std::string& on) {
    return Fact("actions/" + key, on,
                absl::StrCat("action_raised { title: '", key, "' meeting: 'meetings/jan' }"));
  };
  ledger_.Append(
      {raise("listed", "2019-01-28"), raise("forgotten", "2019-01-28"), raise("undated", ""),
       raise("done", "2019-01-28"), raise("done-later", "2019-01-28"),
       raise("reopened", "2019-01-28"), raise("done-sometime", "2019-01-28"),
       Fact("actions/at-it", "2019-05-20",
            "action_raised { title: 'at it' meeting: 'meetings/may' }"),
       Fact("actions/done", "2019-03-18", "action_completed { text: '' }"),
       Fact("actions/done-later", "2019-06-01", "action_completed { text: '' }"),
       Fact("actions/reopened", "2019-03-18", "action_completed { text: '' }"),
       Fact("actions/reopened", "2019-03-19", "action_reopened { reason: 'not really' }"),
       Fact("actions/done-sometime", "", "action_completed { text: '' }")});
  EXPECT_THAT(Actions("not_on_review: 'meetings/may'"),
              UnorderedElementsAre("listed", "forgotten", "undated", "done-later", "reopened"));
  ledger_.Append({Fact("meetings/may", "2019-05-20",
                       "action_review_presented { lines { key: '1' text: 'x' action: "
                       "'actions/listed' } lines { key: '2' text: 'no action can be told' } }")});
  EXPECT_THAT(Actions("not_on_review: 'meetings/may'"),
              UnorderedElementsAre("forgotten", "undated", "done-later", "reopened"));
  EXPECT_THAT(Actions("not_on_review: 'meetings/jan'"), IsEmpty());
}

TEST_F(BoardQueryTest, PlanItemsAreMovedDroppedAndTaken) {
  const auto plan = [](const std::string& key, const std::string& meetings, int order) {
    return Fact("plan-items/" + key, "2019-03-18",
                absl::StrCat("forward_plan_item_scheduled { forum: 'forums/spab' title: '", key,
                             "' order: ", order, " ", meetings, " }"));
  };
  ledger_.Append(
      {plan("second", "meetings: 'meetings/may'", 2), plan("first", "meetings: 'meetings/may'", 1),
       plan("either", "meetings: 'meetings/mar' meetings: 'meetings/may'", 3),
       plan("dropped", "meetings: 'meetings/may'", 4), plan("open", "", 5),
       Fact("meetings/may", "2019-03-18", "meeting_theme_set { theme: 'SP3' }"),
       Fact("plan-items/second", "2019-05-20",
            "forward_plan_item_taken { meeting: 'meetings/may' item: '8a' }"),
       Fact("plan-items/dropped", "2019-05-20", "forward_plan_item_dropped { reason: 'late' }"),
       Fact("plan-items/first", "2019-04-01",
            "forward_plan_item_moved { meetings: 'meetings/jul' reason: 'slipped' }")});
  const auto list = [&](const std::string& request) {
    return *registers_->Answer<register_::v1::ListForwardPlanResponse>(
        Ask<ListForwardPlanRequest>(request), OpenRegisters::Today());
  };
  std::vector<std::string> titles;
  const auto all = list("");
  for (const auto& row : all.rows()) titles.push_back(row.title());
  EXPECT_THAT(titles, ElementsAre("either", "second", "dropped", "first", "open"));
  EXPECT_EQ(list("open_only: true").rows_size(), 3);
  const auto may = list("meeting: 'meetings/may' open_only: true");
  ASSERT_EQ(may.rows_size(), 1) << "possibly there";
  EXPECT_FALSE(may.rows(0).certain());
  EXPECT_THAT(may.rows(0).meeting_dates(), ElementsAre("2019-03-18", "2019-05-20"));
  EXPECT_THAT(may.rows(0).themes(), ElementsAre("", "SP3"));
  const auto moved = list("open_only: true").rows(1);
  EXPECT_EQ(moved.state(), register_::v1::PLAN_ITEM_STATE_MOVED);
  EXPECT_THAT(moved.moved_from(), ElementsAre("meetings/may"));
  EXPECT_THAT(moved.meeting_dates(), ElementsAre("")) << "cited, not held";
}

TEST_F(BoardQueryTest, DecisionLogByNumberThenDate) {
  const auto take = [](const std::string& key, const std::string& on, const std::string& more) {
    return Fact("decisions/" + key, on, absl::StrCat("decision_taken { title: 'x' ", more, " }"));
  };
  ledger_.Append({take("ten", "2019-03-18", "number { kind: 'decisions' year: 2019 number: 10 }"),
                  take("nine", "2019-05-01", "number { kind: 'decisions' year: 2019 number: 9 }"),
                  take("none", "2019-01-01", ""),
                  take("assigned", "2018-01-01", "assign { year: 2018 }"),
                  take("later", "2019-02-01", "")});
  EXPECT_THAT(Decisions(""), ElementsAre("assigned", "nine", "ten", "none", "later"));
  EXPECT_THAT(Decisions("year: 2018"), ElementsAre("assigned"));
  EXPECT_THAT(Decisions("year: 2019"), ElementsAre("nine", "ten", "none", "later"));
  ledger_.Append(
      {take("assigned", "2018-06-01", "assign { year: 2018 }") + " corrects: 9",
       Fact("decisions/later", "2019-03-01",
            "decision_numbered { number { kind: 'decisions' year: 2019 number: 11 } }"),
       Fact("decisions/none", "2019-02-02", "decision_superseded { by: 'decisions/ten' }"),
       Fact("decisions/none", "2019-02-03", "decision_implemented { text: 'x' }"),
       Fact("decisions/nine", "2019-05-02", "decision_published { url: 'https://x' }"),
       Fact("decisions/ten", "2019-06-01", "decision_rescinded { reason: 'x' }")});
  const auto all = registers_->Answer<register_::v1::ListDecisionsResponse>(
      register_::v1::ListDecisionsRequest(), OpenRegisters::Today());
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->rows(0).number().number(), 2u) << "the correction's own, where it has one";
  EXPECT_EQ(all->rows(1).published_on(), "2019-05-02");
  EXPECT_EQ(all->rows(1).published_at(), "https://x");
  EXPECT_EQ(all->rows(2).state(), register_::v1::DECISION_STATE_RESCINDED);
  EXPECT_EQ(all->rows(3).number().number(), 11u);
  EXPECT_EQ(all->rows(4).state(), register_::v1::DECISION_STATE_SUPERSEDED);
  EXPECT_EQ(all->rows(4).superseded_by(), "decisions/ten");
}

TEST_F(BoardQueryTest, UnreportedDecisions) {
  const auto report = [](const std::string& key, const std::string& forum,
                         const std::string& meeting) {
    return Fact("decisions/" + key, "2019-03-18",
                absl::StrCat("decision_reported { forum: '", forum, "' meeting: '", meeting,
                             "' } sources { paper: 'papers/log' basis: BASIS_INFERRED }"));
  };
  const auto take = [](const std::string& key, const std::string& occurred,
                       const std::string& more) {
    return absl::StrCat("record: 'decisions/", key, "' occurred { ", occurred,
                        " } decision_taken { title: 'x' ", more, " }");
  };
  ledger_.Append(
      {take("between", "on: '2019-02-01'", ""),
       take("at-board", "on: '2019-03-18'", "meeting: 'meetings/mar'"),
       take("reported", "on: '2019-02-01'", ""), report("reported", "forums/spab", "meetings/mar"),
       take("to-another", "on: '2019-02-01'", ""),
       report("to-another", "forums/jarac", "meetings/jarac"),
       take("at-it", "on: '2019-05-20'", "meeting: 'meetings/may'"),
       take("reported-at-it", "on: '2019-04-01'", ""),
       report("reported-at-it", "forums/spab", "meetings/may"),
       take("after", "on: '2019-05-21'", ""), take("maybe-after", "latest: '2019-06-30'", ""),
       take("surely-after", "earliest: '2019-05-21' latest: '2019-06-30'", ""),
       take("inferred-after", "on: '2019-05-21' inferred: true", "")});
  EXPECT_THAT(Decisions("unreported_forum: 'SPAB' unreported_for: 'meetings/may'"),
              UnorderedElementsAre("between", "to-another", "reported-at-it", "maybe-after"));
  EXPECT_THAT(Decisions("unreported_forum: 'forums/spab'"),
              UnorderedElementsAre("between", "to-another", "reported-at-it", "maybe-after"))
      << "May is the latest scheduled";
  EXPECT_THAT(Decisions("unreported_forum: 'forums/spab' unreported_for: 'meetings/mar'"),
              UnorderedElementsAre("between", "reported", "to-another", "maybe-after"));
  ledger_.Append({Meeting("jul", "2019-07-08"), Meeting("sep", "2019-09-23"),
                  Fact("meetings/sep", "2019-06-01", "meeting_cancelled { reason: 'x' }")});
  const auto july = registers_->Answer<register_::v1::ListDecisionsResponse>(
      Ask<ListDecisionsRequest>("unreported_forum: 'forums/spab'"), OpenRegisters::Today());
  EXPECT_THAT(july->basis().note(), HasSubstr("meetings/jul"));
  EXPECT_EQ(july->rows_size(), 6);
  const auto reported = registers_->Answer<register_::v1::ListDecisionsResponse>(
      register_::v1::ListDecisionsRequest(), OpenRegisters::Today());
  for (const auto& row : reported->rows()) {
    if (row.decision() != "decisions/reported") continue;
    EXPECT_EQ(row.reports(0).date(), "2019-03-18");
    EXPECT_TRUE(row.reports(0).inferred());
  }
  EXPECT_THAT(
      registers_->Answer<register_::v1::ListDecisionsResponse>(
          Ask<ListDecisionsRequest>("unreported_for: 'meetings/mar'"), OpenRegisters::Today()),
      FailsWith(Reason::kMalformed));
}

TEST_F(BoardQueryTest, ViewsThatCannotBe) {
  for (const std::string bad :
       {"view { true_on: '2019-02-30' }", "view { true_on: '2019-03' }",
        "view { judged_on: 'today' }", "view { known_to { forum: 'SPAB' } }",
        "view { known_to { on: '2019-03-18' } }",
        "view { true_on: '2019-03-18' known_to { forum: 'SPAB' on: '2019-03-18' } }",
        "page { token: 'x' }"}) {
    EXPECT_THAT(registers_->Answer<register_::v1::ListActionsResponse>(Ask<ListActionsRequest>(bad),
                                                                       OpenRegisters::Today()),
                FailsWith(Reason::kMalformed))
        << bad;
  }
  EXPECT_THAT(registers_->Answer<register_::v1::ListActionsResponse>(
                  Ask<ListActionsRequest>("page { size: 1001 }"), OpenRegisters::Today()),
              FailsWith(Reason::kOverLimit));
  EXPECT_THAT(registers_->Answer<register_::v1::ListActionsResponse>(
                  Ask<ListActionsRequest>("view { known_to { forum: 'X' on: '2019-03-18' } }"),
                  OpenRegisters::Today()),
              FailsWith(Reason::kNotFound));
}

}  // namespace
}  // namespace scrutiny::projections
