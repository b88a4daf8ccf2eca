#include "tools/support/csv.h"

#include <rapidcheck.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CsvTest, QuotedCellsHoldCommasQuotesAndLines) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto rows,
                                ReadCsv("a,\"b, c\",\"say \"\"x\"\"\"\n\"two\nlines\",,\n"));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].cells, ElementsAre("a", "b, c", "say \"x\""));
  EXPECT_THAT(rows[1].cells, ElementsAre("two\nlines", "", ""));
  EXPECT_EQ(rows[1].line, 2u);
}

TEST(CsvTest, SpreadsheetsMarksAndLineEndsAreFine) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto rows, ReadCsv("\xEF\xBB\xBFtitle,due\r\nx,y"));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].cells, ElementsAre("title", "due"));
  EXPECT_THAT(rows[1].cells, ElementsAre("x", "y"));
}

TEST(CsvTest, RowsAreNumberedAsASpreadsheetDoes) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto rows, ReadCsv("h\n\n\"a\nb\"\nc\n"));
  ASSERT_EQ(rows.size(), 3u) << "the empty row is left out";
  EXPECT_EQ(rows[1].row, 3u);
  EXPECT_EQ(rows[2].row, 4u);
  EXPECT_EQ(rows[2].line, 5u);
}

TEST(CsvTest, BrokenQuotesAreNamedByLineAndColumn) {
  const auto open = ReadCsv("a,b\nc,\"d");
  EXPECT_THAT(open, FailsWith(Reason::kMalformed));
  EXPECT_THAT(std::string(open.status().message()), HasSubstr("line 2, column 2"));
  EXPECT_THAT(ReadCsv("\"a\"b,c"), FailsWith(Reason::kMalformed));
}

TEST(CsvTest, WhatIsNotUtf8IsRefused) {
  EXPECT_THAT(ReadCsv("caf\xE9,1"), FailsWith(Reason::kMalformed));
}

TEST(CsvTest, CellsThatASpreadsheetWouldRunAreGuarded) {
  EXPECT_EQ(WriteCsvRow({"=1+1", "-5", "-x", "@a", "+44", "a=b"}), "'=1+1,-5,'-x,'@a,+44,a=b\r\n");
}

TEST(CsvTest, WhatIsWrittenIsReadBack) {
  EXPECT_TRUE(rc::check("CSV round trip", [] {
    const auto pieces = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', ' ', '5'))));
    // One empty cell is an empty line.
    RC_PRE(pieces.size() > 1 || !pieces[0].empty());
    const auto rows = ReadCsv(WriteCsvRow(pieces));
    RC_ASSERT(rows.ok());
    RC_ASSERT(rows->size() == 1u);
    RC_ASSERT((*rows)[0].cells == pieces);
  }));
}

}  // namespace
}  // namespace scrutiny::tools
