#include "tools/scrutiny/view_flags.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::testing::HasSubstr;

// No server is asked: the forum is a record's name.
absl::StatusOr<register_::v1::View> ViewOf(const std::map<std::string, std::string>& given) {
  Args args;
  for (const auto& [name, value] : given) args.Set(name, {value});
  Client client("127.0.0.1:1");
  return ReadView(args, client);
}

TEST(ViewFlagsTest, RecordedByIsASequenceOrATime) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto sequence, ViewOf({{"recorded-by", "412"}}));
  EXPECT_EQ(sequence.sequence(), 412u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto time, ViewOf({{"recorded-by", "2019-03-18T10:00Z"}}));
  EXPECT_EQ(time.recorded_at_us(), int64_t{1552903200} * 1'000'000);
}

TEST(ViewFlagsTest, TheThreeQuestionsBecomeAView) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto view,
      ViewOf({{"known-to", "forums/spab"}, {"on", "20 May 2019"}, {"judged-on", "2019-05-21"}}));
  EXPECT_EQ(view.known_to().forum(), "forums/spab");
  EXPECT_EQ(view.known_to().on(), "2019-05-20");
  EXPECT_EQ(view.judged_on(), "2019-05-21");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto true_on, ViewOf({{"true-on", "2019-03"}}));
  EXPECT_EQ(true_on.true_on(), "2019-03");
}

TEST(ViewFlagsTest, QuestionsThatDoNotGoTogetherAreUsageErrors) {
  EXPECT_TRUE(IsUsageError(ViewOf({{"known-to", "forums/spab"}}).status()));
  EXPECT_TRUE(IsUsageError(ViewOf({{"on", "2019"}}).status()));
  EXPECT_TRUE(IsUsageError(
      ViewOf({{"known-to", "forums/spab"}, {"on", "2019"}, {"true-on", "2019"}}).status()));
  const absl::Status date = ViewOf({{"true-on", "2019-02-30"}}).status();
  EXPECT_TRUE(IsUsageError(date));
  EXPECT_THAT(std::string(date.message()), HasSubstr("--true-on: \"2019-02-30\""));
  EXPECT_TRUE(IsUsageError(ViewOf({{"recorded-by", "lately"}}).status()));
}

TEST(ViewFlagsTest, TheBasisIsSaidWithItsWarnings) {
  register_::v1::Basis basis;
  EXPECT_EQ(BasisInWords(basis), "Nothing is recorded yet.");
  basis.set_sequence(412);
  basis.set_judged_on("2019-05-20");
  EXPECT_EQ(BasisInWords(basis), "As recorded up to entry 412; judged on 20 May 2019.");
  basis.set_stalled(true);
  basis.set_stalled_because("entry 7");
  EXPECT_THAT(BasisInWords(basis), HasSubstr("WARNING"));
}

}  // namespace
}  // namespace scrutiny::tools
