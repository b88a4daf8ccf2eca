// Questions, commitments, papers and decisions as a clerk says them.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/names.h"
#include "ledger/format/check.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/status_matchers.h"
#include "tools/scrutiny/record_csv.h"
#include "tools/scrutiny/verb.h"

namespace scrutiny::tools {
namespace {

using ::testing::ElementsAre;

using Given = std::map<std::string, std::vector<std::string>>;

FillSources Sources() {
  FillSources sources;
  sources.resolve = [](absl::string_view name, absl::string_view) -> absl::StatusOr<std::string> {
    if (ledger::ValidateRecordName(name).ok()) return std::string(name);
    return absl::NotFoundError("no such record");
  };
  sources.meeting = [](absl::string_view) -> absl::StatusOr<MeetingInfo> {
    return MeetingInfo{"2019-05-20", "forums/spab"};
  };
  sources.mint = [] { return std::string("01jx"); };
  sources.today = "2026-11-22";
  return sources;
}

const Verb& VerbNamed(const std::string& name) {
  for (const Verb& verb : AllVerbs()) {
    if (verb.name == name) return verb;
  }
  ADD_FAILURE() << "no verb " << name;
  return AllVerbs()[0];
}

event::v1::Proposed Filled(const std::string& verb, const Given& given) {
  Args args;
  for (const auto& [name, values] : given) args.Set(name, values);
  const auto filled = Fill(VerbNamed(verb), args, Sources());
  EXPECT_TRUE(filled.ok()) << verb << ": " << filled.status();
  if (!filled.ok()) return event::v1::Proposed();
  SCRUTINY_EXPECT_OK(ledger::CheckProposed(*filled));
  return *filled;
}

TEST(DocumentVerbsTest, AQuestionHasLimbsByTheirLetters) {
  const auto p =
      Filled("question", {{"title", {"Knife crime"}},
                          {"asked-as", {"public"}},
                          {"meeting", {"meetings/spab/2019-05-20"}},
                          {"withheld", {"yes"}},
                          {"limb", {"key=a; text=How many?", "key=b; text=Compared with Derby?"}}});
  EXPECT_EQ(p.record(), "questions/spab/01jx");
  EXPECT_EQ(p.question_submitted().asker_kind(), event::v1::ASKER_KIND_PUBLIC);
  EXPECT_TRUE(p.question_submitted().asker_withheld());
  EXPECT_EQ(p.question_submitted().limbs(1).key(), "b");
  const auto answer = Filled("answer", {{"RECORD", {"questions/q"}},
                                        {"limb", {"a"}},
                                        {"extent", {"full"}},
                                        {"route", {"at meeting"}},
                                        {"meeting", {"meetings/spab/2019-05-20"}}});
  EXPECT_THAT(answer.question_answered().limbs(), ElementsAre("a"));
  EXPECT_EQ(answer.occurred().on(), "2019-05-20") << "on the meeting's day";
}

TEST(DocumentVerbsTest, ACommitmentIsNamedByWhatIsPromised) {
  const auto p = Filled("commitment", {{"title", {"A County Lines round-table"}},
                                       {"found-in", {"papers/003/8a"}},
                                       {"meeting", {"meetings/spab/2019-05-20"}},
                                       {"due-printed", {"later this year"}},
                                       {"paper", {"papers/003/8a"}},
                                       {"para", {"6.3"}}});
  EXPECT_EQ(p.record(), "commitments/spab/a-county-lines-round-table");
  EXPECT_EQ(p.commitment_proposed().paper(), "papers/003/8a");
  EXPECT_EQ(p.sources(0).paragraph(), "6.3");
}

TEST(DocumentVerbsTest, AnOptionIsWordsOrHasParts) {
  const auto taken = Filled("decision", {{"title", {"Buxton"}}, {"option", {"Keep", "Close"}}});
  EXPECT_EQ(taken.decision_taken().considered(1).key(), "2");
  EXPECT_EQ(taken.decision_taken().considered(1).text(), "Close");
  const auto p = Filled("options", {{"RECORD", {"decisions/d"}},
                                    {"option",
                                     {"label=Option 1; text=No change; reasons-against=Dear",
                                      "label=Option 3; text=Close; preferred=yes"}}});
  const auto& considered = p.decision_options_appraised().considered();
  EXPECT_EQ(considered.Get(0).key(), "1");
  EXPECT_THAT(considered.Get(0).reasons_against(), ElementsAre("Dear"));
  EXPECT_TRUE(considered.Get(1).preferred());
}

TEST(DocumentVerbsTest, APaperGetsARecommendationAndAnAttachment) {
  const auto p =
      Filled("paper-recommends",
             {{"RECORD", {"papers/p"}}, {"key", {"2"}}, {"text", {"To note"}}, {"verb", {"note"}}});
  EXPECT_EQ(p.recommendation_proposed().recommendation().verb(), "note");
  const auto attached =
      Filled("paper-attachment",
             {{"RECORD", {"papers/p"}}, {"label", {"Appendix XXX"}}, {"absent", {"yes"}}});
  EXPECT_TRUE(attached.attachment_added().attachment().absent());
}

TEST(DocumentVerbsTest, TheirSpreadsheetsAreTakenAsTheyAre) {
  for (const CsvTemplate& csv : CsvTemplates()) {
    if (csv.name != "commitments" && csv.name != "questions") continue;
    std::string text;
    for (const auto* cells : {&csv.columns, &csv.example}) {
      for (size_t i = 0; i < cells->size(); ++i) {
        text += (i == 0 ? "\"" : ",\"") + (*cells)[i] + "\"";
      }
      text += "\n";
    }
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        const auto requests, ReadCsvFacts(VerbNamed(csv.verb), "a.csv", text, Args(), Sources()));
    ASSERT_EQ(requests.size(), 1U) << csv.name;
    SCRUTINY_EXPECT_OK(ledger::CheckProposed(requests[0].request.facts(0).proposed()));
  }
}

}  // namespace
}  // namespace scrutiny::tools
