// Goal:   rules leave alone what really happens: late facts, facts in any order of recording, what
//         is recorded before its surroundings, corrections and withdrawals.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/rules/rules.h"
#include "tests/ledger/rules/fake_ledger.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using testing::Fact;
using testing::FailsWith;
using testing::FakeLedger;
using testing::IsOk;

class AcceptedTest : public ::testing::Test {
 protected:
  absl::Status Record(const std::string& text) { return ledger_.Record(Fact(text)); }

  // A fact on actions/x, on a date; empty: undated.
  static std::string Action(const std::string& on, const std::string& fact) {
    return absl::StrCat("record: \"actions/x\" ",
                        on.empty() ? "" : absl::StrCat("occurred { on: \"", on, "\" } "), fact);
  }

  FakeLedger ledger_;
};

using LateFactTest = AcceptedTest;

TEST_F(LateFactTest, AnActionMayBeCompletedOnAnEarlierDayThanTheCompletionRecorded) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-10", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-18", "action_completed {}")), FailsWith(Reason::kRuleRefused));
}

TEST_F(LateFactTest, WhatHappenedLaterDoesNotCloseWhatHappenedBefore) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-05-20", "action_closed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-04-01", R"(action_reopened { reason: "r" })")), IsOk());
  EXPECT_THAT(Record(Action("2019-04-02", R"(action_due_set { due { date: "2019-06" } })")),
              IsOk());
}

TEST_F(LateFactTest, UndatedFactsComeLast) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
  const absl::Status status = Record(Action("", "action_completed {}"));
  EXPECT_THAT(status, FailsWith(Reason::kRuleRefused));
  EXPECT_EQ(
      std::string(status.message()).find("Action already completed at a date not known (entry 1)."),
      0u);
}

TEST_F(LateFactTest, AMonthCountsByItsLastDay) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-03", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-30", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-31", "action_completed {}")), FailsWith(Reason::kRuleRefused));
}

TEST_F(LateFactTest, MeetingsDecisionsPlanItemsAndFindingsToo) {
  const auto on = [](const char* record, const char* day, const char* fact) {
    return absl::StrCat("record: \"", record, "\" occurred { on: \"", day, "\" } ", fact);
  };
  EXPECT_THAT(Record(on("meetings/m", "2019-03-18", "meeting_opened {}")), IsOk());
  EXPECT_THAT(Record(on("meetings/m", "2019-03-11", "meeting_cancelled {}")), IsOk());
  EXPECT_THAT(
      Record(on("meetings/m", "2019-03-12", R"(meeting_rescheduled { date: "2019-03-18" })")),
      IsOk());

  EXPECT_THAT(Record(on("decisions/d", "2019-01-01", R"(decision_taken { title: "t" })")), IsOk());
  EXPECT_THAT(Record(on("decisions/d", "2019-06-01", R"(decision_rescinded { reason: "r" })")),
              IsOk());
  EXPECT_THAT(Record(on("decisions/d", "2019-05-01", "decision_implemented {}")), IsOk());

  EXPECT_THAT(Record(on("plan-items/p", "2019-01-01",
                        R"(forward_plan_item_scheduled { forum: "forums/f" title: "t" })")),
              IsOk());
  EXPECT_THAT(Record(on("plan-items/p", "2019-05-20",
                        R"(forward_plan_item_taken { meeting: "meetings/m" })")),
              IsOk());
  EXPECT_THAT(Record(on("plan-items/p", "2019-03-18",
                        R"(forward_plan_item_moved { meetings: "meetings/m" reason: "r" })")),
              IsOk());

  EXPECT_THAT(Record(on("findings/f", "2019-01-01",
                        R"(finding_recorded { scheme: "schemes/s" title: "t" })")),
              IsOk());
  EXPECT_THAT(Record(on("findings/f", "2019-05-20", "finding_resolved {}")), IsOk());
  EXPECT_THAT(Record(on("findings/f", "2019-05-19", R"(finding_escalated { reason: "r" })")),
              IsOk());
}

using LifecycleTest = AcceptedTest;

TEST_F(LifecycleTest, AnActionMayBeCompletedClosedReopenedAndCompletedAgain) {
  for (const char* fact :
       {R"(action_raised { title: "t" })", "action_completed {}", "action_closed {}",
        R"(action_reopened { reason: "r" })", R"(action_assigned { owners { post: "PCC" } })",
        "action_completed {}", R"(action_updated { text: "t" })",
        R"(action_restated { title: "t" })"}) {
    EXPECT_THAT(Record(Action("2019-03-18", fact)), IsOk()) << fact;
  }
}

TEST_F(LifecycleTest, AnActionRaisedByALaterPaperStaysCompleted) {
  ASSERT_THAT(Record(Action("2019-03-18", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-03-10", "action_completed {}")), IsOk());
  EXPECT_THAT(Record(Action("2019-03-20", "action_completed {}")), FailsWith(Reason::kRuleRefused));
}

TEST_F(LifecycleTest, AMeetingsEndMayBeRecordedBeforeItsBeginning) {
  const std::string on = R"(record: "meetings/m" occurred { on: "2019-03-18" } )";
  EXPECT_THAT(Record(on + "meeting_closed {}"), IsOk());
  EXPECT_THAT(Record(on + "meeting_opened {}"), IsOk());
}

TEST_F(LifecycleTest, APublishedDecisionMayHaveBeenRescinded) {
  const std::string on = R"(record: "decisions/d" occurred { on: "2019-03-18" } )";
  EXPECT_THAT(Record(on + R"(decision_taken { title: "t" })"), IsOk());
  EXPECT_THAT(Record(on + R"(decision_rescinded { reason: "r" })"), IsOk());
  EXPECT_THAT(Record(on + "decision_published {}"), IsOk());
  EXPECT_THAT(Record(on + R"(decision_reported { forum: "forums/f" meeting: "meetings/m" })"),
              IsOk());
}

using StubTest = AcceptedTest;

TEST_F(StubTest, MeetingsForumsPersonsAndPapersMayBeSpokenOfFirst) {
  EXPECT_THAT(Record(R"(record: "meetings/m" meeting_closed {})"), IsOk());
  EXPECT_THAT(Record(R"(record: "meetings/m" meeting_scheduled { forum: "forums/f" })"), IsOk());
  EXPECT_THAT(Record(R"(record: "forums/f" forum_renamed { name: "PAM" })"), IsOk());
  EXPECT_THAT(Record(R"(record: "persons/p" office_assumed { post: "DCC" })"), IsOk());
  EXPECT_THAT(Record(R"(record: "papers/p" paper_transcribed { part: "1" })"), IsOk());
  EXPECT_THAT(Record(R"(record: "sessions/s" sample_drawn { size: 1 })"), IsOk());
}

TEST_F(StubTest, AnActionMayComeFromAMeetingOfWhichNoAgendaIsHeld) {
  const auto raised = [](const char* record) {
    return absl::StrCat("record: \"", record,
                        R"(" action_raised { title: "t" meeting: "meetings/m" item: "3a" })");
  };
  EXPECT_THAT(Record(raised("actions/x")), IsOk());
  EXPECT_THAT(Record(R"(record: "meetings/m" nil_declarations_recorded { item: "2" })"), IsOk());
  ASSERT_THAT(Record(R"(record: "meetings/m" agenda_item_placed { item: "9a" title: "t" })"),
              IsOk());
  EXPECT_THAT(Record(raised("actions/y")), FailsWith(Reason::kRuleRefused));
  ASSERT_THAT(Record(R"(record: "meetings/m" agenda_item_placed { item: "3a" title: "t" })"),
              IsOk());
  EXPECT_THAT(Record(raised("actions/y")), IsOk());
}

TEST_F(StubTest, EmptySectionsAndUnreadablePartsCanBeSpokenOf) {
  ASSERT_THAT(Record(R"(record: "meetings/m" agenda_part_unreadable { item: "items-1-4" })"),
              IsOk());
  EXPECT_THAT(Record(R"(record: "meetings/m" agenda_item_taken { item: "items-1-4" })"), IsOk());
}

using DateTest = AcceptedTest;

TEST_F(DateTest, TodayAndTheDayAfterAreNotTheFuture) {
  EXPECT_THAT(Record(Action("2026-01-01", R"(action_raised { title: "t" })")), IsOk());
  EXPECT_THAT(Record(Action("2026-01-02", R"(action_updated { text: "t" })")), IsOk());
  EXPECT_THAT(Record(Action("2026", R"(action_updated { text: "t" })")), IsOk());
}

TEST_F(DateTest, WhatTakesEffectLaterIsNotInTheFuture) {
  EXPECT_THAT(Record(R"(record: "decisions/d" occurred { on: "2019-03-18" }
                        effective_from: "2099-07-01" decision_taken { title: "Buxton" })"),
              IsOk());
}

TEST_F(DateTest, ALatestDayMayLieAhead) {
  EXPECT_THAT(Record(R"(record: "decisions/d" occurred { latest: "2099" }
                        decision_taken { title: "t" })"),
              IsOk());
}

using NumberTest = AcceptedTest;

TEST_F(NumberTest, AMinuteMayRepeatItsNumberAndACorrectionMayMoveIt) {
  const auto numbered = [](const char* item, const char* corrects) {
    return absl::StrCat(R"(record: "meetings/m" )", corrects, R"( minute_numbered { item: ")", item,
                        R"(" number { kind: "meetings" year: 2022 number: 41 } })");
  };
  EXPECT_THAT(Record(R"(record: "meetings/m" agenda_item_placed { item: "9a" title: "t"
                        minute_number { kind: "meetings" year: 2022 number: 40 } })"),
              IsOk());
  EXPECT_THAT(Record(numbered("9a", "")), IsOk());
  EXPECT_THAT(Record(numbered("9a", "")), IsOk());
  EXPECT_THAT(Record(numbered("9b", "")), FailsWith(Reason::kRuleRefused));
  EXPECT_THAT(Record(numbered("9b", "corrects: 1")), FailsWith(Reason::kRuleRefused))
      << "entry 2 gives it to 9a still";
}

TEST_F(NumberTest, ACorrectionMayGiveTheNumberToTheRightItem) {
  const auto numbered = [](const char* item, const char* corrects) {
    return absl::StrCat(R"(record: "meetings/m" )", corrects, R"( minute_numbered { item: ")", item,
                        R"(" number { kind: "meetings" year: 2022 number: 41 } })");
  };
  EXPECT_THAT(Record(numbered("9a", "")), IsOk());
  EXPECT_THAT(Record(numbered("9b", "corrects: 0")), IsOk());
  EXPECT_THAT(Record(numbered("9c", "corrects: 0")), IsOk());
}

TEST_F(NumberTest, AnotherSeriesYearOrKindIsAnotherNumber) {
  const auto decision = [](const char* record, const char* number) {
    return absl::StrCat("record: \"", record, R"(" decision_taken { title: "t" number {)", number,
                        "} }");
  };
  const char* base = R"(kind: "decisions" year: 2019 number: 13)";
  EXPECT_THAT(Record(decision("decisions/a", base)), IsOk());
  EXPECT_THAT(Record(decision("decisions/b", R"(kind: "decisions" year: 2018 number: 13)")),
              IsOk());
  EXPECT_THAT(
      Record(decision("decisions/c", R"(kind: "decisions" year: 2019 number: 13 series: "ops")")),
      IsOk());
  EXPECT_THAT(Record(decision("decisions/d", R"(kind: "decisions" year: 2019 number: 14)")),
              IsOk());
  EXPECT_THAT(Record(decision("decisions/e", base)), FailsWith(Reason::kRuleRefused));
}

TEST_F(NumberTest, ACorrectionMayRepeatItsOwnNumber) {
  const std::string taken =
      R"(record: "decisions/a" decision_taken { title: "t"
         number { kind: "decisions" year: 2019 number: 13 } })";
  EXPECT_THAT(Record(taken), IsOk());
  EXPECT_THAT(Record("corrects: 0 " + taken), IsOk());
  const std::string numbered =
      R"(record: "decisions/b" decision_numbered {
         number { kind: "decisions" year: 2019 number: 14 } })";
  EXPECT_THAT(Record(R"(record: "decisions/b" decision_taken { title: "t" })"), IsOk());
  EXPECT_THAT(Record(numbered), IsOk());
  EXPECT_THAT(Record("corrects: 3 " + numbered), IsOk());
}

using CorrectionTest = AcceptedTest;

TEST_F(CorrectionTest, ALifecycleFactIsCorrectedAsIfItWereNotThere) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
  EXPECT_THAT(Record("corrects: 1 " + Action("2019-03-10", "action_completed {}")), IsOk());
  EXPECT_THAT(Record("corrects: 0 " + Action("2019-01-27", R"(action_raised { title: "u" })")),
              IsOk());
}

TEST_F(CorrectionTest, ACorrectionMovesItsOriginalAndItsWithdrawalMovesItBack) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
  ASSERT_THAT(Record("corrects: 1 " + Action("2019-03-10", "action_completed {}")), IsOk());
  const absl::Status status = ledger_.Judge(Fact(Action("2019-03-12", "action_completed {}")));
  EXPECT_EQ(
      std::string(status.message()).find("Action already completed on 10 March 2019 (entry 1)."),
      0u);
  ASSERT_THAT(Record(R"(record: "actions/x" corrects: 2 withdrawn { reason: "r" })"), IsOk());
  EXPECT_THAT(Record(Action("2019-03-12", "action_completed {}")), IsOk());
}

TEST_F(CorrectionTest, AWithdrawnCompletionNoLongerCompletes) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
  ASSERT_THAT(Record(R"(record: "actions/x" corrects: 1 withdrawn { reason: "r" })"), IsOk());
  EXPECT_THAT(Record(Action("2019-03-18", R"(action_reopened { reason: "r" })")),
              FailsWith(Reason::kRuleRefused));
  EXPECT_THAT(Record(Action("2019-03-18", "action_completed {}")), IsOk());
}

TEST_F(CorrectionTest, AWithdrawnFoundingMayBeRecordedAgain) {
  ASSERT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
  ASSERT_THAT(Record(R"(record: "actions/x" corrects: 0 withdrawn { reason: "r" })"), IsOk());
  EXPECT_THAT(Record(Action("2019-01-28", R"(action_raised { title: "t" })")), IsOk());
}

TEST_F(CorrectionTest, AnItemIsCorrectedUnderItsOwnKey) {
  const std::string placed = R"(record: "meetings/m" agenda_item_placed { item: "9a" title: "t" })";
  ASSERT_THAT(Record(placed), IsOk());
  EXPECT_THAT(Record("corrects: 0 " + placed), IsOk());
  EXPECT_THAT(Record("corrects: 0 " + placed), IsOk());
  ASSERT_THAT(Record(R"(record: "meetings/m" agenda_item_placed { item: "9b" title: "t" })"),
              IsOk());
  EXPECT_THAT(Record(R"(record: "meetings/m" corrects: 3
                        agenda_item_placed { item: "9a" title: "t" })"),
              FailsWith(Reason::kRuleRefused));
}

TEST_F(CorrectionTest, AWithdrawnItemMayBePlacedAgain) {
  const std::string placed = R"(record: "meetings/m" agenda_item_placed { item: "9a" title: "t" })";
  ASSERT_THAT(Record(placed), IsOk());
  ASSERT_THAT(Record(R"(record: "meetings/m" corrects: 0 withdrawn { reason: "r" })"), IsOk());
  EXPECT_THAT(Record(placed), IsOk());
}

}  // namespace
}  // namespace scrutiny::ledger
