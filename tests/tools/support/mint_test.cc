#include "tools/support/mint.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/names.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

TEST(MintTest, UlidsSortByTimeAndFitInNames) {
  const std::string bytes(10, '\xFF');
  EXPECT_EQ(UlidOf(0, std::string(10, '\0')), "00000000000000000000000000");
  EXPECT_EQ(UlidOf(1469918176385, bytes), "01aryz6s41" + std::string(16, 'z'));
  EXPECT_LT(UlidOf(1, bytes), UlidOf(2, std::string(10, '\0')));
  SCRUTINY_EXPECT_OK(ledger::ValidateRecordName("actions/spab/" + MintUlid()));
  EXPECT_NE(MintUlid(), MintUlid());
}

TEST(MintTest, RequestIdsAreValid) {
  SCRUTINY_EXPECT_OK(ledger::ValidateRequestId(MintRequestId()));
  SCRUTINY_EXPECT_OK(ledger::ValidateRequestId(DerivedId("import", "x")));
}

TEST(MintTest, DerivedIdsFollowTheText) {
  EXPECT_EQ(DerivedId("import", "x"), DerivedId("import", "x"));
  EXPECT_NE(DerivedId("import", "x"), DerivedId("import", "y"));
  EXPECT_EQ(DerivedId("import", ""), "import/e3b0c44298fc1c149afbf4c8996fb924");
}

}  // namespace
}  // namespace scrutiny::tools
