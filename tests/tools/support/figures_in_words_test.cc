// Counts, figures, rates and periods as cells of a table.
#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

#include "ledger/base/status.h"
#include "scrutiny/event/v1/casework.pb.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/measure.pb.h"
#include "scrutiny/event/v1/safety_review.pb.h"
#include "scrutiny/register/v1/casework.pb.h"
#include "tools/support/describe.h"

namespace scrutiny::tools {
namespace {

// A field of a message given as text.
template <typename Message>
std::string Cell(const std::string& field, const std::string& text) {
  Message message;
  SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return FieldText(message, Message::descriptor()->FindFieldByName(field));
}

using event::v1::CaseworkStatisticsPublished;
using event::v1::MeasureValueSubmitted;
using event::v1::SafetyFiguresRestated;
using event::v1::SafetyReviewReported;
using register_::v1::CaseworkFigureRow;

TEST(FiguresInWordsTest, DecimalIsAsPrintedElseItsDigits) {
  EXPECT_EQ(Cell<MeasureValueSubmitted>("value", "value { units: 706 scale: 1 }"), "70.6");
  EXPECT_EQ(Cell<MeasureValueSubmitted>("value", "value { units: -5 scale: 1 }"), "-0.5");
  EXPECT_EQ(Cell<MeasureValueSubmitted>("value", "value { units: 5 printed: '5 %' }"), "5 %");
  EXPECT_EQ(Cell<MeasureValueSubmitted>("value", ""), "");
}

TEST(FiguresInWordsTest, PeriodIsItsYear) {
  const auto period = [](const std::string& text) {
    return Cell<MeasureValueSubmitted>("period", "period { " + text + " }");
  };
  EXPECT_EQ(period("from: '2018-04-01' to: '2019-03-31'"), "2018/19");
  EXPECT_EQ(period("from: '1999-04-01' to: '2000-03-31'"), "1999/00");
  EXPECT_EQ(period("from: '2018' to: '2018'"), "2018");
  EXPECT_EQ(period("from: '2018-01-01' to: '2018-12-31'"), "2018");
  EXPECT_EQ(period("from: '2018-04-01' to: '2018-12-31'"), "1 Apr 2018 to 31 Dec 2018");
  EXPECT_EQ(period("from: '2018' to: '2018' printed: 'the year'"), "the year");
}

TEST(FiguresInWordsTest, FiguresStandSideBySide) {
  EXPECT_EQ(Cell<CaseworkFigureRow>(
                "figures",
                "figures { period { from: '2018' to: '2018' } value: 385 } figures { period { "
                "from: '2017' to: '2017' } value: 333 restated: true restated_from: 262 } figures "
                "{ period { from: '2016' to: '2016' } suppressed: true }"),
            "2018: 385; 2017: 333 (was 262); 2016: withheld");
  EXPECT_EQ(Cell<CaseworkFigureRow>("figures", "figures { value: 0 restated: true }"),
            "0 (restated)");
  EXPECT_EQ(Cell<CaseworkFigureRow>("figures", "figures { printed: '-' } figures {}"),
            "-; not given");
}

TEST(FiguresInWordsTest, RateSaysWhatItIsReckonedOn) {
  EXPECT_EQ(Cell<SafetyReviewReported>("rates",
                                       "rates { period { printed: '2018' } value { units: 104 "
                                       "scale: 1 } per: '100 employees' baseline: 3700 }"),
            "2018: 10.4 per 100 employees, of 3700");
}

TEST(FiguresInWordsTest, CountsAndTables) {
  EXPECT_EQ(Cell<CaseworkStatisticsPublished>("total", "total { value: 416 unit: 'contacts' }"),
            "416 contacts");
  EXPECT_EQ(Cell<CaseworkStatisticsPublished>("total", "total { suppressed: true }"), "withheld");
  EXPECT_EQ(Cell<CaseworkStatisticsPublished>(
                "tables",
                "tables { dimension: 'reason' period_from: '2017' period_to: '2017' total: 420 "
                "counts { parent_label: 'Abuse' label: 'Hate Crime' value: 10 } counts { label: "
                "'Other' also { dimension: 'division' label: 'North' } value: 5 } }"),
            "reason 2017: Abuse: Hate Crime: 10; Other (division North): 5; total 420");
}

TEST(FiguresInWordsTest, MovementSaysOfWhatItIs) {
  EXPECT_EQ(Cell<CaseworkStatisticsPublished>(
                "stated",
                "stated { direction: DIRECTION_OF_TRAVEL_DOWN change_percent { units: -95 scale: 2 "
                "} } stated { dimension: 'reason' parent_label: 'Abuse' label: 'Hate Crime' "
                "share_percent { units: 33 printed: '33%' } }"),
            "down, -0.95; reason: Abuse: Hate Crime: a share of 33%");
}

TEST(FiguresInWordsTest, ValueOfAMeasureIsASentence) {
  event::v1::Proposed proposed;
  SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(
      "measure_value_submitted { period_key: '2018-19' value { units: 385 } provisional: true }",
      &proposed));
  EXPECT_EQ(Describe(proposed), "Value for 2018-19: 385; provisional");
  SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(
      "measure_value_submitted { period_key: '2018-19' not_available: true "
      "not_available_because: 'a dash is printed' }",
      &proposed));
  EXPECT_EQ(Describe(proposed), "Value for 2018-19: none, a dash is printed");
}

TEST(FiguresInWordsTest, RestatementSaysBothFigures) {
  EXPECT_EQ(Cell<SafetyFiguresRestated>(
                "figures", "figures { period { printed: '2017' } before: 262 now: 333 }"),
            "2017: 262, now 333");
}

}  // namespace
}  // namespace scrutiny::tools
