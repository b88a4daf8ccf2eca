#include "ledger/store/rocks_status.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::testing::HasSubstr;

TEST(RocksStatusTest, OkStaysOk) {
  SCRUTINY_EXPECT_OK(OpenError(rocksdb::Status::OK(), "p", ""));
  SCRUTINY_EXPECT_OK(ReadError(rocksdb::Status::OK(), "w", ""));
  SCRUTINY_EXPECT_OK(WriteError(rocksdb::Status::OK()));
}

TEST(RocksStatusTest, AHeldLockIsNoDamage) {
  for (const char* words : {"While lock file: p/LOCK", "lock hold by current process, p/LOCK"}) {
    const absl::Status status = OpenError(rocksdb::Status::IOError(words), "p", kRestoreEntries);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(status.message()), HasSubstr("Another server"));
  }
}

TEST(RocksStatusTest, DamagedAndMissingFilesAreDataLossWithARemedy) {
  for (const rocksdb::Status& status :
       {rocksdb::Status::Corruption("checksum"), rocksdb::Status::NotFound("file"),
        rocksdb::Status::IOError("No such file or directory: 000007.sst")}) {
    const absl::Status opened = OpenError(status, "p", "Do this.");
    EXPECT_THAT(opened, FailsWith(Reason::kCorrupt));
    EXPECT_EQ(InfoOf(opened).next, "Do this.");
  }
  EXPECT_THAT(ReadError(rocksdb::Status::Corruption("x"), "They", ""), FailsWith(Reason::kCorrupt));
}

TEST(RocksStatusTest, ADiskThatDoesNotAnswerIsNoDamage) {
  EXPECT_THAT(ReadError(rocksdb::Status::IOError("read"), "They", ""),
              HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(OpenError(rocksdb::Status::IOError("permission denied"), "p", ""),
              HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(OpenError(rocksdb::Status::NoSpace("full"), "p", ""),
              HasCode(absl::StatusCode::kUnavailable));
}

TEST(RocksStatusTest, EveryFailedWriteLeavesTheOutcomeUnknown) {
  EXPECT_THAT(WriteError(rocksdb::Status::IOError("sync")), FailsWith(Reason::kOutcomeUnknown));
  EXPECT_THAT(WriteError(rocksdb::Status::Corruption("x")), FailsWith(Reason::kOutcomeUnknown));
  const absl::Status full = WriteError(rocksdb::Status::NoSpace("full"));
  EXPECT_THAT(full, FailsWith(Reason::kOutcomeUnknown));
  EXPECT_THAT(std::string(full.message()), HasSubstr("The disk is full"));
}

}  // namespace
}  // namespace scrutiny::ledger
