// Plans, their versions and priorities, what may call for a review, and reviews.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/plan_changes.pb.h"
#include "scrutiny/register/v1/plans.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kPlan[] = "plans/2016-21";

std::string Of(const std::string& plan, const std::string& day, const std::string& fact) {
  const std::string occurred =
      day.empty() ? std::string() : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", plan, "' ", occurred, fact);
}
// A fact of a day; of no day: not dated.
std::string On(const std::string& day, const std::string& fact) { return Of(kPlan, day, fact); }

const char kIssued[] =
    "plan_issued { title: 'Plan 2016-21' period_from: '2016' period_to: '2021' }";
const char kFirst[] =
    "plan_version_adopted { version: '2016' priorities { number: 1 title: 'Victims' } "
    "priorities { number: 2 title: 'Partnership working' } }";
const char kSecond[] =
    "effective_from: '2018-05-01' plan_version_adopted { version: '2018' variation: 'cyber' "
    "change: 'Cyber in place of partnership working' priorities { number: 1 title: 'Victims' } "
    "priorities { number: 2 title: 'Cyber' replaces: 2 } }";

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request) {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}
ListPlansResponse Plans(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListPlansResponse, ListPlansRequest>(registers, request);
}
ListPlanVersionsResponse Versions(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListPlanVersionsResponse, ListPlanVersionsRequest>(registers, request);
}
ListPlanPrioritiesResponse Priorities(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListPlanPrioritiesResponse, ListPlanPrioritiesRequest>(registers, request);
}
ListPlanTriggersResponse Triggers(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListPlanTriggersResponse, ListPlanTriggersRequest>(registers, request);
}
ListPlanReviewsResponse Reviews(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListPlanReviewsResponse, ListPlanReviewsRequest>(registers, request);
}

TEST(PlansTest, AVersionIsInForceFromItsDayOfEffectUntilAnotherIs) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst), On("2018-03-01", kSecond)});
  OpenRegisters registers(ledger);
  const auto before = Versions(registers, "view { judged_on: '2018-04-30' }");
  ASSERT_EQ(before.rows_size(), 2);
  EXPECT_EQ(before.rows(0).state(), PLAN_VERSION_STATE_IN_FORCE);
  EXPECT_EQ(before.rows(0).replaced_on(), "");
  EXPECT_EQ(before.rows(1).state(), PLAN_VERSION_STATE_TO_COME);
  const auto after = Versions(registers, "view { judged_on: '2018-05-01' }");
  EXPECT_EQ(after.rows(0).state(), PLAN_VERSION_STATE_REPLACED);
  EXPECT_EQ(after.rows(0).replaced_on(), "2018-05-01");
  EXPECT_EQ(after.rows(1).state(), PLAN_VERSION_STATE_IN_FORCE);
  EXPECT_EQ(after.rows(1).plan_title(), "Plan 2016-21");
  ASSERT_EQ(after.rows(1).priorities_size(), 2);
  EXPECT_EQ(after.rows(1).priorities(1).title(), "Cyber");
  EXPECT_EQ(Plans(registers, "view { judged_on: '2018-04-30' }").rows(0).version(), "2016");
  EXPECT_EQ(Plans(registers).rows(0).version(), "2018");
  EXPECT_EQ(Versions(registers, "state: PLAN_VERSION_STATE_IN_FORCE").rows(0).version(), "2018");
}

TEST(PlansTest, OfTheSameNumberThePriorityIsOneOfItsVersion) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst), On("2018-03-01", kSecond)});
  OpenRegisters registers(ledger);
  const auto second = Priorities(registers, "number: 2");
  ASSERT_EQ(second.rows_size(), 2);
  EXPECT_EQ(second.rows(0).title(), "Partnership working");
  EXPECT_FALSE(second.rows(0).in_force());
  EXPECT_EQ(second.rows(1).title(), "Cyber");
  EXPECT_EQ(second.rows(1).replaces_title(), "Partnership working");
  EXPECT_EQ(Priorities(registers, "in_force: true").rows_size(), 2);
  EXPECT_EQ(Priorities(registers, "version: '2016'").rows_size(), 2);
}

TEST(PlansTest, SubObjectivesSetLaterTakeThePlaceOfThoseBefore) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued),
                 On("2016-09",
                    "plan_version_adopted { version: '2016' priorities { number: 3 title: 'Drugs' "
                    "sub_objectives: 'Licensing' incomplete: true } }"),
                 On("2019-05-20",
                    "plan_sub_objectives_set { version: '2016' priority { number: 3 } "
                    "sub_objectives: 'Treatment' sub_objectives: 'A&E data' }")});
  OpenRegisters registers(ledger);
  const auto rows = Priorities(registers);
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_THAT(rows.rows(0).sub_objectives(), ElementsAre("Treatment", "A&E data"));
  EXPECT_FALSE(rows.rows(0).incomplete());
  EXPECT_EQ(rows.rows(0).meta().entry_count(), 2);
  EXPECT_EQ(Versions(registers).rows(0).priorities(0).sub_objectives_size(), 2);
  // On the day before, the version is as it was adopted.
  EXPECT_THAT(Priorities(registers, "view { true_on: '2019-05-19' }").rows(0).sub_objectives(),
              ElementsAre("Licensing"));
}

TEST(PlansTest, AVersionRecordedAnewLosesThePrioritiesItDoesNotName) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst)});
  OpenRegisters registers(ledger);
  registers.Level();
  ledger.Append({On("2016-10",
                    "plan_version_adopted { version: '2016' priorities { number: 1 title: "
                    "'Victims of crime' } }")});
  const auto rows = Priorities(registers);
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_EQ(rows.rows(0).title(), "Victims of crime");
  EXPECT_EQ(Versions(registers).rows(0).priority_count(), 1);
}

TEST(PlansTest, AnUndatedIssueOnlyFillsIn) {
  MemoryLedger ledger;
  ledger.Append({On("", kIssued), On("2015-12-01", "plan_drafted { title: 'Draft plan' }")});
  OpenRegisters registers(ledger);
  const PlanRow row = Plans(registers).rows(0);
  EXPECT_EQ(row.title(), "Draft plan");
  EXPECT_EQ(row.state(), PLAN_STATE_IN_FORCE);
  EXPECT_EQ(row.period_to_date(), "2021");
  EXPECT_TRUE(row.meta().date_not_known());
  // Nor does it take back that the plan expired.
  ledger.Append({On("2018-01-01", "plan_expired { reason: 'Another took its place' }")});
  EXPECT_EQ(Plans(registers).rows(0).state(), PLAN_STATE_EXPIRED);
}

TEST(PlansTest, APeriodThatIsOverWithoutAFactShowsAsSuch) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Plans(registers, "view { judged_on: '2021-12-31' }").rows(0).state(),
            PLAN_STATE_IN_FORCE);
  EXPECT_EQ(Plans(registers, "view { judged_on: '2022-01-01' }").rows(0).state(),
            PLAN_STATE_PERIOD_OVER);
  ledger.Append({On("2020-03-25",
                    "plan_period_changed { period_to: '2022-05' reason: 'Election put off' }")});
  EXPECT_EQ(Plans(registers, "view { judged_on: '2022-01-01' }").rows(0).state(),
            PLAN_STATE_IN_FORCE);
  ledger.Append({On("2021-11-15", "plan_expired { successor: 'plans/2021-25' }")});
  const auto before = Plans(registers, "view { judged_on: '2021-11-14' }");
  EXPECT_EQ(before.rows(0).state(), PLAN_STATE_IN_FORCE);
  EXPECT_EQ(before.rows(0).version(), "2016");
  const auto after = Plans(registers, "view { judged_on: '2021-11-15' }");
  EXPECT_EQ(after.rows(0).state(), PLAN_STATE_EXPIRED);
  EXPECT_EQ(after.rows(0).successor(), "plans/2021-25");
  EXPECT_EQ(after.rows(0).version(), "");
  EXPECT_EQ(Versions(registers, "view { judged_on: '2021-11-15' }").rows(0).state(),
            PLAN_VERSION_STATE_EXPIRED);
}

TEST(PlansTest, AReviewWithoutChangeIsRecordedAndSetsTheNextOne) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", "plan_issued { title: 'Plan' review_due { date: '2019-05' } }"),
                 On("2016-09", kFirst)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Plans(registers, "review_overdue: true").rows_size(), 1);
  ledger.Append({On("2019-05-20",
                    "plan_retained_after_review { version: '2016' text: 'Still fit for purpose' "
                    "review_due { date: '2020-05' } triggers { key: 'public' "
                    "kind: PLAN_TRIGGER_KIND_PUBLIC_VIEWS text: 'Annual survey' } }")});
  EXPECT_EQ(Plans(registers, "review_overdue: true").rows_size(), 0);
  EXPECT_EQ(Plans(registers).rows(0).reviewed_on(), "2019-05-20");
  EXPECT_EQ(Plans(registers).rows(0).review_due_date(), "2020-05");
  const auto reviews = Reviews(registers, "state: PLAN_REVIEW_STATE_RETAINED");
  ASSERT_EQ(reviews.rows_size(), 1);
  EXPECT_EQ(reviews.rows(0).review(), "");
  EXPECT_EQ(reviews.rows(0).concluded_on(), "2019-05-20");
  EXPECT_EQ(reviews.rows(0).triggers(0).text(), "Annual survey");
  EXPECT_EQ(Triggers(registers, "state: PLAN_TRIGGER_STATE_TAKEN_UP").rows_size(), 1);
}

TEST(PlansTest, AVariationWithoutReviewLeavesTheReviewDue) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", "plan_issued { title: 'Plan' review_due { date: '2019-05' } }"),
                 On("2016-09", kFirst), On("2018-03-01", kSecond)});
  OpenRegisters registers(ledger);
  const PlanRow row = Plans(registers).rows(0);
  EXPECT_EQ(row.reviewed_on(), "2018-03-01");
  EXPECT_EQ(row.review_due_date(), "2019-05");
  EXPECT_EQ(row.versions(), 2);
  EXPECT_EQ(row.variations(), 1);
}

TEST(PlansTest, OfAReviewThatKeepsOnePartAndVariesAnotherTheVariationCounts) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2016-09", kIssued), On("2016-09", kFirst),
       On("2019-05-01",
          "plan_review_opened { review: '2019' version: '2016' "
          "due { date: '2019-05-20' } }"),
       On("2019-05-20",
          "plan_variation_proposed { variation: 'finance' title: 'Budget figures' "
          "review: '2019' }"),
       On("2019-05-20", "plan_retained_after_review { review: '2019' text: 'Priorities stay' }")});
  OpenRegisters registers(ledger);
  auto rows = Reviews(registers);
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_EQ(rows.rows(0).state(), PLAN_REVIEW_STATE_VARIATION_PROPOSED);
  EXPECT_THAT(rows.rows(0).variations(), ElementsAre("finance"));
  EXPECT_EQ(rows.rows(0).text(), "Priorities stay");
  ledger.Append(
      {On("2019-06-30", "plan_version_adopted { version: '2019' variation: 'finance' }")});
  rows = Reviews(registers, "state: PLAN_REVIEW_STATE_VARIED");
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_EQ(rows.rows(0).opened_on(), "2019-05-01");
  EXPECT_EQ(rows.rows(0).concluded_on(), "2019-05-20");
  EXPECT_FALSE(rows.rows(0).overdue());
}

TEST(PlansTest, AnOpenReviewIsOverdueTheDayAfter) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2016-09", kIssued), On("2019-05-01",
                                  "plan_review_opened { review: '2019' due { date: '2019-05-20' } "
                                  "}")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Reviews(registers, "overdue: true view { judged_on: '2019-05-20' }").rows_size(), 0);
  EXPECT_EQ(Reviews(registers, "overdue: true view { judged_on: '2019-05-21' }").rows_size(), 1);
}

TEST(PlansTest, ATriggerRepeatedByItsKeyKeepsItsWords) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2016-09", kIssued),
       On("2018-11-01",
          "plan_trigger_noted { trigger { key: 'spr' text: 'New requirement' kind: "
          "PLAN_TRIGGER_KIND_STRATEGIC_POLICING_REQUIREMENT record: 'papers/spr' } "
          "due { date: '2019-01-31' } }"),
       On("2018-12-01", "plan_trigger_noted { trigger { key: 'asb' text: 'Complaints' } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Triggers(registers, "overdue: true").rows(0).trigger(), "spr");
  ledger.Append(
      {On("2019-05-01", "plan_review_opened { review: '2019' triggers { key: 'spr' } }"),
       On("2019-05-02", "plan_trigger_set_aside { trigger: 'asb' reason: 'Dealt with' }")});
  const auto rows = Triggers(registers);
  ASSERT_EQ(rows.rows_size(), 2);
  EXPECT_EQ(rows.rows(0).text(), "New requirement");
  EXPECT_EQ(rows.rows(0).stands_in(), "papers/spr");
  EXPECT_EQ(rows.rows(0).state(), PLAN_TRIGGER_STATE_TAKEN_UP);
  EXPECT_EQ(rows.rows(0).noted_on(), "2018-11-01");
  EXPECT_EQ(rows.rows(0).settled_on(), "2019-05-01");
  EXPECT_EQ(rows.rows(0).review(), "2019");
  EXPECT_FALSE(rows.rows(0).overdue());
  EXPECT_EQ(rows.rows(1).state(), PLAN_TRIGGER_STATE_SET_ASIDE);
  EXPECT_EQ(rows.rows(1).reason(), "Dealt with");
  EXPECT_EQ(Reviews(registers).rows(0).triggers(0).text(), "New requirement");
}

TEST(PlansTest, AWithdrawnAdoptionLeavesTheVersionBefore) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst)});
  const uint64_t second = ledger.Append({On("2018-03-01", kSecond)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Plans(registers).rows(0).version(), "2018");
  ledger.Append({absl::StrCat("record: '", kPlan, "' corrects: ", second,
                              " withdrawn { reason: 'Another plan' }")});
  EXPECT_EQ(Plans(registers).rows(0).version(), "2016");
  EXPECT_EQ(Priorities(registers).rows_size(), 2);
  EXPECT_EQ(Versions(registers).rows_size(), 1);
}

TEST(PlansTest, ACorrectedDayOfEffectMovesTheVersion) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst)});
  const uint64_t second = ledger.Append({On("2018-03-01", kSecond)});
  OpenRegisters registers(ledger);
  std::string corrected = On("2018-03-01", kSecond);
  corrected.replace(corrected.find("2018-05-01"), 10, "2020-05-01");
  ledger.Append({absl::StrCat(corrected, " corrects: ", second)});
  EXPECT_EQ(Plans(registers).rows(0).version(), "2016");
  const auto rows = Versions(registers);
  EXPECT_EQ(rows.rows(1).state(), PLAN_VERSION_STATE_TO_COME);
  EXPECT_TRUE(rows.rows(1).meta().corrected());
}

TEST(PlansTest, TheStepsSayWhatHappenedInOrder) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09", kIssued), On("2016-09", kFirst),
                 On("2016-10-01",
                    "plan_version_published { version: '2016' "
                    "url: 'https://example.org/plan' sent_to: 'Chief Constable' }"),
                 On("2018-02-01", "plan_chief_officer_consulted { variation: 'cyber' }"),
                 On("2018-03-01", kSecond)});
  OpenRegisters registers(ledger);
  std::vector<std::string> what;
  const auto plans = Plans(registers);
  for (const RecordStep& step : plans.rows(0).steps()) what.push_back(step.what());
  EXPECT_EQ(absl::StrJoin(what, ", "),
            "issued, version, published, chief officer consulted, version");
  const PlanVersionRow first = Versions(registers, "version: '2016'").rows(0);
  EXPECT_EQ(first.published_on(), "2016-10-01");
  EXPECT_THAT(first.sent_to(), ElementsAre("Chief Constable"));
}

TEST(PlansTest, EveryFactOfAPlanIsTakenLiveAsWhenFoldedAnew) {
  MemoryLedger ledger;
  OpenRegisters registers(ledger);
  const std::vector<std::string> facts = {
      On("2016-09", kIssued),
      On("2016-09", kFirst),
      On("2018-01-10", "plan_variation_proposed { variation: 'cyber' title: 'Cyber' }"),
      On("2018-02-01", "plan_chief_officer_consulted { variation: 'cyber' }"),
      On("2018-02-10", "plan_panel_consulted { variation: 'cyber' }"),
      On("2018-03-01", kSecond),
      On("2019-05-20", "plan_retained_after_review { text: 'Kept' }")};
  for (const std::string& fact : facts) {
    ledger.Append({fact});
    registers.Level();
  }
  MemoryLedger again;
  again.Append(facts);
  OpenRegisters anew(again);
  EXPECT_EQ(Plans(registers).rows(0).SerializeAsString(), Plans(anew).rows(0).SerializeAsString());
  EXPECT_EQ(Reviews(registers).rows(0).SerializeAsString(),
            Reviews(anew).rows(0).SerializeAsString());
}

}  // namespace
}  // namespace scrutiny::projections
