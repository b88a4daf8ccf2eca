// Power cuts and failing calls, at every place where one can come. Whatever happens: what was
// acknowledged is there after opening again, whole groups only, sequences dense; what was not is
// either wholly there or not at all; and after a failed write nothing is taken until then.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/fault_fs.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

// RocksDB 7.8 loses a memtable where it cannot make the log that goes with it; that leak is its
// own.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:rocksdb::DBImpl::SwitchMemtable\n";
}

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::Effect;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FaultFs;
using ::scrutiny::testing::FsCall;
using ::scrutiny::testing::FsCallName;
using ::scrutiny::testing::kFsCalls;
using ::scrutiny::testing::TempDir;

// A ledger on a file system with faults, and what it acknowledged.
class FaultyLedger {
 public:
  explicit FaultyLedger(uint64_t seed) : random_(seed), fs_(std::make_shared<FaultFs>()) {}

  FaultFs& fs() { return *fs_; }
  EntryLog* log() { return log_.get(); }

  absl::Status Open() {
    EntryLogOptions options;
    options.path = dir_.File("data/log");
    options.file_system = fs_;
    options.write_buffer_bytes = 32 << 10;  // Small, so that tables are written all the time.
    auto opened = EntryLog::Open(options);
    if (!opened.ok()) return opened.status();
    log_ = *std::move(opened);
    return absl::OkStatus();
  }
  void Drop() { log_.reset(); }

  absl::Status Commit() {
    const size_t count = 1 + random_() % 12;
    const size_t bytes = 30 + random_() % 4000;
    const absl::Status status = log_->Commit(MadeUpGroup(acknowledged_, count, bytes));
    if (status.ok()) acknowledged_ += count;
    if (ReasonOf(status) == Reason::kOutcomeUnknown) in_doubt_ = count;
    return status;
  }

  // A run that is closed and one that is not; stops at the first error.
  absl::Status Run() {
    for (const bool close : {true, false}) {
      SCRUTINY_RETURN_IF_ERROR(Open());
      for (int i = 0; i < 6; ++i) SCRUTINY_RETURN_IF_ERROR(Commit());
      if (close) SCRUTINY_RETURN_IF_ERROR(log_->Close());
      Drop();
    }
    return absl::OkStatus();
  }

  // Opens again and looks at everything.
  void ExpectWhole() {
    SCRUTINY_ASSERT_OK(Open());
    const uint64_t size = log_->size().value();
    ASSERT_TRUE(size == acknowledged_ || size == acknowledged_ + in_doubt_)
        << size << " entries; acknowledged " << acknowledged_ << ", in doubt " << in_doubt_;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*log_, 1 << 20));
    ASSERT_EQ(entries.size(), size);
    for (uint64_t i = 0; i < size; ++i) {
      const std::string start = absl::StrCat("entry ", i, " ");
      ASSERT_EQ(entries[i].substr(0, start.size()), start);
    }
    acknowledged_ = size;
    in_doubt_ = 0;
  }
  // It takes entries again, and keeps them.
  void ExpectWorks() {
    for (int i = 0; i < 3; ++i) SCRUTINY_ASSERT_OK(Commit());
    SCRUTINY_ASSERT_OK(log_->Close());
    Drop();
    ExpectWhole();
  }

 private:
  TempDir dir_;
  std::mt19937_64 random_;
  const std::shared_ptr<FaultFs> fs_;
  std::unique_ptr<EntryLog> log_;
  uint64_t acknowledged_ = 0;
  uint64_t in_doubt_ = 0;  // entries of the commit whose outcome is unknown
};

// Cuts the power before each call of one kind in turn, until a run gets through.
void CutPowerAtEvery(FsCall call, uint64_t stride) {
  uint64_t cuts = 0;
  for (uint64_t nth = 1;; nth += stride) {
    SCOPED_TRACE(absl::StrCat("power cut at ", FsCallName(call), " ", nth));
    FaultyLedger ledger(nth);
    ledger.fs().Inject({.call = call, .nth = nth, .effect = Effect::kPowerOff});
    const absl::Status run = ledger.Run();
    const bool struck = ledger.fs().faults_struck() > 0;
    EXPECT_EQ(run.ok() || struck, true) << run;
    ledger.fs().PowerOff();
    ledger.Drop();
    // Half of the cuts leave torn pieces of what was not synced.
    ledger.fs().RestorePower({.torn_seed = nth % 2 == 0 ? nth : 0});
    ledger.ExpectWhole();
    if (::testing::Test::HasFatalFailure()) return;
    ledger.ExpectWorks();
    if (::testing::Test::HasFatalFailure()) return;
    if (!struck) break;
    ++cuts;
  }
  EXPECT_GT(cuts, 0u);
}

TEST(EntryLogPowerTest, NothingAcknowledgedIsLostWhateverSyncThePowerFailsAt) {
  CutPowerAtEvery(FsCall::kSync, 1);
}

TEST(EntryLogPowerTest, NothingAcknowledgedIsLostWhateverFolderSyncThePowerFailsAt) {
  CutPowerAtEvery(FsCall::kSyncFolder, 1);
}

TEST(EntryLogPowerTest, NothingAcknowledgedIsLostWhateverChangeOfNamesThePowerFailsAt) {
  CutPowerAtEvery(FsCall::kCreate, 1);
  CutPowerAtEvery(FsCall::kRename, 1);
  CutPowerAtEvery(FsCall::kDelete, 1);
}

TEST(EntryLogPowerTest, NothingAcknowledgedIsLostWhateverWriteThePowerFailsAt) {
  CutPowerAtEvery(FsCall::kAppend, 7);
}

// Fails each call of a kind in turn, once or for good, until a run meets no fault.
void FailEvery(FsCall call, Effect effect, bool onwards, uint64_t stride) {
  for (uint64_t nth = 1;; nth += stride) {
    SCOPED_TRACE(absl::StrCat(FsCallName(call), " ", nth, onwards ? " and on" : "", " fails"));
    FaultyLedger ledger(nth);
    ledger.fs().Inject({.call = call, .nth = nth, .onwards = onwards, .effect = effect});
    const absl::Status run = ledger.Run();
    const bool struck = ledger.fs().faults_struck() > 0;
    if (!struck) {
      SCRUTINY_EXPECT_OK(run);
    }
    if (ledger.log() != nullptr && ReasonOf(run) == Reason::kOutcomeUnknown) {
      // The disk is well again, but the ledger trusts nothing before it is opened anew.
      ledger.fs().ClearFaults();
      EXPECT_FALSE(ledger.Commit().ok());
    }
    ledger.fs().ClearFaults();
    ledger.Drop();
    ledger.fs().PowerOff();
    ledger.fs().RestorePower();
    ledger.ExpectWhole();
    if (::testing::Test::HasFatalFailure()) return;
    ledger.ExpectWorks();
    if (::testing::Test::HasFatalFailure()) return;
    if (!struck) break;
  }
}

class EntryLogFaultTest : public ::testing::TestWithParam<size_t> {};
class EntryLogFullDiskTest : public EntryLogFaultTest {};

// Reads and writes come by the hundred; a sample of them is enough.
uint64_t StrideOf(FsCall call) {
  return call == FsCall::kAppend || call == FsCall::kRead || call == FsCall::kStat ? 9 : 2;
}

TEST_P(EntryLogFaultTest, AFailingCallNeverLosesWhatWasAcknowledged) {
  const auto call = static_cast<FsCall>(GetParam());
  FailEvery(call, Effect::kError, /*onwards=*/false, StrideOf(call));
}

TEST_P(EntryLogFaultTest, ACallThatFailsForGoodNeverLosesWhatWasAcknowledged) {
  const auto call = static_cast<FsCall>(GetParam());
  FailEvery(call, Effect::kError, /*onwards=*/true, 3 * StrideOf(call));
}

TEST_P(EntryLogFullDiskTest, NeverLosesWhatWasAcknowledged) {
  const auto call = static_cast<FsCall>(GetParam());
  FailEvery(call, Effect::kNoSpace, /*onwards=*/true, 3 * StrideOf(call));
}

std::string NameOf(const ::testing::TestParamInfo<size_t>& info) {
  std::string name = FsCallName(static_cast<FsCall>(info.param));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(AllCalls, EntryLogFaultTest, ::testing::Range<size_t>(0, kFsCalls),
                         NameOf);
// Reading needs no space.
INSTANTIATE_TEST_SUITE_P(CallsThatWrite, EntryLogFullDiskTest,
                         ::testing::Range<size_t>(0, static_cast<size_t>(FsCall::kOpen)), NameOf);

TEST(EntryLogReadOnlyTest, AfterAFailedSyncNothingIsTakenAndEverythingCanBeRead) {
  FaultyLedger ledger(1);
  SCRUTINY_ASSERT_OK(ledger.Open());
  SCRUTINY_ASSERT_OK(ledger.Commit());
  const TreeSize size = ledger.log()->size();
  ledger.fs().Inject({.call = FsCall::kSync, .path_part = ".log"});
  EXPECT_THAT(ledger.Commit(), FailsWith(Reason::kOutcomeUnknown));
  ledger.fs().ClearFaults();
  EXPECT_THAT(ledger.log()->Commit(MadeUpGroup(size.value(), 1, 50)), FailsWith(Reason::kReadOnly));
  EXPECT_EQ(ledger.log()->size(), size);
  SCRUTINY_EXPECT_OK(ReadAll(*ledger.log()));
  EXPECT_THAT(ledger.log()->Close(), FailsWith(Reason::kReadOnly));
  ledger.Drop();
  ledger.ExpectWhole();
  ledger.ExpectWorks();
}

TEST(EntryLogReadOnlyTest, AFullDiskIsSaidAndEverythingCanBeRead) {
  FaultyLedger ledger(1);
  SCRUTINY_ASSERT_OK(ledger.Open());
  SCRUTINY_ASSERT_OK(ledger.Commit());
  const TreeSize size = ledger.log()->size();
  ledger.fs().Inject({.call = FsCall::kAppend, .onwards = true, .effect = Effect::kNoSpace});
  const absl::Status failed = ledger.Commit();
  EXPECT_THAT(failed, FailsWith(Reason::kOutcomeUnknown));
  EXPECT_THAT(std::string(failed.message()), ::testing::HasSubstr("The disk is full"));
  EXPECT_THAT(ledger.log()->Commit(MadeUpGroup(size.value(), 1, 50)), FailsWith(Reason::kReadOnly));
  SCRUTINY_EXPECT_OK(ReadAll(*ledger.log()));
  ledger.fs().ClearFaults();
  ledger.Drop();
  ledger.ExpectWhole();
  ledger.ExpectWorks();
}

}  // namespace
}  // namespace scrutiny::ledger
