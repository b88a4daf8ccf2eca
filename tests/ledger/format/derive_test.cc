#include "ledger/format/derive.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/format/alias.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Number;
using event::v1::Proposed;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Proposed Fact(const std::string& text) {
  Proposed proposed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proposed)) << text;
  return proposed;
}

std::vector<std::string> KeysOf(const Derived& derived) {
  std::vector<std::string> keys;
  for (const Claim& claim : derived.claims) keys.push_back(claim.key);
  return keys;
}

Number NumberOf(const std::string& kind, uint32_t year, uint64_t n, const std::string& series = "",
                const std::string& printed = "") {
  Number number;
  number.set_kind(kind);
  number.set_series(series);
  number.set_year(year);
  number.set_number(n);
  number.set_printed(printed);
  return number;
}

// --- The day.

TEST(LastPossibleDayTest, OfOnIsItsLastDay) {
  const Proposed proposed = Fact(R"(occurred { on: "2019-03" })");
  EXPECT_EQ(LastPossibleDay(proposed.occurred()).ToString(), "2019-03-31");
}

TEST(LastPossibleDayTest, OfBoundsIsTheLatest) {
  const Proposed proposed = Fact(R"(occurred { earliest: "2018" latest: "2019-03-18" })");
  EXPECT_EQ(LastPossibleDay(proposed.occurred()).ToString(), "2019-03-18");
}

TEST(LastPossibleDayTest, IsAfterEveryDayWhereNothingBoundsIt) {
  EXPECT_EQ(LastPossibleDay(Fact("").occurred()), Day::Max());
  EXPECT_EQ(LastPossibleDay(Fact(R"(occurred { earliest: "2019" })").occurred()), Day::Max());
}

// --- What is cited.

TEST(DeriveTest, CitesEveryRecordNamedOnceAndNotItsOwn) {
  const Derived derived = DeriveFrom(Fact(R"(
      record: "actions/a"
      put_before: "meetings/m1" put_before: "meetings/m2"
      sources { paper: "papers/003" item: "9A" } sources { paper: "papers/003" }
      plan_version { plan: "plans/2016" version: "2018" }
      action_completed {
        meeting: "meetings/m1"
        evidence { paper: "papers/12f" meeting: "meetings/m3" }
      })"),
                                     {});
  EXPECT_THAT(derived.cites, ElementsAre("meetings/m1", "meetings/m2", "papers/003", "plans/2016",
                                         "papers/12f", "meetings/m3"));
}

TEST(DeriveTest, LeavesOutTheOwnRecord) {
  const Derived derived = DeriveFrom(
      Fact(R"(record: "meetings/m" put_before_meeting { sequences: 1 meeting: "meetings/m" })"),
      {});
  EXPECT_THAT(derived.cites, IsEmpty());
}

TEST(DeriveTest, CitesOfALongReviewAreEachOnce) {
  Proposed review = Fact(R"(record: "meetings/m" action_review_presented {})");
  for (int i = 0; i < 100; ++i) {
    event::v1::ReviewLine& line = *review.mutable_action_review_presented()->add_lines();
    line.set_action(absl::StrCat("actions/", i % 50));
    line.set_from_meeting("meetings/before");
  }
  EXPECT_EQ(DeriveFrom(review, {}).cites.size(), 51u);
}

// --- What is claimed.

TEST(DeriveTest, ANumberIsClaimedWithItsPrintedAndPlainForms) {
  const Derived derived = DeriveFrom(Fact(R"(
      record: "decisions/d"
      decision_taken {
        title: "Buxton"
        number { kind: "decisions" year: 2019 number: 13 printed: "Dec No. 13" }
      })"),
                                     {});
  EXPECT_THAT(KeysOf(derived), ElementsAre(NumberClaim(NumberOf("decisions", 2019, 13)),
                                           AliasClaim("dec no. 13"), AliasClaim("2019/13")));
  EXPECT_EQ(derived.claims[0].printed, "Dec No. 13");
}

TEST(DeriveTest, AFormThatIsPrintedSoIsClaimedOnce) {
  const Derived derived = DeriveFrom(Fact(R"(
      record: "decisions/d"
      decision_numbered { number { kind: "decisions" year: 2019 number: 13 printed: "2019/13" } })"),
                                     {});
  EXPECT_THAT(KeysOf(derived),
              ElementsAre(NumberClaim(NumberOf("decisions", 2019, 13)), AliasClaim("2019/13")));
}

TEST(DeriveTest, AssignedNumbersAreClaimedToo) {
  const Derived derived = DeriveFrom(
      Fact(R"(record: "decisions/d" decision_taken { title: "x" assign { year: 2019 } })"),
      {NumberOf("decisions", 2019, 18)});
  EXPECT_THAT(KeysOf(derived),
              ElementsAre(NumberClaim(NumberOf("decisions", 2019, 18)), AliasClaim("2019/18")));
}

TEST(DeriveTest, AMinuteNumberCarriesItsItem) {
  const Derived derived = DeriveFrom(Fact(R"(
      record: "meetings/pcp/2022-11-17"
      agenda_item_placed {
        item: "41" title: "PCC's report"
        minute_number { kind: "meetings" year: 2022 number: 41 printed: "41/22" }
      })"),
                                     {});
  EXPECT_THAT(
      derived.claims,
      ElementsAre(Field(&Claim::key, ItemClaim("meetings/pcp/2022-11-17", "41")),
                  Field(&Claim::key, ItemClaim("meetings/pcp/2022-11-17", "")),
                  Field(&Claim::item, "41"), Field(&Claim::item, "41"), Field(&Claim::item, "41")));
  EXPECT_EQ(derived.claims[2].key, NumberClaim(NumberOf("meetings", 2022, 41)));
  EXPECT_EQ(derived.claims[3].key, AliasClaim("41/22"));
}

TEST(DeriveTest, AMinuteNumberedLaterCarriesItsItemToo) {
  const std::string record = R"(record: "meetings/m" minute_numbered { item: "9a" )";
  const Derived given =
      DeriveFrom(Fact(record + R"(number { kind: "meetings" year: 2022 number: 41 } })"), {});
  EXPECT_THAT(given.claims, ElementsAre(Field(&Claim::item, "9a"), Field(&Claim::item, "9a")));
  EXPECT_EQ(given.claims[0].key, NumberClaim(NumberOf("meetings", 2022, 41)));
  const Derived assigned =
      DeriveFrom(Fact(record + "assign { year: 2022 } }"), {NumberOf("meetings", 2022, 42)});
  EXPECT_THAT(assigned.claims, ElementsAre(Field(&Claim::item, "9a"), Field(&Claim::item, "9a")));
  EXPECT_EQ(assigned.claims[0].key, NumberClaim(NumberOf("meetings", 2022, 42)));
}

TEST(DeriveTest, EmptySectionsAndUnreadablePartsAreItemsOfTheAgenda) {
  for (const char* fact : {R"(record: "meetings/m" empty_section_recorded { item: "9a" })",
                           R"(record: "meetings/m" agenda_part_unreadable { item: "9a" })"}) {
    EXPECT_THAT(KeysOf(DeriveFrom(Fact(fact), {})),
                ElementsAre(ItemClaim("meetings/m", "9a"), ItemClaim("meetings/m", "")));
  }
}

TEST(DeriveTest, NamesAndAliasesFindForumsPersonsSchemesAndOffices) {
  const auto keys = [](const std::string& text) { return KeysOf(DeriveFrom(Fact(text), {})); };
  EXPECT_THAT(
      keys(R"(forum_established { name: "Board" aliases: "SPAB" aliases: "SPA Board" })"),
      UnorderedElementsAre(AliasClaim("Board"), AliasClaim("SPAB"), AliasClaim("SPA Board")));
  EXPECT_THAT(keys(R"(forum_renamed { name: "PAM" })"), ElementsAre(AliasClaim("PAM")));
  EXPECT_THAT(keys(R"(forum_alias_added { alias: "SGB" })"), ElementsAre(AliasClaim("SGB")));
  EXPECT_THAT(keys(R"(person_registered { aliases: "PCC Dhindsa" })"),
              ElementsAre(AliasClaim("PCC Dhindsa")));
  EXPECT_THAT(keys(R"(scheme_established { name: "ICV" })"), ElementsAre(AliasClaim("ICV")));
  EXPECT_THAT(keys(R"(office_established { name: "OPCC" })"), ElementsAre(AliasClaim("OPCC")));
  EXPECT_THAT(keys(R"(office_renamed { name: "EMCCA" })"), ElementsAre(AliasClaim("EMCCA")));
}

TEST(DeriveTest, LaterNamesFindPersonsOrganisationsAndOfficesToo) {
  const auto keys = [](const std::string& text) { return KeysOf(DeriveFrom(Fact(text), {})); };
  EXPECT_THAT(keys(R"(person_renamed { name: "Baroness Smith" })"),
              ElementsAre(AliasClaim("Baroness Smith")));
  EXPECT_THAT(keys(R"(person_renamed { reason: "marriage" })"), ElementsAre());
  EXPECT_THAT(keys(R"(person_alias_added { alias: "T/ACC Mehmet" })"),
              ElementsAre(AliasClaim("T/ACC Mehmet")));
  EXPECT_THAT(keys(R"(organisation_registered { name: "Derbyshire Constabulary"
                       aliases: "the Force" aliases: "the Constabulary" })"),
              UnorderedElementsAre(AliasClaim("Derbyshire Constabulary"), AliasClaim("the Force"),
                                   AliasClaim("the Constabulary")));
  EXPECT_THAT(keys(R"(organisation_renamed { name: "HMICFRS" })"),
              ElementsAre(AliasClaim("HMICFRS")));
  EXPECT_THAT(keys(R"(organisation_alias_added { alias: "the Inspectorate" })"),
              ElementsAre(AliasClaim("the Inspectorate")));
  EXPECT_THAT(keys(R"(office_alias_added { alias: "the OPCC" })"),
              ElementsAre(AliasClaim("the OPCC")));
}

TEST(DeriveTest, AWithdrawalClaimsTheEntryItNames) {
  const Derived derived =
      DeriveFrom(Fact(R"(record: "actions/a" corrects: 0 withdrawn { reason: "typo" })"), {});
  EXPECT_EQ(derived.corrects, Sequence(0));
  EXPECT_THAT(KeysOf(derived), ElementsAre(WithdrawalClaim(Sequence(0))));
}

TEST(DeriveTest, AnOrdinaryFactClaimsNothing) {
  const Derived derived =
      DeriveFrom(Fact(R"(record: "actions/a" action_updated { text: "On the agenda" })"), {});
  EXPECT_THAT(derived.claims, IsEmpty());
  EXPECT_EQ(derived.corrects, absl::nullopt);
  EXPECT_EQ(derived.type, FactType(Proposed::kActionUpdatedFieldNumber));
}

// --- Keys.

TEST(ClaimKeyTest, ANumberIsItsSeriesAndEightBytesBigEndian) {
  const std::string prefix = NumberSeriesPrefix("decisions", "ops", 2019);
  const std::string claim = NumberClaim(NumberOf("decisions", 2019, 0x0102, "ops"));
  EXPECT_EQ(claim, prefix + std::string("\0\0\0\0\0\0\x01\x02", 8));
}

RC_GTEST_PROP(ClaimKeyTest, NumbersSortAsTheyCount, (uint64_t a, uint64_t b)) {
  const std::string x = NumberClaim(NumberOf("decisions", 2019, a));
  const std::string y = NumberClaim(NumberOf("decisions", 2019, b));
  RC_ASSERT((x < y) == (a < b));
}

// No key is the beginning of another, so an index may append to them.
TEST(ClaimKeyTest, NoKeyIsTheBeginningOfAnother) {
  const std::vector<std::string> keys = {
      AliasClaim("board"),
      AliasClaim("boards"),
      AliasClaim(""),
      ItemClaim("meetings/a", "1"),
      ItemClaim("meetings/a", ""),
      ItemClaim("meetings/a", "11"),
      ItemClaim("meetings/ab", ""),
      WithdrawalClaim(Sequence(1)),
      WithdrawalClaim(Sequence(0)),
      NumberClaim(NumberOf("decisions", 2019, 1)),
      NumberClaim(NumberOf("decisions", 2019, 1, "a")),
      NumberClaim(NumberOf("decision", 2019, 1)),
      NumberClaim(NumberOf("decisions", 0, 1)),
  };
  for (const std::string& a : keys) {
    for (const std::string& b : keys) {
      if (&a != &b) {
        EXPECT_NE(a, b.substr(0, a.size()));
      }
    }
  }
  EXPECT_NE(NumberSeriesPrefix("decisions", "", 2019),
            NumberClaim(NumberOf("decisions", 2019, 1, "a"))
                .substr(0, NumberSeriesPrefix("decisions", "", 2019).size()));
}

// --- Aliases.

TEST(NormaliseAliasTest, CaseSpacingQuotesAndDashesDoNotMatter) {
  EXPECT_EQ(NormaliseAlias("  SPA\t Board \n"), "spa board");
  EXPECT_EQ(NormaliseAlias("Chief Constable\u2019s"), "chief constable's");
  EXPECT_EQ(NormaliseAlias("2016\u201321"), "2016-21");
  EXPECT_EQ(NormaliseAlias("\u201cBoard\u201d"), "\"board\"");
  EXPECT_EQ(NormaliseAlias("SPA\u00a0Board"), "spa board");
  EXPECT_EQ(NormaliseAlias("SPA\u200b\u00adB"), "spab");
  EXPECT_EQ(NormaliseAlias("\u00c9ireann"), "\u00e9ireann");
}

TEST(NormaliseAliasTest, OtherCharactersStay) {
  EXPECT_EQ(NormaliseAlias("\u00d7 \u0141\u00f3d\u017a \U0001F600"),
            "\u00d7 \u0141\u00f3d\u017a \U0001F600");
}

TEST(NormaliseAliasTest, IsCutBetweenCharactersAtItsLimit) {
  std::string text;
  while (text.size() < 400) text += "\u20ac";  // three bytes
  const std::string alias = NormaliseAlias(text);
  EXPECT_EQ(alias.size(), kAliasBytesMax / 3 * 3);
  EXPECT_TRUE(IsValidUtf8(alias));
}

RC_GTEST_PROP(NormaliseAliasTest, DoneTwiceIsDoneOnce, (const std::string& text)) {
  const std::string once = NormaliseAlias(text);
  RC_ASSERT(NormaliseAlias(once) == once);
  RC_ASSERT(once.size() <= kAliasBytesMax);
  RC_ASSERT(once.find('\0') == std::string::npos);
}

}  // namespace
}  // namespace scrutiny::ledger
