#include "tools/scrutiny/record_csv.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/names.h"
#include "tests/support/status_matchers.h"
#include "tools/support/csv.h"

namespace scrutiny::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Verb& VerbNamed(absl::string_view name) {
  for (const Verb& verb : AllVerbs()) {
    if (verb.name == name) return verb;
  }
  return AllVerbs()[0];
}

FillSources Sources() {
  FillSources sources;
  sources.resolve = [](absl::string_view text, absl::string_view) -> absl::StatusOr<std::string> {
    if (ledger::ValidateRecordName(text).ok()) return std::string(text);
    return absl::NotFoundError("no such record");
  };
  sources.meeting = [](absl::string_view) -> absl::StatusOr<MeetingInfo> {
    return MeetingInfo{"2019-03-18", "forums/spab"};
  };
  return sources;
}

absl::StatusOr<std::vector<CsvRequest>> Read(absl::string_view verb, absl::string_view text,
                                             const Args& args = Args()) {
  return ReadCsvFacts(VerbNamed(verb), "a.csv", text, args, Sources());
}

std::string ErrorOf(absl::string_view verb, absl::string_view text) {
  return std::string(Read(verb, text).status().message());
}

TEST(RecordCsvTest, ARowIsWhatTheFlagsWouldBe) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto requests,
      Read("action",
           "Title,Meeting,owner,Due meeting,inferred,paper\r\n"
           "\"Report, in full\",meetings/spab/2019-03-18,OPCC; Constabulary,meetings/spab/2019-05-"
           "20,no,papers/003\r\n"));
  ASSERT_EQ(requests.size(), 1u);
  const event::v1::Proposed& p = requests[0].request.facts(0).proposed();
  EXPECT_EQ(p.action_raised().title(), "Report, in full");
  EXPECT_EQ(p.action_raised().owners_size(), 2);
  EXPECT_EQ(p.action_raised().due().meeting(), "meetings/spab/2019-05-20");
  EXPECT_EQ(p.sources(0).basis(), event::v1::BASIS_PRINTED);
  EXPECT_EQ(requests[0].row, 2u);
}

// A clerk adds rows to the same spreadsheet and records it again: what was there keeps its ids,
// whatever the order of rows and columns.
TEST(RecordCsvTest, TheSameRowIsTheSameRequestInAnyFile) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto first, Read("action", "title,detail\nA,1\n"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto second, Read("action", "detail,title\n2,B\n1,A\n1,A\n"));
  ASSERT_EQ(second.size(), 3u);
  EXPECT_EQ(first[0].request.SerializeAsString(), second[1].request.SerializeAsString());
  EXPECT_NE(second[1].request.request_id(), second[2].request.request_id())
      << "the same row twice is two facts";
  EXPECT_NE(second[1].request.facts(0).proposed().record(),
            second[2].request.facts(0).proposed().record());
}

TEST(RecordCsvTest, AllErrorsAreToldByRowAndColumn) {
  const std::string error = ErrorOf("action",
                                    "title,due,meeting\n"
                                    "A,2019-02-30,\n"
                                    "B,2019-05-20,\n"
                                    ",,\n"
                                    ",2019-05-20,\n"
                                    "C,,no where\n");
  EXPECT_THAT(error, HasSubstr("a.csv, row 2, column due: \"2019-02-30\" is not a date"));
  EXPECT_THAT(error, HasSubstr("a.csv, row 5, column title is missing"));
  EXPECT_THAT(error, HasSubstr("a.csv, row 6, column meeting"));
  EXPECT_THAT(error, Not(HasSubstr("row 3")));
  EXPECT_THAT(error, HasSubstr("Nothing was recorded"));
}

TEST(RecordCsvTest, UnknownColumnsAndStrayCellsAreRefused) {
  EXPECT_THAT(ErrorOf("action", "title,colour\nA,red\n"), HasSubstr("no column \"colour\""));
  EXPECT_THAT(ErrorOf("action", "title\nA,stray\n"), HasSubstr("\"stray\""));
  EXPECT_THAT(ErrorOf("action", "title\n"), HasSubstr("no row below the headings"));
  EXPECT_THAT(ErrorOf("action", ""), HasSubstr("no row with headings"));
  EXPECT_THAT(ErrorOf("attendance", "meeting,person,late\nmeetings/a,persons/p,perhaps\n"),
              HasSubstr("column late: \"perhaps\" is neither yes nor no"));
}

TEST(RecordCsvTest, FlagsOfTheCommandLineHoldForEveryRow) {
  Args args;
  args.Set("meeting", {"meetings/spab/2019-03-18"});
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto requests,
                                Read("attendance", "person\npersons/a\npersons/b\n", args));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].request.facts(0).proposed().record(), "meetings/spab/2019-03-18");
}

// A template's example begins with # and a space; a title may begin with # alone.
TEST(RecordCsvTest, OnlyTheExampleIsLeftOut) {
  const auto requests =
      Read("action", "title,owner\n# An example,OPCC\n#MeToo policy review,OPCC\n");
  ASSERT_TRUE(requests.ok()) << requests.status();
  ASSERT_EQ(requests->size(), 1u);
}

// Two people with the same post: the second must not pass for the first, whose name may be erased.
TEST(RecordCsvTest, ASealedRowNamesItsRecord) {
  const std::string error = ErrorOf("person",
                                    "as,post,organisation,personal_name,sealed_for\n"
                                    "persons/v-17,Custody visitor,OPCC,Ann Smith,itself\n"
                                    ",Custody visitor,OPCC,Bob Jones,itself\n");
  EXPECT_THAT(error, HasSubstr("a.csv, row 3, "));
  EXPECT_THAT(error, HasSubstr("give the row a record of its own in the column as, such as "
                               "persons/v-"));
  EXPECT_THAT(error, Not(HasSubstr("row 2")));
  EXPECT_THAT(error, HasSubstr("Nothing was recorded"));
  EXPECT_THAT(ErrorOf("finding",
                      "scheme,title,restricted_detail,sealed_for\n"
                      "schemes/custody-visiting,Meals were late,The kitchen,office\n"),
              HasSubstr("column as, such as findings/"));
}

TEST(RecordCsvTest, ARowWithNothingSealedMayDoWithoutARecord) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto requests,
                                Read("person", "name,post\nRachel Peet,Chief Executive\n"));
  EXPECT_EQ(requests.size(), 1u);
}

TEST(RecordCsvTest, TheIdOfASealedRowFollowsFromItsRecordAndItsPublicPart) {
  const auto id = [](absl::string_view as, absl::string_view post, absl::string_view name) {
    const auto requests = Read("person", absl::StrCat("as,post,personal_name,sealed_for\n", as, ",",
                                                      post, ",", name, ",itself\n"));
    EXPECT_THAT(requests, scrutiny::testing::IsOk());
    return requests.ok() ? (*requests)[0].request.request_id() : "";
  };
  const std::string ann = id("persons/v-17", "Visitor", "Ann");
  EXPECT_EQ(ann, id("persons/v-17", "Visitor", "Anne")) << "what is sealed is in no id";
  EXPECT_NE(ann, id("persons/v-18", "Visitor", "Ann"));
  EXPECT_NE(ann, id("persons/v-17", "Adviser", "Ann"));
}

TEST(RecordCsvTest, EveryTemplateCanBeFilledInAndRead) {
  for (const CsvTemplate& csv : CsvTemplates()) {
    ASSERT_EQ(csv.columns.size(), csv.example.size()) << csv.name;
    EXPECT_THAT(ErrorOf(csv.verb, TemplateText(csv)), HasSubstr("no row below the headings"))
        << "the example is left out";
    const std::string filled = WriteCsvRow(csv.columns) + WriteCsvRow(csv.example);
    const auto requests = Read(csv.verb, filled);
    ASSERT_THAT(requests, scrutiny::testing::IsOk()) << csv.name;
    EXPECT_EQ(requests->size(), 1u) << csv.name;
  }
}

}  // namespace
}  // namespace scrutiny::tools
