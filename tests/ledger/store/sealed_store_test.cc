// The ciphertexts beside the entries: there with their entry or not at all, found under their
// subject, and gone from every file once they were erased and the store compacted.
#include "ledger/store/sealed_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "rocksdb/db.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/store/entry_log_support.h"
#include "tests/support/fault_fs.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::Effect;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FaultFs;
using ::scrutiny::testing::FsCall;
using ::scrutiny::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SealPlace At(uint64_t sequence, uint32_t index = 0) { return {Sequence(sequence), index}; }

// A ciphertext that no other file holds by chance.
std::string ValueOf(const SealPlace& place) {
  const std::string name = absl::StrCat("value ", place.sequence.value(), ".", place.index);
  std::string value;
  for (int i = 0; i < 8; ++i) {
    value += std::string(AsBytes(Sha256Of(absl::StrCat(name, "/", i))));
  }
  return value;
}

SealedRow Row(const std::string& subject, const SealPlace& place) {
  return {place, subject, ValueOf(place)};
}

std::vector<SealPlace> PlacesOf(const std::vector<SealedRow>& rows) {
  std::vector<SealPlace> places;
  for (const SealedRow& row : rows) places.push_back(row.place);
  return places;
}

class SealedStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  std::string path() const { return dir_.File("log"); }
  virtual EntryLogOptions Options() const {
    EntryLogOptions options;
    options.path = path();
    return options;
  }
  void Open() {
    log_.reset();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(log_, EntryLog::Open(Options()));
  }
  void CloseAndOpen() {
    SCRUTINY_ASSERT_OK(log_->Close());
    Open();
  }
  SealedStore& store() { return log_->sealed(); }

  // Commits one group of so many entries, the rows with it.
  absl::Status Commit(size_t entries, const std::vector<SealedRow>& rows) {
    return log_->Commit(MadeUpGroup(log_->size().value(), entries, 100), {nullptr, rows});
  }
  // An entry with one row for each of the subjects.
  void CommitFor(const std::vector<std::string>& subjects) {
    std::vector<SealedRow> rows;
    for (size_t i = 0; i < subjects.size(); ++i) {
      rows.push_back(Row(subjects[i], At(log_->size().value(), static_cast<uint32_t>(i))));
    }
    SCRUTINY_ASSERT_OK(Commit(1, rows));
  }

  void ExpectHeld(const SealPlace& place, bool held = true) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> value, store().Get(place));
    ASSERT_EQ(value.has_value(), held) << place.sequence.value() << "." << place.index;
    if (held) {
      EXPECT_EQ(*value, ValueOf(place));
    }
  }
  std::vector<SealPlace> Held(const std::string& subject) {
    const auto places = store().HeldFor(subject, absl::nullopt, 1000);
    SCRUTINY_EXPECT_OK(places);
    return places.value_or(std::vector<SealPlace>());
  }

  // The tables and logs of the folder that hold any of these bytes.
  std::vector<std::string> FilesWithAny(const std::vector<std::string>& bytes) const {
    std::vector<std::string> with;
    for (const char* ending : {".sst", ".log"}) {
      for (const std::string& file : FilesEnding(path(), ending)) {
        std::ostringstream content;
        content << std::ifstream(file, std::ios::binary).rdbuf();
        const std::string whole = content.str();
        const bool has = std::any_of(bytes.begin(), bytes.end(), [&](const std::string& wanted) {
          return absl::StrContains(whole, wanted);
        });
        if (has) with.push_back(file);
      }
    }
    return with;
  }
  std::vector<std::string> FilesWith(const std::string& bytes) const {
    return FilesWithAny({bytes});
  }

  TempDir dir_;
  std::unique_ptr<EntryLog> log_;
};

// --- Keys.

RC_GTEST_PROP(SealedKeysTest, KeysAreReadBackAndSortAsPlacesDo,
              (uint64_t sequence, uint32_t index, uint64_t other, uint32_t other_index)) {
  const SealPlace a = At(sequence, index);
  const SealPlace b = At(other, other_index);
  RC_ASSERT(ReadSealedKey(SealedKey(a)) == a);
  RC_ASSERT(ReadSubjectRowKey(SubjectRowKey("persons/x", a)) == a);
  RC_ASSERT((SealedKey(a) < SealedKey(b)) == (a < b));
  RC_ASSERT((SubjectRowKey("persons/x", a) < SubjectRowKey("persons/x", b)) == (a < b));
}

TEST(SealedKeysTest, BytesThatAreNoKeyAreNotRead) {
  const std::string key = SealedKey(At(7, 3));
  const std::string subject_key = SubjectRowKey("persons/x", At(7, 3));
  EXPECT_FALSE(ReadSealedKey(""));
  EXPECT_FALSE(ReadSealedKey(key.substr(1)));
  EXPECT_FALSE(ReadSealedKey(key + "x"));
  EXPECT_FALSE(ReadSubjectRowKey(""));
  EXPECT_FALSE(ReadSubjectRowKey(key)) << "without a subject's end";
  EXPECT_FALSE(ReadSubjectRowKey("persons/x" + key));
  EXPECT_FALSE(ReadSubjectRowKey(subject_key.substr(0, subject_key.size() - 1)));
}

TEST(SealedKeysTest, NoSubjectsKeysStandAmongAnothers) {
  const std::string last = SubjectRowKey("persons/a", At(~uint64_t{0}, ~uint32_t{0}));
  for (const char* other : {"persons/a-b", "persons/a/b", "persons/aa", "persons/b"}) {
    EXPECT_LT(last, SubjectRowKey(other, At(0))) << other;
  }
}

// --- Rows.

TEST_F(SealedStoreTest, ANewStoreHoldsNothing) {
  ExpectHeld(At(0), false);
  EXPECT_THAT(Held("persons/a"), IsEmpty());
  EXPECT_THAT(store().From({}, 10).value(), IsEmpty());
  EXPECT_EQ(store().erasures_followed().value(), "");
}

TEST_F(SealedStoreTest, RowsAreThereFromTheCommitOnAndAfterReopening) {
  CommitFor({"persons/a", "office"});
  CommitFor({"persons/b"});
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    ExpectHeld(At(0, 0));
    ExpectHeld(At(0, 1));
    ExpectHeld(At(1, 0));
    ExpectHeld(At(1, 1), false);
    ExpectHeld(At(2, 0), false);
    EXPECT_THAT(Held("persons/a"), ElementsAre(At(0, 0)));
    EXPECT_THAT(Held("office"), ElementsAre(At(0, 1)));
    if (round == 0) Open();          // as after a crash
    if (round == 1) CloseAndOpen();  // written out
  }
}

TEST_F(SealedStoreTest, RowsAreListedInOrderFromAPlaceOn) {
  CommitFor({"persons/a", "persons/b"});
  CommitFor({});
  CommitFor({"persons/b", "persons/a", "office"});
  const std::vector<SealPlace> all = {At(0, 0), At(0, 1), At(2, 0), At(2, 1), At(2, 2)};
  for (size_t begin = 0; begin < all.size(); ++begin) {
    for (size_t max = 0; max <= all.size(); ++max) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto rows, store().From(all[begin], max));
      const size_t end = std::min(all.size(), begin + max);
      EXPECT_EQ(PlacesOf(rows), std::vector<SealPlace>(all.begin() + static_cast<long>(begin),
                                                       all.begin() + static_cast<long>(end)));
      for (const SealedRow& row : rows) {
        EXPECT_EQ(row.value, ValueOf(row.place));
        EXPECT_EQ(row.subject, "");
      }
    }
  }
  EXPECT_THAT(PlacesOf(store().From(At(1), 10).value()), ElementsAre(At(2, 0), At(2, 1), At(2, 2)));
  EXPECT_THAT(store().From(At(2, 3), 10).value(), IsEmpty());
}

TEST_F(SealedStoreTest, ASubjectsPlacesAreListedInOrderFromBehindAPlaceOn) {
  std::vector<SealPlace> of_a;
  for (int i = 0; i < 60; ++i) {
    of_a.push_back(At(log_->size().value(), 1));
    CommitFor({"office", "persons/a", "persons/a-b"});
  }
  EXPECT_EQ(Held("persons/a"), of_a);
  std::vector<SealPlace> paged;
  for (absl::optional<SealPlace> after;;) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto page, store().HeldFor("persons/a", after, 7));
    if (page.empty()) break;
    EXPECT_LE(page.size(), 7u);
    paged.insert(paged.end(), page.begin(), page.end());
    after = page.back();
  }
  EXPECT_EQ(paged, of_a);
  EXPECT_THAT(store().HeldFor("persons/a", of_a.back(), 7).value(), IsEmpty());
  EXPECT_THAT(Held("persons"), IsEmpty());
  EXPECT_THAT(Held("persons/"), IsEmpty());
  EXPECT_THAT(Held("persons/a-"), IsEmpty());
  EXPECT_THAT(Held("persons/a-b"), SizeIs(60));
}

// --- Erasing.

TEST_F(SealedStoreTest, ErasingDeletesTheRowAndItsPointerAlone) {
  CommitFor({"persons/a", "persons/b"});
  CommitFor({"persons/a"});
  SCRUTINY_ASSERT_OK(store().Erase(std::vector<SealedRow>{Row("persons/a", At(0, 0))}));
  for (int round = 0; round < 2; ++round) {
    ExpectHeld(At(0, 0), false);
    ExpectHeld(At(0, 1));
    ExpectHeld(At(1, 0));
    EXPECT_THAT(Held("persons/a"), ElementsAre(At(1, 0)));
    EXPECT_THAT(Held("persons/b"), ElementsAre(At(0, 1)));
    Open();  // It was synced.
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*log_));
  EXPECT_THAT(entries, SizeIs(2)) << "the entries stay";
}

TEST_F(SealedStoreTest, ErasingWhatIsNotThereIsNoError) {
  CommitFor({"persons/a"});
  SCRUTINY_EXPECT_OK(store().Erase({}));
  SCRUTINY_EXPECT_OK(store().Erase(std::vector<SealedRow>{Row("persons/z", At(9, 9))}));
  ExpectHeld(At(0));
}

TEST_F(SealedStoreTest, WhichErasuresWereFollowedIsKeptBesideTheRows) {
  CommitFor({"persons/a"});
  const std::string last(32, '\xff');
  for (const std::string& mark : {std::string(32, 'a'), std::string(), last}) {
    SCRUTINY_ASSERT_OK(store().SetErasuresFollowed(mark));
    EXPECT_EQ(store().erasures_followed().value(), mark);
    Open();
    EXPECT_EQ(store().erasures_followed().value(), mark);
  }
  EXPECT_THAT(Held("persons/a"), ElementsAre(At(0)));
  EXPECT_THAT(Held("erasures"), IsEmpty());
  SCRUTINY_ASSERT_OK(store().Compact());
  EXPECT_EQ(store().erasures_followed().value(), last);
}

// --- Compacting.

// Goal: after Compact nothing of what was erased is in any table or log. Method: rows wherever a
// store can have them (the log alone, a table, several tables, tables of earlier compactions); the
// bytes of value and subject are looked for in every file.
class SealedStoreCompactTest : public SealedStoreTest {
 protected:
  // Erases everything of a subject and compacts.
  void EraseAll(const std::string& subject) {
    std::vector<SealedRow> rows;
    for (const SealPlace& place : Held(subject)) rows.push_back(Row(subject, place));
    SCRUTINY_ASSERT_OK(store().Erase(rows));
    SCRUTINY_ASSERT_OK(store().Compact());
    for (const SealedRow& row : rows) gone_.push_back(row);
  }
  void ExpectGone() {
    std::vector<std::string> bytes;
    for (const SealedRow& row : gone_) {
      ExpectHeld(row.place, false);
      bytes.push_back(row.value.substr(0, 32));
      bytes.push_back(row.subject + std::string(1, '\0'));
    }
    ASSERT_THAT(FilesWithAny(bytes), IsEmpty());
  }

  std::vector<SealedRow> gone_;
};

TEST_F(SealedStoreCompactTest, WhatLayInTheLogAloneIsGone) {
  CommitFor({"persons/a", "persons/b"});
  ASSERT_THAT(FilesWith(ValueOf(At(0, 0))), SizeIs(1)) << "the test finds what is there";
  EraseAll("persons/a");
  ExpectGone();
  ExpectHeld(At(0, 1));
  EXPECT_THAT(FilesWith(ValueOf(At(0, 1)).substr(0, 32)), SizeIs(1));
  Open();
  ExpectGone();
  ExpectHeld(At(0, 1));
}

TEST_F(SealedStoreCompactTest, WhatLayInTablesIsGone) {
  for (int i = 0; i < 5; ++i) {
    CommitFor({"persons/a", "persons/b"});
    CloseAndOpen();
  }
  ASSERT_THAT(FilesWith(ValueOf(At(0, 0)).substr(0, 32)), SizeIs(1));
  EraseAll("persons/a");
  ExpectGone();
  for (uint64_t i = 0; i < 5; ++i) ExpectHeld(At(i, 1));
}

TEST_F(SealedStoreCompactTest, WhatAnEarlierCompactionWroteIsGone) {
  for (int i = 0; i < 4; ++i) CommitFor({"persons/a", "persons/b", "persons/c"});
  for (const char* subject : {"persons/b", "persons/a", "persons/c"}) {
    EraseAll(subject);
    ExpectGone();
    CommitFor({"office"});
  }
  EXPECT_THAT(Held("office"), SizeIs(3));
}

TEST_F(SealedStoreCompactTest, WhatACrashLeftIsGone) {
  for (int i = 0; i < 3; ++i) {
    CommitFor({"persons/a", "persons/b"});
    Open();  // The log is read again and written out as tables.
  }
  EraseAll("persons/a");
  ExpectGone();
  for (uint64_t i = 0; i < 3; ++i) ExpectHeld(At(i, 1));
}

TEST_F(SealedStoreCompactTest, ACrashBetweenErasingAndCompactingLeavesItToDo) {
  CommitFor({"persons/a", "persons/b"});
  CloseAndOpen();
  SCRUTINY_ASSERT_OK(store().Erase(std::vector<SealedRow>{Row("persons/a", At(0, 0))}));
  Open();
  ExpectHeld(At(0, 0), false);
  SCRUTINY_ASSERT_OK(store().Compact());
  EXPECT_THAT(FilesWith(ValueOf(At(0, 0)).substr(0, 32)), IsEmpty());
  EXPECT_THAT(FilesWith("persons/a"), IsEmpty());
  ExpectHeld(At(0, 1));
}

TEST_F(SealedStoreCompactTest, AnEmptyStoreMayBeCompacted) {
  SCRUTINY_EXPECT_OK(store().Compact());
  CommitFor({});
  SCRUTINY_EXPECT_OK(store().Compact());
  SCRUTINY_EXPECT_OK(store().Compact());
}

// A store in use: entries are committed and rows read all the while.
TEST_F(SealedStoreCompactTest, WhatIsErasedIsGoneAlsoWhileOthersWriteAndRead) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> committed{0};
  std::atomic<int> round{0};
  std::thread writer([&] {
    while (!stop) {
      CommitFor({"office", absl::StrCat("persons/", round.load())});
      ++committed;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::thread reader([&] {
    while (!stop) SCRUTINY_EXPECT_OK(store().From({}, 50));
  });
  const auto wait_for_more = [&] {
    const uint64_t before = committed;
    while (committed < before + 3 && !HasFailure()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  for (int i = 0; i < 8; ++i) {
    wait_for_more();
    ++round;
    wait_for_more();  // Nothing more is sealed for the one before.
    const std::string subject = absl::StrCat("persons/", i);
    EXPECT_FALSE(Held(subject).empty());
    EraseAll(subject);
    ExpectGone();
  }
  stop = true;
  writer.join();
  reader.join();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*log_, 1 << 20));
  EXPECT_EQ(entries.size(), committed);
  EXPECT_EQ(Held("office").size(), std::min<uint64_t>(committed, 1000));
}

// --- Power cuts and failing calls.

class SealedStoreFaultTest : public SealedStoreTest {
 protected:
  EntryLogOptions Options() const override {
    EntryLogOptions options = SealedStoreTest::Options();
    options.file_system = fs_;
    options.gone_within_micros = 100'000;
    return options;
  }

  const std::shared_ptr<FaultFs> fs_ = std::make_shared<FaultFs>();
};

// Goal: an entry and its ciphertexts are there both or neither. Method: the power cut at every
// write, sync and change of names of two commits, torn pieces left half of the time.
TEST_F(SealedStoreFaultTest, AnEntryAndItsRowsAreKeptOrLostTogether) {
  uint64_t seed = 0;
  for (const FsCall call : {FsCall::kAppend, FsCall::kSync}) {
    for (uint64_t nth = 1; nth < 6; ++nth) {
      SCOPED_TRACE(absl::StrCat(FsCallName(call), " ", nth));
      const uint64_t before = log_->size().value();
      fs_->Inject({.call = call, .nth = nth, .effect = Effect::kPowerOff});
      uint64_t acknowledged = before;
      for (int i = 0; i < 3; ++i) {
        const uint64_t at = acknowledged;
        const absl::Status status = Commit(1, {Row("persons/a", At(at)), Row("office", At(at, 1))});
        if (!status.ok()) break;
        ++acknowledged;
      }
      fs_->PowerOff();
      log_.reset();
      fs_->RestorePower({.torn_seed = ++seed % 2 == 0 ? seed : 0});
      ASSERT_NO_FATAL_FAILURE(Open());
      const uint64_t size = log_->size().value();
      ASSERT_GE(size, acknowledged);
      for (uint64_t at = before; at < acknowledged + 2; ++at) {
        ExpectHeld(At(at, 0), at < size);
        ExpectHeld(At(at, 1), at < size);
      }
      EXPECT_EQ(Held("persons/a").size(), size);
      EXPECT_EQ(Held("office").size(), size);
    }
  }
}

// Goal: wherever the power fails in an erasure, what was not to be erased is there, and erasing and
// compacting again leaves nothing of what was. Method: calls of each kind in turn; not every one,
// since RocksDB rests for a second after each failure in its background.
class SealedStorePowerTest : public SealedStoreFaultTest,
                             public ::testing::WithParamInterface<FsCall> {};

INSTANTIATE_TEST_SUITE_P(Calls, SealedStorePowerTest,
                         ::testing::Values(FsCall::kAppend, FsCall::kSync, FsCall::kCreate,
                                           FsCall::kDelete, FsCall::kRename, FsCall::kSyncFolder),
                         [](const auto& call) {
                           std::string name = FsCallName(call.param);
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST_P(SealedStorePowerTest, AnErasureCutOffAnywhereCanBeDoneAgain) {
  const std::vector<SealedRow> erased = {Row("persons/a", At(0, 0))};
  for (uint64_t nth = 1;; nth += nth < 3 ? 1 : 5) {
    SCOPED_TRACE(nth);
    log_.reset();
    std::filesystem::remove_all(path());
    ASSERT_NO_FATAL_FAILURE(Open());
    CommitFor({"persons/a", "persons/b"});
    ASSERT_NO_FATAL_FAILURE(CloseAndOpen());
    CommitFor({"persons/c"});
    fs_->Inject({.call = GetParam(), .nth = nth, .effect = Effect::kPowerOff});
    absl::Status status = store().Erase(erased);
    const bool acknowledged = status.ok();
    status.Update(store().SetErasuresFollowed(std::string(32, 'm')));
    status.Update(store().Compact());
    const bool struck = fs_->faults_struck() > 0;
    fs_->PowerOff();
    log_.reset();
    fs_->RestorePower({.torn_seed = nth % 2 == 0 ? nth : 0});
    ASSERT_NO_FATAL_FAILURE(Open());
    ExpectHeld(At(0, 1));
    ExpectHeld(At(1, 0));
    if (acknowledged) ExpectHeld(At(0, 0), false);
    SCRUTINY_ASSERT_OK(store().Erase(erased));
    SCRUTINY_ASSERT_OK(store().Compact());
    ExpectHeld(At(0, 0), false);
    ExpectHeld(At(0, 1));
    ASSERT_THAT(FilesWithAny({ValueOf(At(0, 0)).substr(0, 32), "persons/a"}), IsEmpty());
    if (!struck) break;
    ASSERT_LT(nth, 200u);
  }
}

TEST_F(SealedStoreFaultTest, AfterAFailedErasureNothingIsWrittenUntilReopened) {
  CommitFor({"persons/a"});
  fs_->Inject({.call = FsCall::kSync, .nth = 1});
  EXPECT_THAT(store().Erase(std::vector<SealedRow>{Row("persons/a", At(0))}),
              FailsWith(Reason::kOutcomeUnknown));
  fs_->ClearFaults();
  EXPECT_THAT(store().Erase({}), FailsWith(Reason::kReadOnly));
  EXPECT_THAT(store().SetErasuresFollowed(std::string(32, 'm')), FailsWith(Reason::kReadOnly));
  EXPECT_THAT(store().Compact(), FailsWith(Reason::kReadOnly));
  EXPECT_THAT(Commit(1, {}), FailsWith(Reason::kReadOnly));
  EXPECT_THAT(log_->CopyTo(dir_.File("copy")), FailsWith(Reason::kReadOnly));
  Open();
  SCRUTINY_ASSERT_OK(store().Erase(std::vector<SealedRow>{Row("persons/a", At(0))}));
  ExpectHeld(At(0), false);
}

TEST_F(SealedStoreFaultTest, AFailedCompactionIsAnError) {
  CommitFor({"persons/a", "persons/b"});
  for (const FsCall call : {FsCall::kCreate, FsCall::kAppend, FsCall::kSync}) {
    ASSERT_NO_FATAL_FAILURE(Open());
    fs_->Inject({.call = call, .nth = 1, .onwards = true});
    EXPECT_FALSE(store().Compact().ok()) << FsCallName(call);
    fs_->ClearFaults();
  }
  Open();
  SCRUTINY_EXPECT_OK(store().Compact());
  ExpectHeld(At(0, 0));
}

// --- Damage.

class SealedStoreDamageTest : public SealedStoreTest {
 protected:
  // Writes into the database behind the store's back.
  void Tamper(const std::string& family, const std::string& key, const std::string& value) {
    SCRUTINY_ASSERT_OK(log_->Close());
    log_.reset();
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open({}, path(),
                          {{"default", {}}, {"entries", {}}, {"sealed", {}}, {"subjects", {}}},
                          &handles, &opened)
            .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    for (auto* handle : handles) {
      if (handle->GetName() == family) {
        ASSERT_TRUE(db->Put({}, handle, key, value).ok());
      }
    }
    for (auto* handle : handles) {
      ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), handle).ok());
      ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    }
    ASSERT_TRUE(db->Close().ok());
    Open();
  }
};

TEST_F(SealedStoreDamageTest, AKeyThatIsNoneIsCorrupt) {
  CommitFor({"persons/a"});
  Tamper("sealed", "short", "x");
  EXPECT_THAT(store().From({}, 10), FailsWith(Reason::kCorrupt));
  ExpectHeld(At(0));
}

TEST_F(SealedStoreDamageTest, AnUnreadablePointerIsCorrupt) {
  CommitFor({"persons/a"});
  Tamper("subjects", std::string("persons/a\0short", 15), "");
  EXPECT_THAT(store().HeldFor("persons/a", absl::nullopt, 10), FailsWith(Reason::kCorrupt));
}

TEST_F(SealedStoreDamageTest, WhatAnEarlierVersionKeptIsReadAsItIs) {
  const std::string count("\0\0\0\0\0\0\0\4", 8);
  Tamper("subjects", std::string("\0erasures", 9), count);
  EXPECT_EQ(store().erasures_followed().value(), count);
}

TEST_F(SealedStoreDamageTest, AnUnreadableMarkIsCorrupt) {
  Tamper("subjects", std::string("\0erasures", 9), "12");
  EXPECT_THAT(store().erasures_followed(), FailsWith(Reason::kCorrupt));
}

TEST_F(SealedStoreDamageTest, AFlippedBitInATableIsCorruptAndTheEntryIsReadAllTheSame) {
  CommitFor({"persons/a"});
  SCRUTINY_ASSERT_OK(log_->Close());
  log_.reset();
  const std::vector<std::string> files = FilesWith(ValueOf(At(0)).substr(0, 32));
  ASSERT_THAT(files, SizeIs(1));
  std::string bytes = ReadFile(files[0]);
  bytes[bytes.find(ValueOf(At(0)).substr(0, 32)) + 5] ^= 1;
  WriteFile(files[0], bytes);
  Open();
  EXPECT_THAT(store().Get(At(0)), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(store().From({}, 10), FailsWith(Reason::kCorrupt));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entries, ReadAll(*log_));
  EXPECT_THAT(entries, SizeIs(1));
}

}  // namespace
}  // namespace scrutiny::ledger
