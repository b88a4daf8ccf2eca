// People and the roles they held: what facts make of them, and who holds what on a day.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/people.pb.h"
#include "tests/projections/support/open_registers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::MemoryLedger;
using testing::OpenRegisters;

constexpr char kAnn[] = "persons/ann";

// A fact of a day; without one, not dated.
std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

std::string Took(const std::string& day, const std::string& role) {
  return On(day, kAnn, absl::StrCat("office_assumed { ", role, " }"));
}
std::string Left(const std::string& day, const std::string& role) {
  return On(day, kAnn, absl::StrCat("office_vacated { ", role, " }"));
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request, const std::string& today) {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(today), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

std::vector<RoleRow> Roles(OpenRegisters& registers, const std::string& request = "",
                           const std::string& today = "2019-06-01") {
  const auto answer = Answer<ListRolesResponse, ListRolesRequest>(registers, request, today);
  return {answer.rows().begin(), answer.rows().end()};
}
std::vector<PersonRow> People(OpenRegisters& registers, const std::string& request = "",
                              const std::string& today = "2019-06-01") {
  const auto answer = Answer<ListPeopleResponse, ListPeopleRequest>(registers, request, today);
  return {answer.rows().begin(), answer.rows().end()};
}

TEST(PeopleTest, ARoleTakenAgainEndsTheOneBefore) {
  MemoryLedger ledger;
  ledger.Append({Took("2019-01-01", "post: 'ACC' acting: true title: 'T/ACC'"),
                 Took("2019-03-18", "post: 'ACC' title: 'ACC'")});
  OpenRegisters registers(ledger);
  const std::vector<RoleRow> roles = Roles(registers);
  ASSERT_EQ(roles.size(), 2);
  EXPECT_TRUE(roles[0].acting());
  EXPECT_TRUE(roles[0].ended());
  EXPECT_EQ(roles[0].until_date(), "2019-03-18");
  EXPECT_FALSE(roles[0].current());
  EXPECT_EQ(roles[1].from_date(), "2019-03-18");
  EXPECT_TRUE(roles[1].current());
  const PersonRow person = People(registers)[0];
  EXPECT_EQ(person.title(), "ACC");
  EXPECT_EQ(person.role_from_date(), "2019-03-18");
  EXPECT_EQ(person.roles(), 2);
  EXPECT_EQ(People(registers, "", "2019-02-01")[0].title(), "T/ACC");
}

TEST(PeopleTest, LeavingIsMatchedByKeyElseByTheWords) {
  MemoryLedger ledger;
  ledger.Append({Took("2019-01-01", "post: 'Member' forum: 'forums/a'"),
                 Took("2019-01-01", "post: 'Member' forum: 'forums/b'"),
                 Took("2019-01-01", "post: 'Chair' key: 'chair'"),
                 Left("2019-02-01", "post: 'Member' forum: 'forums/a' reason: 'Moved'"),
                 Left("2019-03-01", "post: 'the chair' key: 'chair'")});
  OpenRegisters registers(ledger);
  const std::vector<RoleRow> roles = Roles(registers, "current: true");
  ASSERT_EQ(roles.size(), 1);
  EXPECT_EQ(roles[0].forum(), "forums/b");
  const std::vector<RoleRow> left = Roles(registers, "forum: 'forums/a'");
  ASSERT_EQ(left.size(), 1);
  EXPECT_EQ(left[0].until_date(), "2019-02-01");
  EXPECT_EQ(left[0].reason(), "Moved");
  EXPECT_EQ(Roles(registers, "post: 'chair'")[0].until_date(), "2019-03-01");
}

TEST(PeopleTest, ARoleOfWhichOnlyTheEndIsKnownIsShownAndFilledInLater) {
  MemoryLedger ledger;
  ledger.Append({Left("2019-03-01", "post: 'Chief Executive'")});
  OpenRegisters registers(ledger);
  EXPECT_TRUE(Roles(registers)[0].ended());
  EXPECT_FALSE(Roles(registers)[0].meta().date_not_known());
  ledger.Append({Took("", "post: 'Chief Executive' title: 'CEX'")});
  const std::vector<RoleRow> roles = Roles(registers);
  ASSERT_EQ(roles.size(), 1);
  EXPECT_EQ(roles[0].title(), "CEX");
  EXPECT_EQ(roles[0].from_date(), "");
  EXPECT_EQ(roles[0].until_date(), "2019-03-01");
  EXPECT_TRUE(roles[0].meta().date_not_known());
}

TEST(PeopleTest, AnUndatedBeginningComesBeforeWhatIsDated) {
  MemoryLedger ledger;
  ledger.Append({Took("", "post: 'DCC' acting: true"), Took("2019-03-18", "post: 'DCC'")});
  OpenRegisters registers(ledger);
  const std::vector<RoleRow> roles = Roles(registers);
  ASSERT_EQ(roles.size(), 2);
  EXPECT_EQ(roles[0].from_date(), "2019-03-18");
  EXPECT_TRUE(roles[0].current());
  EXPECT_TRUE(roles[1].acting());
  EXPECT_EQ(roles[1].until_date(), "2019-03-18");
}

TEST(PeopleTest, ALateFactAndAWithdrawalFoldTheRolesAnew) {
  MemoryLedger ledger;
  const uint64_t first = ledger.Append({Took("2019-01-01", "post: 'DCC'")});
  ledger.Append({Took("2019-03-01", "post: 'DCC'")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(Roles(registers).size(), 2);
  ledger.Append({Left("2019-02-01", "post: 'DCC'")});
  EXPECT_EQ(Roles(registers, "until: '2019-01-31'")[0].until_date(), "2019-02-01");
  ledger.Append({absl::StrCat("record: '", kAnn, "' corrects: ", first,
                              " occurred { on: '2019-01-15' } office_assumed { post: 'DCC' }")});
  EXPECT_EQ(Roles(registers, "until: '2019-01-31'")[0].from_date(), "2019-01-15");
  EXPECT_TRUE(Roles(registers, "until: '2019-01-31'")[0].meta().corrected());
  ledger.Append({absl::StrCat("record: '", kAnn, "' corrects: ", first, " withdrawn {}")});
  // Its leaving now stands alone, as an end.
  const std::vector<RoleRow> roles = Roles(registers);
  ASSERT_EQ(roles.size(), 2);
  EXPECT_EQ(roles[0].from_date(), "2019-03-01");
  EXPECT_EQ(roles[1].from_date(), "");
  EXPECT_EQ(roles[1].until_date(), "2019-02-01");
}

TEST(PeopleTest, ATermThatIsOverAndABeginningToComeAreNotCurrent) {
  MemoryLedger ledger;
  ledger.Append({Took("2016-05", "post: 'PCC' term_to: '2021-05-12'")});
  OpenRegisters registers(ledger);
  const RoleRow row = Roles(registers)[0];
  EXPECT_TRUE(row.current());
  EXPECT_EQ(row.from_date(), "2016-05-31");
  EXPECT_TRUE(row.from_uncertain());
  EXPECT_FALSE(Roles(registers, "", "2021-05-13")[0].current());
  EXPECT_FALSE(Roles(registers, "", "2016-05-01")[0].current());
  EXPECT_EQ(People(registers, "current: true", "2021-05-13").size(), 0);
}

TEST(PeopleTest, NamesAreBorneFromTheirDayOn) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2016-05-01", kAnn, "person_registered { name: 'A Jones' aliases: 'PCC Jones' }"),
       Took("2016-05-01", "post: 'PCC' public_office: true"), Left("2018-01-01", "post: 'PCC'"),
       On("2019-01-01", kAnn, "person_renamed { name: 'A Smith' }"),
       On("2019-01-01", kAnn, "person_alias_added { alias: 'Lady Smith' }")});
  OpenRegisters registers(ledger);
  const PersonRow row = People(registers)[0];
  EXPECT_EQ(row.shown_as(), "A Smith");
  ASSERT_EQ(row.names_size(), 4);
  EXPECT_EQ(row.names(0).name(), "A Jones");
  EXPECT_EQ(row.names(0).until_date(), "2019-01-01");
  EXPECT_EQ(row.names(1).from_date(), "2019-01-01");
  EXPECT_TRUE(row.names(3).alias());
  EXPECT_EQ(People(registers, "", "2018-06-01")[0].shown_as(), "A Jones");
  // A role is shown by the name at its end.
  EXPECT_EQ(Roles(registers)[0].shown_as(), "A Jones");
  EXPECT_EQ(People(registers, "name: 'jones'").size(), 1);
  EXPECT_EQ(People(registers, "name: 'brown'").size(), 0);
}

TEST(PeopleTest, WhoHoldsNoPublicOfficeIsShownByPost) {
  MemoryLedger ledger;
  ledger.Append({On("2019-01-01", kAnn, "person_registered { organisation: 'OPCC' }"),
                 Took("2019-01-01", "post: 'Analyst' organisation: 'OPCC'"),
                 Took("2019-02-01", "post: 'Auditor' organisation: 'OPCC' acting: true")});
  OpenRegisters registers(ledger);
  const PersonRow row = People(registers)[0];
  EXPECT_EQ(row.shown_as(), "Auditor");
  EXPECT_TRUE(row.acting());
  EXPECT_THAT(row.other_roles(), ElementsAre("Analyst, OPCC"));
  ledger.Append({Left("2019-03-01", "post: 'Analyst' organisation: 'OPCC'"),
                 Left("2019-03-01", "post: 'Auditor' organisation: 'OPCC'")});
  const PersonRow left = People(registers)[0];
  EXPECT_FALSE(left.current());
  EXPECT_EQ(left.post(), "");
  EXPECT_EQ(left.shown_as(), "Auditor");
}

TEST(PeopleTest, ThatTwoRecordsAreOnePersonIsSaidByEither) {
  MemoryLedger ledger;
  ledger.Append({On("2019-01-01", "persons/a", "person_registered { post: 'A' }"),
                 On("2019-01-01", "persons/b", "person_registered { post: 'B' }"),
                 On("2019-02-01", "persons/a",
                    "persons_identified { same_as: 'persons/b' reason: 'The minutes say so' }")});
  OpenRegisters registers(ledger);
  EXPECT_THAT(People(registers)[0].same_as(), ElementsAre("persons/b"));
  EXPECT_THAT(People(registers)[1].same_as(), ElementsAre("persons/a"));
  ledger.Append(
      {On("2019-03-01", "persons/a", "persons_distinguished { distinct_from: 'persons/b' }")});
  EXPECT_EQ(People(registers)[0].same_as_size(), 0);
  EXPECT_EQ(People(registers)[1].same_as_size(), 0);
  EXPECT_THAT(People(registers)[1].distinct_from(), ElementsAre("persons/a"));
}

TEST(PeopleTest, NothingIsTakenForOneBecauseNamesAreAlike) {
  MemoryLedger ledger;
  ledger.Append({On("2019-01-01", "persons/a", "person_registered { name: 'H Dhindsa' }"),
                 On("2022-11-17", "persons/b", "person_registered { name: 'H Dhindsa' }")});
  OpenRegisters registers(ledger);
  EXPECT_EQ(People(registers, "name: 'Dhindsa'").size(), 2);
  EXPECT_EQ(People(registers)[0].same_as_size(), 0);
}

}  // namespace
}  // namespace scrutiny::projections
