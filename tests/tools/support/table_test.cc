#include "tools/support/table.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scrutiny::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TableTest, WidthIsThatOfTheCharactersShown) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("£195k – é"), 9u);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1u) << "a combining accent has no width";
  EXPECT_EQ(DisplayWidth("議事録"), 6u) << "wide characters have two columns";
  EXPECT_EQ(DisplayWidth("\xFF"), 1u) << "a byte that is no UTF-8 does not fail";
}

TEST(TableTest, TextIsWrappedBetweenWords) {
  EXPECT_THAT(Wrapped("the quick brown fox", 10), ElementsAre("the quick", "brown fox"));
  EXPECT_THAT(Wrapped("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(Wrapped("a\nb", 10), ElementsAre("a", "b"));
  EXPECT_THAT(Wrapped("", 10), ElementsAre(""));
}

TEST(TableTest, ColumnsAreAsWideAsTheirContent) {
  Table table({"Number", "Decision"});
  table.Add({"2019/13", "Café"});
  table.Add({"2019/2", "Support"});
  EXPECT_EQ(table.Render(80),
            "Number   Decision\n"
            "───────  ────────\n"
            "2019/13  Café\n"
            "2019/2   Support\n");
}

TEST(TableTest, NoLineIsWiderThanTheTerminal) {
  Table table({"A", "B", "C"});
  table.Add({"short", std::string(100, 'x'), "many words that go on and on and on and on"});
  table.Add({"s", "y", "z"});
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(table.Render(40), '\n'))) {
    EXPECT_LE(DisplayWidth(line), 40u) << line;
  }
}

TEST(TableTest, EmptyColumnsAreLeftOut) {
  Table table({"A", "Empty", "C"});
  table.Add({"1", "", "3"});
  EXPECT_THAT(table.Render(80), Not(HasSubstr("Empty")));
}

TEST(TableTest, NamesToBeCopiedStandBelowInOnePiece) {
  Table table({"A", "B"});
  table.Add({"1", "x"}, "actions/spab/a-name-longer-than-the-table");
  EXPECT_THAT(table.Render(10), HasSubstr("\n    actions/spab/a-name-longer-than-the-table\n"));
}

TEST(TableTest, DatesAreNotBrokenWhileThereIsRoom) {
  Table table({"Date", "Words"});
  table.Add({"18 Mar 2019", std::string("many words that go on ") + std::string(60, 'x')});
  EXPECT_THAT(table.Render(40), HasSubstr("18 Mar 2019  many"));
}

TEST(TableTest, NamesAreBrokenWhereTheyAreSeparated) {
  EXPECT_THAT(Wrapped("decisions/derbyshire/sap", 12),
              ElementsAre("decisions/", "derbyshire/", "sap"));
}

TEST(TableTest, RowsOfSeveralLinesStandApart) {
  Table table({"A", "B"});
  table.Add({"1", "x\ny"});
  table.Add({"2", "z"});
  EXPECT_THAT(table.Render(80), HasSubstr("   y\n\n2"));
}

}  // namespace
}  // namespace scrutiny::tools
