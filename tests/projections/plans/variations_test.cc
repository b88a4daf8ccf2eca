// Variations of plans: consultation on them held against the day of effect.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "projections/plans/plan_variations.h"
#include "scrutiny/register/v1/plan_changes.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryLedger;
using testing::OpenRegisters;

// A fact of a day; of no day: not dated.
std::string On(const std::string& day, const std::string& fact) {
  const std::string occurred =
      day.empty() ? std::string() : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: 'plans/2016-21' ", occurred, fact);
}

std::string Issued() { return On("2016-09", "plan_issued { title: 'Plan' }"); }
std::string First() { return On("2016-09", "plan_version_adopted { version: '2016' }"); }
std::string Proposed(const std::string& day) {
  return On(day,
            "plan_variation_proposed { variation: 'cyber' title: 'Cyber' "
            "from_version: '2016' priorities { number: 2 title: 'Cyber' replaces: 2 } }");
}
std::string ChiefOfficer(const std::string& day) {
  return On(day, "plan_chief_officer_consulted { variation: 'cyber' post: 'Chief Constable' }");
}
std::string Panel(const std::string& day) {
  return On(day, "plan_panel_consulted { variation: 'cyber' forum: 'forums/pcp' }");
}
std::string Adopted(const std::string& day, const std::string& from = "") {
  const std::string effect =
      from.empty() ? std::string() : absl::StrCat("effective_from: '", from, "' ");
  return On(day, absl::StrCat(effect,
                              "plan_version_adopted { version: '2018' variation: 'cyber' "
                              "change: 'Cyber' }"));
}

ListVariationsResponse Variations(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response = registers->Answer<ListVariationsResponse>(
      testing::Ask<ListVariationsRequest>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

// The one variation that these facts make.
PlanVariationRow Of(std::vector<std::string> facts, const std::string& request = "") {
  MemoryLedger ledger;
  facts.insert(facts.begin(), {Issued(), First()});
  ledger.Append(facts);
  OpenRegisters registers(ledger);
  const ListVariationsResponse response = Variations(registers, request);
  SCRUTINY_CHECK(response.rows_size() == 1) << response.DebugString();
  return response.rows(0);
}

TEST(VariationsTest, ConsultationBeforeEffectIsComplete) {
  const PlanVariationRow row = Of({Proposed("2018-01-10"), ChiefOfficer("2018-02-01"),
                                   Panel("2018-02-10"), Adopted("2018-03-01", "2018-04-01")});
  EXPECT_EQ(row.state(), PLAN_VARIATION_STATE_IN_FORCE);
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_COMPLETE);
  EXPECT_THAT(row.not_consulted(), IsEmpty());
  EXPECT_THAT(row.consulted_late(), IsEmpty());
  EXPECT_EQ(row.chief_officer_on(), "2018-02-01");
  EXPECT_EQ(row.panel_on(), "2018-02-10");
  EXPECT_EQ(row.version(), "2018");
  EXPECT_EQ(row.in_force_on(), "2018-04-01");
  EXPECT_TRUE(row.changes_priorities());
  ASSERT_EQ(row.consultations_size(), 2);
  EXPECT_TRUE(row.consultations(0).before_effect());
  EXPECT_EQ(row.consultations(0).consultee_printed(), "Chief Constable");
}

TEST(VariationsTest, ThePanelConsultedAfterEffectIsLateAndNothingRefusesIt) {
  const PlanVariationRow row = Of({Proposed("2018-01-10"), ChiefOfficer("2018-02-01"),
                                   Adopted("2018-03-01"), Panel("2018-03-22")});
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_LATE);
  EXPECT_THAT(row.consulted_late(), ElementsAre(event::v1::PLAN_CONSULTEE_PANEL));
  EXPECT_EQ(row.panel_on(), "2018-03-22");
  EXPECT_FALSE(row.consultations(1).before_effect());
}

TEST(VariationsTest, WhoeverIsNotRecordedIsMissing) {
  const PlanVariationRow row =
      Of({Proposed("2018-01-10"), Panel("2018-03-22"), Adopted("2018-03-01")});
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_MISSING);
  EXPECT_THAT(row.not_consulted(), ElementsAre(event::v1::PLAN_CONSULTEE_CHIEF_OFFICER));
  EXPECT_THAT(row.consulted_late(), ElementsAre(event::v1::PLAN_CONSULTEE_PANEL));
}

TEST(VariationsTest, AVersionThatNobodyProposedHasARow) {
  const PlanVariationRow row = Of({Adopted("2018", "2018")});
  EXPECT_EQ(row.title(), "Cyber");
  EXPECT_EQ(row.proposed_on(), "");
  EXPECT_EQ(row.in_force_on(), "2018");
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_MISSING);
  EXPECT_THAT(row.not_consulted(), ElementsAre(event::v1::PLAN_CONSULTEE_CHIEF_OFFICER,
                                               event::v1::PLAN_CONSULTEE_PANEL));
}

TEST(VariationsTest, TheDayOfEffectItselfIsUncertain) {
  const PlanVariationRow row = Of({Proposed("2018-01-10"), ChiefOfficer("2018-02-01"),
                                   Panel("2018-03-01"), Adopted("2018-03-01")});
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_UNCERTAIN);
  EXPECT_FALSE(row.consultations(1).has_before_effect());
}

TEST(VariationsTest, ADayThatIsNotKnownWellEnoughIsUncertain) {
  // The month holds the day of effect.
  EXPECT_EQ(
      Of({ChiefOfficer("2018-02-01"), Panel("2018-03"), Adopted("2018-03-10")}).before_effect(),
      PLAN_BEFORE_EFFECT_UNCERTAIN);
  // The month is over by then.
  EXPECT_EQ(
      Of({ChiefOfficer("2018-02-01"), Panel("2018-02"), Adopted("2018-03-10")}).before_effect(),
      PLAN_BEFORE_EFFECT_COMPLETE);
  // The month began after it.
  EXPECT_EQ(
      Of({ChiefOfficer("2018-02-01"), Panel("2018-04"), Adopted("2018-03-10")}).before_effect(),
      PLAN_BEFORE_EFFECT_LATE);
  // Not dated.
  const PlanVariationRow row = Of({ChiefOfficer("2018-02-01"), Panel(""), Adopted("2018-03-10")});
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_UNCERTAIN);
  EXPECT_EQ(row.panel_on(), "");
  EXPECT_THAT(row.not_consulted(), IsEmpty());
}

TEST(VariationsTest, BeforeItsDayNothingIsHeldAgainstIt) {
  const PlanVariationRow row =
      Of({Proposed("2018-01-10"), ChiefOfficer("2018-02-01"), Adopted("2018-03-01", "2018-04-01")},
         "view { judged_on: '2018-03-31' }");
  EXPECT_EQ(row.state(), PLAN_VARIATION_STATE_ADOPTED);
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_UNSPECIFIED);
  EXPECT_THAT(row.not_consulted(), ElementsAre(event::v1::PLAN_CONSULTEE_PANEL));
}

TEST(VariationsTest, TheStateFollowsWhatIsRequiredAndRecorded) {
  EXPECT_EQ(Of({Proposed("2018-01-10")}).state(), PLAN_VARIATION_STATE_PROPOSED);
  EXPECT_EQ(Of({Proposed("2018-01-10"), ChiefOfficer("2018-02-01")}).state(),
            PLAN_VARIATION_STATE_IN_CONSULTATION);
  EXPECT_EQ(Of({Proposed("2018-01-10"), ChiefOfficer("2018-02-01"), Panel("2018-02-10")}).state(),
            PLAN_VARIATION_STATE_CONSULTED);
  const PlanVariationRow row =
      Of({Proposed("2018-01-10"),
          On("2018-02-01", "plan_variation_withdrawn { variation: 'cyber' reason: 'Panel' }")});
  EXPECT_EQ(row.state(), PLAN_VARIATION_STATE_WITHDRAWN);
  EXPECT_EQ(row.reason(), "Panel");
}

TEST(VariationsTest, ThePlanSaysWhoMustBeConsulted) {
  MemoryLedger ledger;
  ledger.Append({On("2016-09",
                    "plan_issued { title: 'Plan' must_consult: PLAN_CONSULTEE_PANEL "
                    "must_consult: PLAN_CONSULTEE_PUBLIC_AND_VICTIMS }"),
                 First(), Proposed("2018-01-10"), Panel("2018-02-10"),
                 On("2018-02-20",
                    "plan_others_consulted { variation: 'cyber' consultee: "
                    "PLAN_CONSULTEE_PUBLIC_AND_VICTIMS }"),
                 Adopted("2018-03-01")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Variations(registers, "before_effect: PLAN_BEFORE_EFFECT_COMPLETE").rows_size(), 1);
}

TEST(VariationsTest, AReportOfThePanelShowsThatTheDraftWasPutToIt) {
  const std::string reported =
      "plan_panel_reported { variation: 'cyber' recommendations { key: '1' text: 'Fraud' } "
      "view: PLAN_CONSULTEE_VIEW_AGREED_WITH_COMMENTS response_due { date: '2018-03-15' } }";
  const PlanVariationRow before =
      Of({ChiefOfficer("2018-02-01"), On("2018-02-20", reported), Adopted("2018-03-01")});
  EXPECT_EQ(before.before_effect(), PLAN_BEFORE_EFFECT_COMPLETE);
  EXPECT_EQ(before.panel_on(), "");
  EXPECT_EQ(before.panel_reported_on(), "2018-02-20");
  EXPECT_EQ(before.panel_recommendations(), 1);
  EXPECT_TRUE(before.response_owed());
  EXPECT_TRUE(before.response_overdue());
  // Reported after effect: when it was put to the panel is not known.
  const PlanVariationRow after =
      Of({ChiefOfficer("2018-02-01"), Adopted("2018-03-01"), On("2018-03-20", reported)});
  EXPECT_EQ(after.before_effect(), PLAN_BEFORE_EFFECT_UNCERTAIN);
}

TEST(VariationsTest, AnAnswerEndsWhatIsOwed) {
  MemoryLedger ledger;
  ledger.Append({Issued(), First(), Proposed("2018-01-10"), Panel("2018-02-01"),
                 On("2018-02-20",
                    "plan_panel_reported { variation: 'cyber' "
                    "recommendations { key: '1' text: 'Fraud' } }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Variations(registers, "response_owed: true").rows_size(), 1);
  ledger.Append({On("2018-03-01",
                    "plan_panel_answered { variation: 'cyber' answers { key: '1' accepted: true } "
                    "published_date: '2018-03-05' }")});
  EXPECT_EQ(Variations(registers, "response_owed: true").rows_size(), 0);
  const PlanVariationRow row = Variations(registers).rows(0);
  EXPECT_EQ(row.responded_on(), "2018-03-01");
  EXPECT_EQ(row.response_published_on(), "2018-03-05");
  EXPECT_EQ(row.consultations(2).what(), "answered");
}

TEST(VariationsTest, APanelThatOnlyNotesIsOwedNothing) {
  const PlanVariationRow row =
      Of({Proposed("2022-10-01"),
          On("2022-11-17",
             "plan_panel_reported { variation: 'cyber' text: 'RESOLVED to note' "
             "view: PLAN_CONSULTEE_VIEW_NOTED }")});
  EXPECT_EQ(row.panel_view(), event::v1::PLAN_CONSULTEE_VIEW_NOTED);
  EXPECT_FALSE(row.response_owed());
}

TEST(VariationsTest, OneRevisedAfterConsultationSaysSoUntilTheyAreConsultedAgain) {
  MemoryLedger ledger;
  ledger.Append({Issued(), First(), Proposed("2018-01-10"), ChiefOfficer("2018-02-01"),
                 On("2018-02-05", "plan_variation_amended { variation: 'cyber' text: 'Fraud' }"),
                 Panel("2018-02-10")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Variations(registers).rows(0).amended_after_consultation());
  ledger.Append({ChiefOfficer("2018-02-12")});
  const PlanVariationRow row = Variations(registers).rows(0);
  EXPECT_FALSE(row.amended_after_consultation());
  EXPECT_EQ(row.chief_officer_on(), "2018-02-01");
  EXPECT_EQ(row.amended_on(), "2018-02-05");
  EXPECT_EQ(row.consultations_size(), 3);
}

TEST(VariationsTest, TheFirstIssueIsHeldAgainstItsOwnConsultation) {
  MemoryLedger ledger;
  ledger.Append({On("2016-06-01", "plan_drafted { title: 'Plan 2016-21' text: 'Seven' }"),
                 On("2016-07-01", "plan_chief_officer_consulted { }"),
                 On("2016-07-10", "plan_panel_consulted { }"), Issued(), First()});
  OpenRegisters registers(ledger);
  const ListVariationsResponse response = Variations(registers);
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_EQ(response.rows(0).variation(), "");
  EXPECT_EQ(response.rows(0).version(), "2016");
  EXPECT_EQ(response.rows(0).before_effect(), PLAN_BEFORE_EFFECT_COMPLETE);
}

TEST(VariationsTest, APlanIssuedWithoutARecordedDraftHasNoRow) {
  MemoryLedger ledger;
  ledger.Append({Issued(), First()});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Variations(registers).rows_size(), 0);
  // Consultation that becomes known later brings its adoption with it.
  ledger.Append({On("2016-12-01", "plan_panel_consulted { }")});
  const ListVariationsResponse response = Variations(registers);
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_EQ(response.rows(0).version(), "2016");
  EXPECT_EQ(response.rows(0).before_effect(), PLAN_BEFORE_EFFECT_MISSING);
  EXPECT_THAT(response.rows(0).consulted_late(), ElementsAre(event::v1::PLAN_CONSULTEE_PANEL));
}

TEST(VariationsTest, AWithdrawnConsultationIsMissingAgain) {
  MemoryLedger ledger;
  ledger.Append({Issued(), First(), ChiefOfficer("2018-02-01")});
  const uint64_t panel = ledger.Append({Panel("2018-02-10")});
  ledger.Append({Adopted("2018-03-01")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Variations(registers).rows(0).before_effect(), PLAN_BEFORE_EFFECT_COMPLETE);
  ledger.Append({absl::StrCat("record: 'plans/2016-21' corrects: ", panel,
                              " withdrawn { reason: 'Another variation' }")});
  EXPECT_EQ(Variations(registers).rows(0).before_effect(), PLAN_BEFORE_EFFECT_MISSING);
}

TEST(VariationsTest, OfManyConsultationsTheLatestStandInTheRowAndTheFirstStillCounts) {
  MemoryLedger ledger;
  std::vector<std::string> facts = {Issued(), First(), ChiefOfficer("2018-01-01")};
  for (int i = 0; i < 30; ++i) facts.push_back(Panel("2018-02-01"));
  facts.push_back(Adopted("2018-03-01"));
  ledger.Append(facts);
  OpenRegisters registers(ledger);
  const PlanVariationRow row = Variations(registers).rows(0);
  EXPECT_EQ(row.consultations_size(), static_cast<int>(kConsultationsMax));
  EXPECT_EQ(row.before_effect(), PLAN_BEFORE_EFFECT_COMPLETE);
  EXPECT_TRUE(row.consultations(0).before_effect());
}

TEST(VariationsTest, TheyAreFoundByTheDayProposed) {
  MemoryLedger ledger;
  ledger.Append({Issued(), First(), Proposed("2018-01-10")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Variations(registers, "from: '2018-01-10' until: '2018-01-10'").rows_size(), 1);
  EXPECT_EQ(Variations(registers, "from: '2018-01-11'").rows_size(), 0);
  EXPECT_EQ(Variations(registers, "plan: 'plans/other'").rows_size(), 0);
}

}  // namespace
}  // namespace scrutiny::projections
