// Goal: the figures that papers 003 and 001 print, as transcribed in tools/demo/derbyshire, give
// what was checked by hand to be right, and what is wrong in the papers is found.
//
// Method: the transcribed facts are folded, and the registers are asked.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "projections/performance/changes.h"
#include "scrutiny/register/v1/casework.pb.h"
#include "scrutiny/register/v1/measures.pb.h"
#include "scrutiny/register/v1/safety_reviews.pb.h"
#include "scrutiny/register/v1/scorecards.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/projections/support/paper_facts.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): rows
using event::v1::Decimal;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class Papers {
 public:
  static Papers& Get() {
    static Papers& papers = *new Papers;
    return papers;
  }

  template <typename Response, typename Request>
  Response Answer(const std::string& request) {
    const auto response =
        (*registers_)
            ->Answer<Response>(testing::Ask<Request>(request), testing::OpenRegisters::Today());
    SCRUTINY_CHECK(response.ok()) << response.status().ToString();
    EXPECT_EQ(response->next_page_token(), "");
    return *response;
  }

  std::vector<MeasureValueRow> Values(const std::string& under, const std::string& filter = "") {
    const auto response = Answer<ListMeasureValuesResponse, ListMeasureValuesRequest>(filter);
    std::vector<MeasureValueRow> rows;
    for (const MeasureValueRow& row : response.rows()) {
      if (absl::StartsWith(row.measure(), absl::StrCat("measures/derbyshire/", under))) {
        rows.push_back(row);
      }
    }
    return rows;
  }
  MeasureValueRow Value(const std::string& measure, const std::string& period) {
    for (const MeasureValueRow& row : Values(measure)) {
      if (row.period_key() == period) return row;
    }
    ADD_FAILURE() << measure << " " << period;
    return {};
  }

 private:
  Papers() {
    testing::AppendPapers({"50-003-10a-scorecards", "51-003-8a-drugs-alcohol",
                           "52-003-12a-casework", "53-003-12d-safety", "54-001-figures"},
                          ledger_);
    registers_ = new testing::OpenRegisters(ledger_);
  }

  testing::MemoryLedger ledger_;
  testing::OpenRegisters* registers_ = nullptr;
};

// The printed value of a rate is the part of the whole, to its own precision.
bool IsRate(const MeasureValueRow& row) {
  return !SaysOtherwise(row.value(), [&](uint32_t places) {
    return PercentShare(row.numerator_value(), row.denominator_value(), places);
  });
}

// Whatever is a part of the measure, added up for the period.
int64_t SumOfParts(const std::string& measure, const std::string& period) {
  std::set<std::string> parts;
  const auto measures = Papers::Get().Answer<ListMeasuresResponse, ListMeasuresRequest>("");
  for (const MeasureRow& row : measures.rows()) {
    if (row.part_of() == absl::StrCat("measures/derbyshire/", measure)) parts.insert(row.measure());
  }
  int64_t sum = 0;
  for (const MeasureValueRow& row : Papers::Get().Values("")) {
    if (parts.count(row.measure()) == 0 || row.period_key() != period) continue;
    sum += row.value().units();
  }
  return sum;
}

TEST(PerformancePapersTest, AllChangesOnTheCrimeScorecardAreRight) {
  int printed = 0;
  for (const MeasureValueRow& row : Papers::Get().Values("crime/")) {
    if (!row.has_stated_change_percent()) continue;
    ++printed;
    EXPECT_FALSE(row.disagrees()) << row.measure() << " " << row.period_key();
    if (row.not_compared() == NOT_COMPARED_BREAK) continue;
    EXPECT_EQ(row.change_percent().units(), row.stated_change_percent().units()) << row.measure();
  }
  EXPECT_EQ(printed, 41);
}

TEST(PerformancePapersTest, AllOutcomeRatesAreRight) {
  int rates = 0;
  for (const MeasureValueRow& row : Papers::Get().Values("crime/")) {
    if (!row.has_denominator_value()) continue;
    ++rates;
    EXPECT_TRUE(IsRate(row)) << row.measure() << " " << row.period_key();
  }
  EXPECT_EQ(rates, 36);
}

TEST(PerformancePapersTest, AntiSocialBehaviourAddsUp) {
  const std::string total = "crime/31-anti-social-behaviour-incidents-total";
  EXPECT_EQ(SumOfParts(total, "2018-19"), 44498);
  EXPECT_EQ(SumOfParts(total, "2017-18"), 46779);
  EXPECT_EQ(SumOfParts(total, "2016-17"), 44491);
  EXPECT_EQ(Papers::Get().Value(total, "2018-19").value().units(), 44498);
}

// The paper prints +81.8 %, and says why the years do not compare.
TEST(PerformancePapersTest, MissingPersonsStandBehindABreak) {
  const MeasureValueRow row = Papers::Get().Value("crime/18-missing-persons-incidents", "2018-19");
  EXPECT_EQ(row.not_compared(), NOT_COMPARED_BREAK);
  EXPECT_FALSE(row.has_change_percent());
  EXPECT_EQ(row.stated_change_percent().units(), 818);
  EXPECT_EQ(PercentChange(row.value(), row.value_before())->units(), 818);
}

TEST(PerformancePapersTest, ConfidenceOfNineMonthsIsNotComparedWithAYear) {
  const auto rows = Papers::Get().Values("other/09-");
  EXPECT_EQ(rows.back().value().units(), 706);
  EXPECT_EQ(rows.back().not_compared(), NOT_COMPARED_LENGTH);
}

TEST(PerformancePapersTest, AlcoholRelatedCrimesAddUp) {
  EXPECT_EQ(SumOfParts("alcohol-crimes/total", "2016-17"), 4638);
  EXPECT_EQ(SumOfParts("alcohol-crimes/total", "2017-18"), 4773);
  EXPECT_EQ(SumOfParts("alcohol-crimes/total", "2018-19"), 5690);
  int printed = 0;
  for (const MeasureValueRow& row : Papers::Get().Values("alcohol-crimes/")) {
    printed += row.has_stated_change_percent() ? 1 : 0;
    EXPECT_FALSE(row.disagrees()) << row.measure();
  }
  EXPECT_EQ(printed, 10);
}

TEST(PerformancePapersTest, DrugOffencesAddUpAndSoDoTheirRates) {
  for (const char* column :
       {"crimes", "sanction-detections", "restorative-disposals", "positive-outcomes"}) {
    for (const char* year : {"2016-17", "2017-18", "2018-19"}) {
      const std::string total = absl::StrCat("drug-offences/", column);
      EXPECT_EQ(SumOfParts(total, year), Papers::Get().Value(total, year).value().units())
          << column << " " << year;
    }
  }
  int rates = 0;
  for (const MeasureValueRow& row : Papers::Get().Values("drug-")) {
    if (!row.has_denominator_value()) continue;
    ++rates;
    EXPECT_TRUE(IsRate(row)) << row.measure() << " " << row.period_key();
  }
  EXPECT_EQ(rates, 18);
}

// Calls for service: -9.5 % is the change of the year before. Op Capture: 28.0 %, not 27.6. Groups
// of community speed watch: 36.4 %, not 36.3.
TEST(PerformancePapersTest, WrongChangesAreFound) {
  std::vector<std::string> found;
  for (const MeasureValueRow& row : Papers::Get().Values("", "disagrees: true")) {
    found.push_back(absl::StrCat(row.measure(), " ", row.change_percent().units()));
  }
  EXPECT_THAT(found, UnorderedElementsAre(
                         "measures/derbyshire/calls-for-service/all-calls-for-service 220",
                         "measures/derbyshire/road-safety/op-capture-submissions 280",
                         "measures/derbyshire/road-safety/community-speed-watch-groups 364"));
}

// Narrative that the figures bear out, and narrative that they do not: of percentages a difference
// in points is called one in per cent; one year's change is given for three years'; not all
// outcomes fell; drug related deaths rose from 2016.
TEST(PerformancePapersTest, NarrativeIsHeldAgainstTheFigures) {
  const auto notes = Papers::Get().Answer<ListMeasureNotesResponse, ListMeasureNotesRequest>("");
  std::map<std::string, MeasureNoteRow> by_place;
  std::vector<std::string> wrong;
  for (const MeasureNoteRow& row : notes.rows()) {
    const std::string place = absl::StrCat(
        row.measure().substr(std::string("measures/derbyshire/").size()), " ", row.key());
    by_place[place] = row;
    if (row.disagrees()) wrong.push_back(place);
  }
  const auto percent = [&](const std::string& place) {
    EXPECT_EQ(by_place.count(place), 1U) << place;
    return by_place[place].change_percent().units();
  };
  const std::string people = "personnel/";
  EXPECT_EQ(percent(people + "01-total-number-of-police-officers-headcount 2-2-three-years"), 40);
  EXPECT_EQ(percent(people + "01-total-number-of-police-officers-headcount 2-2-year"), 26);
  EXPECT_EQ(percent(people + "02-police-staff-adjusted 2-4-three-years"), 62);
  EXPECT_EQ(percent(people + "02-police-staff-adjusted 2-4-year"), 42);
  EXPECT_EQ(percent(people + "04-number-of-specials 2-6"), -129);
  EXPECT_EQ(percent(people + "05-number-of-police-service-volunteers-psv 2-6"), -371);
  EXPECT_EQ(percent(people + "06-number-of-specials-duty-hours 2-6"), -7);
  EXPECT_EQ(percent(people + "12-police-officer-sickness 2-8"), -105);
  EXPECT_EQ(percent(people + "13-police-staff-sickness 2-8-three-years"), 351);
  EXPECT_EQ(percent(people + "13-police-staff-sickness 2-8-year"), 91);
  EXPECT_EQ(percent("alcohol-crimes/total 8a-2-3"), 227);
  EXPECT_EQ(percent("calls-for-service/alcohol-related-calls-for-service 8a-2-3"), -198);
  EXPECT_EQ(by_place["personnel/09-female 2-7"].change_points().units(), 20);
  EXPECT_THAT(wrong,
              UnorderedElementsAre("alcohol-crimes/total 8a-2-3",
                                   "calls-for-service/alcohol-related-calls-for-service 8a-2-3",
                                   "crime/27-drug-possession-positive-outcomes 1-11",
                                   "crime/29-hate-crime-positive-outcomes 1-11",
                                   "drug-deaths/derbyshire 1-18-three-years",
                                   "other/28-guilty-plea-at-first-hearing-magistrates-court 8-2",
                                   "personnel/08-black-asian-and-minority-ethnic 2-7",
                                   "personnel/09-female 2-7"));
}

TEST(PerformancePapersTest, ScorecardsSayWhatTheyNumber) {
  const auto cards = Papers::Get().Answer<ListScorecardsResponse, ListScorecardsRequest>("");
  ASSERT_EQ(cards.rows_size(), 3);
  std::map<std::string, std::pair<uint32_t, uint32_t>> counts;
  for (const ScorecardRow& row : cards.rows()) {
    counts[row.scorecard()] = {row.measures_listed(), row.measures_stated()};
  }
  EXPECT_EQ(counts["scorecards/derbyshire/2019-05-20/crime"], std::make_pair(47U, 35U));
  EXPECT_EQ(counts["scorecards/derbyshire/2019-05-20/personnel"], std::make_pair(16U, 13U));
  EXPECT_EQ(counts["scorecards/derbyshire/2019-05-20/other"], std::make_pair(31U, 31U));
}

TEST(PerformancePapersTest, CaseworkIsAsPrinted) {
  const std::string of_year = "casework: 'casework/derbyshire/2018-19' ";
  const auto figures =
      Papers::Get().Answer<ListCaseworkFiguresResponse, ListCaseworkFiguresRequest>(of_year);
  // The total, three ways of counting with their totals, 47 sub-categories.
  EXPECT_EQ(figures.rows_size(), 1 + 9 + 3 + 15 + 47);
  int arrows = 0;
  for (const CaseworkFigureRow& row : figures.rows()) {
    if (row.stated_direction() != event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED) ++arrows;
    // 123 of 416 is 29.6 %, cut to 29 in the paper.
    EXPECT_EQ(row.disagrees(), row.label() == "Complaint or Dissatisfaction") << row.label();
  }
  EXPECT_EQ(arrows, 28);  // 27 drawn, one in words
  const auto share = [&](const std::string& label) {
    return Papers::Get()
        .Answer<ListCaseworkFiguresResponse, ListCaseworkFiguresRequest>(
            absl::StrCat(of_year, "label: '", label, "'"))
        .rows(0)
        .share_percent()
        .units();
  };
  EXPECT_EQ(share("quality of service"), 331);
  EXPECT_EQ(share("Contact & response"), 182);
  EXPECT_EQ(share("Police Complaint"), 174);
  EXPECT_EQ(share("Resources – allocation"), 378);
  EXPECT_EQ(share("Estate"), 222);
  const auto rows = Papers::Get().Answer<ListCaseworkResponse, ListCaseworkRequest>("").rows();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].total_before().value(), 420U);
  EXPECT_EQ(rows[1].total().value(), 351U);
}

TEST(PerformancePapersTest, SafetyFiguresAreAsPrinted) {
  const std::string review = "safety_review: 'safety-reviews/derbyshire/2018' ";
  const auto total =
      Papers::Get().Answer<ListSafetyFiguresResponse, ListSafetyFiguresRequest>(review).rows(0);
  std::vector<uint64_t> values;
  for (const PeriodFigure& figure : total.figures()) values.push_back(figure.value());
  EXPECT_THAT(values, ElementsAre(385U, 333U, 361U));
  EXPECT_EQ(total.figures(1).restated_from(), 262U);
  EXPECT_EQ(total.figures(2).restated_from(), 273U);
  const auto sum = [&](const std::string& dimension) {
    uint64_t all = 0;
    const auto rows = Papers::Get().Answer<ListSafetyFiguresResponse, ListSafetyFiguresRequest>(
        absl::StrCat(review, "dimension: '", dimension, "'"));
    for (const SafetyFigureRow& row : rows.rows()) {
      if (!row.label().empty()) all += row.figures(0).value();
      EXPECT_FALSE(row.disagrees()) << row.label();
    }
    return all;
  };
  EXPECT_EQ(sum("cause"), 313U + 12U);  // injuries, and what was reportable by cause
  EXPECT_EQ(sum("reportable: ground"), 12U);
  EXPECT_EQ(sum("near miss"), 72U);
  const auto subjects =
      Papers::Get().Answer<ListSafetySubjectsResponse, ListSafetySubjectsRequest>(review);
  EXPECT_EQ(subjects.rows_size(), 14);
}

}  // namespace
}  // namespace scrutiny::projections
