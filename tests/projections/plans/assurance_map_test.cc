// Assurance over a plan: cells of priority and time, and what stands in none of them.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "projections/queries/time_spans.h"
#include "scrutiny/register/v1/assurance_map.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::MemoryLedger;
using testing::OpenRegisters;

std::string Of(const std::string& record, const std::string& day, const std::string& fact) {
  const std::string occurred =
      day.empty() ? std::string() : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

const char kVersion[] = "plan_version { plan: 'plans/p' version: '2018' } ";

// An area of assurance with what is said of it beside.
std::string Area(const std::string& key, uint32_t priority, const std::string& more = "") {
  return absl::StrCat("assurance { key: '", key, "' item: '8a' area: 'Area ", key,
                      "' priorities { number: ", priority, " } ", more, " } ");
}

class AssuranceMapTest : public ::testing::Test {
 protected:
  AssuranceMapTest() {
    ledger_.Append(
        {Of("forums/spab", "2016", "forum_established { name: 'Assurance Board' aliases: 'SPAB' }"),
         Of("forums/pcp", "2016", "forum_established { name: 'Panel' }"),
         Of("plans/p", "2016",
            "plan_issued { title: 'Plan' period_from: '2016' period_to: '2021' "
            "}"),
         Of("plans/p", "2016",
            "plan_version_adopted { version: '2016' priorities { number: 2 "
            "title: 'Partnership' } }"),
         Of("plans/p", "2018-02-01",
            "plan_version_adopted { version: '2018' variation: 'cyber' priorities { number: 1 "
            "title: 'Victims' } priorities { number: 2 title: 'Cyber' } priorities { number: 3 "
            "title: 'Drugs' } }")});
    Meeting("mar", "2019-03-18");
    Meeting("may", "2019-05-20");
  }

  void Meeting(const std::string& key, const std::string& date,
               const std::string& forum = "forums/spab") {
    const std::string record = "meetings/" + key;
    ledger_.Append(
        {Of(record, "",
            absl::StrCat("meeting_scheduled { forum: '", forum, "' date: '", date, "' }")),
         Of(record, date, "meeting_opened { }")});
  }
  // A fact on a meeting that cites the version.
  void Say(const std::string& meeting, const std::string& fact) {
    ledger_.Append({Of("meetings/" + meeting, "2019-03-18", absl::StrCat(kVersion, fact))});
  }
  void Gained(const std::string& meeting, const std::string& key, uint32_t priority,
              const std::string& more = "") {
    Say(meeting, absl::StrCat("assurance_gained { ", Area(key, priority, more), "}"));
  }

  absl::StatusOr<MapAssuranceResponse> Ask(const std::string& request = "") {
    registers_.Level();
    return registers_->Answer<MapAssuranceResponse>(testing::Ask<MapAssuranceRequest>(request),
                                                    OpenRegisters::Today());
  }
  MapAssuranceResponse Map(const std::string& request = "") {
    const auto response = Ask(request);
    SCRUTINY_CHECK(response.ok()) << response.status().ToString();
    return *response;
  }
  // `1: Assurance Board 18 Mar 2019 gained 1; 2: none`.
  static std::string Words(const MapAssuranceResponse& response) {
    std::vector<std::string> cells;
    for (const AssuranceCellRow& row : response.rows()) {
      cells.push_back(absl::StrCat(row.priority(), ": ", row.when(), row.when().empty() ? "" : " ",
                                   row.areas()));
    }
    return absl::StrJoin(cells, "; ");
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(AssuranceMapTest, APriorityWithoutAnythingHasARowWithoutTime) {
  Gained("mar", "8a", 2, "evidence { text: 'Report' }");
  const MapAssuranceResponse map = Map();
  EXPECT_EQ(map.plan(), "plans/p");
  EXPECT_EQ(map.version(), "2018");
  EXPECT_EQ(Words(map), "1: 0; 2: Assurance Board 18 Mar 2019 1; 3: 0");
  EXPECT_EQ(map.rows(0).title(), "Victims");
  EXPECT_EQ(map.rows(1).standing(), ASSURANCE_STANDING_GAINED);
  EXPECT_EQ(map.rows(1).gained(), 1);
  EXPECT_EQ(map.rows(1).without_evidence(), 0);
  EXPECT_EQ(map.rows(1).from_date(), "2019-03-18");
  EXPECT_EQ(map.rows(1).meta().entry_count(), 1);
  ASSERT_EQ(map.priorities_size(), 3);
  EXPECT_EQ(map.priorities(1).days_since_gained(), 75);
  EXPECT_FALSE(map.priorities(0).has_days_since_gained());
}

TEST_F(AssuranceMapTest, WithEmptyEveryMeetingHeldHasACellOfEachPriority) {
  Gained("mar", "8a", 2);
  Meeting("panel", "2019-04-04", "forums/pcp");
  EXPECT_EQ(Map("with_empty: true").rows_size(), 9);
  EXPECT_EQ(Words(Map("with_empty: true forum: 'SPAB' priority: 2")),
            "2: Assurance Board 18 Mar 2019 1; 2: Assurance Board 20 May 2019 0");
}

TEST_F(AssuranceMapTest, ItIsCutByQuartersAndYearsToo) {
  Gained("mar", "8a", 2);
  Gained("may", "8a", 2);
  EXPECT_EQ(Words(Map("by: ASSURANCE_MAP_SPAN_QUARTER priority: 2")),
            "2: Jan–Mar 2019 1; 2: Apr–Jun 2019 1");
  EXPECT_EQ(Words(Map("by: ASSURANCE_MAP_SPAN_YEAR priority: 2")), "2: 2019 2");
  EXPECT_EQ(Words(Map("by: ASSURANCE_MAP_SPAN_FINANCIAL_YEAR priority: 2")),
            "2: 2018/19 1; 2: 2019/20 1");
  EXPECT_EQ(Words(Map("by: ASSURANCE_MAP_SPAN_MONTH priority: 2 with_empty: true "
                      "from: '2019-03-01' until: '2019-05-31'")),
            "2: Mar 2019 1; 2: Apr 2019 0; 2: May 2019 1");
}

TEST_F(AssuranceMapTest, SpansOfTimeEndWhereTheyShould) {
  const auto span = [](AssuranceMapSpan by, const std::string& day) {
    const TimeSpan found = SpanAround(by, *ledger::Day::Parse(day));
    return absl::StrCat(found.first.ToString(), " ", found.last.ToString(), " ", found.words);
  };
  EXPECT_EQ(span(ASSURANCE_MAP_SPAN_MONTH, "2020-02-29"), "2020-02-01 2020-02-29 Feb 2020");
  EXPECT_EQ(span(ASSURANCE_MAP_SPAN_QUARTER, "2019-12-31"), "2019-10-01 2019-12-31 Oct–Dec 2019");
  EXPECT_EQ(span(ASSURANCE_MAP_SPAN_FINANCIAL_YEAR, "2020-03-31"), "2019-04-01 2020-03-31 2019/20");
  EXPECT_EQ(span(ASSURANCE_MAP_SPAN_FINANCIAL_YEAR, "2099-04-01"), "2099-04-01 2100-03-31 2099/00");
}

TEST_F(AssuranceMapTest, OfSeveralOnOneDayTheLeastFavourableCounts) {
  Gained("mar", "8a", 2);
  Say("mar", absl::StrCat("assurance_deferred { ", Area("8b", 2), "reason: 'Late' }"));
  const MapAssuranceResponse map = Map("priority: 2");
  ASSERT_EQ(map.rows_size(), 1);
  EXPECT_EQ(map.rows(0).standing(), ASSURANCE_STANDING_DEFERRED);
  EXPECT_EQ(map.rows(0).areas(), 2);
  EXPECT_EQ(map.rows(0).gained(), 1);
  EXPECT_EQ(map.rows(0).deferred(), 1);
  // Of several days the latest does.
  Gained("may", "8a", 2);
  EXPECT_EQ(Map("by: ASSURANCE_MAP_SPAN_YEAR priority: 2").rows(0).standing(),
            ASSURANCE_STANDING_GAINED);
  EXPECT_EQ(Map("priority: 2").priorities(0).standing(), ASSURANCE_STANDING_GAINED);
}

TEST_F(AssuranceMapTest, OneThatCitesSeveralPrioritiesIsInTheCellOfEach) {
  Gained("mar", "8a", 2, "priorities { number: 3 } priorities { number: 3 }");
  EXPECT_EQ(Words(Map()),
            "1: 0; 2: Assurance Board 18 Mar 2019 1; 3: Assurance Board 18 Mar 2019 1");
}

TEST_F(AssuranceMapTest, WhatStandsInNoCellIsCounted) {
  const std::string meeting = "meetings/mar";
  ledger_.Append(
      {Of(meeting, "2019-03-18", absl::StrCat("assurance_gained { ", Area("a", 2), "}")),
       Of(meeting, "2019-03-18",
          "assurance_gained { assurance { key: 'b' item: '8b' area: 'No priority' } }"),
       Of(meeting, "2019-03-18",
          absl::StrCat("plan_version { plan: 'plans/p' version: '2016' } assurance_gained { ",
                       Area("c", 2), "}"))});
  Gained("mar", "d", 9);
  const MapAssuranceResponse map = Map();
  EXPECT_EQ(Words(map), "1: 0; 2: 0; 3: 0; 9: Assurance Board 18 Mar 2019 1");
  EXPECT_EQ(map.without_version(), 1);
  EXPECT_EQ(map.without_priority(), 1);
  EXPECT_EQ(map.of_other_versions(), 1);
  EXPECT_EQ(map.unknown_priority(), 1);
  EXPECT_EQ(map.rows(3).title(), "");
}

TEST_F(AssuranceMapTest, ConditionsSayHowItStands) {
  Say("mar", absl::StrCat("assurance_gained_with_conditions { ", Area("8a", 2),
                          "conditions: 'A plan' conditions: 'A report' }"));
  EXPECT_EQ(Map("priority: 2").rows(0).standing(), ASSURANCE_STANDING_CONDITIONS_OPEN);
  const auto set = [](const std::string& name) {
    return Of("conditions/" + name, "2019-03-18",
              absl::StrCat("condition_set { title: '", name,
                           "' set_at: 'meetings/mar' assurance: '8a' }"));
  };
  ledger_.Append({set("plan"), set("report"),
                  Of("conditions/plan", "2019-04-01", "condition_met { text: 'Done' }")});
  MapAssuranceResponse map = Map("priority: 2");
  EXPECT_EQ(map.rows(0).standing(), ASSURANCE_STANDING_CONDITIONS_OPEN);
  EXPECT_EQ(map.rows(0).conditions_open(), 1);
  EXPECT_EQ(map.rows(0).with_conditions(), 1);
  EXPECT_EQ(map.rows(0).assurances(0).conditions(), 2);
  EXPECT_EQ(map.rows(0).meta().entry_count(), 4);
  ledger_.Append({Of("conditions/report", "2019-04-02", "condition_lapsed { reason: 'Moot' }")});
  EXPECT_EQ(Map("priority: 2").rows(0).standing(), ASSURANCE_STANDING_CONDITIONS_LAPSED);
  ledger_.Append({Of("conditions/report", "2019-04-03", "condition_met { text: 'Came' }")});
  EXPECT_EQ(Map("priority: 2").rows(0).standing(), ASSURANCE_STANDING_CONDITIONS_MET);
  ledger_.Append({Of("conditions/plan", "2019-05-01", "condition_broken { reason: 'Late' }")});
  map = Map("priority: 2");
  EXPECT_EQ(map.rows(0).standing(), ASSURANCE_STANDING_CONDITIONS_BROKEN);
  EXPECT_EQ(map.priorities(0).conditions_open(), 1);
}

TEST_F(AssuranceMapTest, WhatWasGainedAndRevokedLaterIsNoLongerHeld) {
  Gained("mar", "8a", 2);
  Say("may", absl::StrCat("assurance_revoked { ",
                          Area("8x", 2, "follows_meeting: 'meetings/mar' follows: '8a'"),
                          "reason: 'The audit' }"));
  const MapAssuranceResponse map = Map("priority: 2");
  ASSERT_EQ(map.rows_size(), 2);
  EXPECT_EQ(map.rows(0).standing(), ASSURANCE_STANDING_REVOKED);
  EXPECT_EQ(map.rows(0).gained(), 0);
  EXPECT_EQ(map.rows(0).revoked(), 1);
  EXPECT_EQ(map.rows(0).assurances(0).reason(), "The audit");
  EXPECT_EQ(map.rows(1).assurances(0).follows(), "8a");
  EXPECT_FALSE(map.priorities(0).has_days_since_gained());
  // Before that meeting it was.
  EXPECT_EQ(Map("priority: 2 view { judged_on: '2019-05-19' }").rows(0).standing(),
            ASSURANCE_STANDING_GAINED);
}

TEST_F(AssuranceMapTest, EvidenceAddedLaterCountsAndAConflictShows) {
  Gained("mar", "8a", 2);
  EXPECT_EQ(Map("priority: 2").rows(0).without_evidence(), 1);
  Say("mar", "assurance_evidence_added { key: '8a' evidence { text: 'The figures' } }");
  Say("mar", "assurance_evidence_conflict_noted { key: '8a' text: 'Two totals' }");
  const MapAssuranceResponse map = Map("priority: 2");
  EXPECT_EQ(map.rows(0).without_evidence(), 0);
  EXPECT_EQ(map.rows(0).assurances(0).evidence(0).text(), "The figures");
  EXPECT_TRUE(map.rows(0).assurances(0).evidence_conflict());
  // In the register of assurance too.
  const auto rows = registers_->Answer<ListAssuranceResponse>(
      testing::Ask<ListAssuranceRequest>(""), OpenRegisters::Today());
  ASSERT_TRUE(rows.ok());
  EXPECT_TRUE(rows->rows(0).evidence_conflict());
  EXPECT_EQ(rows->rows(0).meta().entry_count(), 3);
}

TEST_F(AssuranceMapTest, AddedEvidenceStaysWhereTheOutcomeComesAfterIt) {
  Say("mar", absl::StrCat("assurance_sought { ", Area("8a", 2, "evidence { text: 'Draft' }"), "}"));
  Say("mar", "assurance_evidence_added { key: '8a' evidence { text: 'The figures' } }");
  Gained("mar", "8a", 2, "evidence { text: 'Report' }");
  const AssuranceCellRow row = Map("priority: 2").rows(0);
  ASSERT_EQ(row.assurances(0).evidence_size(), 2);
  EXPECT_EQ(row.assurances(0).evidence(0).text(), "Report");
  EXPECT_EQ(row.assurances(0).evidence(1).text(), "The figures");
  EXPECT_EQ(row.sought(), 1);
}

TEST_F(AssuranceMapTest, AMeetingThatIsNotDatedComesLast) {
  ledger_.Append({Of("meetings/undated", "", "meeting_scheduled { forum: 'forums/spab' }")});
  Gained("undated", "8a", 2);
  Gained("mar", "8a", 2);
  EXPECT_EQ(Words(Map("priority: 2")),
            "2: Assurance Board 18 Mar 2019 1; 2: Assurance Board not dated 1");
  // Of a time that is named it is not.
  EXPECT_EQ(Words(Map("priority: 2 until: '2019-12-31'")), "2: Assurance Board 18 Mar 2019 1");
}

TEST_F(AssuranceMapTest, AVersionThatWasReplacedEndsThere) {
  ledger_.Append({Of("plans/p", "2019-04-01",
                     "plan_version_adopted { version: '2019' variation: 'x' priorities { number: 1 "
                     "title: 'One' } }")});
  Gained("mar", "8a", 2);
  Gained("may", "8a", 2);
  EXPECT_EQ(Map().version(), "2019");
  EXPECT_EQ(Map().of_other_versions(), 1);
  EXPECT_EQ(Words(Map("plan: 'plans/p' version: '2018' priority: 2")),
            "2: Assurance Board 18 Mar 2019 1");
}

TEST_F(AssuranceMapTest, PagesFitTogether) {
  Gained("mar", "8a", 2);
  MapAssuranceResponse first = Map("page { size: 2 }");
  ASSERT_EQ(first.rows_size(), 2);
  EXPECT_EQ(first.priorities_size(), 3);
  const MapAssuranceResponse second =
      Map(absl::StrCat("page { size: 2 token: '", first.next_page_token(), "' }"));
  ASSERT_EQ(second.rows_size(), 1);
  EXPECT_EQ(second.rows(0).priority(), 3);
  EXPECT_EQ(second.priorities_size(), 0);
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(AssuranceMapTest, APlanOrVersionThatIsNotThereIsNotFound) {
  EXPECT_EQ(Ask("plan: 'plans/none'").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Ask("plan: 'plans/p' version: '2030'").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Ask("forum: 'Nobody'").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Ask("view { judged_on: '2022-06-01' }").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Ask("with_empty: true by: ASSURANCE_MAP_SPAN_MONTH from: '1000-01-01'").status().code(),
            absl::StatusCode::kInvalidArgument);
  ledger_.Append({Of("plans/q", "2018", "plan_issued { title: 'Another' }"),
                  Of("plans/q", "2018", "plan_version_adopted { version: '1' }")});
  EXPECT_EQ(Ask().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Map("plan: 'plans/q'").rows_size(), 0);
}

}  // namespace
}  // namespace scrutiny::projections
