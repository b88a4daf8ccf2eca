#include "tools/scrutiny/import_reader.h"

#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/limits.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::tools {
namespace {

using ::scrutiny::ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Line(absl::string_view fact) {
  return absl::StrCat(R"({"request_id":"r","facts":[{"proposed":{"record":"actions/spab/1",)", fact,
                      "}}]}");
}

// The error of one line, as a clerk reads it.
std::string ErrorOf(const std::string& line) {
  std::istringstream in(line + "\n");
  ImportReader reader("papers.jsonl", in);
  ledger::v1::AppendRequest request;
  const auto more = reader.Next(&request);
  EXPECT_FALSE(more.ok()) << line;
  return std::string(more.status().message());
}

TEST(ImportReaderTest, EmptyLinesAndCommentsAreLeftOut) {
  std::istringstream in("\xEF\xBB\xBF# papers\n\n  \n" + Line(R"("action_raised":{"title":"x"})") +
                        "\r\n");
  ImportReader reader("f", in);
  ledger::v1::AppendRequest request;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const bool more, reader.Next(&request));
  EXPECT_TRUE(more);
  EXPECT_EQ(reader.line(), 4u);
  EXPECT_EQ(request.request_id(), "r");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const bool again, reader.Next(&request));
  EXPECT_FALSE(again);
}

TEST(ImportReaderTest, ALineWithoutIdGetsTheSameOneEachTime) {
  const std::string line =
      R"({"facts":[{"proposed":{"record":"actions/a","action_raised":{"title":"x"}}}]})";
  ledger::v1::AppendRequest first;
  ledger::v1::AppendRequest second;
  SCRUTINY_ASSERT_OK(ParseRequest(line, &first));
  SCRUTINY_ASSERT_OK(ParseRequest(line, &second));
  EXPECT_THAT(first.request_id(), StartsWith("import/"));
  EXPECT_EQ(first.request_id(), second.request_id());
}

TEST(ImportReaderTest, AMisspeltFieldIsNamedByFileLineAndField) {
  EXPECT_EQ(
      ErrorOf(Line(R"("action_raised":{"titel":"x"})")),
      "papers.jsonl:1: facts[0].proposed.action_raised.titel: there is no such field (titel)");
}

TEST(ImportReaderTest, ADateThatDoesNotExistIsNamedWithItsField) {
  const std::string error =
      ErrorOf(Line(R"("action_raised":{"title":"x","due":{"date":"2019-02-30"}})"));
  EXPECT_THAT(error, StartsWith("papers.jsonl:1: "));
  EXPECT_THAT(error, HasSubstr("facts[0].proposed.action_raised.due.date"));
  EXPECT_THAT(error, HasSubstr("2019-02-30"));
}

TEST(ImportReaderTest, BadLinesAreRefusedWithoutASequel) {
  EXPECT_THAT(ErrorOf("{\"request_id\":\"a\","), HasSubstr("papers.jsonl:1: "));
  EXPECT_THAT(ErrorOf("hello"), HasSubstr("JSON"));
  EXPECT_THAT(ErrorOf("{\"request_id\":\"\xFF\"}"), HasSubstr("UTF-8"));
  EXPECT_THAT(ErrorOf("{}"), HasSubstr("facts"));
  EXPECT_THAT(ErrorOf(R"({"request_id":"a b","facts":[{}]})"), HasSubstr("a b"));
  EXPECT_THAT(ErrorOf(absl::StrCat(R"({"facts":[{"proposed":{"record":")", std::string(300, 'a'),
                                   R"(","action_raised":{"title":"x"}}}]})")),
              HasSubstr("facts[0].proposed.record"));
}

TEST(ImportReaderTest, TooManyFactsAreRefused) {
  std::string facts = "{}";
  for (int i = 0; i < 1000; ++i) facts += ",{}";
  EXPECT_THAT(ErrorOf(absl::StrCat(R"({"request_id":"a","facts":[)", facts, "]}")),
              HasSubstr("1001"));
}

TEST(ImportReaderTest, AnEndlessLineIsNotHeld) {
  std::istringstream in(std::string(ledger::kMessageBytesMax + 10, ' '));
  ImportReader reader("f", in);
  ledger::v1::AppendRequest request;
  EXPECT_THAT(reader.Next(&request), FailsWith(Reason::kOverLimit));
}

TEST(ImportReaderTest, TheSecondLineIsCountedFromTheFile) {
  std::istringstream in(Line(R"("action_raised":{"title":"x"})") + "\n\nx\n");
  ImportReader reader("f", in);
  ledger::v1::AppendRequest request;
  SCRUTINY_ASSERT_OK(reader.Next(&request));
  const auto bad = reader.Next(&request);
  EXPECT_THAT(std::string(bad.status().message()), StartsWith("f:3: "));
}

TEST(ImportReaderTest, AValueAlreadyInTheMessageIsNotRepeated) {
  const absl::Status status =
      ledger::Error(Reason::kMalformed, "\"x\" is not a date").Field("due").Value("x");
  EXPECT_EQ(AtPlace("f:1", status).message(), "f:1: due: \"x\" is not a date");
}

}  // namespace
}  // namespace scrutiny::tools
