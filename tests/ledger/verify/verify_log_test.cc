#include "ledger/verify/verify_log.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/merkle/tree_hash.h"
#include "scrutiny/event/v1/entry.pb.h"
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

TEST(VerifyLogTest, AnEmptyLogVerifies) {
  const TestLog log;
  const absl::StatusOr<LogReport> report = Verify(log.Files(), log.trust());
  ASSERT_THAT(report, IsOk());
  EXPECT_TRUE(report->verified()) << Told(report);
}

TEST(VerifyLogTest, AnEmptyLogHasTheRootOfNone) {
  const TestLog log;
  SignedNote note;
  note.text = Format(Checkpoint{testing::kTestOrigin, TreeSize(0), LeafHash(""), {}});
  note.signatures.push_back(SignNote(note.text, log.signer()));
  const absl::StatusOr<LogReport> report = Verify({{"checkpoint", Format(note)}}, log.trust());
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->verified());
}

// The checker must not reserve memory, or go on for ever, on the word of a checkpoint.
TEST(VerifyLogTest, ACheckpointOfTheLargestTreeWithoutFilesIsRefusedSoon) {
  TestLog log;
  SignedNote note;
  note.text = Format(Checkpoint{testing::kTestOrigin, kTreeSizeMax, EmptyRoot(), {}});
  note.signatures.push_back(SignNote(note.text, log.signer()));
  const absl::StatusOr<LogReport> report = Verify({{"checkpoint", Format(note)}}, log.trust());
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->verified());
  EXPECT_THAT(Told(report), HasSubstr("tile/7/000.p/127 is missing."));
}

TEST(VerifyLogTest, WithoutACheckpointNothingIsJudged) {
  const TestLog log;
  EXPECT_THAT(Verify({}, log.trust()), FailsWith(Reason::kNotFound));
}

// A reader whose disk fails is no log that is damaged.
TEST(VerifyLogTest, AFailureToReadIsNoDamage) {
  class FailingLog : public MemoryLog {
   public:
    using MemoryLog::MemoryLog;
    absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override {
      if (index == 1) return absl::UnavailableError("the disk is gone");
      return MemoryLog::Bundle(index, width);
    }
  };
  TestLog log;
  log.FillTo(1000);
  FailingLog failing(log.Files());
  VerifyOptions options;
  options.trust = log.trust();
  EXPECT_EQ(VerifyLog(failing, options).status().code(), absl::StatusCode::kUnavailable);
}

TEST(VerifyLogTest, SelectedEntriesComeInOrderWithTheirBytes) {
  TestLog log;
  log.FillTo(700);
  MemoryLog files(log.Files());
  VerifyOptions options;
  options.trust = log.trust();
  options.threads = 3;
  options.select = [](const event::v1::Entry& entry) {
    return entry.proposed().record() == "actions/spab/3";
  };
  std::vector<uint64_t> seen;
  options.on_selected = [&](Sequence sequence, absl::string_view bytes) {
    EXPECT_EQ(bytes, log.entry(sequence.value()));
    seen.push_back(sequence.value());
  };
  uint64_t last_done = 0;
  options.progress = [&](uint64_t done, uint64_t total) {
    EXPECT_GT(done, last_done);
    EXPECT_EQ(total, 700u);
    last_done = done;
  };
  ASSERT_THAT(VerifyLog(files, options), IsOk());
  std::vector<uint64_t> expected;
  for (uint64_t i = 0; i < log.size(); ++i) {
    if (RecordOf(log.entry(i)) == "actions/spab/3") expected.push_back(i);
  }
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(last_done, 700u);
}

}  // namespace
}  // namespace scrutiny::ledger
