// Erasures that were interrupted, and older copies of data or keys that come back: what was begun
// is completed, and what was erased stays so.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/sealed_parts.h"
#include "ledger/append/tree.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/merkle/proof.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/append/sealed_support.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::AppendOf;
using ::scrutiny::testing::Effect;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::FaultFs;
using ::scrutiny::testing::FsCall;
using ::scrutiny::testing::kNamePath;
using ::scrutiny::testing::SealedFinding;
using ::scrutiny::testing::SealedTest;
using ::scrutiny::testing::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SealedRecoveryTest : public SealedTest {};

// --- Interrupted.

// Fails every change of the key store from a certain one on.
class FailingFiles final : public FileOps {
 public:
  // 0: never.
  void FailFrom(int change) {
    fail_from_ = change;
    changes_ = 0;
  }
  void RefuseOverwriting(bool refuse) { refuse_overwriting_ = refuse; }
  bool failed() const { return fail_from_ > 0 && changes_ >= fail_from_; }

  absl::StatusOr<uint32_t> Mode(const std::string& path) override { return files_.Mode(path); }
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    return files_.List(folder);
  }
  absl::StatusOr<Secret> Read(const std::string& path) override { return files_.Read(path); }
  absl::StatusOr<std::unique_ptr<FolderLock>> Lock(const std::string& folder) override {
    return files_.Lock(folder);
  }
  absl::Status MakeFolder(const std::string& path) override {
    return Change([&] { return files_.MakeFolder(path); });
  }
  absl::Status Create(const std::string& path, absl::string_view bytes) override {
    return Change([&] { return files_.Create(path, bytes); });
  }
  absl::Status Overwrite(const std::string& path, absl::string_view bytes) override {
    if (refuse_overwriting_) return absl::UnavailableError("the file is not to be written");
    return Change([&] { return files_.Overwrite(path, bytes); });
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return Change([&] { return files_.Rename(from, to); });
  }
  absl::Status Remove(const std::string& path) override {
    return Change([&] { return files_.Remove(path); });
  }
  absl::Status SyncFolder(const std::string& folder) override {
    return Change([&] { return files_.SyncFolder(folder); });
  }

 private:
  absl::Status Change(const std::function<absl::Status()>& change) {
    ++changes_;
    if (failed()) return absl::UnavailableError("the disk is gone");
    return change();
  }

  FileOps& files_ = SystemFiles();
  bool refuse_overwriting_ = false;
  int fail_from_ = 0;
  int changes_ = 0;
};

class SealedInterruptionTest : public SealedRecoveryTest {
 protected:
  void SetUp() override {
    fs_ = std::make_shared<FaultFs>();
    files_ = &failing_;
    SealedRecoveryTest::SetUp();
  }
  // Two persons; persons/<i> is to be erased.
  void SealTwo(int i) {
    a_ = Seal(Person(i), "Ermintrude", "Larkspur Row");
    b_ = Seal("persons/kept", "Barnaby");
  }
  // After the interruption: what was begun is done, once, and what was not can be.
  void ExpectCompletes(int i, bool answered) {
    const std::string id = absl::StrCat("erase-", i);
    Open();
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_EQ(keys_->stats().pending_erasures, 0u);
    EXPECT_EQ(NameIn(b_), "Barnaby");
    if (answered || !seals().HasKey(Person(i))) {
      ExpectErased(a_);
    } else {
      EXPECT_EQ(NameIn(a_), "Ermintrude") << "not begun";
    }
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase(Person(i), id));
    EXPECT_EQ(erasure.seals, 2u);
    ExpectErased(a_);
    EXPECT_EQ(NameIn(b_), "Barnaby");
    EXPECT_THAT(seals().HeldFor(Person(i), absl::nullopt, 10).value(), IsEmpty());
    EXPECT_EQ(seals().Erasures(Person(i)), 1u);
  }

  void CutPowerAt(uint64_t nth) {
    SCOPED_TRACE(nth);
    const int i = static_cast<int>(nth);
    SealTwo(i);
    ASSERT_FALSE(HasFailure());
    fs_->Inject(
        {.call = FsCall::kSync, .nth = nth, .effect = Effect::kPowerOff, .path_part = "data/log/"});
    const bool answered = Erase(Person(i), absl::StrCat("erase-", i)).ok();
    cut_ = fs_->faults_struck() > 0;
    EXPECT_EQ(answered, !cut_);
    fs_->PowerOff();
    Close();
    fs_->RestorePower({.torn_seed = nth % 2 == 0 ? nth : 0});
    ExpectCompletes(i, answered);
  }

  FailingFiles failing_;
  bool cut_ = false;
  Sequence a_;
  Sequence b_;
};

// Goal: an erasure that a power cut interrupts anywhere is completed by the next start. Method: the
// power cut at the syncs of the ledger's store in turn: before the erasure is recorded, after,
// after the deletion; then at some of those with which the tables are written anew (RocksDB rests
// for a second after each failure there).
TEST_F(SealedInterruptionTest, APowerCutWhileItIsRecordedOrDeletedIsMadeUpFor) {
  for (uint64_t nth = 1; nth <= 3; ++nth) {
    ASSERT_NO_FATAL_FAILURE(CutPowerAt(nth));
    ASSERT_TRUE(cut_);
  }
}

TEST_F(SealedInterruptionTest, APowerCutWhileTablesAreWrittenIsMadeUpFor) {
  for (uint64_t nth = 4;; nth += 10) {
    ASSERT_NO_FATAL_FAILURE(CutPowerAt(nth));
    if (!cut_) break;
    ASSERT_LT(nth, 100u);
  }
}

// Goal: the same for the key store: an erasure it could not begin is not begun, one it could not
// finish is finished at the next start. Method: each of its changes fails in turn.
TEST_F(SealedInterruptionTest, AFailureAnywhereInTheKeyStoreIsMadeUpFor) {
  for (int nth = 1;; ++nth) {
    SCOPED_TRACE(nth);
    SealTwo(nth);
    ASSERT_FALSE(HasFailure());
    failing_.FailFrom(nth);
    const bool answered = Erase(Person(nth), absl::StrCat("erase-", nth)).ok();
    const bool failed = failing_.failed();
    Close();
    failing_.FailFrom(0);
    ASSERT_NO_FATAL_FAILURE(ExpectCompletes(nth, answered));
    if (!failed) {
      EXPECT_TRUE(answered);
      break;
    }
    ASSERT_LT(nth, 40);
  }
}

// Goal: nothing says that something is erased while its key can be had. Method: the key of the
// earlier epoch cannot be overwritten, for an hour, and the server asks every second.
TEST_F(SealedInterruptionTest, WhileTheKeyIsNotDestroyedNothingSaysItIs) {
  SealTwo(0);
  failing_.RefuseOverwriting(true);
  EXPECT_THAT(Erase(Person(0), "erase-0"), FailsWith(Reason::kOutcomeUnknown));
  const TreeSize size = ledger_->size();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(seals().CompletePending(), FailsWith(Reason::kReadOnly));
    EXPECT_THAT(Erase(Person(0), "erase-0"), FailsWith(Reason::kReadOnly));
  }
  EXPECT_EQ(ledger_->size(), size);
  EXPECT_THAT(Erasures(), IsEmpty());
  EXPECT_EQ(StateOf(a_), State::kNoKey) << "it is not opened, and its ciphertext is there";
  EXPECT_EQ(NameIn(b_), "Barnaby");
  clock_.Advance(int64_t{3600} * 1'000'000);
  failing_.RefuseOverwriting(false);
  Reopen();
  ExpectErased(a_);
  ASSERT_THAT(Erasures(), SizeIs(1));
  EXPECT_EQ(Erasures()[0].erased_at_us(), clock_.WallMicros()) << "when it really was";
  EXPECT_EQ(Erasures()[0].unrecoverable_by_us(), clock_.WallMicros() + kKeyBackups);
  SCRUTINY_ASSERT_OK(seals().CompletePending());
}

// The same where the key is destroyed again because the ledger records it.
TEST_F(SealedInterruptionTest, WhileAKeyThatCameBackIsNotDestroyedNothingIsFollowed) {
  SealTwo(0);
  Close();
  CopyFolder(keys_folder(), dir_.File("old-keys"));
  Open();
  SCRUTINY_ASSERT_OK(Erase(Person(0), "erase-0"));
  Close();
  CopyFolder(dir_.File("old-keys"), keys_folder());
  std::filesystem::permissions(keys_folder(), std::filesystem::perms::owner_all);
  failing_.RefuseOverwriting(true);
  EXPECT_THAT(TryOpen(), FailsWith(Reason::kOutcomeUnknown));
  failing_.RefuseOverwriting(false);
  Reopen();
  ExpectErased(a_);
  EXPECT_FALSE(seals().HasKey(Person(0)));
  EXPECT_EQ(NameIn(b_), "Barnaby");
}

TEST_F(SealedRecoveryTest, OneThatWasOnlyBegunIsCompletedByTheNextStart) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK(keys_->BeginErasure(Request("persons/a", "erase-a")));
  EXPECT_EQ(StateOf(at), State::kNoKey) << "unreadable from then on";
  Reopen();
  ExpectErased(at);
  EXPECT_THAT(Rows(), IsEmpty());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure again, Erase("persons/a", "erase-a"));
  EXPECT_EQ(again.seals, 1u);
  EXPECT_THAT(Erasures(), SizeIs(1));
}

TEST_F(SealedRecoveryTest, OneThatWasOnlyBegunIsCompletedWhileTheServerRuns) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK(seals().CompletePending());
  SCRUTINY_ASSERT_OK(keys_->BeginErasure(Request("persons/a", "erase-a")));
  SCRUTINY_ASSERT_OK(seals().CompletePending());
  ExpectErased(at);
  EXPECT_EQ(keys_->stats().pending_erasures, 0u);
}

TEST_F(SealedRecoveryTest, OneThatWasOnlyBegunIsCompletedByTheSameRequest) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK(keys_->BeginErasure(Request("persons/a", "erase-a")));
  EXPECT_THAT(Erase("persons/b", "erase-a"), FailsWith(Reason::kRequestIdReused));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  EXPECT_EQ(erasure.seals, 1u);
  ExpectErased(at);
}

TEST_F(SealedRecoveryTest, OneThatCannotBeCompletedAtTheStartIsWhenTheClockIsConfirmed) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK(keys_->BeginErasure(Request("persons/a", "erase-a")));
  clock_.JumpWall(-int64_t{3600} * 1'000'000);
  Reopen();
  ASSERT_TRUE(ledger_->status().clock_unconfirmed);
  EXPECT_THAT(Erasures(), IsEmpty());
  EXPECT_EQ(StateOf(at), State::kNoKey);
  EXPECT_FALSE(seals().CompletePending().ok());
  SCRUTINY_ASSERT_OK(ledger_->ConfirmClock(testing::LocalPrincipal(), "clock", "set by hand"));
  SCRUTINY_ASSERT_OK(seals().CompletePending());
  ExpectErased(at);
}

// --- Older copies.

class SealedOldCopyTest : public SealedRecoveryTest {
 protected:
  // Two persons sealed, and copies of everything as it is then.
  void SetUp() override {
    SealedRecoveryTest::SetUp();
    a_ = Seal("persons/a", "Ermintrude", "Larkspur Row");
    b_ = Seal("persons/b", "Barnaby");
    c_ = Seal("persons/c", "Clementine");
    Close();
    CopyFolder(data(), dir_.File("old-data"));
    CopyFolder(keys_folder(), dir_.File("old-keys"));
    Open();
  }
  void BringBack(const std::string& what) {
    Close();
    CopyFolder(dir_.File("old-" + what), what == "data" ? data() : keys_folder());
    if (what == "keys") {
      std::filesystem::permissions(keys_folder(), std::filesystem::perms::owner_all);
    }
    Open();
  }

  Sequence a_;
  Sequence b_;
  Sequence c_;
};

TEST_F(SealedOldCopyTest, AnOlderCopyOfTheDataIsToldWhatWasErasedSince) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  clock_.Advance(int64_t{86'400} * 1'000'000);
  BringBack("data");
  for (int i = 0; i < 2; ++i) {
    ExpectErased(a_);
    EXPECT_EQ(NameIn(b_), "Barnaby");
    const std::vector<event::v1::SealsErased> said = Erasures();
    ASSERT_THAT(said, SizeIs(1)) << "once, however often it is opened";
    EXPECT_EQ(said[0].seals_size(), 2);
    EXPECT_EQ(said[0].key_ids_size(), 1);
    EXPECT_THAT(said[0].reason(), HasSubstr("older copy"));
    EXPECT_EQ(said[0].erased_at_us(), erasure.erased_at_us) << "the key was destroyed then";
    EXPECT_EQ(said[0].unrecoverable_by_us(), erasure.unrecoverable_by_us);
    Reopen();
  }
  EXPECT_THAT(Rows(), ElementsAre(SealPlace{b_, 0}, SealPlace{c_, 0}));
  EXPECT_EQ(followed_, keys_->ErasedMark());
}

TEST_F(SealedOldCopyTest, SeveralErasuresAreDoneAgainEachWithItsKey) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  SCRUTINY_ASSERT_OK(Erase("persons/c", "erase-c"));
  BringBack("data");
  ExpectErased(a_);
  ExpectErased(c_);
  EXPECT_EQ(NameIn(b_), "Barnaby");
  EXPECT_THAT(Rows(), ElementsAre(SealPlace{b_, 0}));
}

// One that was begun besides must not hide the others.
TEST_F(SealedOldCopyTest, OneThatIsPendingDoesNotHideTheOthers) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  SCRUTINY_ASSERT_OK(keys_->BeginErasure(Request("persons/c", "erase-c")));
  BringBack("data");
  ExpectErased(a_);
  ExpectErased(c_);
  EXPECT_EQ(NameIn(b_), "Barnaby");
  EXPECT_THAT(Rows(), ElementsAre(SealPlace{b_, 0}));
  EXPECT_EQ(followed_, keys_->ErasedMark());
}

TEST_F(SealedOldCopyTest, AnOlderCopyOfTheKeysLosesThoseThatWereErased) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  const std::string key_id = Erasures().at(0).key_ids(0);
  BringBack("keys");
  EXPECT_FALSE(seals().HasKey("persons/a"));
  SubjectKeyId id;
  std::copy(key_id.begin(), key_id.end(), id.begin());
  EXPECT_TRUE(keys_->IsErased(id));
  EXPECT_THAT(keys_->Find(id), FailsWith(Reason::kNotFound));
  ExpectErased(a_);
  EXPECT_EQ(NameIn(b_), "Barnaby");
  EXPECT_THAT(Erasures(), SizeIs(1)) << "nothing more is to be said";
  Reopen();
  EXPECT_FALSE(seals().HasKey("persons/a"));
}

// An older key store and a ledger that was told; then an older ledger with that key store.
TEST_F(SealedOldCopyTest, OneAfterTheOtherLosesNothing) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  BringBack("keys");
  SCRUTINY_ASSERT_OK(Erase("persons/c", "erase-c"));
  BringBack("data");
  ExpectErased(a_);
  ExpectErased(c_);
  EXPECT_EQ(NameIn(b_), "Barnaby");
}

// Goal: what was erased is followed whichever erasures the key store and the ledger have in common:
// as many in one as in the other do not make them the same. Method: the key store forgets an
// erasure that the ledger knows, then the ledger forgets one that the key store knows.
TEST_F(SealedRecoveryTest, AnOlderLedgerIsToldByAKeyStoreThatWasOlderOnce) {
  const Sequence b = Seal("persons/b", "Barnaby");
  const Sequence c = Seal("persons/c", "Clementine");
  Close();
  CopyFolder(keys_folder(), dir_.File("keys-1"));
  Open();
  const Sequence a = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  Close();
  CopyFolder(data(), dir_.File("data-2"));
  CopyFolder(dir_.File("keys-1"), keys_folder());
  std::filesystem::permissions(keys_folder(), std::filesystem::perms::owner_all);
  Open();
  SCRUTINY_ASSERT_OK(Erase("persons/b", "erase-b"));
  Close();
  CopyFolder(dir_.File("data-2"), data());
  Open();
  ExpectErased(a);
  ExpectErased(b);
  EXPECT_EQ(NameIn(c), "Clementine");
  EXPECT_THAT(Rows(), ElementsAre(SealPlace{c, 0}));
  EXPECT_EQ(followed_, keys_->ErasedMark());
}

// A ledger of an earlier version kept how many erasures it followed: it follows them once more.
TEST_F(SealedOldCopyTest, WhatAnEarlierVersionFollowedIsFollowedOnceMore) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  BringBack("data");
  Close();
  {
    EntryLogOptions options;
    options.path = data() + "/log";
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, EntryLog::Open(options));
    SCRUTINY_ASSERT_OK(log->sealed().SetErasuresFollowed(std::string(32, '\1')));
    SCRUTINY_ASSERT_OK(log->Close());
  }
  Open();
  ExpectErased(a_);
  EXPECT_THAT(Erasures(), SizeIs(1));
  Rows();
  EXPECT_EQ(followed_, keys_->ErasedMark());
}

TEST_F(SealedOldCopyTest, WhatWasErasedIsNotOpenedEvenWhileTheClockIsUnconfirmed) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  clock_.JumpWall(-int64_t{3600} * 1'000'000);
  BringBack("keys");
  ASSERT_TRUE(ledger_->status().clock_unconfirmed);
  EXPECT_FALSE(seals().HasKey("persons/a")) << "destroying needs no entry";
  ExpectErased(a_);
}

TEST_F(SealedOldCopyTest, WhatCouldNotBeRecordedAtTheStartIsOnceTheClockIsConfirmed) {
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  clock_.JumpWall(-int64_t{3600} * 1'000'000);
  BringBack("data");
  ASSERT_TRUE(ledger_->status().clock_unconfirmed);
  EXPECT_NE(StateOf(a_), State::kOpened);
  SCRUTINY_ASSERT_OK(ledger_->ConfirmClock(testing::LocalPrincipal(), "clock", "set by hand"));
  SCRUTINY_ASSERT_OK(seals().CompletePending());
  ExpectErased(a_);
  EXPECT_EQ(NameIn(b_), "Barnaby");
}

// --- A key store that is not the one that sealed.

// The ciphertexts are here, and somebody may have the old keys yet: what is erased is deleted, and
// the keys are named, so that they are destroyed should they come back.
TEST_F(SealedOldCopyTest, WhatALostKeySealedIsErasedToo) {
  Close();
  std::filesystem::remove_all(keys_folder());
  Open();
  ASSERT_EQ(StateOf(a_), State::kNoKey);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure preview, seals().Preview("persons/a"));
  EXPECT_EQ(preview.seals, 2u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  EXPECT_EQ(erasure.seals, 2u);
  ExpectErased(a_);
  EXPECT_EQ(StateOf(b_), State::kNoKey) << "that of others stays";
  BringBack("keys");
  EXPECT_FALSE(seals().HasKey("persons/a")) << "the old key came back, and is destroyed";
  ExpectErased(a_);
  EXPECT_EQ(NameIn(b_), "Barnaby");
}

TEST_F(SealedOldCopyTest, WhatIsSealedUnderSeveralKeysIsErasedAsAWhole) {
  Close();
  std::filesystem::remove_all(keys_folder());
  Open();
  const Sequence later = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure preview, seals().Preview("persons/a"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  EXPECT_EQ(erasure.seals, 3u);
  EXPECT_EQ(preview.seals, erasure.seals);
  ExpectErased(a_);
  ExpectErased(later);
  BringBack("keys");
  EXPECT_FALSE(seals().HasKey("persons/a"));
}

}  // namespace
}  // namespace scrutiny::ledger
