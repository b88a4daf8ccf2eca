#include "tools/support/words.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;

TEST(WordsTest, DatesAreSaidAsPeopleSayThem) {
  EXPECT_EQ(DateInWords("2019-03-18"), "18 Mar 2019");
  EXPECT_EQ(DateInWords("2019-03-08"), "8 Mar 2019");
  EXPECT_EQ(DateInWords("2019-03"), "Mar 2019");
  EXPECT_EQ(DateInWords("2019"), "2019");
  EXPECT_EQ(DateInWords(""), "");
  EXPECT_EQ(DateInWords("soon"), "soon");
}

TEST(WordsTest, DatesAreReadAsClerksWriteThem) {
  for (const char* text : {"2019-03-18", "18 March 2019", "18 Mar 2019", "18th March 2019",
                           "18/03/2019", " 18/3/2019 "}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string date, ReadDate(text));
    EXPECT_EQ(date, "2019-03-18") << text;
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string month, ReadDate("March 2019"));
  EXPECT_EQ(month, "2019-03");
}

TEST(WordsTest, DatesThatDoNotExistAreRefusedWithTheText) {
  for (const char* text : {"2019-02-30", "30 February 2019", "31/04/2019", "2019-13", "soon", "",
                           "18 Foo 2019", "2019-3-18", "0 March 2019"}) {
    const auto date = ReadDate(text);
    EXPECT_THAT(date, FailsWith(Reason::kMalformed)) << text;
    EXPECT_THAT(std::string(date.status().message()), HasSubstr(text));
  }
}

TEST(WordsTest, TimesOfDayAreReadOnEitherClock) {
  const std::pair<const char*, const char*> times[] = {{"14:00", "14:00"}, {"2pm", "14:00"},
                                                       {"2 pm", "14:00"},  {"2.30pm", "14:30"},
                                                       {"12am", "00:00"},  {"12:15 pm", "12:15"}};
  for (const auto& [text, want] : times) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string time, ReadTimeOfDay(text));
    EXPECT_EQ(time, want) << text;
  }
  for (const char* text : {"14", "25:00", "14:5", "13pm", "0am", "noon", ""}) {
    EXPECT_THAT(ReadTimeOfDay(text), FailsWith(Reason::kMalformed)) << text;
  }
}

TEST(WordsTest, MomentsMayCarryATimeZone) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int64_t zulu, ReadMoment("2019-03-18T10:00Z"));
  EXPECT_EQ(zulu, int64_t{1552903200} * 1'000'000);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int64_t day, ReadMoment("2019-03-18"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const int64_t next, ReadMoment("2019-03-19 00:00"));
  EXPECT_EQ(day, next - 1) << "a date is the end of its day";
  EXPECT_THAT(ReadMoment("yesterday"), FailsWith(Reason::kMalformed));
}

TEST(WordsTest, EnumValuesLoseTheirPrefix) {
  EXPECT_EQ(EnumInWords("ItemClass", "ITEM_CLASS_TO_NOTE"), "to note");
  EXPECT_EQ(EnumInWords("ItemClass", "ITEM_CLASS_UNSPECIFIED"), "");
  EXPECT_EQ(TypeInWords("ActionRaised"), "Action raised");
}

TEST(WordsTest, CountsAgreeWithTheirNoun) {
  EXPECT_EQ(Count(0, "entry", "entries"), "0 entries");
  EXPECT_EQ(Count(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(Count(1234567, "entry", "entries"), "1,234,567 entries");
  EXPECT_EQ(JoinWithAnd({"a", "b", "c"}), "a, b and c");
}

TEST(WordsTest, SpansAndSizesAreRough) {
  EXPECT_EQ(SpanInWords(-5), "0 seconds");
  EXPECT_EQ(SpanInWords(1'999'999), "1 second");
  EXPECT_EQ(SpanInWords(119'000'000), "119 seconds");
  EXPECT_EQ(SpanInWords(120'000'000), "2 minutes");
  EXPECT_EQ(SpanInWords(int64_t{47} * 3600 * 1'000'000), "47 hours");
  EXPECT_EQ(SpanInWords(int64_t{72} * 3600 * 1'000'000), "3 days");
  EXPECT_EQ(SizeInWords(1), "1 byte");
  EXPECT_EQ(SizeInWords(20'480), "20 KiB");
  EXPECT_EQ(SizeInWords(uint64_t{3000} * 1024 * 1024), "3,000 MiB");
}

TEST(WordsTest, SlugsAreKeys) {
  EXPECT_EQ(Slug("5A (i)"), "5a-i");
  EXPECT_EQ(Slug("Ask the SPA"), "ask-the-spa");
  EXPECT_EQ(Slug("Commissioner's  report "), "commissioners-report");
  EXPECT_EQ(Slug("one two three four", 12), "one-two");
  EXPECT_EQ(Slug("£"), "");
}

}  // namespace
}  // namespace scrutiny::tools
