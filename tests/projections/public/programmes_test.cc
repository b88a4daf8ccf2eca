// Programmes of engagement as paper 12C of 20 May 2019 prints them: #D383, whose 325 of 383 places
// it calls 92 per cent, and the victim roadshows; what is computed of them, and matters raised.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/engagements.pb.h"
#include "scrutiny/register/v1/matters.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kD383[] = "programmes/d383";
constexpr char kRoadshows[] = "programmes/victim-roadshows";

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "",
                const std::string& judged_on = "2019-06-01") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(judged_on), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ProgrammeRow TheProgramme(OpenRegisters& registers, const std::string& judged_on = "2019-06-01") {
  return Answer<ListProgrammesResponse, ListProgrammesRequest>(registers, "", judged_on).rows(0);
}
CoverPlacesResponse Places(OpenRegisters& registers, const std::string& more = "") {
  return Answer<CoverPlacesResponse, CoverPlacesRequest>(
      registers, absl::StrCat("programme: '", kD383, "' ", more));
}

std::string D383(const std::string& places = "") {
  return On("2016-05-31", kD383,
            absl::StrCat("engagement_programme_set { title: '#D383' target_unit: 'towns and "
                         "villages' due { date: '2019-10' } ",
                         places, " }"));
}
std::string Place(const std::string& key, const std::string& area) {
  return absl::StrCat("places { key: '", key, "' name: '", key, "' area: '", area, "' } ");
}
std::string Visit(const std::string& day, const std::string& place, const std::string& more = "") {
  return On(day, kD383, absl::StrCat("place_visited { place { key: '", place, "' } ", more, " }"));
}
std::string Held(const std::string& day, const std::string& name, const std::string& more) {
  return On(day, absl::StrCat("engagements/", name),
            absl::StrCat("engagement_held { title: 'An engagement' ", more, " }"));
}

TEST(ProgrammesTest, StatedPercentageIsHeldAgainstItsNumbers) {
  MemoryLedger ledger;
  ledger.Append(
      {D383("target_number: 383"),
       On("2019-04-30", kD383,
          "programme_progress_stated { visited_stated: 325 target_stated: 383 percent_stated { "
          "units: 92 printed: '92%' } stated_as_at: '2019-04-30' progress_paper: 'papers/12c' }")});
  OpenRegisters registers(ledger);
  const ProgrammeRow row = TheProgramme(registers);
  EXPECT_EQ(row.visited_stated(), 325U);
  EXPECT_EQ(row.percent_stated().units(), 92);
  EXPECT_EQ(row.stated_gives_percent().units(), 849);
  EXPECT_EQ(row.stated_gives_percent().scale(), 1U);
  EXPECT_TRUE(row.stated_disagrees());
  EXPECT_EQ(row.covered(), "0/383");
  const CoverPlacesResponse places = Places(registers);
  EXPECT_EQ(places.target_stated(), 383U);
  EXPECT_EQ(places.stated_gives_percent().units(), 849);
  ledger.Append({On("2019-05-31", kD383,
                    "programme_progress_stated { visited_stated: 326 target_stated: 383 "
                    "percent_stated { units: 85 } }")});
  EXPECT_FALSE(TheProgramme(registers).stated_disagrees());
  EXPECT_EQ(TheProgramme(registers).progress_paper(), "");
}

TEST(ProgrammesTest, EachListedPlaceCountsOnce) {
  MemoryLedger ledger;
  ledger.Append({D383(Place("buxton", "High Peak") + Place("glossop", "High Peak") +
                      Place("matlock", "Derbyshire Dales")),
                 Visit("2017-01-10", "buxton"), Visit("2018-01-10", "buxton"),
                 Visit("2018-02-10", "leek")});
  OpenRegisters registers(ledger);
  const CoverPlacesResponse all = Places(registers);
  EXPECT_EQ(all.coverage().fraction(), "1/3");
  EXPECT_EQ(all.coverage().percent().units(), 333);
  EXPECT_EQ(all.coverage().beyond_list(), 1U);
  ASSERT_EQ(all.rows_size(), 4);
  EXPECT_EQ(all.rows(0).place(), "leek");
  EXPECT_FALSE(all.rows(0).listed());
  EXPECT_EQ(all.rows(2).place(), "buxton");
  EXPECT_EQ(all.rows(2).visits(), 2U);
  EXPECT_EQ(all.rows(2).first_visited_on(), "2017-01-10");
  EXPECT_EQ(all.rows(2).last_visited_on(), "2018-01-10");
  EXPECT_EQ(all.rows(2).meta().entry_count(), 3U);
  ASSERT_EQ(all.areas_size(), 3);
  EXPECT_EQ(all.areas(2).area(), "High Peak");
  EXPECT_EQ(all.areas(2).coverage().fraction(), "1/2");
  EXPECT_EQ(Places(registers, "unvisited: true").rows_size(), 2);
  EXPECT_EQ(Places(registers, "area: 'dales'").rows_size(), 1);
  EXPECT_EQ(Places(registers, "visited_from: '2018-02-01'").coverage().fraction(), "0/3");
}

TEST(ProgrammesTest, EngagementCountsAsOneVisitHoweverItIsKnown) {
  MemoryLedger ledger;
  ledger.Append({D383(Place("buxton", "High Peak") + Place("matlock", "Derbyshire Dales")),
                 Held("2019-02-01", "talk",
                      absl::StrCat("programme: '", kD383, "' places { key: 'buxton' }")),
                 Visit("2019-02-01", "buxton", "engagement: 'engagements/talk'")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheProgramme(registers).covered(), "1/2");
  const CoverPlacesResponse all = Places(registers);
  EXPECT_EQ(all.rows(1).visits(), 1U);
  ASSERT_EQ(all.rows(1).engagements_size(), 1);
  // Withdrawn, the visit that cites the engagement is left.
  ledger.Append({"record: 'engagements/talk' corrects: 1 withdrawn { reason: 'Not the offices' }"});
  EXPECT_EQ(TheProgramme(registers).covered(), "1/2");
}

TEST(ProgrammesTest, ProgrammeOfEventsCountsThemWithTheirNumbers) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-05-20", kRoadshows,
          "engagement_programme_set { title: 'Victim roadshows' target_number: 9 target_unit: "
          "'local authority areas' due { date: '2019' } }"),
       Held("2019-04-30", "roadshows",
            absl::StrCat("programme: '", kRoadshows, "' number_held: 3")),
       On("2019-05-20", "engagements/next",
          absl::StrCat("engagement_planned { title: 'Another' programme: '", kRoadshows, "' }"))});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheProgramme(registers).covered(), "3/9");
  EXPECT_FALSE(TheProgramme(registers, "2019-12-31").overdue());
  EXPECT_TRUE(TheProgramme(registers, "2020-01-01").overdue());
  const auto cover = Answer<CoverPlacesResponse, CoverPlacesRequest>(
      registers, absl::StrCat("programme: '", kRoadshows, "'"));
  EXPECT_EQ(cover.rows_size(), 0);
  EXPECT_EQ(cover.basis().note(), "Of engagements held, 3 name no place.");
}

TEST(ProgrammesTest, PlaceTakenOffTheListIsGone) {
  MemoryLedger ledger;
  ledger.Append({D383(Place("buxton", "High Peak") + Place("matlock", "Derbyshire Dales"))});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Places(registers).rows_size(), 2);
  ledger.Append({On("2018-01-01", kD383,
                    "programme_places_changed { added { key: 'glossop' } added { key: 'buxton' "
                    "name: 'Buxton' } removed: 'matlock' reason: 'Counted twice' }")});
  const CoverPlacesResponse now = Places(registers);
  ASSERT_EQ(now.rows_size(), 2);
  EXPECT_EQ(now.rows(0).place(), "glossop");
  EXPECT_EQ(now.rows(1).name(), "Buxton");
  EXPECT_EQ(now.rows(1).area(), "High Peak");
  EXPECT_EQ(TheProgramme(registers).places_listed(), 2U);
}

TEST(ProgrammesTest, ProgrammeNobodyRecordedIsNotFound) {
  MemoryLedger ledger;
  ledger.Append({D383()});
  OpenRegisters registers(ledger);
  const auto unknown = registers->Answer<CoverPlacesResponse>(
      testing::Ask<CoverPlacesRequest>("programme: 'programmes/other'"), OpenRegisters::Today());
  EXPECT_TRUE(absl::IsNotFound(unknown.status()));
  const auto unsaid =
      registers->Answer<CoverPlacesResponse>(CoverPlacesRequest(), OpenRegisters::Today());
  EXPECT_TRUE(absl::IsInvalidArgument(unsaid.status()));
}

TEST(EngagementsTest, PlacesOfOneBeyondTheFirstTwentyStillCount) {
  std::string listed;
  std::string held = absl::StrCat("programme: '", kD383, "' ");
  for (int i = 10; i < 40; ++i) {
    listed += Place(absl::StrCat("place-", i), "Derby");
    held += absl::StrCat("places { key: 'place-", i, "' } ");
  }
  MemoryLedger ledger;
  ledger.Append({D383(listed), Held("2019-02-01", "tour", held)});
  OpenRegisters registers(ledger);
  EXPECT_EQ(TheProgramme(registers).covered(), "30/30");
  const auto engagements =
      Answer<ListEngagementsResponse, ListEngagementsRequest>(registers, "place: 'place-12'");
  ASSERT_EQ(engagements.rows_size(), 1);
  EXPECT_EQ(engagements.rows(0).places_size(), 20);
}

TEST(EngagementsTest, PlannedOneIsOverdueUntilHeldOrCalledOff) {
  MemoryLedger ledger;
  ledger.Append({On("2019-05-01", "engagements/matlock",
                    "engagement_planned { title: 'Last visit' due { date: '2019-05-20' } }")});
  OpenRegisters registers(ledger);
  const auto row = [&] {
    return Answer<ListEngagementsResponse, ListEngagementsRequest>(registers).rows(0);
  };
  EXPECT_TRUE(row().overdue());
  EXPECT_EQ(row().engagement_date(), "2019-05-20");
  ledger.Append({Held("2019-05-25", "matlock", "")});
  EXPECT_FALSE(row().overdue());
  EXPECT_EQ(row().engagement_date(), "2019-05-25");
}

TEST(MattersTest, MatterIsOfItsEngagementsProgrammeAndCountedThere) {
  MemoryLedger ledger;
  ledger.Append(
      {Held("2019-04-01", "talk", absl::StrCat("programme: '", kD383, "'")),
       On("2019-04-01", "matters/speeding",
          "matter_raised { title: 'Speeding' engagement: 'engagements/talk' due { date: "
          "'2019-05-01' } place { key: 'buxton' name: 'Buxton' } }"),
       On("2019-04-01", "matters/parking",
          "matter_raised { title: 'Parking' engagement: 'engagements/talk' }"),
       On("2019-04-20", "matters/parking", "matter_dropped { reason: 'For the council' }")});
  OpenRegisters registers(ledger);
  const auto engagement =
      Answer<ListEngagementsResponse, ListEngagementsRequest>(registers).rows(0);
  EXPECT_EQ(engagement.matters(), 2U);
  EXPECT_EQ(engagement.matters_open(), 1U);
  const auto matters = Answer<ListMattersResponse, ListMattersRequest>(
      registers, absl::StrCat("programme: '", kD383, "' overdue: true"));
  ASSERT_EQ(matters.rows_size(), 1);
  EXPECT_EQ(matters.rows(0).title(), "Speeding");
  ledger.Append({On("2019-05-10", "matters/speeding",
                    "matter_addressed { outcome: 'A speed watch was set up' told: true }")});
  const auto now = Answer<ListMattersResponse, ListMattersRequest>(registers, "place: 'buxton'");
  EXPECT_EQ(now.rows(0).state(), MATTER_STATE_ADDRESSED);
  EXPECT_FALSE(now.rows(0).overdue());
}

}  // namespace
}  // namespace scrutiny::projections
