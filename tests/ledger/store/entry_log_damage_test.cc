// Damage to stored entries: it is named, and costs nothing but what it hit.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"

#include "ledger/base/error.h"
#include "ledger/store/chunk_reader.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;

class EntryLogDamageTest : public ::testing::Test {
 protected:
  std::string path() const { return dir_.File("log"); }
  void Open() {
    EntryLogOptions options;
    options.path = path();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(log_, EntryLog::Open(options));
  }
  // `groups` commits of `count` entries each, closed, so that they lie in tables.
  void Make(int groups, size_t count, size_t bytes) {
    Open();
    for (int i = 0; i < groups; ++i) {
      SCRUTINY_ASSERT_OK(log_->Commit(MadeUpGroup(log_->size().value(), count, bytes)));
    }
    SCRUTINY_ASSERT_OK(log_->Close());
    log_.reset();
  }
  // Changes one byte of this text, wherever in the tables it stands.
  void Damage(const std::string& text) {
    int found = 0;
    for (const std::string& table : FilesEnding(path(), ".sst")) {
      std::string bytes = ReadFile(table);
      const size_t at = bytes.find(text);
      if (at == std::string::npos) continue;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
      WriteFile(table, bytes);
      ++found;
    }
    ASSERT_EQ(found, 1) << text;
  }
  absl::StatusOr<ChunkPtr> ChunkWith(uint64_t sequence) {
    SCRUTINY_ASSIGN_OR_RETURN(const std::vector<ChunkPtr> chunks,
                              log_->Chunks(Sequence(sequence), log_->size(), 1));
    return chunks[0];
  }

  TempDir dir_;
  std::unique_ptr<EntryLog> log_;
};

TEST_F(EntryLogDamageTest, ADamagedEntryIsNamedAndTheOthersAreRead) {
  Make(20, 10, 4000);
  Damage("entry 57 ");
  Open();
  for (uint64_t sequence = 0; sequence < 200; sequence += 10) {
    const auto chunk = ChunkWith(sequence);
    if (sequence != 50) {
      SCRUTINY_ASSERT_OK(chunk);
      EXPECT_EQ((*chunk)->first(), Sequence(sequence));
      continue;
    }
    EXPECT_THAT(chunk, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(chunk.status().message()), HasSubstr("Entry 57 is damaged"));
    EXPECT_EQ(InfoOf(chunk.status()).value, "57");
  }
}

// Chunks of single entries share a block, which RocksDB refuses as a whole; each still proves
// itself by its own hash.
TEST_F(EntryLogDamageTest, TheNeighboursInADamagedBlockAreStillRead) {
  Make(30, 1, 100);
  Damage("entry 17 ");
  Open();
  for (uint64_t sequence = 0; sequence < 30; ++sequence) {
    const auto chunk = ChunkWith(sequence);
    if (sequence == 17) {
      EXPECT_THAT(chunk, FailsWith(Reason::kCorrupt));
      EXPECT_THAT(std::string(chunk.status().message()), HasSubstr("Entry 17 is damaged"));
    } else {
      SCRUTINY_ASSERT_OK(chunk) << sequence;
      EXPECT_EQ((*chunk)->entry(0), MadeUpEntry(sequence, 100));
    }
  }
}

TEST_F(EntryLogDamageTest, ALongReadEndsBeforeTheDamageAndTheNextOneFails) {
  Make(20, 10, 4000);
  Damage("entry 57 ");
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto before,
                                log_->Chunks(Sequence(0), TreeSize(200), 1 << 20));
  EXPECT_EQ(before.back()->end(), TreeSize(50));
  EXPECT_THAT(log_->Chunks(Sequence(50), TreeSize(200), 1 << 20), FailsWith(Reason::kCorrupt));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto after,
                                log_->Chunks(Sequence(60), TreeSize(200), 1 << 20));
  EXPECT_EQ(after.back()->end(), TreeSize(200));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto back, log_->ChunksBackwards(Sequence(199), 1 << 20));
  EXPECT_EQ(back.back()->first(), Sequence(60));
  EXPECT_THAT(log_->ChunksBackwards(Sequence(59), 1 << 20), FailsWith(Reason::kCorrupt));
}

// The tree needs the hashes of all entries, and they stand beside them.
TEST_F(EntryLogDamageTest, HashesAreReadWhereAnEntryIsDamaged) {
  Make(20, 10, 4000);
  Damage("entry 57 ");
  Damage("entry 123 ");
  Open();
  for (const uint64_t from : {0u, 50u, 57u, 58u, 123u, 199u}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> hashes,
                                  log_->LeafHashes(Sequence(from), TreeSize(200)));
    ASSERT_EQ(hashes.size(), 200 - from);
    for (size_t i = 0; i < hashes.size(); ++i) {
      ASSERT_EQ(hashes[i], LeafHash(MadeUpEntry(from + i, 4000))) << from + i;
    }
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> none,
                                log_->LeafHashes(Sequence(200), TreeSize(200)));
  EXPECT_TRUE(none.empty());
}

TEST_F(EntryLogDamageTest, ADamagedLastEntryRefusesToOpen) {
  Make(20, 10, 4000);
  Damage("entry 199 ");
  EntryLogOptions options;
  options.path = path();
  const auto opened = EntryLog::Open(options);
  EXPECT_THAT(opened, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("Entry 199 is damaged"));
}

// Goal: damage anywhere in a table is either without effect or an error, and never wrong bytes or a
// crash. Method: single bytes all over the table of entries; every entry is then read or refused.
TEST_F(EntryLogDamageTest, NoDamagedByteGivesWrongEntries) {
  Make(6, 3, 700);
  std::string table;
  for (const std::string& path : FilesEnding(path(), ".sst")) {
    if (ReadFile(path).find("entry 0 ") != std::string::npos) table = path;
  }
  const std::string bytes = ReadFile(table);
  for (size_t at = 0; at < bytes.size(); at += 211) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    WriteFile(table, damaged);
    EntryLogOptions options;
    options.path = path();
    const auto opened = EntryLog::Open(options);
    if (!opened.ok()) {
      EXPECT_THAT(opened, FailsWith(Reason::kCorrupt)) << at;
      continue;
    }
    for (uint64_t sequence = 0; sequence < 18; ++sequence) {
      const auto chunks = (*opened)->Chunks(Sequence(sequence), TreeSize(18), 1);
      if (chunks.ok()) {
        const Chunk& chunk = *(*chunks)[0];
        EXPECT_EQ(chunk.entry(sequence - chunk.first().value()), MadeUpEntry(sequence, 700));
      } else {
        EXPECT_THAT(chunks, FailsWith(Reason::kCorrupt)) << at;
      }
    }
  }
}

TEST_F(EntryLogDamageTest, AMissingChunkIsNamedNeverSkipped) {
  Make(5, 10, 100);
  {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open(rocksdb::DBOptions(), path(),
                          {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                          &handles, &opened)
            .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    ASSERT_TRUE(db->Delete(rocksdb::WriteOptions(), handles[1], ChunkKey(Sequence(20))).ok());
    ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), handles[1]).ok());
    for (auto* family : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  }
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto before,
                                log_->Chunks(Sequence(0), TreeSize(50), 1 << 20));
  EXPECT_EQ(before.back()->end(), TreeSize(20));
  for (const uint64_t sequence : {20u, 29u}) {
    const auto missing = log_->Chunks(Sequence(sequence), TreeSize(50), 1);
    EXPECT_THAT(missing, FailsWith(Reason::kCorrupt));
    EXPECT_THAT(std::string(missing.status().message()), HasSubstr("is missing"));
  }
  EXPECT_THAT(log_->ChunksBackwards(Sequence(25), 1), FailsWith(Reason::kCorrupt));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto back, log_->ChunksBackwards(Sequence(49), 1 << 20));
  EXPECT_EQ(back.back()->first(), Sequence(30));
}

}  // namespace
}  // namespace scrutiny::ledger
