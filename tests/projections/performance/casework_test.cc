// Casework as paper 003, item 12A, prints it: 416, 420 and 387, by nature, method and reason, with
// every arrow; and how figures are joined, restated and left out.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/casework.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using event::v1::DirectionOfTravel;
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kRecord[] = "casework/2018-19";

struct Line {
  const char* label;
  int now, before, first;
  char arrow;  // as printed: u, d; ' ': none
};

const std::vector<Line>& Nature() {
  static const auto& lines =
      *new std::vector<Line>{{"Complaint or Dissatisfaction", 123, 160, 147, 'd'},
                             {"Crime Report", 13, 22, 19, 'd'},
                             {"General Enquiry", 180, 147, 140, 'u'},
                             {"Feedback", 43, 32, 26, 'u'},
                             {"Intelligence", 38, 40, 36, 'd'},
                             {"Not for Derbyshire PCC/Force", 5, 6, 7, 'd'},
                             {"Appreciation", 9, 7, 8, 'u'},
                             {"Indecipherable", 5, 6, 4, 'd'}};
  return lines;
}
const std::vector<Line>& Method() {
  static const auto& lines =
      *new std::vector<Line>{{"OPCC", 169, 106, 87, 'u'}, {"Constabulary", 247, 314, 300, 'd'}};
  return lines;
}
const std::vector<Line>& Reason() {
  static const auto& lines =
      *new std::vector<Line>{{"Abuse Suffered", 29, 31, 33, 'd'},
                             {"Acquisitive Crime", 21, 34, 31, 'd'},
                             {"Anti-Social Behaviour", 40, 52, 47, 'd'},
                             {"Budget & Resources Issues", 45, 37, 18, 'u'},
                             {"Drugs & Alcohol", 16, 18, 3, 'd'},
                             {"Equality & Diversity", 11, 4, 1, 'u'},
                             {"Indecipherable/Unclear", 2, 11, 8, 'd'},
                             {"Not relevant/Not for PCC", 5, 4, 5, 'u'},
                             {"PCC Matters", 26, 11, 18, 'u'},
                             {"Personnel Issues", 4, 11, 8, 'd'},
                             {"Serious & Organised Crime", 0, 2, 0, 'd'},
                             {"Service & Police Performance", 121, 127, 145, 'd'},
                             {"Traffic/Roads Policing", 58, 72, 61, 'd'},
                             {"Wildlife Crime", 38, 6, 9, 'u'}};
  return lines;
}

// A table of one period; `which`: 0 the year, 1 and 2 those before.
std::string Table(const std::string& dimension, const std::vector<Line>& lines, int which) {
  std::string text =
      absl::StrCat("tables { key: '", dimension, "-", which, "' dimension: '", dimension,
                   "' complete: true total: ", std::vector<int>{416, 420, 387}[which]);
  if (which > 0) {
    absl::StrAppend(&text, " period_from: '", 2018 - which, "-04-01' period_to: '", 2019 - which,
                    "-03-31'");
  }
  for (const Line& line : lines) {
    absl::StrAppend(&text, " counts { label: '", line.label,
                    "' value: ", std::vector<int>{line.now, line.before, line.first}[which], " }");
  }
  return absl::StrCat(text, " } ");
}

std::string Arrow(const std::string& dimension, const Line& line) {
  return absl::StrCat("stated { dimension: '", dimension, "' label: '", line.label,
                      "' direction: DIRECTION_OF_TRAVEL_", line.arrow == 'u' ? "UP" : "DOWN",
                      " } ");
}

std::string Published(const std::string& more, const std::string& day = "2019-05-20") {
  const std::string occurred = day.empty() ? "" : absl::StrCat("occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", kRecord, "' ", occurred,
                      "casework_statistics_published { title: 'Casework 2018-19' period { from: "
                      "'2018-04-01' to: '2019-03-31' printed: '2018-19' } unit_counted: 'contacts' "
                      "total { value: 416 } ",
                      more, " }");
}

std::string Everything() {
  std::string text;
  for (int which = 0; which < 3; ++which) {
    absl::StrAppend(&text, Table("nature", Nature(), which), Table("method", Method(), which),
                    Table("main reason", Reason(), which));
  }
  for (const Line& line : Nature()) absl::StrAppend(&text, Arrow("nature", line));
  for (const Line& line : Method()) absl::StrAppend(&text, Arrow("method", line));
  for (const Line& line : Reason()) absl::StrAppend(&text, Arrow("main reason", line));
  return Published(text);
}

std::string Restated(const std::string& more, const std::string& day = "2019-06-01") {
  return absl::StrCat("record: '", kRecord, "' occurred { on: '", day,
                      "' } casework_statistics_restated { reason: 'Counted again' ", more, " }");
}

// Everything is given.
std::string NoThreshold() {
  return "record: 'offices/a' occurred { on: '2016-01-01' } suppression_threshold_set { key: "
         "'casework' kind: 'casework' suppressed_below: 0 }";
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response =
      registers->Answer<Response>(testing::Ask<Request>(request), OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

CaseworkRow Main(OpenRegisters& registers) {
  return Answer<ListCaseworkResponse, ListCaseworkRequest>(registers).rows(0);
}
ListCaseworkFiguresResponse Figures(OpenRegisters& registers, const std::string& more = "") {
  return Answer<ListCaseworkFiguresResponse, ListCaseworkFiguresRequest>(
      registers, absl::StrCat("casework: '", kRecord, "' ", more));
}
CaseworkFigureRow Figure(OpenRegisters& registers, const std::string& label) {
  return Figures(registers, absl::StrCat("label: '", label, "'")).rows(0);
}

TEST(CaseworkTest, EveryArrowOfThePaperIsTheSignOfTheChange) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Everything()});
  OpenRegisters registers(ledger);
  for (const auto* lines : {&Nature(), &Method(), &Reason()}) {
    int now = 0;
    int before = 0;
    int first = 0;
    for (const Line& line : *lines) {
      const CaseworkFigureRow row = Figure(registers, line.label);
      EXPECT_EQ(row.direction(), line.arrow == 'u' ? event::v1::DIRECTION_OF_TRAVEL_UP
                                                   : event::v1::DIRECTION_OF_TRAVEL_DOWN)
          << line.label;
      EXPECT_EQ(row.stated_direction(), row.direction()) << line.label;
      ASSERT_EQ(row.figures_size(), 3) << line.label;
      EXPECT_EQ(row.figures(2).value(), static_cast<uint64_t>(line.first)) << line.label;
      now += line.now;
      before += line.before;
      first += line.first;
    }
    EXPECT_EQ(now, 416);
    EXPECT_EQ(before, 420);
    EXPECT_EQ(first, 387);
  }
  EXPECT_EQ(Figures(registers, "disagrees: true").rows_size(), 0);
}

TEST(CaseworkTest, TotalMovesFromThePeriodBefore) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Everything()});
  OpenRegisters registers(ledger);
  const CaseworkRow row = Main(registers);
  EXPECT_EQ(row.total().value(), 416U);
  EXPECT_EQ(row.total_before().value(), 420U);
  EXPECT_EQ(row.direction(), event::v1::DIRECTION_OF_TRAVEL_DOWN);
  EXPECT_EQ(row.change_percent().units(), -10);
  EXPECT_EQ(row.periods(), 3U);
  EXPECT_EQ(row.tables_recorded(), 9U);
  EXPECT_EQ(row.dimensions(2), "main reason");
  EXPECT_EQ(row.suppressed(), 0U);
  EXPECT_EQ(row.period_end_date(), "2019-03-31");
}

TEST(CaseworkTest, RowsComeAsPrintedTheTotalFirst) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Everything()});
  OpenRegisters registers(ledger);
  const auto rows = Figures(registers).rows();
  ASSERT_EQ(rows.size(), 1 + 9 + 3 + 15);
  EXPECT_EQ(rows[0].dimension(), "");
  EXPECT_EQ(rows[0].figures(1).value(), 420U);
  EXPECT_EQ(rows[1].dimension(), "nature");
  EXPECT_EQ(rows[1].label(), "");
  EXPECT_EQ(rows[2].label(), "Complaint or Dissatisfaction");
  EXPECT_EQ(rows[13].label(), "");
  EXPECT_EQ(rows[14].label(), "Abuse Suffered");
  EXPECT_EQ(rows[14].unit(), "contacts");
  EXPECT_EQ(rows[14].figures(0).period().printed(), "2018-19");
}

// 59 % were for the Constabulary; 33 %, 18 % and 17 % of those about performance; 38 % and 22 % of
// those about the budget.
TEST(CaseworkTest, SharesAreOfTheParentElseOfTheTotal) {
  MemoryLedger ledger;
  std::string subs = "tables { key: 'sub' dimension: 'Main Reason' ";
  for (const char* line : {"Service & Police Performance|General quality of service|40",
                           "Service & Police Performance|Contact & response times|22",
                           "Service & Police Performance|Police Complaint|21",
                           "Budget & Resources Issues|Resources - allocation/reduction|17",
                           "Budget & Resources Issues|Estate - police buildings|10"}) {
    const std::vector<std::string> part = absl::StrSplit(line, '|');
    absl::StrAppend(&subs, "counts { parent_label: '", part[0], "' label: '", part[1],
                    "' value: ", part[2], " } ");
  }
  ledger.Append({NoThreshold(),
                 Published(absl::StrCat(
                     Table("method", Method(), 0), Table("main reason", Reason(), 0), subs, " } ",
                     "stated { dimension: 'main reason' label: 'Contact & response times' "
                     "parent_label: 'service & police performance' share_percent { units: 18 } } ",
                     "stated { dimension: 'main reason' label: 'Police Complaint' parent_label: "
                     "'Service & Police Performance' share_percent { units: 16 } } ",
                     "stated { dimension: 'method' label: 'Constabulary' share_percent { units: 59 "
                     "} }"))});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Figure(registers, "Constabulary").share_percent().units(), 594);
  EXPECT_FALSE(Figure(registers, "Constabulary").disagrees());
  EXPECT_EQ(Figure(registers, "quality of service").share_percent().units(), 331);
  EXPECT_EQ(Figure(registers, "response times").share_percent().units(), 182);
  EXPECT_EQ(Figure(registers, "response times").stated_share_percent().units(), 18);
  EXPECT_FALSE(Figure(registers, "response times").disagrees());
  EXPECT_EQ(Figure(registers, "Police Complaint").share_percent().units(), 174);
  EXPECT_TRUE(Figure(registers, "Police Complaint").disagrees());
  EXPECT_EQ(Figure(registers, "allocation").share_percent().units(), 378);
  EXPECT_EQ(Figure(registers, "Estate").share_percent().units(), 222);
  EXPECT_EQ(Figures(registers, "part_of: 'budget'").rows_size(), 2);
  EXPECT_EQ(Main(registers).dimensions_size(), 2);
}

TEST(CaseworkTest, WhatThePaperSaysOtherwiseDisagrees) {
  MemoryLedger ledger;
  ledger.Append(
      {NoThreshold(),
       Published(absl::StrCat(
           Table("nature", Nature(), 0), Table("nature", Nature(), 1),
           "stated { direction: DIRECTION_OF_TRAVEL_DOWN change_percent { units: -95 "
           "scale: 2 } } stated { dimension: 'nature' label: 'complaint or "
           "dissatisfaction' change_percent { units: -23 } } stated { dimension: "
           "'nature' label: 'Feedback' direction: DIRECTION_OF_TRAVEL_DOWN } stated { "
           "dimension: 'nature' label: 'Appreciation' share_percent { units: 3 } share_of: "
           "'of all' }"))});
  OpenRegisters registers(ledger);
  const auto rows = Figures(registers, "disagrees: true").rows();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].label(), "Feedback");
  EXPECT_EQ(rows[1].label(), "Appreciation");
  EXPECT_EQ(Figures(registers).rows(0).stated_change_percent().units(), -95);
}

TEST(CaseworkTest, SmallCountsAreLeftOutByTheThresholdInForce) {
  MemoryLedger ledger;
  ledger.Append({Everything()});
  OpenRegisters registers(ledger);
  const CaseworkFigureRow row = Figure(registers, "Indecipherable/Unclear");
  EXPECT_FALSE(row.figures(0).has_value());
  EXPECT_TRUE(row.figures(0).suppressed());
  EXPECT_EQ(row.figures(1).value(), 11U);
  EXPECT_EQ(row.direction(), event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED);
  EXPECT_FALSE(row.has_change_percent());
  EXPECT_FALSE(row.has_share_percent());
  // None is a result, and no small number.
  EXPECT_EQ(Figure(registers, "Serious").figures(0).value(), 0U);
  EXPECT_TRUE(Figure(registers, "Serious").figures(1).suppressed());
  // 2 and 4 of the year; 4, 4 and 2 of the year before; 3, 1 and 4 of the first.
  EXPECT_EQ(Main(registers).suppressed(), 8U);
  const auto answer = Figures(registers);
  EXPECT_EQ(answer.basis().note(),
            "Counts from 1 up to, but not including, 5 are left out, because they are small.");
}

TEST(CaseworkTest, SuppressedCountsGiveNothing) {
  MemoryLedger ledger;
  ledger.Append(
      {Published("tables { key: 'a' dimension: 'nature' total: 416 counts { label: 'Few' "
                 "suppressed: true } } tables { key: 'b' dimension: 'nature' total: 420 "
                 "period_from: '2017-04-01' period_to: '2018-03-31' counts { label: 'Few' value: "
                 "40 } }")});
  OpenRegisters registers(ledger);
  const CaseworkFigureRow row = Figure(registers, "Few");
  EXPECT_TRUE(row.figures(0).suppressed());
  EXPECT_EQ(row.direction(), event::v1::DIRECTION_OF_TRAVEL_UNSPECIFIED);
  EXPECT_FALSE(row.has_share_percent());
  EXPECT_EQ(Main(registers).suppressed(), 1U);
}

TEST(CaseworkTest, TableGivenAnewTakesThePlaceOfTheOld) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Everything()});
  OpenRegisters registers(ledger);
  ledger.Append(
      {Restated("tables { key: 'method-1' dimension: 'method' total: 420 period_from: "
                "'2017-04-01' period_to: '2018-03-31' counts { label: 'OPCC' value: 110 "
                "} counts { label: 'Police' value: 310 } }")});
  const CaseworkFigureRow row = Figure(registers, "OPCC");
  EXPECT_EQ(row.figures(1).value(), 110U);
  EXPECT_TRUE(row.figures(1).restated());
  EXPECT_EQ(row.figures(1).restated_from(), 106U);
  EXPECT_FALSE(row.figures(0).restated());
  EXPECT_EQ(Figure(registers, "Constabulary").figures_size(), 2);
  EXPECT_EQ(Figure(registers, "Police").figures_size(), 1);
  EXPECT_EQ(Main(registers).state(), CASEWORK_STATE_RESTATED);
  EXPECT_EQ(Main(registers).tables_recorded(), 9U);
  EXPECT_EQ(Main(registers).total_before().value(), 420U);
}

TEST(CaseworkTest, RowThatHasNoFigureAnyMoreIsGone) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(),
                 Published("tables { key: 'a' dimension: 'nature' counts { label: 'Old' value: 9 "
                           "} }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Figures(registers).rows_size(), 2);
  ledger.Append(
      {Restated("tables { key: 'a' dimension: 'nature' counts { label: 'New' value: 9 } "
                "} total { value: 400 }")});
  const auto rows = Figures(registers).rows();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].figures(0).value(), 400U);
  EXPECT_EQ(rows[0].figures(0).restated_from(), 416U);
  EXPECT_EQ(rows[1].label(), "New");
}

TEST(CaseworkTest, UndatedStatisticsAreWhatWasRestated) {
  MemoryLedger ledger;
  ledger.Append({NoThreshold(), Restated("total { value: 415 }"),
                 Published(Table("method", Method(), 0), "")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Main(registers).total().value(), 415U);
  EXPECT_EQ(Main(registers).state(), CASEWORK_STATE_RESTATED);
  const auto rows = Figures(registers).rows();
  EXPECT_EQ(rows[0].figures(0).value(), 415U);
  EXPECT_EQ(rows[0].figures(0).restated_from(), 416U);
}

TEST(CaseworkTest, FiguresNeedTheStatistics) {
  MemoryLedger ledger;
  ledger.Append({Everything()});
  OpenRegisters registers(ledger);
  EXPECT_THAT(registers->Answer<ListCaseworkFiguresResponse>(ListCaseworkFiguresRequest(),
                                                             OpenRegisters::Today()),
              testing::FailsWith(ledger::Reason::kMalformed));
}

}  // namespace
}  // namespace scrutiny::projections
