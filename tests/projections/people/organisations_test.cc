// Organisations and offices: names through their changes, and who holds an office on a day.

#include <string>

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

std::string On(const std::string& day, const std::string& record, const std::string& fact) {
  const std::string occurred = day.empty() ? "" : absl::StrCat(" occurred { on: '", day, "' } ");
  return absl::StrCat("record: '", record, "' ", occurred, fact);
}

template <typename Response, typename Request>
Response Answer(OpenRegisters& registers, const std::string& request,
                const std::string& today = "2019-06-01") {
  registers.Level();
  const auto response = registers->Answer<Response>(testing::Ask<Request>(request),
                                                    {*ledger::Day::Parse(today), nullptr});
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

ListOrganisationsResponse Organisations(OpenRegisters& registers, const std::string& request = "") {
  return Answer<ListOrganisationsResponse, ListOrganisationsRequest>(registers, request);
}
OfficeRow Office(OpenRegisters& registers, const std::string& today) {
  return Answer<ListOfficesResponse, ListOfficesRequest>(registers, "", today).rows(0);
}

TEST(OrganisationsTest, AFormerNameGoesOnFindingIt) {
  MemoryLedger ledger;
  ledger.Append({On("1856-06-01", "organisations/hmic",
                    "organisation_registered { name: 'HMIC' sort: 'inspectorate' "
                    "aliases: 'the Inspectorate' }"),
                 On("2017-07-19", "organisations/hmic",
                    "organisation_renamed { name: 'HMICFRS' reason: 'Fire and rescue' }")});
  OpenRegisters registers(ledger);
  const ListOrganisationsResponse answer = Organisations(registers, "name: 'hmic'");
  ASSERT_EQ(answer.rows_size(), 1);
  const OrganisationRow& row = answer.rows(0);
  EXPECT_EQ(row.name(), "HMICFRS");
  EXPECT_THAT(row.former_names(), ElementsAre("HMIC"));
  ASSERT_EQ(row.names_size(), 3);
  EXPECT_EQ(row.names(0).until_date(), "2017-07-19");
  EXPECT_TRUE(row.names(2).alias());
  EXPECT_EQ(Organisations(registers, "name: 'inspectorate'").rows_size(), 1);
}

TEST(OrganisationsTest, AFoundingThatIsNotDatedChangesNothingLater) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2017-07-19", "organisations/o", "organisation_renamed { name: 'New' }"),
       On("2018-01-01", "organisations/o", "organisation_dissolved { reason: 'Merged' }"),
       On("", "organisations/o", "organisation_registered { name: 'Old' sort: 'charity' }")});
  OpenRegisters registers(ledger);
  const ListOrganisationsResponse answer = Organisations(registers);
  const OrganisationRow& row = answer.rows(0);
  EXPECT_EQ(row.name(), "New");
  EXPECT_EQ(row.state(), ORGANISATION_STATE_DISSOLVED);
  EXPECT_EQ(row.ended_on(), "2018-01-01");
  EXPECT_EQ(row.sort(), "charity");
  EXPECT_THAT(row.former_names(), ElementsAre("Old"));
  EXPECT_EQ(row.names(0).until_date(), "2017-07-19");
}

TEST(OrganisationsTest, APartMayStandAloneAndHaveASuccessor) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2000-01-01", "organisations/u",
          "organisation_registered { name: 'Unit' part_of: 'organisations/force' }"),
       On("2010-01-01", "organisations/u", "organisation_part_changed { reason: 'Split' }"),
       On("2020-01-01", "organisations/u",
          "organisation_succeeded { successor: 'organisations/v' }"),
       On("2020-01-01", "organisations/u",
          "organisations_distinguished { distinct_from: 'organisations/v' }"),
       On("2020-01-01", "organisations/v", "organisation_registered { name: 'Vnit' }")});
  OpenRegisters registers(ledger);
  const ListOrganisationsResponse answer = Organisations(registers);
  EXPECT_EQ(answer.rows(0).part_of(), "");
  EXPECT_EQ(answer.rows(0).state(), ORGANISATION_STATE_SUCCEEDED);
  EXPECT_EQ(answer.rows(0).successor(), "organisations/v");
  EXPECT_THAT(answer.rows(1).distinct_from(), ElementsAre("organisations/u"));
  EXPECT_EQ(Organisations(registers, "state: ORGANISATION_STATE_ACTIVE").rows_size(), 1);
}

TEST(OfficesTest, AnOfficeIsShownWithItsHoldersOnTheDayJudged) {
  MemoryLedger ledger;
  const std::string office = "office: 'offices/d' public_office: true";
  ledger.Append(
      {On("2012-11-22", "offices/d",
          "office_established { name: 'PCC for Derbyshire' force: 'Derbyshire Constabulary' }"),
       On("2013-01-01", "offices/d", "office_alias_added { alias: 'OPCC' }"),
       On("2016-05-12", "persons/h", "person_registered { name: 'Hardyal Dhindsa' }"),
       On("2016-05-12", "persons/h", absl::StrCat("office_assumed { post: 'PCC' ", office, " }")),
       On("2016-05-12", "persons/s", "office_assumed { post: 'Analyst' office: 'offices/d' }"),
       On("2021-05-13", "persons/h", "office_vacated { post: 'PCC' office: 'offices/d' }"),
       On("2021-05-13", "persons/p", absl::StrCat("office_assumed { post: 'PCC' ", office, " }"))});
  OpenRegisters registers(ledger);
  const OfficeRow row = Office(registers, "2019-06-01");
  EXPECT_EQ(row.established_on(), "2012-11-22");
  EXPECT_THAT(row.holders(), ElementsAre("Hardyal Dhindsa, PCC"));
  EXPECT_EQ(row.names_size(), 2);
  EXPECT_THAT(Office(registers, "2021-05-13").holders(), ElementsAre("PCC"));
}

TEST(OfficesTest, ARenamedOfficeKeepsItsRecordAndMayBeSucceeded) {
  MemoryLedger ledger;
  ledger.Append({On("2012-11-22", "offices/d", "office_established { name: 'PCC' force: 'A' }"),
                 On("2024-05-07", "offices/d", "office_renamed { name: 'Mayor' }"),
                 On("2025-01-01", "offices/d", "office_force_changed { force: 'B' }"),
                 On("2026-05-07", "offices/d", "office_succeeded { successor: 'offices/m' }")});
  OpenRegisters registers(ledger);
  const OfficeRow row = Office(registers, "2026-06-01");
  EXPECT_EQ(row.name(), "Mayor");
  EXPECT_EQ(row.force(), "B");
  EXPECT_EQ(row.successor(), "offices/m");
  EXPECT_EQ(row.succeeded_on(), "2026-05-07");
}

}  // namespace
}  // namespace scrutiny::projections
