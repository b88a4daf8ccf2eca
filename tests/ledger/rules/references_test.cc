// Goal:   a correction, withdrawal or put-before that names no fitting entry is refused, and no
//         reason passes it.
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

class ReferencesTest : public ::testing::Test {
 protected:
  // 0 genesis, 1 the action, 2 an update, 3 a correction of it, 4 another action, 5 a withdrawal
  // of the correction.
  ReferencesTest() {
    ledger_.Force(Fact(R"(record: "ledger/identity" ledger_started { origin: "o" })"));
    ledger_.Force(Fact(R"(record: "actions/x" action_raised { title: "t" })"));
    ledger_.Force(Fact(R"(record: "actions/x" action_updated { text: "t" })"));
    ledger_.Force(Fact(R"(record: "actions/x" corrects: 2 action_updated { text: "u" })"));
    ledger_.Force(Fact(R"(record: "actions/y" action_raised { title: "t" })"));
    ledger_.Force(Fact(R"(record: "actions/x" corrects: 3 withdrawn { reason: "r" })"));
  }

  // The refusal, after checking that every rule named as passed changes nothing.
  absl::Status Refusal(const std::string& text) {
    event::v1::Proposed fact = Fact(text);
    absl::Status status = ledger_.Judge(fact);
    for (const RuleInfo& rule : AllRules()) {
      event::v1::RecordedDespite& despite = *fact.add_recorded_despite();
      despite.set_rule(rule.id);
      despite.set_reason("r");
    }
    EXPECT_EQ(ledger_.Judge(fact).message(), status.message());
    return status;
  }

  FakeLedger ledger_;
};

MATCHER_P3(Says, reason, field, sentence, "") {
  *result_listener << arg.ToString() << " field " << InfoOf(arg).field;
  return ReasonOf(arg) == reason && InfoOf(arg).field == field && arg.message() == sentence;
}

TEST_F(ReferencesTest, AnEntryThatIsNotThereYetIsBeyondTheHead) {
  EXPECT_THAT(Refusal(R"(record: "actions/x" corrects: 6 action_updated { text: "t" })"),
              Says(Reason::kBeyondHead, "corrects", "There is no entry 6 yet: the last one is 5."));
}

TEST_F(ReferencesTest, AnEntryOfAnotherRecordIsRefused) {
  EXPECT_THAT(Refusal(R"(record: "actions/x" corrects: 4 action_raised { title: "t" })"),
              Says(Reason::kMalformed, "corrects", "Entry 4 is not an entry of actions/x."));
  EXPECT_THAT(Refusal(R"(record: "actions/x" corrects: 4 withdrawn { reason: "r" })"),
              Says(Reason::kMalformed, "corrects", "Entry 4 is not an entry of actions/x."));
  EXPECT_THAT(Refusal(R"(record: "actions/new" corrects: 4 withdrawn { reason: "r" })"),
              Says(Reason::kMalformed, "corrects", "Entry 4 is not an entry of actions/new."));
}

TEST_F(ReferencesTest, ACorrectionIsOfTheSameType) {
  EXPECT_THAT(Refusal(R"(record: "actions/x" corrects: 1 action_updated { text: "t" })"),
              Says(Reason::kMalformed, "corrects",
                   "Entry 1 is ActionRaised and cannot become ActionUpdated."));
}

TEST_F(ReferencesTest, ACorrectionNamesTheOriginal) {
  const absl::Status status =
      Refusal(R"(record: "actions/x" corrects: 3 action_updated { text: "t" })");
  EXPECT_THAT(status,
              Says(Reason::kMalformed, "corrects", "Entry 3 is itself a correction of entry 2."));
  EXPECT_EQ(InfoOf(status).next, "Correct entry 2.");
}

TEST_F(ReferencesTest, AWithdrawalIsFinal) {
  EXPECT_THAT(Refusal(R"(record: "actions/x" corrects: 5 withdrawn { reason: "r" })"),
              Says(Reason::kMalformed, "corrects",
                   "Entry 5 is itself a withdrawal, which cannot be withdrawn."));
  EXPECT_THAT(
      Refusal(R"(record: "actions/x" corrects: 5 action_updated { text: "t" })"),
      Says(Reason::kMalformed, "corrects", "Entry 5 is a withdrawal, which cannot be corrected."));
}

TEST_F(ReferencesTest, GenesisCannotBeWithdrawn) {
  EXPECT_THAT(Refusal(R"(record: "ledger/identity" corrects: 0 withdrawn { reason: "r" })"),
              Says(Reason::kMalformed, "corrects",
                   "Entry 0 is a LedgerStarted of the server's, which cannot be withdrawn."));
}

TEST_F(ReferencesTest, FittingReferencesPass) {
  EXPECT_THAT(
      ledger_.Judge(Fact(R"(record: "actions/x" corrects: 2 action_updated { text: "v" })")),
      IsOk());
  EXPECT_THAT(ledger_.Judge(Fact(R"(record: "actions/x" corrects: 2 withdrawn { reason: "r" })")),
              IsOk());
}

TEST_F(ReferencesTest, PutBeforeNamesItsOwnMeetingAndEntriesThatExist) {
  EXPECT_THAT(ledger_.Judge(Fact(R"(record: "meetings/m"
                  put_before_meeting { sequences: 0 sequences: 5 meeting: "meetings/m" })")),
              IsOk());
  EXPECT_THAT(Refusal(R"(record: "meetings/m"
                  put_before_meeting { sequences: 0 sequences: 6 meeting: "meetings/m" })"),
              Says(Reason::kBeyondHead, "put_before_meeting.sequences[1]",
                   "There is no entry 6 yet: the last one is 5."));
  EXPECT_THAT(Refusal(R"(record: "meetings/m"
                  put_before_meeting { sequences: 0 meeting: "meetings/n" })"),
              Says(Reason::kMalformed, "put_before_meeting.meeting",
                   "put_before_meeting.meeting is meetings/n, but the fact is recorded on "
                   "meetings/m."));
}

}  // namespace
}  // namespace scrutiny::ledger
