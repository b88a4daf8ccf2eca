#include "tools/scrutiny/verb.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

#include "ledger/base/names.h"
#include "ledger/format/check.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/support/status_matchers.h"
#include "tools/scrutiny/context.h"
#include "tools/scrutiny/record_sources.h"
#include "tools/support/field_path.h"

namespace scrutiny::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Verb& VerbNamed(absl::string_view name) {
  for (const Verb& verb : AllVerbs()) {
    if (verb.name == name) return verb;
  }
  ADD_FAILURE() << "no verb " << name;
  return AllVerbs()[0];
}

// A server that knows the board, its March meeting and nothing else.
FillSources Sources() {
  FillSources sources;
  sources.resolve = [](absl::string_view text,
                       absl::string_view kind) -> absl::StatusOr<std::string> {
    if (text == "SPAB") return std::string("forums/spab");
    if (text == "2019/17") return std::string("decisions/derbyshire/hr");
    if (ledger::ValidateRecordName(text).ok() &&
        (kind.empty() || ledger::RecordKind(text) == kind)) {
      return std::string(text);
    }
    return absl::NotFoundError("no such record");
  };
  sources.meeting = [](absl::string_view meeting) -> absl::StatusOr<MeetingInfo> {
    if (meeting == "meetings/spab/2019-03-18") return MeetingInfo{"2019-03-18", "forums/spab"};
    return MeetingInfo();
  };
  sources.mint = [] { return std::string("01jx"); };
  sources.today = "2026-11-22";
  return sources;
}

using Given = std::map<std::string, std::vector<std::string>>;

absl::StatusOr<event::v1::Proposed> Filled(absl::string_view verb, const Given& given) {
  Args args;
  for (const auto& [name, values] : given) args.Set(name, values);
  return Fill(VerbNamed(verb), args, Sources());
}

std::string ErrorOf(absl::string_view verb, const Given& given) {
  const auto proposed = Filled(verb, given);
  EXPECT_FALSE(proposed.ok());
  return std::string(proposed.status().message());
}

TEST(VerbTest, AnActionTakesItsDateNameAndKnowledgeFromTheMeeting) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto p, Filled("action", {{"title", {"Update report"}},
                                      {"meeting", {"meetings/spab/2019-03-18"}},
                                      {"item", {"3A"}},
                                      {"owner", {"Constabulary", "Chief Executive @ OPCC"}},
                                      {"due", {"20 May 2019"}},
                                      {"paper", {"papers/003"}},
                                      {"para", {"1.2"}},
                                      {"inferred", {"yes"}}}));
  EXPECT_EQ(p.record(), "actions/spab/01jx");
  EXPECT_EQ(p.occurred().on(), "2019-03-18");
  EXPECT_THAT(p.put_before(), ElementsAre("meetings/spab/2019-03-18"));
  EXPECT_EQ(p.action_raised().item(), "3a");
  EXPECT_EQ(p.action_raised().owners(0).printed(), "Constabulary");
  EXPECT_EQ(p.action_raised().owners(1).post(), "Chief Executive");
  EXPECT_EQ(p.action_raised().owners(1).organisation(), "OPCC");
  EXPECT_EQ(p.action_raised().due().date(), "2019-05-20");
  EXPECT_EQ(p.sources(0).paper(), "papers/003");
  EXPECT_EQ(p.sources(0).basis(), event::v1::BASIS_INFERRED);
  SCRUTINY_EXPECT_OK(ledger::CheckProposed(p));
}

TEST(VerbTest, WithoutAMeetingAFactIsDatedTodayUnlessUndated) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto today, Filled("action", {{"title", {"x"}}}));
  EXPECT_EQ(today.occurred().on(), "2026-11-22");
  EXPECT_EQ(today.record(), "actions/01jx");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto undated,
                                Filled("action", {{"title", {"x"}}, {"undated", {"yes"}}}));
  EXPECT_FALSE(undated.has_occurred());
}

TEST(VerbTest, TheMeetingNeedNotHaveLearned) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto p,
                                Filled("update", {{"RECORD", {"actions/spab/1"}},
                                                  {"text", {"Done soon"}},
                                                  {"meeting", {"meetings/spab/2019-03-18"}},
                                                  {"not-put-before", {"yes"}},
                                                  {"put-before", {"meetings/spab/2019-05-20"}}}));
  EXPECT_THAT(p.put_before(), ElementsAre("meetings/spab/2019-05-20"));
}

TEST(VerbTest, AMeetingIsNamedAfterItsForumAndDate) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto p, Filled("meeting", {{"forum", {"SPAB"}}, {"date", {"8 July 2019"}}}));
  EXPECT_EQ(p.record(), "meetings/spab/2019-07-08");
  EXPECT_EQ(p.meeting_scheduled().forum(), "forums/spab");
  EXPECT_EQ(p.put_before_size(), 0) << "the calendar is known to everybody";
}

TEST(VerbTest, AResolutionHasItsItemsKeyAndNumberedLimbs) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto p, Filled("resolution", {{"meeting", {"meetings/spab/2019-03-18"}},
                                          {"item", {"12A"}},
                                          {"decided-by", {"persons/dhindsa"}},
                                          {"limb", {"approve: 8 large grants", "note: the rest"}},
                                          {"priority", {"1", "3"}},
                                          {"plan", {"plans/derbyshire/2016-21@2018"}}}));
  const event::v1::ResolutionPassed& resolution = p.resolution_passed();
  EXPECT_EQ(p.record(), "meetings/spab/2019-03-18");
  EXPECT_EQ(resolution.key(), "12a");
  EXPECT_EQ(resolution.decider().kind(), event::v1::DECIDER_KIND_OFFICE_HOLDER);
  ASSERT_EQ(resolution.limbs_size(), 2);
  EXPECT_EQ(resolution.limbs(1).key(), "2");
  EXPECT_EQ(resolution.limbs(1).verb(), event::v1::RESOLUTION_VERB_NOTE);
  EXPECT_EQ(resolution.limbs(1).subject(), "the rest");
  EXPECT_EQ(resolution.priorities(1).number(), 3u);
  EXPECT_EQ(p.plan_version().version(), "2018");
  SCRUTINY_EXPECT_OK(ledger::CheckProposed(p));
}

TEST(VerbTest, ADecisionsNumberAndAmountsAreRead) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto p,
      Filled("decision", {{"title", {"Closure of custody suite"}},
                          {"number", {"2019/13"}},
                          {"decided-by", {"unclear: it muddles the two"}},
                          {"meeting", {"meetings/spab/2019-03-18"}},
                          {"effective-from", {"1 July 2019"}},
                          {"amount", {"£195k saving yearly", "£157,961.20: 8 large grants"}}}));
  const event::v1::DecisionTaken& decision = p.decision_taken();
  EXPECT_EQ(decision.number().kind(), "decisions");
  EXPECT_EQ(decision.number().year(), 2019u);
  EXPECT_EQ(decision.number().number(), 13u);
  EXPECT_EQ(decision.decider().kind(), event::v1::DECIDER_KIND_UNCLEAR);
  EXPECT_EQ(decision.where(), event::v1::DECISION_TAKEN_WHERE_AT_MEETING);
  EXPECT_EQ(p.effective_from(), "2019-07-01");
  EXPECT_EQ(decision.amounts(0).pence(), 19'500'000);
  EXPECT_TRUE(decision.amounts(0).rounded());
  EXPECT_EQ(decision.amounts(1).pence(), 15'796'120);
  EXPECT_EQ(decision.amounts(1).label(), "8 large grants");
  SCRUTINY_EXPECT_OK(ledger::CheckProposed(p));
}

TEST(VerbTest, AReportTakesItsForumFromTheMeeting) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto p,
      Filled("reported", {{"RECORD", {"2019/17"}}, {"meeting", {"meetings/spab/2019-03-18"}}}));
  EXPECT_EQ(p.record(), "decisions/derbyshire/hr");
  EXPECT_EQ(p.decision_reported().forum(), "forums/spab");
  EXPECT_THAT(ErrorOf("reported", {{"RECORD", {"2019/17"}}, {"meeting", {"meetings/x/1"}}}),
              HasSubstr("--forum"));
}

TEST(VerbTest, OneVerbMayHaveSeveralOutcomes) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto p,
                                Filled("assurance", {{"meeting", {"meetings/spab/2019-03-18"}},
                                                     {"outcome", {"gained-with-conditions"}},
                                                     {"item", {"8A"}},
                                                     {"area", {"Cyber"}},
                                                     {"condition", {"a report in May"}}}));
  EXPECT_EQ(p.assurance_gained_with_conditions().assurance().key(), "8a");
  EXPECT_THAT(p.assurance_gained_with_conditions().conditions(), ElementsAre("a report in May"));
  EXPECT_THAT(ErrorOf("assurance", {{"meeting", {"meetings/spab/2019-03-18"}},
                                    {"outcome", {"gained"}},
                                    {"item", {"8A"}},
                                    {"area", {"Cyber"}},
                                    {"condition", {"x"}}}),
              HasSubstr("--condition does not go with --outcome gained"));
}

TEST(VerbTest, AReviewLineNamesItsParts) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const auto p,
      Filled("review", {{"meeting", {"meetings/spab/2019-03-18"}},
                        {"line",
                         {"text=Stop Hate; its contract; action=actions/spab/stop-hate; "
                          "progress=On the agenda",
                          "Community Trigger"}}}));
  const auto& lines = p.action_review_presented().lines();
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[0].key(), "1");
  EXPECT_EQ(lines[0].text(), "Stop Hate; its contract");
  EXPECT_EQ(lines[0].action(), "actions/spab/stop-hate");
  EXPECT_EQ(lines[0].progress(), "On the agenda");
  EXPECT_EQ(lines[1].text(), "Community Trigger");
  EXPECT_EQ(lines[1].action(), "");
}

TEST(VerbTest, MistakesNameTheFlagAndTheValue) {
  EXPECT_THAT(ErrorOf("action", {}), HasSubstr("--title is missing"));
  EXPECT_THAT(ErrorOf("action", {{"title", {"x"}}, {"due", {"2019-02-30"}}}),
              HasSubstr("--due: \"2019-02-30\" is not a date"));
  EXPECT_THAT(ErrorOf("action", {{"title", {"x"}}, {"meeting", {"nowhere"}}}),
              StartsWith("--meeting: "));
  EXPECT_THAT(ErrorOf("action", {{"title", {"x"}}, {"inferred", {"yes"}}}), HasSubstr("--paper"));
  EXPECT_THAT(ErrorOf("attendance", {{"person", {"persons/p"}}}),
              HasSubstr("--meeting is missing"));
  EXPECT_THAT(ErrorOf("complete", {{"text", {"x"}}}), HasSubstr("name the record"));
  EXPECT_THAT(ErrorOf("resolution", {{"meeting", {"meetings/a"}},
                                     {"item", {"1"}},
                                     {"decided-by", {"x"}},
                                     {"limb", {"shout: it"}}}),
              HasSubstr("--limb: \"shout\" is none of approve"));
  EXPECT_TRUE(IsUsageError(Filled("action", {}).status()));
}

// Each flag must fill a field that there is, and no two options of a verb may share a name.
TEST(VerbTest, EveryFlagFillsAFieldOfItsFact) {
  std::set<std::string> names;
  for (const Verb& verb : AllVerbs()) {
    EXPECT_TRUE(names.insert(verb.name).second) << verb.name << " twice";
    std::vector<std::string> facts = {verb.fact};
    for (const Variant& variant : verb.variants) facts.push_back(variant.fact);
    for (const std::string& fact : facts) {
      EXPECT_NE(ledger::FindFactType(fact), nullptr) << verb.name << ": " << fact;
    }
    for (const Flag& flag : verb.flags) {
      bool found = false;
      for (const std::string& fact : facts) {
        found |= FindField(event::v1::Proposed::descriptor(), fact + "." + flag.path).ok();
      }
      EXPECT_TRUE(found) << verb.name << " --" << flag.name << ": " << flag.path;
    }
    std::set<std::string> options;
    for (const Option& option : OptionsOf(verb)) {
      EXPECT_TRUE(options.insert(option.name).second) << verb.name << " --" << option.name;
    }
  }
}

// The kinds of record that a verb makes or names are those the fact may stand on.
TEST(VerbTest, EveryVerbIsAboutARecordOfItsFactsKind) {
  for (const Verb& verb : AllVerbs()) {
    const ledger::FactTypeInfo* type = ledger::FindFactType(verb.fact);
    ASSERT_NE(type, nullptr);
    const std::string kind = verb.target == Target::kMeeting ? "meetings" : verb.kind;
    EXPECT_THAT(type->kinds, ::testing::Contains(kind)) << verb.name;
    EXPECT_EQ(verb.target == Target::kNew, type->founds) << verb.name;
  }
}

// Whatever a client may record can be recorded by a verb (or has a command of its own).
TEST(VerbTest, EveryFactAClientMayRecordHasAVerb) {
  std::set<std::string> covered = {"sealed_fact", "withdrawn"};
  for (const Verb& verb : AllVerbs()) {
    covered.insert(verb.fact);
    for (const Variant& variant : verb.variants) covered.insert(variant.fact);
  }
  for (const ledger::FactTypeInfo& type : ledger::AllFactTypes()) {
    if (type.by_server) continue;
    EXPECT_EQ(covered.count(type.field), 1u) << type.field << " has no verb";
  }
}

TEST(VerbTest, ShapeErrorsAreSaidInTermsOfFlags) {
  ledger::v1::NewFact fact;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(*fact.mutable_proposed(), Filled("action", {{"title", {"x"}}}));
  fact.mutable_proposed()->mutable_action_raised()->set_title(std::string(700, 'x'));
  EXPECT_THAT(std::string(CheckFact(VerbNamed("action"), fact).message()),
              StartsWith("--title has 700 bytes"));
}

}  // namespace
}  // namespace scrutiny::tools
