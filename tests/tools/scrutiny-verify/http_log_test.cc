#include "tools/scrutiny-verify/http_log.h"

#include <string>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/verify/verify_log.h"
#include "tests/support/status_matchers.h"
#include "tests/tools/scrutiny-verify/log_server.h"

namespace scrutiny::tools::verify {
namespace {

using ledger::Reason;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::LogFiles;
using ::scrutiny::testing::LogServer;
using ::scrutiny::testing::TestLog;

class HttpLogTest : public ::testing::Test {
 protected:
  HttpLogTest() {
    written_.FillTo(700);
    files_ = written_.Files();
    files_["tile/0/009"] = std::string(9000, 'x');
    server_ = std::make_unique<LogServer>(files_);
    log_ = std::make_unique<HttpLog>(server_->url() + "/", 1000);
  }

  TestLog written_;
  LogFiles files_;
  std::unique_ptr<LogServer> server_;
  std::unique_ptr<HttpLog> log_;
};

TEST_F(HttpLogTest, AWholeLogIsVerifiedOverTheNetwork) {
  ledger::VerifyOptions options;
  options.trust = written_.trust();
  options.threads = 8;
  const absl::StatusOr<ledger::LogReport> report = ledger::VerifyLog(*log_, options);
  ASSERT_THAT(report, IsOk());
  EXPECT_TRUE(report->verified());
  EXPECT_EQ(report->entries, 700u);
}

TEST_F(HttpLogTest, WhatIsPartialAndGoneIsCutFromWhatIsFull) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string tile, log_->Tile({0, 0}, 3));
  EXPECT_EQ(tile, files_["tile/0/000"].substr(0, 96));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bundle, log_->Bundle(0, 3));
  EXPECT_EQ(bundle, files_["tile/entries/000"].substr(0, bundle.size()));
}

TEST_F(HttpLogTest, WhatIsMissingIsNotFoundAndNotAskedForAgain) {
  EXPECT_THAT(log_->Tile({0, 77}, 256), FailsWith(Reason::kNotFound));
  EXPECT_EQ(server_->requests(), 1);
}

TEST_F(HttpLogTest, AServerThatRecoversIsAskedAgain) {
  for (const int status : {503, 500, 429}) {
    server_->FailNext(status, kTriesMax - 1);
    EXPECT_THAT(log_->Checkpoint(), IsOk()) << status;
  }
  server_->FailNext(503, kTriesMax);
  EXPECT_THAT(log_->Checkpoint(), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(HttpLogTest, ARefusalIsNoDamageOfTheLog) {
  server_->FailNext(403, 1);
  EXPECT_THAT(log_->Checkpoint(), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(HttpLogTest, AnAnswerThatIsTooLongCannotBeATile) {
  EXPECT_THAT(log_->Tile({0, 9}, 256), FailsWith(Reason::kCorrupt));
}

TEST(HttpLogAddressTest, AServerThatIsNotThereIsNoDamageOfTheLog) {
  // A port that was free a moment ago.
  std::string url;
  {
    const LogServer server({});
    url = server.url();
  }
  EXPECT_THAT(HttpLog(url, 1000).Checkpoint(), HasCode(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace scrutiny::tools::verify
