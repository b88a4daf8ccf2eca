// Appraisals of options: who prefers which, and what came of it.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/pilots.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::MemoryLedger;
using testing::OpenRegisters;

// A fact of a day; of no day: not dated.
std::string On(const std::string& day, const std::string& fact) {
  const std::string occurred =
      day.empty() ? std::string() : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: 'appraisals/custody' ", occurred, fact);
}

const char kOptions[] =
    "options_appraised { title: 'Custody in the north' put_to: 'meetings/m' pilot: 'pilots/p' "
    "options { key: '1' label: 'Option 1' text: 'No change' reasons_against: 'Little use' } "
    "options { key: '2' label: 'Option 2' text: 'Two suites' } "
    "options { key: '3' label: 'Option 3' text: 'Share with the neighbour' } }";
const char kForce[] = "option_preferred { option: '3' preferred_by { organisation: 'Force' } ";
const char kCommissioner[] =
    "option_preferred { decider { kind: DECIDER_KIND_OFFICE_HOLDER post: 'Commissioner' } ";

ListAppraisedOptionsResponse Options(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response = registers->Answer<ListAppraisedOptionsResponse>(
      testing::Ask<ListAppraisedOptionsRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

TEST(AppraisalsTest, OptionsComeInTheirOrderWithWhatIsSaidOfAll) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", kOptions)});
  OpenRegisters registers(ledger);
  const auto response = Options(registers, "meeting: 'meetings/m' pilot: 'pilots/p'");
  ASSERT_EQ(response.rows_size(), 3);
  EXPECT_EQ(response.rows(0).label(), "Option 1");
  EXPECT_THAT(response.rows(0).reasons_against(), ElementsAre("Little use"));
  EXPECT_EQ(response.rows(2).title(), "Custody in the north");
  EXPECT_EQ(response.rows(2).appraised_on(), "2019-03-18");
  EXPECT_EQ(response.rows(2).state(), APPRAISAL_STATE_APPRAISED);
  EXPECT_EQ(Options(registers, "preferred: true").rows_size(), 0);
  EXPECT_EQ(Options(registers, "meeting: 'meetings/other'").rows_size(), 0);
}

TEST(AppraisalsTest, ThoseWhoAgreePreferOneAndThoseWhoDoNotAreDivided) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", kOptions),
                 On("2019-03-18", absl::StrCat(kForce, "reason: 'Travel' }")),
                 On("2019-03-18", absl::StrCat(kCommissioner, "option: '2' }"))});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Options(registers, "state: APPRAISAL_STATE_DIVIDED").rows_size(), 3);
  EXPECT_EQ(Options(registers, "preferred: true").rows_size(), 2);
  // The Commissioner changes their mind.
  ledger.Append({On("2019-03-19", absl::StrCat(kCommissioner, "option: '3' }"))});
  const auto response = Options(registers, "preferred: true");
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_EQ(response.rows(0).state(), APPRAISAL_STATE_PREFERRED);
  EXPECT_EQ(response.rows(0).reason(), "Travel");
  ASSERT_EQ(response.rows(0).preferred_by_size(), 2);
  EXPECT_EQ(response.rows(0).preferred_by(0).organisation(), "Force");
  EXPECT_EQ(response.rows(0).preferred_by(1).post(), "Commissioner");
}

TEST(AppraisalsTest, WhatIsChosenIsPreferred) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", kOptions),
                 On("2019-03-18", absl::StrCat(kCommissioner,
                                               "option: '3' chosen: true decision: "
                                               "'decisions/d' }"))});
  OpenRegisters registers(ledger);
  const auto response = Options(registers, "preferred: true state: APPRAISAL_STATE_CHOSEN");
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_TRUE(response.rows(0).chosen());
  EXPECT_EQ(response.rows(0).decision(), "decisions/d");
}

TEST(AppraisalsTest, OneThatIsDroppedSaysWhyWithEachOption) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", kOptions), On("2019-03-18", absl::StrCat(kForce, "}")),
                 On("2019-04-01", "appraisal_dropped { reason: 'No money' }")});
  OpenRegisters registers(ledger);
  const auto response = Options(registers, "state: APPRAISAL_STATE_DROPPED");
  ASSERT_EQ(response.rows_size(), 3);
  EXPECT_EQ(response.rows(0).reason(), "No money");
}

TEST(AppraisalsTest, AnUndatedAppraisalChangesNobodysMind) {
  MemoryLedger ledger;
  ledger.Append({On("",
                    "options_appraised { title: 'T' options { key: '1' text: 'One' preferred: "
                    "true preferred_by { organisation: 'Force' } } options { key: '3' text: "
                    "'Three' } }"),
                 On("2019-03-18", absl::StrCat(kForce, "}"))});
  OpenRegisters registers(ledger);
  const auto response = Options(registers, "preferred: true");
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_EQ(response.rows(0).key(), "3");
  EXPECT_EQ(response.rows(0).text(), "Three");
  EXPECT_EQ(response.rows(0).order(), 2);
}

TEST(AppraisalsTest, AWithdrawnPreferenceIsNone) {
  MemoryLedger ledger;
  ledger.Append({On("2019-03-18", kOptions)});
  const uint64_t preferred = ledger.Append({On("2019-03-18", absl::StrCat(kForce, "}"))});
  ledger.Append({absl::StrCat("record: 'appraisals/custody' corrects: ", preferred,
                              " withdrawn { reason: 'Another paper' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Options(registers, "state: APPRAISAL_STATE_APPRAISED").rows_size(), 3);
}

}  // namespace
}  // namespace scrutiny::projections
