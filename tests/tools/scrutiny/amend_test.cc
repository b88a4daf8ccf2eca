#include "tools/scrutiny/amend.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;

event::v1::Entry EntryAt(uint64_t sequence) {
  event::v1::Entry entry;
  entry.mutable_assigned()->set_sequence(sequence);
  entry.mutable_proposed()->mutable_action_updated()->set_text(std::to_string(sequence));
  return entry;
}

event::v1::Entry CorrectionAt(uint64_t sequence, uint64_t original) {
  event::v1::Entry entry = EntryAt(sequence);
  entry.mutable_proposed()->set_corrects(original);
  return entry;
}

event::v1::Entry WithdrawalAt(uint64_t sequence, uint64_t of) {
  event::v1::Entry entry = CorrectionAt(sequence, of);
  entry.mutable_proposed()->mutable_withdrawn()->set_reason("x");
  return entry;
}

TEST(AmendTest, TheLastCorrectionStands) {
  EXPECT_EQ(
      Standing({EntryAt(1), CorrectionAt(5, 1), CorrectionAt(7, 1)}, 1)->assigned().sequence(), 7u);
}

TEST(AmendTest, AWithdrawnCorrectionRestoresWhatStoodBefore) {
  EXPECT_EQ(Standing({EntryAt(1), CorrectionAt(5, 1), CorrectionAt(7, 1), WithdrawalAt(9, 7)}, 1)
                ->assigned()
                .sequence(),
            5u);
}

TEST(AmendTest, AWithdrawnOriginalDoesNotStand) {
  EXPECT_EQ(Standing({EntryAt(1), CorrectionAt(5, 1), WithdrawalAt(9, 1)}, 1), nullptr);
  EXPECT_EQ(Standing({EntryAt(1)}, 2), nullptr);
}

TEST(AmendTest, FieldsOfTheFactAndOfTheEnvelopeAreSet) {
  event::v1::Proposed p;
  p.mutable_action_raised()->set_title("x");
  SCRUTINY_EXPECT_OK(SetAssignment("title=Report = all", &p));
  SCRUTINY_EXPECT_OK(SetAssignment("occurred.on=2019-03-18", &p));
  SCRUTINY_EXPECT_OK(SetAssignment("put_before[0]=meetings/a", &p));
  EXPECT_EQ(p.action_raised().title(), "Report = all");
  EXPECT_EQ(p.occurred().on(), "2019-03-18");
  EXPECT_THAT(p.put_before(), ElementsAre("meetings/a"));
  EXPECT_THAT(SetAssignment("title", &p), FailsWith(Reason::kMalformed));
  EXPECT_THAT(SetAssignment("record=actions/x", &p), FailsWith(Reason::kMalformed))
      << "an entry stays on its record";
}

TEST(AmendTest, TheReasonIsKeptInTheFirstSource) {
  event::v1::Proposed p;
  EXPECT_FALSE(NoteReason("misread", &p));
  p.add_sources()->set_note("Printed in the margin.");
  EXPECT_TRUE(NoteReason("misread", &p));
  EXPECT_EQ(p.sources(0).note(), "Printed in the margin. Correction: misread");
}

TEST(AmendTest, DifferencesNameWhatChanges) {
  event::v1::Proposed before;
  before.mutable_action_raised()->set_title("A");
  before.mutable_action_raised()->mutable_due()->set_date("2019-05-20");
  event::v1::Proposed after = before;
  after.set_corrects(3);
  EXPECT_TRUE(Differences(before, after).empty());
  after.mutable_action_raised()->set_title("B");
  after.mutable_action_raised()->mutable_due()->clear_date();
  EXPECT_THAT(Differences(before, after),
              ElementsAre("action_raised.title: \"A\" becomes \"B\"",
                          "action_raised.due.date: \"20 May 2019\" becomes nothing"));
}

}  // namespace
}  // namespace scrutiny::tools
