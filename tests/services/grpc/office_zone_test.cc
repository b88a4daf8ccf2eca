#include "services/grpc/office_zone.h"

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"

#include "tests/support/facts.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::services {
namespace {

using ::scrutiny::testing::AppendOf;
using ::scrutiny::testing::IsOk;

event::v1::Proposed Office(const std::string& zone) {
  event::v1::Proposed office;
  office.set_record("offices/test");
  office.mutable_office_established()->set_name("An Office");
  office.mutable_office_established()->set_time_zone(zone);
  return office;
}

TEST(OfficeZoneTest, ADayIsTheZonesOwn) {
  absl::TimeZone london;
  absl::TimeZone auckland;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &london));
  ASSERT_TRUE(absl::LoadTimeZone("Pacific/Auckland", &auckland));
  // 30 June 2019, 23:30 UTC: half past midnight on 1 July in London.
  const int64_t moment = absl::ToUnixMicros(
      absl::FromCivil(absl::CivilMinute(2019, 6, 30, 23, 30), absl::UTCTimeZone()));
  EXPECT_EQ(DayIn(absl::UTCTimeZone(), moment).ToString(), "2019-06-30");
  EXPECT_EQ(DayIn(london, moment).ToString(), "2019-07-01");
  EXPECT_EQ(DayIn(auckland, moment).ToString(), "2019-07-01");
  EXPECT_EQ(DayIn(absl::UTCTimeZone(), -1).ToString(), "1969-12-31");
}

TEST(OfficeZoneTest, FollowsWhatTheLedgerSays) {
  ::scrutiny::testing::TempDir dir;
  ::scrutiny::testing::ManualClock clock;
  ledger::LedgerOptions options;
  options.data = dir.File("data");
  options.clock = &clock;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, ledger::Ledger::Open(options));
  OfficeZone zone(*ledger, clock);
  EXPECT_EQ(zone.Get().name(), "Europe/London");
  ASSERT_THAT(ledger->AppendAndWait(AppendOf("office", {Office("America/New_York")})), IsOk());
  clock.Advance(2'000'000);
  EXPECT_EQ(zone.Get().name(), "America/New_York");
  EXPECT_EQ(zone.Today().ToString(), "2019-03-18");
}

}  // namespace
}  // namespace scrutiny::services
