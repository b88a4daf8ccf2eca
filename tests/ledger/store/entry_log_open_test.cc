// What Open makes of files that were damaged, cut, deleted or written by somebody else. Entries
// that were acknowledged are there or their loss is an error; the one exception is the tail of the
// live write-ahead log after a crash, which nothing can tell from a write that never finished.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"

#include "ledger/base/error.h"
#include "ledger/format/big_endian.h"
#include "ledger/store/chunk_reader.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;

class EntryLogOpenTest : public ::testing::Test {
 protected:
  std::string path() const { return dir_.File("log"); }
  absl::StatusOr<std::unique_ptr<EntryLog>> Open() const {
    EntryLogOptions options;
    options.path = path();
    return EntryLog::Open(options);
  }
  // A ledger of `groups` commits of ten entries, closed or crashed.
  void Make(int groups, bool close) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<EntryLog> log, Open());
    for (int i = 0; i < groups; ++i) {
      SCRUTINY_ASSERT_OK(log->Commit(MadeUpGroup(log->size().value(), 10, 500)));
    }
    if (close) {
      SCRUTINY_ASSERT_OK(log->Close());
    }
  }
  void ExpectRefused(absl::string_view words) {
    const auto opened = Open();
    EXPECT_THAT(opened, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(opened.status().message()), HasSubstr(std::string(words)));
  }
  void ExpectOpens(uint64_t size) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<EntryLog> log, Open());
    EXPECT_EQ(log->size(), TreeSize(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*log));
    EXPECT_EQ(entries.size(), size);
  }
  // Changes the files behind the log's back.
  void Tamper(const std::function<void(rocksdb::DB&, rocksdb::ColumnFamilyHandle& meta,
                                       rocksdb::ColumnFamilyHandle& entries)>& change) {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open(rocksdb::DBOptions(), path(),
                          {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                          &handles, &opened)
            .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    change(*db, *handles[0], *handles[1]);
    for (auto* family : handles) ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), family).ok());
    for (auto* family : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
    ASSERT_TRUE(db->Close().ok());
  }

  TempDir dir_;
};

TEST_F(EntryLogOpenTest, AFolderThatLostItsCurrentFileIsNotTakenForANewLedger) {
  Make(3, true);
  std::filesystem::remove(path() + "/CURRENT");
  ExpectRefused("CURRENT");
  EXPECT_FALSE(std::filesystem::exists(path() + "/CURRENT"));
}

TEST_F(EntryLogOpenTest, AFolderThatLostItsManifestIsRefused) {
  Make(3, true);
  for (const auto& file : std::filesystem::directory_iterator(path())) {
    if (file.path().filename().string().rfind("MANIFEST", 0) == 0) {
      std::filesystem::remove(file.path());
    }
  }
  ExpectRefused("damaged or incomplete");
}

TEST_F(EntryLogOpenTest, AfterACleanCloseADeletedTableIsRefused) {
  Make(3, true);
  for (const std::string& table : FilesEnding(path(), ".sst")) {
    const std::string bytes = ReadFile(table);
    std::filesystem::remove(table);
    ExpectRefused("damaged or incomplete");
    WriteFile(table, bytes);
  }
  ExpectOpens(30);
}

TEST_F(EntryLogOpenTest, AfterACleanCloseACutTableIsRefused) {
  Make(3, true);
  for (const std::string& table : FilesEnding(path(), ".sst")) {
    const std::string bytes = ReadFile(table);
    WriteFile(table, bytes.substr(0, bytes.size() - 1));
    ExpectRefused("damaged or incomplete");
    WriteFile(table, bytes);
  }
  ExpectOpens(30);
}

TEST_F(EntryLogOpenTest, AfterACleanCloseTheLogHoldsNothingThatCouldBeLost) {
  Make(3, true);
  for (const std::string& log : FilesEnding(path(), ".log")) std::filesystem::remove(log);
  ExpectOpens(30);
}

TEST_F(EntryLogOpenTest, AfterACleanCloseAMissingTailIsNamed) {
  Make(3, true);
  Tamper([](rocksdb::DB& db, rocksdb::ColumnFamilyHandle&, rocksdb::ColumnFamilyHandle& entries) {
    ASSERT_TRUE(db.Delete(rocksdb::WriteOptions(), &entries, ChunkKey(Sequence(20))).ok());
  });
  ExpectRefused("entries 20 to 29 are gone");
}

TEST_F(EntryLogOpenTest, AfterACleanCloseEntriesFromElsewhereAreRefused) {
  Make(3, true);
  const std::vector<ChunkPtr> more = MadeUpGroup(30, 1, 50);
  Tamper(
      [&more](rocksdb::DB& db, rocksdb::ColumnFamilyHandle&, rocksdb::ColumnFamilyHandle& entries) {
        const std::string value(more[0]->value());
        ASSERT_TRUE(db.Put(rocksdb::WriteOptions(), &entries, ChunkKey(Sequence(30)), value).ok());
      });
  ExpectRefused("closed with 30 entries, and now holds 31");
}

TEST_F(EntryLogOpenTest, AnUnknownFormatIsRefused) {
  Make(1, true);
  Tamper([](rocksdb::DB& db, rocksdb::ColumnFamilyHandle& meta, rocksdb::ColumnFamilyHandle&) {
    std::string format;
    AppendBigEndian(uint32_t{3}, &format);
    AppendBigEndian(uint32_t{1}, &format);
    ASSERT_TRUE(db.Put(rocksdb::WriteOptions(), &meta, "format", format).ok());
  });
  ExpectRefused("has format 3.1, and this program reads format 2.1");
}

TEST_F(EntryLogOpenTest, EntriesWithoutAFormatAreRefused) {
  Make(1, true);
  Tamper([](rocksdb::DB& db, rocksdb::ColumnFamilyHandle& meta, rocksdb::ColumnFamilyHandle&) {
    ASSERT_TRUE(db.Delete(rocksdb::WriteOptions(), &meta, "format").ok());
  });
  ExpectRefused("does not say which format");
}

TEST_F(EntryLogOpenTest, AStoreOfALaterVersionIsRefused) {
  Make(1, true);
  Tamper([](rocksdb::DB& db, rocksdb::ColumnFamilyHandle&, rocksdb::ColumnFamilyHandle&) {
    rocksdb::ColumnFamilyHandle* later = nullptr;
    ASSERT_TRUE(db.CreateColumnFamily(rocksdb::ColumnFamilyOptions(), "tiles", &later).ok());
    ASSERT_TRUE(db.DestroyColumnFamilyHandle(later).ok());
  });
  ExpectRefused("written by a later version");
}

// Goal: a flipped bit anywhere in the live log is noticed, and never taken for its end. Method:
// bits all over the log of a crashed store, but not in its last record, each on a fresh copy.
TEST_F(EntryLogOpenTest, AFlippedBitInTheLogIsRefused) {
  Make(5, false);
  const std::string whole = dir_.File("whole");
  std::filesystem::copy(path(), whole, std::filesystem::copy_options::recursive);
  const std::vector<std::string> logs = FilesEnding(path(), ".log");
  ASSERT_EQ(logs.size(), 1u);
  const std::string bytes = ReadFile(logs[0]);
  const size_t last_record = bytes.size() / 5 * 4 - 100;
  for (size_t at = 0; at < last_record; at += 499) {
    std::filesystem::remove_all(path());
    std::filesystem::copy(whole, path(), std::filesystem::copy_options::recursive);
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    WriteFile(logs[0], damaged);
    EXPECT_THAT(Open(), FailsWith(Reason::kCorrupt)) << "byte " << at << " of " << bytes.size();
  }
}

TEST_F(EntryLogOpenTest, ARefusedLogStaysAsItWas) {
  Make(5, false);
  const std::vector<std::string> logs = FilesEnding(path(), ".log");
  const std::string bytes = ReadFile(logs[0]);
  std::string damaged = bytes;
  damaged[damaged.size() / 2] ^= 1;
  WriteFile(logs[0], damaged);
  ExpectRefused("");
  ExpectRefused("");
  EXPECT_EQ(ReadFile(logs[0]), damaged);
  WriteFile(logs[0], bytes);
  ExpectOpens(50);
}

TEST_F(EntryLogOpenTest, ATornTailOfTheLogIsTolerated) {
  Make(5, false);
  const std::string log = FilesEnding(path(), ".log")[0];
  const std::string bytes = ReadFile(log);
  WriteFile(log, bytes.substr(0, bytes.size() - 1000));
  ExpectOpens(40);
  ExpectOpens(40);
}

TEST_F(EntryLogOpenTest, ADeletedLogOfACrashedServerIsRefused) {
  Make(5, false);
  for (const std::string& log : FilesEnding(path(), ".log")) std::filesystem::remove(log);
  ExpectRefused("write-ahead log (*.log) is gone");
}

TEST_F(EntryLogOpenTest, AHoleInWhatTheLogBroughtBackIsRefusedForGood) {
  SCRUTINY_ASSERT_OK(Open());
  // A log that holds entries 0 to 9 and 20 to 29, as if one between them had been lost.
  {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    rocksdb::DBOptions options;
    options.avoid_flush_during_shutdown = true;
    ASSERT_TRUE(
        rocksdb::DB::Open(options, path(),
                          {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                          &handles, &opened)
            .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    for (const uint64_t first : {0u, 20u}) {
      const std::string value(MadeUpGroup(first, 10, 50)[0]->value());
      ASSERT_TRUE(
          db->Put(rocksdb::WriteOptions(), handles[1], ChunkKey(Sequence(first)), value).ok());
    }
    for (auto* family : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  }
  ExpectRefused("Entry 10 is missing");
  ExpectRefused("Entry 10 is missing");
}

TEST_F(EntryLogOpenTest, AFileInPlaceOfTheFolderIsRefused) {
  WriteFile(path(), "not a folder");
  EXPECT_FALSE(Open().ok());
  EXPECT_EQ(ReadFile(path()), "not a folder");
}

}  // namespace
}  // namespace scrutiny::ledger
