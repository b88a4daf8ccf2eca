#include "ledger/verify/verify_log.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/tree_hash.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::LogFiles;
using ::scrutiny::testing::MemoryLog;
using ::scrutiny::testing::TestLog;
using ::testing::HasSubstr;

absl::StatusOr<LogReport> Verify(const LogFiles& files, const Trust& trust) {
  MemoryLog log(files);
  VerifyOptions options;
  options.trust = trust;
  options.threads = 2;
  return VerifyLog(log, options);
}

std::string Told(const absl::StatusOr<LogReport>& report) {
  if (!report.ok()) return report.status().ToString();
  std::string told;
  for (const Damage& damage : report->damages) {
    absl::StrAppend(&told, DamageKindName(damage.kind), ": ", damage.what, "\n");
  }
  for (const std::string& notice : report->notices) absl::StrAppend(&told, "(", notice, ")\n");
  return told;
}

TEST(VerifyLogTest, AnHonestLogVerifiesAtEverySize) {
  for (const uint64_t size : {1, 2, 3, 255, 256, 257, 511, 512, 513, 1000}) {
    TestLog log;
    log.FillTo(size);
    const absl::StatusOr<LogReport> report = Verify(log.Files(), log.trust());
    ASSERT_THAT(report, IsOk());
    EXPECT_TRUE(report->verified()) << Told(report);
    EXPECT_EQ(report->entries, size);
    EXPECT_EQ(report->checkpoint.size, TreeSize(size));
    EXPECT_TRUE(report->notices.empty()) << Told(report);
  }
}

}  // namespace
}  // namespace scrutiny::ledger
