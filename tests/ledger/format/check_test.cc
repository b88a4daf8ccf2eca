#include "ledger/format/check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/derive.h"
#include "ledger/format/fact_types.h"
#include "ledger/format/field_plan.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/event/v1/options.pb.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using google::protobuf::Message;
using ::testing::AllOf;
using testing::FailsWith;
using ::testing::HasSubstr;
using testing::IsOk;

Proposed Fact(const std::string& text) {
  Proposed proposed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proposed)) << text;
  return proposed;
}

// An action with `fields` besides its title.
Proposed Action(const std::string& fields, const std::string& envelope = "") {
  return Fact(absl::StrCat(R"(record: "actions/a" )", envelope,
                           R"( action_raised { title: "Crime data" )", fields, " }"));
}

absl::Status Check(const std::string& text) { return CheckProposed(Fact(text)); }

MATCHER_P2(Refuses, field, sentence, "") {
  const ErrorInfo info = InfoOf(arg);
  *result_listener << arg.ToString() << " field " << info.field;
  return !arg.ok() && info.field == field &&
         absl::string_view(arg.message()).find(sentence) != absl::string_view::npos;
}

TEST(CheckTest, AFullActionPasses) {
  EXPECT_THAT(CheckProposed(Action(R"(
      detail: "At length,\n\tin two lines \302\243195k" meeting: "meetings/spab/2019-03-18"
      item: "3a" owners { organisation: "Constabulary" } owners { post: "PCC" }
      due { meeting: "meetings/spab/2019-05-20" }
      number { kind: "actions" year: 2019 number: 1 })",
                                   R"(
      occurred { on: "2019-03-18" printed: "2PM, 18 MARCH 2019" } effective_from: "2019-07"
      put_before: "meetings/spab/2019-03-18"
      sources { paper: "papers/003" item: "3A" basis: BASIS_PRINTED }
      recorded_despite { rule: "not-held" reason: "so it was" })")),
              IsOk());
}

// --- Texts.

TEST(CheckTest, RequiredTextMustBeThereAndNotBlank) {
  EXPECT_THAT(Check(R"(record: "actions/a" action_raised {})"),
              Refuses("action_raised.title", "action_raised.title is missing."));
  EXPECT_THAT(Check(R"(record: "actions/a" action_raised { title: " \n" })"),
              Refuses("action_raised.title", "is missing"));
}

TEST(CheckTest, TextHasTheLimitOfItsField) {
  Proposed action = Action("");
  action.mutable_action_raised()->set_title(std::string(600, 'x'));
  EXPECT_THAT(CheckProposed(action), IsOk());
  action.mutable_action_raised()->set_title(std::string(601, 'x'));
  EXPECT_THAT(CheckProposed(action),
              AllOf(FailsWith(Reason::kOverLimit),
                    Refuses("action_raised.title", "has 601 bytes; at most 600 are allowed")));
}

TEST(CheckTest, TextWithoutALimitOfItsOwnHasFourThousandBytes) {
  Proposed action = Action("");
  action.mutable_action_raised()->set_detail(std::string(4000, 'x'));
  EXPECT_THAT(CheckProposed(action), IsOk());
  action.mutable_action_raised()->set_detail(std::string(4001, 'x'));
  EXPECT_THAT(CheckProposed(action), Refuses("action_raised.detail", "has 4001 bytes"));
}

TEST(CheckTest, InvalidUtf8IsRefusedAndQuotedPrintably) {
  Proposed action = Action("");
  action.mutable_action_raised()->set_title("Hate \xff Crime");
  const absl::Status status = CheckProposed(action);
  EXPECT_THAT(status, Refuses("action_raised.title", "is not valid UTF-8"));
  EXPECT_EQ(InfoOf(status).value, "Hate \\xff Crime");
}

// At every offset: text is looked at eight bytes at a time.
TEST(CheckTest, ControlCharactersAreRefusedWhereverTheyStand) {
  for (const std::string& bad :
       {std::string("\x07"), std::string("\x1f"), std::string("\x7f"), std::string(1, '\0'),
        std::string("\r"), std::string("\xc2\x9b")}) {
    for (size_t at = 0; at < 20; ++at) {
      Proposed action = Action("");
      action.mutable_action_raised()->set_title(std::string(at, 'x') + bad + "yyy");
      EXPECT_THAT(CheckProposed(action), Refuses("action_raised.title", "control character"));
    }
  }
}

TEST(CheckTest, EveryPrintableCharacterNewLineAndTabPass) {
  std::string text = "\n\t\u00a0\u00e9\u20ac\U0001F600";
  for (char c = 0x20; c < 0x7f; ++c) text.push_back(c);
  Proposed action = Action("");
  action.mutable_action_raised()->set_title(text);
  EXPECT_THAT(CheckProposed(action), IsOk());
}

// --- Names, keys, dates and times.

TEST(CheckTest, RecordsMustBeNamedWell) {
  EXPECT_THAT(Check(R"(action_raised { title: "x" })"), Refuses("record", "record is missing."));
  EXPECT_THAT(Check(R"(record: "Actions/A" action_raised { title: "x" })"),
              Refuses("record", "Actions/A"));
  EXPECT_THAT(CheckProposed(Action(R"(meeting: "meetings/")")),
              Refuses("action_raised.meeting", "meetings/"));
}

TEST(CheckTest, ACitedRecordMustBeOfItsKind) {
  EXPECT_THAT(
      CheckProposed(Action(R"(owners { post: "PCC" } owners { person: "forums/spab" })")),
      Refuses("action_raised.owners[1].person",
              "action_raised.owners[1].person names \"forums/spab\", but only a record of kind "
              "persons can stand there."));
}

TEST(CheckTest, AFactGoesWithTheKindsItSays) {
  const absl::Status status =
      Check(R"(record: "meetings/m" action_updated { text: "On the agenda" })");
  EXPECT_THAT(status, Refuses("record",
                              "ActionUpdated is recorded on a record of kind actions, not on "
                              "\"meetings/m\"."));
  EXPECT_EQ(InfoOf(status).value, "meetings/m");
}

TEST(CheckTest, KeysAreShortAndPlain) {
  EXPECT_THAT(CheckProposed(Action(R"(meeting: "meetings/m" item: "5A i")")),
              Refuses("action_raised.item", "5A i"));
}

TEST(CheckTest, DatesMustExist) {
  const absl::Status status = CheckProposed(Action(R"(due { date: "2019-02-30" })"));
  EXPECT_THAT(status, AllOf(FailsWith(Reason::kMalformed),
                            Refuses("action_raised.due.date",
                                    "\"2019-02-30\" is not a date: February 2019 has 28 days.")));
  EXPECT_EQ(InfoOf(status).value, "2019-02-30");
  EXPECT_THAT(CheckProposed(Action("", R"(occurred { on: "18/03/2019" })")),
              Refuses("occurred.on", "18/03/2019"));
}

TEST(CheckTest, TimesAreOnATwentyFourHourClock) {
  const auto at = [](const std::string& start) {
    return CheckProposed(
        Fact(absl::StrCat(R"(record: "meetings/m" meeting_opened { start: ")", start, "\" }")));
  };
  for (const char* good : {"00:00", "14:00", "23:59"}) EXPECT_THAT(at(good), IsOk()) << good;
  for (const char* bad : {"24:00", "14:60", "2pm", "14.00", "4:00", "14:0x", "14:00:00"}) {
    EXPECT_THAT(at(bad), Refuses("meeting_opened.start", "is not a time of day")) << bad;
  }
}

TEST(CheckTest, TimeZonesMustExistAndAreNoFileNames) {
  const auto in = [](const std::string& zone) {
    return CheckProposed(Fact(absl::StrCat(
        R"(record: "offices/o" office_established { name: "O" time_zone: ")", zone, "\" }")));
  };
  EXPECT_THAT(in("Europe/London"), IsOk());
  for (const char* bad : {"Mars/Olympus", "/etc/localtime", "../etc/passwd", "file:/etc/localtime",
                          "localtime", "Fixed/UTC+01:00:00"}) {
    EXPECT_THAT(in(bad), Refuses("office_established.time_zone", "is not a time zone")) << bad;
  }
}

// --- Lists, bytes, enums, messages.

TEST(CheckTest, ListsHaveTheLimitOfTheirField) {
  Proposed action = Action("");
  for (int i = 0; i < 20; ++i) action.mutable_action_raised()->add_owners()->set_post("PCC");
  EXPECT_THAT(CheckProposed(action), IsOk());
  action.mutable_action_raised()->add_owners()->set_post("PCC");
  EXPECT_THAT(CheckProposed(action),
              AllOf(FailsWith(Reason::kOverLimit),
                    Refuses("action_raised.owners", "has 21 items; at most 20 are allowed")));
}

TEST(CheckTest, ListsWithoutALimitOfTheirOwnHaveTwoHundredItems) {
  Proposed taken = Fact(R"(record: "decisions/d" decision_taken { title: "x" })");
  for (int i = 0; i < 201; ++i) taken.mutable_decision_taken()->add_options("o");
  EXPECT_THAT(CheckProposed(taken), Refuses("decision_taken.options", "has 201 items"));
}

TEST(CheckTest, ListsOfNumbersAreLimitedToo) {
  Proposed put = Fact(R"(record: "meetings/m" put_before_meeting { meeting: "meetings/m" })");
  EXPECT_THAT(CheckProposed(put), Refuses("put_before_meeting.sequences", "is missing"));
  for (int i = 0; i < 5000; ++i) put.mutable_put_before_meeting()->add_sequences(1);
  EXPECT_THAT(CheckProposed(put), IsOk());
  put.mutable_put_before_meeting()->add_sequences(1);
  EXPECT_THAT(CheckProposed(put), Refuses("put_before_meeting.sequences", "has 5001 items"));
}

TEST(CheckTest, ItemsOfAListAreNotBlank) {
  EXPECT_THAT(
      Check(R"(record: "decisions/d" decision_taken { title: "x" options: "a" options: "" })"),
      Refuses("decision_taken.options[1]", "is missing"));
}

TEST(CheckTest, BytesHaveTheirExactLength) {
  Proposed action = Action("", R"(sources { paper: "papers/003" })");
  action.mutable_sources(0)->set_sha256(std::string(32, 'h'));
  EXPECT_THAT(CheckProposed(action), IsOk());
  action.mutable_sources(0)->set_sha256(std::string(31, 'h'));
  EXPECT_THAT(CheckProposed(action),
              Refuses("sources[0].sha256", "has 31 bytes; it must have exactly 32"));
}

TEST(CheckTest, UnknownEnumValuesAreRefused) {
  Proposed action = Action("", R"(sources { paper: "papers/003" })");
  action.mutable_sources(0)->set_basis(static_cast<event::v1::Basis>(9));
  EXPECT_THAT(CheckProposed(action), Refuses("sources[0].basis", "the value 9"));
}

TEST(CheckTest, RequiredEnumsMessagesAndListsMustBeThere) {
  EXPECT_THAT(Check(R"(record: "papers/p" paper_transcribed { part: "items 1-4" })"),
              Refuses("paper_transcribed.state", "is missing"));
  EXPECT_THAT(Check(R"(record: "meetings/m" assurance_sought {})"),
              Refuses("assurance_sought.assurance", "is missing"));
  EXPECT_THAT(Check(R"(record: "actions/a" action_assigned {})"),
              Refuses("action_assigned.owners", "is missing"));
}

TEST(CheckTest, UnknownFieldsAreRefusedWhereverTheyStand) {
  const auto add = [](google::protobuf::Message* message) {
    message->GetReflection()->MutableUnknownFields(message)->AddVarint(999, 1);
  };
  Proposed envelope = Action("");
  add(&envelope);
  EXPECT_THAT(CheckProposed(envelope),
              Refuses("", "Field 999 of Proposed is not known to this server."));
  Proposed fact = Action("");
  add(fact.mutable_action_raised());
  EXPECT_THAT(CheckProposed(fact), Refuses("action_raised", "Field 999 of ActionRaised"));
  Proposed nested = Action(R"(owners { post: "PCC" })");
  add(nested.mutable_action_raised()->mutable_owners(0));
  EXPECT_THAT(CheckProposed(nested), Refuses("action_raised.owners[0]", "Field 999 of Owner"));
}

// --- The fact as such.

TEST(CheckTest, ThereMustBeAFact) {
  EXPECT_THAT(Check(R"(record: "actions/a")"), Refuses("fact", "No fact is given"));
}

TEST(CheckTest, AFactOfALaterVersionIsNamedByItsNumber) {
  Proposed proposed = Fact(R"(record: "actions/a")");
  proposed.GetReflection()->MutableUnknownFields(&proposed)->AddLengthDelimited(420, "");
  EXPECT_THAT(CheckProposed(proposed), Refuses("fact", "Fact type 420 is not known"));
}

TEST(CheckTest, WhatStandsForASealedFactIsTheServers) {
  const Proposed sealed = Fact(R"(record: "sealed/0123456789abcdef" sealed_fact {})");
  EXPECT_THAT(CheckProposed(sealed), FailsWith(Reason::kNotAuthorised));
  EXPECT_THAT(CheckProposed(sealed, Author::kServer), IsOk());
}

TEST(CheckTest, WhatStandsForASealedFactSaysNothingElse) {
  const auto check = [](const std::string& text) {
    return CheckProposed(Fact(text), Author::kServer);
  };
  EXPECT_THAT(check(R"(record: "persons/a" sealed_fact {})"), Refuses("record", "of kind sealed"));
  EXPECT_THAT(check(R"(record: "sealed/A b" sealed_fact {})"), Refuses("record", "A b"));
  EXPECT_THAT(check(R"(record: "sealed/a" effective_from: "2019" sealed_fact {})"),
              Refuses("sealed_fact", "says nothing in the clear"));
  EXPECT_THAT(check(R"(record: "sealed/a" occurred { on: "2019-03-18" } sealed_fact {})"),
              Refuses("sealed_fact", "says nothing in the clear"));
  Proposed unknown = Fact(R"(record: "sealed/a" sealed_fact {})");
  unknown.GetReflection()->MutableUnknownFields(&unknown)->AddVarint(900, 1);
  EXPECT_THAT(CheckProposed(unknown, Author::kServer),
              Refuses("sealed_fact", "says nothing in the clear"));
  Proposed below = Fact(R"(record: "sealed/a" sealed_fact {})");
  Message& fact = *below.mutable_sealed_fact();
  fact.GetReflection()->MutableUnknownFields(&fact)->AddVarint(1, 1);
  EXPECT_THAT(CheckProposed(below, Author::kServer),
              Refuses("sealed_fact", "says nothing in the clear"));
}

// --- What is private.

Proposed Person(const std::string& fields) {
  return Fact(absl::StrCat(R"(record: "persons/p" person_registered { )", fields, " }"));
}

absl::Status CheckSealing(const Proposed& proposed,
                          const std::vector<absl::string_view>& to_be_sealed) {
  CheckOptions options;
  options.to_be_sealed = to_be_sealed;
  return CheckProposed(proposed, options);
}

TEST(CheckTest, PersonalDataInTheClearIsRefusedWithoutRepeatingIt) {
  const absl::Status status = CheckProposed(Person(R"(personal_name: "Alice Archer")"));
  EXPECT_THAT(status, FailsWith(Reason::kMalformed));
  EXPECT_EQ(status.message(),
            "person_registered.personal_name is personal data: it must be sealed.");
  EXPECT_EQ(InfoOf(status).field, "person_registered.personal_name");
  EXPECT_EQ(InfoOf(status).value, "");
  EXPECT_EQ(InfoOf(status).next, "Seal it: --sealed-for persons/… (or `seals` in the request).");
}

TEST(CheckTest, RestrictedDataInTheClearIsRefused) {
  EXPECT_THAT(Check(R"(record: "findings/f" finding_recorded {
                         scheme: "schemes/s" title: "x" grade: FINDING_GRADE_CONCERN
                         restricted_detail: "the rota of the custody suite" })"),
              Refuses("finding_recorded.restricted_detail", "is not for the public"));
}

TEST(CheckTest, PrivateFieldsMayBeThereToBeSealed) {
  const Proposed person = Person(R"(personal_name: "Alice" contact: "alice@example.com")");
  EXPECT_THAT(
      CheckSealing(person, {"person_registered.personal_name", "person_registered.contact"}),
      IsOk());
  EXPECT_THAT(CheckSealing(person, {"person_registered"}), IsOk());
  EXPECT_THAT(CheckSealing(person, {""}), IsOk());
  EXPECT_THAT(CheckSealing(person, {"person_registered.personal_name"}),
              Refuses("person_registered.contact", "must be sealed"));
  EXPECT_THAT(CheckSealing(person, {"person_registered.contact", "person_registered.personal_nam"}),
              Refuses("person_registered.personal_name", "must be sealed"));
}

TEST(CheckTest, WhatIsToBeSealedKeepsItsLimitsAndIsNotRepeatedInErrors) {
  const absl::Status status =
      CheckSealing(Person(absl::StrCat("personal_name: \"", std::string(201, 'x'), "\"")),
                   {"person_registered.personal_name"});
  EXPECT_THAT(status, FailsWith(Reason::kOverLimit));
  EXPECT_THAT(status, Refuses("person_registered.personal_name", "has 201 bytes"));
  EXPECT_EQ(InfoOf(status).value, "");
  EXPECT_NE(InfoOf(status).next, "");

  EXPECT_EQ(InfoOf(CheckSealing(Person("name: \"a\\001\""), {""})).value, "");
  EXPECT_EQ(InfoOf(CheckSealing(Person("name: \"a\\001\""), {"person_registered.post"})).value,
            "a\\x01");
}

TEST(CheckTest, ASentenceDoesNotQuoteWhatIsToBeSealed) {
  const Proposed action = Action(R"(due { date: "the day Alice gave birth" })");
  const std::string clear(CheckProposed(action).message());
  EXPECT_THAT(clear, HasSubstr("Alice"));
  const absl::Status sealed = CheckSealing(action, {"action_raised.due"});
  EXPECT_EQ(sealed.message(), "action_raised.due.date is not as it must be.");
  EXPECT_EQ(InfoOf(sealed).next, InfoOf(CheckProposed(action)).next);
  // What is not to be sealed is quoted as always.
  EXPECT_EQ(CheckSealing(action, {"action_raised.detail"}).message(), clear);
}

// Every field that is marked, wherever it is: a new one is refused in the clear from its first day.
TEST(CheckTest, EveryMarkedFieldIsInThePlans) {
  int marked = 0;
  for (const FactTypeInfo& info : AllFactTypes()) {
    const google::protobuf::Descriptor& message = *info.descriptor->message_type();
    for (int i = 0; i < message.field_count(); ++i) {
      const google::protobuf::FieldDescriptor* field = message.field(i);
      if (field->options().GetExtension(event::v1::check).privacy() == 0) continue;
      ++marked;
      const std::vector<FieldPlan>& plans = FactPlan(info.type).fields;
      EXPECT_TRUE(std::any_of(plans.begin(), plans.end(), [field](const FieldPlan& plan) {
        return plan.field == field && plan.privacy != FieldPrivacy::kPublic;
      })) << field->full_name();
    }
  }
  EXPECT_GE(marked, 9);
}

TEST(CheckTest, FactsOfTheServerAreTheServers) {
  const Proposed confirmed =
      Fact(R"(record: "ledger/identity" clock_confirmed { reason: "set by hand" })");
  EXPECT_THAT(CheckProposed(confirmed), FailsWith(Reason::kNotAuthorised));
  EXPECT_THAT(CheckProposed(confirmed, Author::kServer), IsOk());
}

TEST(CheckTest, AFactHasAtMostSixtyThousandBytes) {
  Proposed taken = Fact(R"(record: "decisions/d" decision_taken { title: "x" })");
  for (int i = 0; i < 61; ++i) {
    taken.mutable_decision_taken()->add_options(std::string(1000, 'o'));
  }
  EXPECT_GT(taken.ByteSizeLong(), kFactBytesMax);
  EXPECT_THAT(CheckProposed(taken), FailsWith(Reason::kOverLimit));
}

TEST(CheckTest, AFactClaimsNoMoreNamesThanAnEntryMay) {
  Proposed forum = Fact(R"(record: "forums/f" forum_established { name: "Board" })");
  for (int i = 0; i < 30; ++i) {
    forum.mutable_forum_established()->add_aliases(absl::StrCat("Alias ", i));
  }
  EXPECT_THAT(CheckProposed(forum), IsOk());
  EXPECT_LE(DeriveFrom(forum, {}).claims.size(), kAliasesPerEntryMax);
  forum.mutable_forum_established()->add_aliases("One more");
  EXPECT_THAT(CheckProposed(forum), Refuses("forum_established.aliases", "has 31 items"));
}

// --- What fields mean together.

struct Broken {
  const char* fact;
  const char* field;
  const char* sentence;
};

class CheckMeaningTest : public ::testing::TestWithParam<Broken> {};

TEST_P(CheckMeaningTest, IsRefused) {
  EXPECT_THAT(Check(GetParam().fact),
              AllOf(FailsWith(Reason::kMalformed), Refuses(GetParam().field, GetParam().sentence)));
}

INSTANTIATE_TEST_SUITE_P(
    All, CheckMeaningTest,
    ::testing::Values(
        Broken{R"(record: "actions/a" occurred { on: "2019" latest: "2019" }
                  action_closed {})",
               "occurred.on", "stands beside earliest or latest"},
        Broken{R"(record: "actions/a" occurred { earliest: "2019-04" latest: "2019-03-31" }
                  action_closed {})",
               "occurred.earliest", "which is after latest"},
        Broken{R"(record: "actions/a" action_assigned { owners {} })", "action_assigned.owners[0]",
               "names nobody"},
        Broken{R"(record: "actions/a" action_due_set { due {} })", "action_due_set.due",
               "says nothing"},
        Broken{
            R"(record: "actions/a" action_due_set { due { date: "2019" meeting: "meetings/m" } })",
            "action_due_set.due.meeting", "stands beside a date"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x"
                  decider { kind: DECIDER_KIND_OFFICE_HOLDER } })",
               "decision_taken.decider.post", "which is not said"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x"
                  decider { kind: DECIDER_KIND_BODY } })",
               "decision_taken.decider.forum", "which is not said"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x"
                  decider { kind: DECIDER_KIND_UNCLEAR } })",
               "decision_taken.decider.note", "is unclear"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x" amounts {} })",
               "decision_taken.amounts[0]", "neither pence nor what is printed"},
        Broken{
            R"(record: "decisions/d" decision_taken { title: "x" amounts { pence: 1 years: 3 } })",
            "decision_taken.amounts[0].years", "not yearly"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x"
                  number { kind: "decisions" year: 2019 } })",
               "decision_taken.number.number", "start from 1"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x"
                  number { kind: "actions" year: 2019 number: 1 } })",
               "decision_taken.number.kind", "but the record is one of decisions"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x" assign { year: 19 } })",
               "decision_taken.assign.year", "not a year"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x" priorities { number: 2 } })",
               "plan_version", "is missing"},
        Broken{R"(record: "decisions/d" plan_version { plan: "plans/p" version: "2018" }
                  decision_taken { title: "x" priorities {} })",
               "decision_taken.priorities[0].number", "is missing"},
        Broken{R"(record: "meetings/m" meeting_theme_set { theme: "SP3" priority: 3 })",
               "plan_version", "is missing"},
        Broken{R"(record: "decisions/d" decision_taken { title: "x" meeting: "meetings/m"
                  where: DECISION_TAKEN_WHERE_BETWEEN_MEETINGS })",
               "decision_taken.meeting", "between meetings"},
        Broken{R"(record: "decisions/d" decision_numbered {})", "decision_numbered.number",
               "is missing"},
        Broken{R"(record: "meetings/m" minute_numbered { item: "3a" })", "minute_numbered.number",
               "is missing"},
        Broken{R"(record: "actions/a" action_raised { title: "x" item: "3a" })",
               "action_raised.item", "no meeting is named"},
        Broken{R"(record: "actions/a" action_completed { evidence {} })",
               "action_completed.evidence[0]", "says nothing"},
        Broken{R"(record: "actions/a" action_completed { evidence { text: "x" item: "3a" } })",
               "action_completed.evidence[0].item", "no meeting is named"},
        Broken{R"(record: "papers/p" paper_submitted { title: "x" attachments { absent: true } })",
               "paper_submitted.attachments[0]", "neither label nor title"},
        Broken{R"(record: "papers/p" paper_submitted { title: "x"
                  recommendations { key: "1" text: "note" }
                  recommendations { key: "1" text: "approve" } })",
               "paper_submitted.recommendations[1].key", "repeats the key \"1\""},
        Broken{R"(record: "meetings/m" announcement_made { key: "1" })", "announcement_made.text",
               "is missing"},
        Broken{R"(record: "sessions/s" sample_drawn { population: 10 size: 11 })",
               "sample_drawn.size", "more than the 10"},
        Broken{R"(record: "sessions/s" session_counted { reviewed { value: 2 suppressed: true } })",
               "session_counted.reviewed.value", "suppressed"},
        Broken{
            R"(record: "sessions/s" session_counted { tables { total: 2 total_suppressed: true } })",
            "session_counted.tables[0].total", "suppressed"},
        Broken{R"(record: "offices/o" time_limit_set { key: "k" title: "t" })",
               "time_limit_set.days", "at least one day"},
        Broken{R"(record: "offices/o" number_series_defined { kind: "decisions" pattern: "x" })",
               "number_series_defined.pattern", "no {n}"},
        Broken{R"(record: "offices/o" number_series_defined { kind: "decisions" pattern: "{n}"
                  year_starts: "02-29" })",
               "number_series_defined.year_starts", "not a month and day"},
        Broken{
            R"(record: "plans/p" plan_version_adopted { version: "1" priorities { title: "t" } })",
            "plan_version_adopted.priorities[0].number", "from 1"},
        Broken{R"(record: "actions/a" withdrawn { reason: "typo" })", "corrects", "is missing"},
        Broken{R"(record: "actions/a" put_before: "meetings/m" put_before: "meetings/m"
                  action_closed {})",
               "put_before[1]", "a second time"},
        Broken{R"(record: "actions/a" recorded_despite { rule: "not-held" reason: "r" }
                  recorded_despite { rule: "not-held" reason: "r" } action_closed {})",
               "recorded_despite[1].rule", "a second time"}));

TEST(CheckMeaningTest, ServersFactsAreNeverCorrected) {
  EXPECT_THAT(CheckProposed(Fact(R"(record: "ledger/identity" corrects: 0
                                    clock_confirmed { reason: "set by hand" })"),
                            Author::kServer),
              Refuses("corrects", "is never corrected"));
}

}  // namespace
}  // namespace scrutiny::ledger
