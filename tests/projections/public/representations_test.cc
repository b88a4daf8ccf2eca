// Representations: who has answered, and whose answer is overdue.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/representations.pb.h"
#include "tests/projections/support/open_registers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kOne[] = "representations/e-scooters";

std::string On(const std::string& day, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", kOne, "' ", occurred, fact);
}

ListRepresentationsResponse Listed(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response = registers->Answer<ListRepresentationsResponse>(
      testing::Ask<ListRepresentationsRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}
RepresentationRow One(OpenRegisters& registers) { return Listed(registers).rows(0); }

const char kSent[] =
    "representation_sent { title: 'E-scooters' sent_to { post: 'Home Secretary' } "
    "sent_to { post: 'Transport Secretary' } concerning: 'plans/p' "
    "answer_due { date: '2019-05-01' } meeting: 'meetings/a' item: '4' }";

TEST(RepresentationsTest, OneIsOverdueUntilAllHaveAnswered) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", kSent)});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(One(registers).overdue());
  EXPECT_EQ(Listed(registers, "to: 'transport' overdue: true").rows_size(), 1);
  EXPECT_EQ(Listed(registers, "concerning: 'plans/p'").rows_size(), 1);
  EXPECT_EQ(Listed(registers, "from: 'transport'").rows_size(), 0);
  ledger.Append({On("2019-04-01",
                    "representation_answered { answered_by { post: 'Home Secretary' } "
                    "stance: REPRESENTATION_STANCE_NOTED more_awaited: true "
                    "meeting: 'meetings/b' }")});
  RepresentationRow row = One(registers);
  EXPECT_EQ(row.state(), REPRESENTATION_STATE_PARTLY_ANSWERED);
  EXPECT_TRUE(row.more_awaited());
  EXPECT_TRUE(row.overdue());
  EXPECT_EQ(row.meeting(), "meetings/b");
  EXPECT_EQ(row.item(), "");
  ledger.Append({On("2019-05-10",
                    "representation_answered { answer: 'It will be looked at' "
                    "stance: REPRESENTATION_STANCE_PARTLY_AGREED }")});
  row = One(registers);
  EXPECT_EQ(row.state(), REPRESENTATION_STATE_ANSWERED);
  EXPECT_FALSE(row.more_awaited());
  EXPECT_FALSE(row.overdue());
  ASSERT_EQ(row.answers_size(), 2);
  EXPECT_EQ(row.answers(1).answer(), "It will be looked at");
  EXPECT_EQ(row.stance(), event::v1::REPRESENTATION_STANCE_PARTLY_AGREED);
}

TEST(RepresentationsTest, AReminderSetsAnotherDayAndClosingEndsIt) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-03-01", kSent),
       On("2019-05-02", "representation_reminded { answer_due { date: '2019-07-01' } }")});
  OpenRegisters registers(ledger);
  EXPECT_FALSE(One(registers).overdue());
  EXPECT_EQ(One(registers).answer_due_date(), "2019-07-01");
  ledger.Append({On("2019-05-20", "representation_closed { reason: 'A general election' }")});
  EXPECT_EQ(One(registers).state(), REPRESENTATION_STATE_CLOSED);
  EXPECT_EQ(One(registers).reason(), "A general election");
}

TEST(RepresentationsTest, OneReceivedWithoutADateComesLastAndChangesNothing) {
  MemoryLedger ledger;
  ledger.Append({On("2019-04-01", "representation_answered { answer: 'Yes' }"),
                 On("",
                    "representation_received { title: 'A letter' "
                    "received_from { organisation: 'A council' } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(One(registers).state(), REPRESENTATION_STATE_ANSWERED);
  EXPECT_EQ(Listed(registers, "from: 'council'").rows_size(), 1);
}

TEST(RepresentationsTest, ElevenAnswersKeepTheLatestTen) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-01", kSent)});
  for (int day = 10; day < 21; ++day) {
    ledger.Append({On(absl::StrCat("2019-03-", day), "representation_answered { answer: 'No' }")});
  }
  OpenRegisters registers(ledger);
  ASSERT_EQ(One(registers).answers_size(), 10);
  EXPECT_EQ(One(registers).answers(0).date(), "2019-03-11");
}

}  // namespace
}  // namespace scrutiny::projections
