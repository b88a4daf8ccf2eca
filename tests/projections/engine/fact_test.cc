#include "projections/engine/fact.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using ledger::Sequence;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The entries of one record, as text; sequences from 10 on.
class Record {
 public:
  explicit Record(const std::vector<std::string>& facts) {
    for (const std::string& fact : facts) {
      auto entry = std::make_unique<event::v1::Entry>();
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fact, entry->mutable_proposed()))
          << fact;
      const uint64_t sequence = 10 + entries_.size();
      entry->mutable_assigned()->set_sequence(sequence);
      entries_.push_back({Sequence(sequence), entry.get()});
      kept_.push_back(std::move(entry));
    }
  }

  // `sequence:text` of each update that counts.
  std::vector<std::string> State(const StateFilter& filter = {}) const {
    std::vector<std::string> state;
    for (const Fact& fact : StateOf(entries_, filter)) {
      state.push_back(std::to_string(fact.sequence.value()) + ":" +
                      fact.proposed().action_updated().text() +
                      (fact.corrected() ? " corrected" : ""));
    }
    return state;
  }

 private:
  std::vector<LoggedEntry> entries_;
  std::vector<std::unique_ptr<event::v1::Entry>> kept_;
};

std::string Update(const std::string& text, const std::string& on, const std::string& more = "") {
  return (on.empty() ? "" : "occurred { on: '" + on + "' } ") + "action_updated { text: '" + text +
         "' } " + more;
}

std::string Withdraw(uint64_t sequence) {
  return "withdrawn { reason: 'a slip' } corrects: " + std::to_string(sequence);
}

TEST(StateOfTest, OrdersByLastPossibleDayThenSequenceUndatedLast) {
  const Record record({Update("undated", ""), Update("late", "2019-05-20"),
                       Update("month", "2019-03"), Update("day", "2019-03-31"),
                       Update("early", "2019-01-28")});
  EXPECT_THAT(record.State(),
              ElementsAre("14:early", "12:month", "13:day", "11:late", "10:undated"));
}

TEST(StateOfTest, CorrectionFoldsAtItsDateUnderTheOriginalsSequence) {
  const Record record({Update("a", "2019-01-01"), Update("b", "2019-02-01"),
                       Update("c", "2019-02-01", "corrects: 10")});
  EXPECT_THAT(record.State(), ElementsAre("10:c corrected", "11:b"));
}

TEST(StateOfTest, LastCorrectionWins) {
  const Record record({Update("a", "2019-01-01"), Update("b", "2019-01-01", "corrects: 10"),
                       Update("c", "2019-01-01", "corrects: 10")});
  EXPECT_THAT(record.State(), ElementsAre("10:c corrected"));
}

TEST(StateOfTest, WithdrawingACorrectionRestoresWhatStoodBefore) {
  const Record record({Update("a", "2019-01-01"), Update("b", "2019-01-01", "corrects: 10"),
                       Update("c", "2019-01-01", "corrects: 10"), Withdraw(12)});
  EXPECT_THAT(record.State(), ElementsAre("10:b corrected"));
}

TEST(StateOfTest, WithdrawingTheOriginalRemovesItWithItsCorrections) {
  const Record record({Update("a", "2019-01-01"), Update("b", "2019-01-01", "corrects: 10"),
                       Withdraw(10), Update("c", "2019-01-01", "corrects: 10")});
  EXPECT_THAT(record.State(), IsEmpty());
}

TEST(StateOfTest, WithdrawnWithdrawalNoLongerCounts) {
  const Record record({Update("a", "2019-01-01"), Withdraw(10), Withdraw(11)});
  EXPECT_THAT(record.State(), ElementsAre("10:a"));
}

TEST(StateOfTest, TrueOnLeavesOutWhatMayBeLaterAndWhatIsNotDated) {
  const Record record({Update("undated", ""), Update("month", "2019-03"),
                       Update("day", "2019-03-18"), Update("moved", "2019-01-01"),
                       Update("later", "2019-12-01", "corrects: 13")});
  EXPECT_THAT(record.State({*Day::Parse("2019-03-30"), nullptr}), ElementsAre("12:day"));
  EXPECT_THAT(record.State({*Day::Parse("2019-03-31"), nullptr}),
              ElementsAre("12:day", "11:month"));
}

class KnownToTest : public ::testing::Test {
 protected:
  KnownToTest() {
    knowledge_.meetings.insert("meetings/m1");
    knowledge_.on = *Day::Parse("2019-03-18");
  }
  StateFilter filter() const { return {Day::Max(), &knowledge_}; }
  Knowledge knowledge_;
};

TEST_F(KnownToTest, CountsWhatWasPutBeforeTheForum) {
  knowledge_.entries.insert(12);
  const Record record({Update("told", "2019-01-01", "put_before: 'meetings/m1'"),
                       Update("elsewhere", "2019-01-01", "put_before: 'meetings/m2'"),
                       Update("told later", "2019-01-01"), Update("never", "2019-01-01"),
                       Update("undated", "", "put_before: 'meetings/m1'")});
  EXPECT_THAT(record.State(filter()), ElementsAre("10:told", "12:told later", "14:undated"));
}

TEST_F(KnownToTest, CorrectionCountsFromWhenItWasPutBeforeTheForum) {
  const Record record(
      {Update("told", "2019-01-01", "put_before: 'meetings/m1'"),
       Update("not yet", "2019-01-01", "corrects: 10 put_before: 'meetings/m2'"),
       Update("unknown", "2019-01-01"),
       Update("put right", "2019-01-01", "corrects: 12 put_before: 'meetings/m1'")});
  EXPECT_THAT(record.State(filter()), ElementsAre("10:told", "12:put right corrected"));
}

TEST_F(KnownToTest, WithdrawalCountsFromWhenItWasPutBeforeTheForum) {
  const Record untold({Update("told", "2019-01-01", "put_before: 'meetings/m1'"), Withdraw(10)});
  EXPECT_THAT(untold.State(filter()), ElementsAre("10:told"));
  const Record told({Update("told", "2019-01-01", "put_before: 'meetings/m1'"),
                     Withdraw(10) + " put_before: 'meetings/m1'"});
  EXPECT_THAT(told.State(filter()), IsEmpty());
}

TEST_F(KnownToTest, CalendarCountsFromItsOwnDate) {
  const Record record({"occurred { on: '2019-03-01' } meeting_scheduled { forum: 'forums/f' }",
                       "occurred { on: '2019-03-19' } meeting_rescheduled { date: '2019-04-01' }",
                       "occurred { on: '2019-03-01' } meeting_closed { finish: '15:45' }"});
  EXPECT_THAT(record.State(filter()), ElementsAre("10:"));
}

TEST(FactTest, CorrectionKeepsTheNumberAssignedToTheOriginal) {
  event::v1::Entry original;
  original.mutable_assigned()->add_numbers()->set_number(7);
  event::v1::Entry correction;
  const Fact fact{Sequence(1), Day::Max(), &correction, &original};
  ASSERT_NE(fact.AssignedNumber(), nullptr);
  EXPECT_EQ(fact.AssignedNumber()->number(), 7u);
  EXPECT_EQ(fact.DayText(), "");
}

}  // namespace
}  // namespace scrutiny::projections
