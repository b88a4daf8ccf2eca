#include "tools/support/progress.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scrutiny::tools {
namespace {

using ::testing::HasSubstr;

TEST(ProgressTest, TheBarShowsTheShare) {
  EXPECT_EQ(ProgressLine("Importing", 0.5, "3 entries"),
            "Importing  [###############...............]  50 %  3 entries");
  EXPECT_THAT(ProgressLine("x", 2.0, ""), HasSubstr("100 %"));
  EXPECT_EQ(ProgressLine("Importing", -1, "3 entries"), "Importing  3 entries");
}

TEST(ProgressTest, NothingIsDrawnWithoutATerminal) {
  std::ostringstream out;
  Progress progress(out, false, "Importing");
  progress.Show(1, 2, "x");
  progress.Clear();
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressTest, TheBarIsTakenAway) {
  std::ostringstream out;
  {
    Progress progress(out, true, "Importing");
    progress.Show(1, 2, "x");
  }
  EXPECT_THAT(out.str(), HasSubstr("50 %"));
  EXPECT_TRUE(out.str().ends_with("\r\x1b[2K"));
}

}  // namespace
}  // namespace scrutiny::tools
