#include "ledger/seal/key_store.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/seal/aead.h"
#include "tests/ledger/seal/key_store_support.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::KeyStoreOnDisk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class KeyStoreTest : public KeyStoreOnDisk {
 protected:
  void SetUp() override { SCRUTINY_ASSERT_OK(Reopen()); }
};

// --- Keys.

TEST_F(KeyStoreTest, AKeyIsTheSameEveryTimeAndAfterReopening) {
  const SubjectKey key = KeyFor("persons/a");
  EXPECT_EQ(KeyFor("persons/a").id, key.id);
  EXPECT_EQ(KeyFor("persons/a").key.view(), key.key.view());
  EXPECT_TRUE(Holds(key));
  SCRUTINY_ASSERT_OK(Reopen());
  EXPECT_TRUE(Holds(key));
  EXPECT_EQ(KeyFor("persons/a").id, key.id);
  EXPECT_TRUE(store_->HasKey("persons/a"));
  EXPECT_FALSE(store_->HasKey("persons/b"));
}

TEST_F(KeyStoreTest, EverySubjectHasAKeyOfItsOwn) {
  std::set<std::string> seen;
  for (const std::string subject : {"persons/a", "persons/b", "office"}) {
    const SubjectKey key = KeyFor(subject);
    EXPECT_EQ(key.key.size(), kAeadKeyBytes);
    EXPECT_TRUE(seen.insert(std::string(key.key.view())).second);
    EXPECT_TRUE(seen.insert(std::string(key.id.begin(), key.id.end())).second);
  }
}

TEST_F(KeyStoreTest, AKnownKeyNeedsNoFile) {
  const SubjectKey key = KeyFor("persons/a");
  disk_.Heal();
  disk_.FailFrom(0);
  EXPECT_EQ(KeyFor("persons/a").id, key.id);
  EXPECT_TRUE(Holds(key));
  EXPECT_EQ(disk_.operations(), 0);
}

TEST_F(KeyStoreTest, SeveralKeysAreOneWrite) {
  KeyFor("persons/3");
  disk_.Heal();
  KeyFor("persons/alone");
  const int operations = disk_.operations();
  disk_.Heal();
  const std::vector<std::string> subjects = {"persons/1", "persons/2", "persons/3", "persons/1",
                                             "office"};
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<SubjectKey> keys, store_->KeysFor(subjects));
  EXPECT_EQ(disk_.operations(), operations);
  ASSERT_EQ(keys.size(), subjects.size());
  for (size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(keys[i].id, KeyFor(subjects[i]).id);
  EXPECT_EQ(store_->stats().keys, 5u);
  EXPECT_THAT(store_->KeysFor({}), IsOk());
}

TEST_F(KeyStoreTest, OnlyPersonsAndTheOfficeHaveKeys) {
  for (const std::string subject :
       {"", "persons", "persons/", "forums/spab", "Office", "office/1", "persons/A b"}) {
    const absl::Status status = store_->KeyFor(subject).status();
    EXPECT_THAT(status, FailsWith(Reason::kMalformed)) << subject;
    EXPECT_EQ(InfoOf(status).field, "sealed_for");
  }
  EXPECT_EQ(store_->stats().keys, 0u);
}

TEST_F(KeyStoreTest, AnUnknownKeyIsNotFound) {
  EXPECT_THAT(store_->Find(SubjectKeyId{}), FailsWith(Reason::kNotFound));
  EXPECT_FALSE(store_->IsErased(SubjectKeyId{}));
  EXPECT_EQ(store_->Erasures("persons/a"), 0u);
}

TEST_F(KeyStoreTest, ItHoldsAsManyKeysAsItSays) {
  std::vector<std::string> subjects;
  for (size_t i = 0; i < kSubjectKeysMax; ++i) subjects.push_back(absl::StrCat("persons/", i));
  SCRUTINY_ASSERT_OK(store_->KeysFor(subjects));
  EXPECT_THAT(store_->KeyFor("persons/one-more"), FailsWith(Reason::kOverLimit));
  SCRUTINY_EXPECT_OK(store_->KeyFor("persons/0"));
  SCRUTINY_ASSERT_OK(Reopen());
  EXPECT_EQ(store_->stats().keys, kSubjectKeysMax);
  Erase("persons/7");
  SCRUTINY_EXPECT_OK(store_->KeyFor("persons/one-more"));
}

// Goal:   callers at once get one key a subject, and share writes.
// Method: threads ask for the same few new subjects in turn.
TEST_F(KeyStoreTest, CallersAtOnceGetTheSameKey) {
  constexpr int kThreads = 8;
  constexpr int kSubjects = 50;
  std::vector<std::vector<SubjectKeyId>> got(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, &ids = got[t]] {
      for (int s = 0; s < kSubjects; ++s) {
        const absl::StatusOr<SubjectKey> key = store_->KeyFor(absl::StrCat("persons/", s));
        ids.push_back(key.ok() ? key->id : SubjectKeyId{});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 1; t < kThreads; ++t) EXPECT_EQ(got[t], got[0]);
  EXPECT_EQ(store_->stats().keys, static_cast<uint64_t>(kSubjects));
  for (const SubjectKeyId& id : got[0]) SCRUTINY_EXPECT_OK(store_->Find(id));
}

// Readers, creators and erasures at once: nobody sees half of anything.
TEST_F(KeyStoreTest, KeysAreReadWhileOthersAreMadeAndErased) {
  const SubjectKey kept = KeyFor("persons/kept");
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      while (!done) {
        if (!Holds(kept)) ++wrong;
        store_->Erasures("persons/0");
        store_->IsErased(kept.id);
      }
    });
  }
  for (int i = 0; i < 40; ++i) {
    const std::string subject = absl::StrCat("persons/", i);
    const SubjectKey key = KeyFor(subject);
    const PendingErasure erasure = Erase(subject, absl::StrCat("r-", i));
    EXPECT_FALSE(Holds(key));
    SCRUTINY_EXPECT_OK(store_->FinishErasure(erasure.erasure_id));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(store_->stats().keys, 1u);
}

// --- Erasing.

TEST_F(KeyStoreTest, AnErasureDestroysOneKeyAndKeepsTheOthers) {
  const SubjectKey a = KeyFor("persons/a");
  const SubjectKey b = KeyFor("persons/b");
  const SubjectKey office = KeyFor("office");
  clock_.Advance(5'000'000);
  const PendingErasure erasure = Erase("persons/a");
  EXPECT_THAT(erasure.key_ids, ElementsAre(a.id));
  EXPECT_EQ(erasure.erased_at_us, clock_.WallMicros());
  EXPECT_EQ(erasure.survivors, 2u);
  EXPECT_EQ(erasure.request, Request("persons/a"));
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(store_->Find(a.id), FailsWith(Reason::kNotFound));
    EXPECT_TRUE(store_->IsErased(a.id));
    EXPECT_FALSE(store_->HasKey("persons/a"));
    EXPECT_EQ(store_->Erasures("persons/a"), 1u);
    EXPECT_EQ(store_->Erasures("persons/b"), 0u);
    EXPECT_TRUE(Holds(b));
    EXPECT_TRUE(Holds(office));
    EXPECT_THAT(store_->pending(), ElementsAre(erasure));
    SCRUTINY_ASSERT_OK(Reopen());
  }
}

TEST_F(KeyStoreTest, AnErasureBeginsAnEpochAndDestroysTheOneBefore) {
  KeyFor("persons/a");
  KeyFor("persons/b");
  EXPECT_THAT(EpochFiles(), ElementsAre("epoch-1.key"));
  const std::string epoch_key = disk_.Bytes("/keys.d/epoch-1.key");
  Erase("persons/a");
  EXPECT_THAT(EpochFiles(), ElementsAre("epoch-2.key"));
  EXPECT_EQ(disk_.traces().count(epoch_key), 0u) << "overwritten, not only removed";
  EXPECT_EQ(store_->stats().epoch, 2u);
}

TEST_F(KeyStoreTest, TheSameRequestIsTheSameErasureWhileItIsPending) {
  KeyFor("persons/a");
  const PendingErasure erasure = Erase("persons/a");
  EXPECT_EQ(Erase("persons/a"), erasure);
  SCRUTINY_ASSERT_OK(Reopen());
  EXPECT_EQ(Erase("persons/a"), erasure);
  EXPECT_EQ(store_->stats().epoch, 2u);
  KeyFor("persons/b");
  EXPECT_THAT(store_->BeginErasure(Request("persons/b")), FailsWith(Reason::kRequestIdReused));
  // Another principal's request ids are its own.
  ErasureRequest other = Request("persons/b");
  other.principal = "auditor";
  SCRUTINY_EXPECT_OK(store_->BeginErasure(other));
}

TEST_F(KeyStoreTest, FinishingEndsAnErasure) {
  KeyFor("persons/a");
  KeyFor("persons/b");
  const PendingErasure a = Erase("persons/a", "r-1");
  const PendingErasure b = Erase("persons/b", "r-2");
  EXPECT_THAT(store_->pending(), ElementsAre(a, b));
  SCRUTINY_EXPECT_OK(store_->FinishErasure(a.erasure_id));
  EXPECT_THAT(store_->pending(), ElementsAre(b));
  SCRUTINY_EXPECT_OK(store_->FinishErasure(a.erasure_id));
  SCRUTINY_ASSERT_OK(Reopen());
  EXPECT_THAT(store_->pending(), ElementsAre(b));
  EXPECT_TRUE(store_->IsErased(a.key_ids[0])) << "that outlives the erasure";
}

TEST_F(KeyStoreTest, WhoIsErasedMayBeSealedForAgainAndErasedAgain) {
  const SubjectKey first = KeyFor("persons/a");
  Erase("persons/a", "r-1");
  const SubjectKey second = KeyFor("persons/a");
  EXPECT_NE(first.id, second.id);
  EXPECT_EQ(store_->Erasures("persons/a"), 1u);
  Erase("persons/a", "r-2");
  EXPECT_EQ(store_->Erasures("persons/a"), 2u);
  EXPECT_TRUE(store_->IsErased(first.id));
  EXPECT_TRUE(store_->IsErased(second.id));
  EXPECT_EQ(store_->stats().erased_keys, 2u);
}

TEST_F(KeyStoreTest, WhoHasNoKeyCannotBeErased) {
  EXPECT_THAT(store_->BeginErasure(Request("persons/a")), FailsWith(Reason::kNotFound));
  EXPECT_EQ(store_->stats().epoch, 1u);
}

// An erasure that could not be recorded would stay pending for ever.
TEST_F(KeyStoreTest, AnErasureThatCouldNotBeRecordedIsRefused) {
  const SubjectKey key = KeyFor("persons/a");
  const auto refused = [this](auto change) {
    ErasureRequest request = Request("persons/a");
    change(request);
    return store_->BeginErasure(request);
  };
  EXPECT_THAT(refused([](auto& r) { r.reason.clear(); }), FailsWith(Reason::kMalformed));
  EXPECT_THAT(refused([](auto& r) { r.reason = std::string(1001, 'x'); }),
              FailsWith(Reason::kOverLimit));
  EXPECT_THAT(refused([](auto& r) { r.reason = "a\x01"; }), FailsWith(Reason::kMalformed));
  EXPECT_THAT(refused([](auto& r) { r.authority.clear(); }), FailsWith(Reason::kMalformed));
  EXPECT_THAT(refused([](auto& r) { r.authority = std::string(401, 'x'); }),
              FailsWith(Reason::kOverLimit));
  EXPECT_THAT(refused([](auto& r) { r.request_id = "a b"; }), FailsWith(Reason::kMalformed));
  EXPECT_THAT(refused([](auto& r) { r.subject = "forums/spab"; }), FailsWith(Reason::kMalformed));
  EXPECT_THAT(refused([](auto& r) { r.principal = std::string(1001, 'x'); }),
              FailsWith(Reason::kOverLimit));
  EXPECT_TRUE(Holds(key));
  EXPECT_EQ(store_->stats().epoch, 1u);
}

TEST_F(KeyStoreTest, ErasuresThatWaitAreBounded) {
  std::vector<std::string> subjects;
  for (size_t i = 0; i <= kPendingErasuresMax; ++i) subjects.push_back(absl::StrCat("persons/", i));
  SCRUTINY_ASSERT_OK(store_->KeysFor(subjects));
  for (size_t i = 0; i < kPendingErasuresMax; ++i) Erase(subjects[i], absl::StrCat("r-", i));
  EXPECT_THAT(store_->BeginErasure(Request(subjects.back(), "r-last")),
              FailsWith(Reason::kQueueFull));
  SCRUTINY_EXPECT_OK(store_->FinishErasure(store_->pending()[0].erasure_id));
  SCRUTINY_EXPECT_OK(store_->BeginErasure(Request(subjects.back(), "r-last")));
}

TEST_F(KeyStoreTest, ErasuresTheLedgerRecordsAreReplayed) {
  const SubjectKey a = KeyFor("persons/a");
  const SubjectKey b = KeyFor("persons/b");
  const std::vector<Tombstone> erased = {
      {a.id, "", 1000}, {SubjectKeyId{}, "", 2000}, {a.id, "", 1}};
  SCRUTINY_EXPECT_OK(store_->DestroyKeys(erased));
  EXPECT_FALSE(Holds(a));
  EXPECT_TRUE(Holds(b));
  EXPECT_TRUE(store_->IsErased(a.id));
  EXPECT_EQ(store_->Erasures("persons/a"), 1u);
  EXPECT_THAT(store_->pending(), IsEmpty());
  EXPECT_THAT(EpochFiles(), ElementsAre("epoch-2.key"));
  // Known already: nothing is written.
  disk_.Heal();
  SCRUTINY_EXPECT_OK(store_->DestroyKeys(erased));
  SCRUTINY_EXPECT_OK(store_->DestroyKeys({}));
  EXPECT_EQ(disk_.operations(), 0);
}

// Of a key that was never here it is remembered all the same that it is destroyed, and when; whose
// it was is not known.
TEST_F(KeyStoreTest, AKeyErasedElsewhereIsRememberedToo) {
  KeyFor("persons/a");
  EXPECT_EQ(store_->ErasedMark(), "");
  const SubjectKeyId other{7};
  const std::vector<Tombstone> erased = {{other, "", 2000}};
  SCRUTINY_ASSERT_OK(store_->DestroyKeys(erased));
  EXPECT_THAT(EpochFiles(), ElementsAre("epoch-1.key")) << "no key went";
  const std::string mark = store_->ErasedMark();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(store_->IsErased(other));
    ASSERT_TRUE(store_->ErasedKey(other).has_value());
    EXPECT_EQ(*store_->ErasedKey(other), erased[0]);
    EXPECT_EQ(store_->ErasedMark(), mark);
    SCRUTINY_ASSERT_OK(Reopen());
  }
  EXPECT_EQ(mark.size(), 32u);
  Erase("persons/a");
  EXPECT_NE(store_->ErasedMark(), mark);
}

// Goal: an erasure whose key the disk kept is dated when the key is gone, by whoever destroys it.
// Method: overwriting the old epoch's key fails; the store is opened again an hour later.
TEST_F(KeyStoreTest, AnErasureIsDatedWhenItsKeyIsGone) {
  const int64_t begun = clock_.WallMicros();
  SubjectKeyId id;
  for (int at = 0;; ++at) {
    ASSERT_LT(at, 30);
    const std::string subject = absl::StrCat("persons/", at);
    id = KeyFor(subject).id;
    disk_.Heal();
    disk_.FailOnce(at);
    const absl::Status status = store_->BeginErasure(Request(subject, subject.substr(8))).status();
    disk_.Heal();
    if (absl::StrContains(status.message(), "earlier epoch is not destroyed")) break;
    ASSERT_FALSE(status.ok());
    SCRUTINY_ASSERT_OK(Reopen());
  }
  EXPECT_THAT(store_->CheckTakesChanges(), FailsWith(Reason::kReadOnly));
  clock_.Advance(int64_t{3600} * 1'000'000);
  for (int i = 0; i < 2; ++i) {
    SCRUTINY_ASSERT_OK(Reopen());
    const std::vector<PendingErasure> pending = store_->pending();
    ASSERT_THAT(pending, Not(IsEmpty()));
    EXPECT_EQ(pending.back().erased_at_us, begun + int64_t{3600} * 1'000'000);
    EXPECT_EQ(store_->ErasedKey(id)->erased_at_us, pending.back().erased_at_us);
    for (size_t k = 0; k + 1 < pending.size(); ++k) EXPECT_EQ(pending[k].erased_at_us, begun);
    clock_.Advance(1'000'000);
  }
}

// --- Opening what is not as it should be.

TEST_F(KeyStoreTest, TheStoreOfAnotherLedgerIsRefused) {
  store_.reset();
  KeyStoreOptions options = Options();
  options.ledger_id = std::string(16, 'X');
  EXPECT_THAT(KeyStore::Open(options), FailsWith(Reason::kLedgerChanged));
  SCRUTINY_EXPECT_OK(Reopen());
}

TEST_F(KeyStoreTest, OneServerUsesIt) {
  const absl::Status second = KeyStore::Open(Options()).status();
  EXPECT_THAT(second, FailsWith(Reason::kSealsUnavailable));
  EXPECT_THAT(second, HasCode(absl::StatusCode::kFailedPrecondition));
  SCRUTINY_EXPECT_OK(Reopen());
}

TEST_F(KeyStoreTest, AMissingStoreIsMadeOnlyWhereItMayBeNew) {
  KeyStoreOptions options = Options();
  options.dir = "/elsewhere";
  options.may_create = false;
  EXPECT_THAT(KeyStore::Open(options), FailsWith(Reason::kCorrupt));
  EXPECT_FALSE(disk_.Exists("/elsewhere/keys"));
  // A folder made by hand, empty.
  SCRUTINY_ASSERT_OK(disk_.MakeFolder("/elsewhere"));
  EXPECT_THAT(KeyStore::Open(options), FailsWith(Reason::kCorrupt));
  options.may_create = true;
  SCRUTINY_EXPECT_OK(KeyStore::Open(options));
  options.may_create = false;
  SCRUTINY_EXPECT_OK(KeyStore::Open(options));
}

TEST_F(KeyStoreTest, ALostFileIsNotTakenForANewStore) {
  KeyFor("persons/a");
  const std::string keys = disk_.Bytes(kKeys);
  const std::string epoch = disk_.Bytes("/keys.d/epoch-1.key");
  disk_.Delete(kKeys);
  const absl::Status lost = Reopen();
  EXPECT_THAT(lost, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(lost.message()), HasSubstr("lost its keys file"));
  EXPECT_NE(InfoOf(lost).next, "");
  EXPECT_TRUE(disk_.Exists("/keys.d/epoch-1.key")) << "nothing is cleared away";

  disk_.SetBytes(kKeys, keys);
  disk_.Delete("/keys.d/epoch-1.key");
  const absl::Status no_epoch = Reopen();
  EXPECT_THAT(no_epoch, FailsWith(Reason::kCorrupt));
  EXPECT_THAT(std::string(no_epoch.message()), HasSubstr("epoch-1.key is missing"));
  EXPECT_TRUE(disk_.Exists(kKeys));

  disk_.SetBytes("/keys.d/epoch-1.key", epoch);
  SCRUTINY_ASSERT_OK(Reopen());
  EXPECT_TRUE(store_->HasKey("persons/a"));
}

TEST_F(KeyStoreTest, EveryFlippedBitIsNoticedAndNothingIsTouched) {
  KeyFor("persons/a");
  store_.reset();
  for (const char* path : {kKeys, "/keys.d/epoch-1.key"}) {
    const std::string whole = disk_.Bytes(path);
    for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
      std::string altered = whole;
      altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
      disk_.SetBytes(path, altered);
      disk_.Heal();
      const absl::Status status = Reopen();
      const Reason reason = ReasonOf(status);
      EXPECT_TRUE(reason == Reason::kCorrupt || reason == Reason::kLedgerChanged)
          << path << " bit " << bit << ": " << status;
      EXPECT_EQ(disk_.operations(), 0);
    }
    disk_.SetBytes(path, whole);
  }
  SCRUTINY_EXPECT_OK(Reopen());
}

TEST_F(KeyStoreTest, WhatOthersCanReadIsRefused) {
  KeyFor("persons/a");
  for (const char* path : {"/keys.d", "/keys.d/keys", "/keys.d/epoch-1.key"}) {
    const uint32_t before = disk_.Mode(path).value();
    disk_.SetMode(path, before | 040);
    const absl::Status status = Reopen();
    EXPECT_THAT(status, FailsWith(Reason::kNotAuthorised)) << path;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    EXPECT_THAT(InfoOf(status).next, HasSubstr("chmod"));
    disk_.SetMode(path, before);
  }
  SCRUTINY_EXPECT_OK(Reopen());
}

TEST_F(KeyStoreTest, AFailingDiskIsSaidInWords) {
  store_.reset();
  disk_.Delete(kKeys);
  disk_.Delete("/keys.d/epoch-1.key");
  disk_.FailFrom(0);
  const absl::Status status = Reopen();
  EXPECT_THAT(status, FailsWith(Reason::kSealsUnavailable));
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(status.message()), HasSubstr("The key store cannot be opened"));
}

// --- Backup.

TEST_F(KeyStoreTest, ABackupOpensAndHoldsWhatTheStoreHeld) {
  const SubjectKey a = KeyFor("persons/a");
  const SubjectKey b = KeyFor("persons/b");
  Erase("persons/b");
  SCRUTINY_EXPECT_OK(store_->BackupTo("/backup"));
  KeyFor("persons/later");
  KeyStoreOptions options = Options();
  options.dir = "/backup";
  store_.reset();
  auto opened = KeyStore::Open(options);
  SCRUTINY_ASSERT_OK(opened);
  store_ = *std::move(opened);
  EXPECT_TRUE(Holds(a));
  EXPECT_TRUE(store_->IsErased(b.id));
  EXPECT_FALSE(store_->HasKey("persons/later"));
  EXPECT_EQ(store_->pending().size(), 1u);
}

// Why an erasure is also told when it will be unrecoverable; replaying it cures a restored store.
TEST_F(KeyStoreTest, ABackupFromBeforeAnErasureHasTheKeyUntilItIsReplayed) {
  const SubjectKey a = KeyFor("persons/a");
  SCRUTINY_EXPECT_OK(store_->BackupTo("/backup"));
  const PendingErasure erasure = Erase("persons/a");
  KeyStoreOptions options = Options();
  options.dir = "/backup";
  store_.reset();
  auto opened = KeyStore::Open(options);
  SCRUTINY_ASSERT_OK(opened);
  store_ = *std::move(opened);
  EXPECT_TRUE(Holds(a));
  SCRUTINY_EXPECT_OK(store_->DestroyKeys(std::vector<Tombstone>{{erasure.key_ids[0], "", 1}}));
  EXPECT_FALSE(Holds(a));
}

TEST_F(KeyStoreTest, ABackupGoesWhereNothingIsAndNobodyLooks) {
  EXPECT_THAT(store_->BackupTo("/keys.d"), HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(store_->BackupTo("/keys.d/backup"), HasCode(absl::StatusCode::kAlreadyExists));
  SCRUTINY_ASSERT_OK(disk_.MakeFolder("/full"));
  disk_.SetBytes("/full/x", "x");
  EXPECT_THAT(store_->BackupTo("/full"), HasCode(absl::StatusCode::kAlreadyExists));
  SCRUTINY_ASSERT_OK(disk_.MakeFolder("/seen"));
  disk_.SetMode("/seen", 0755);
  EXPECT_THAT(store_->BackupTo("/seen"), FailsWith(Reason::kNotAuthorised));
  SCRUTINY_ASSERT_OK(disk_.MakeFolder("/empty"));
  SCRUTINY_EXPECT_OK(store_->BackupTo("/empty"));
  EXPECT_THAT(store_->BackupTo("/empty"), HasCode(absl::StatusCode::kAlreadyExists));
}

TEST_F(KeyStoreTest, ABackupThatFailsHasNoKeysFile) {
  KeyFor("persons/a");
  for (int at = 0; at < 3; ++at) {
    disk_.Heal();
    disk_.FailOnce(at);
    const std::string folder = absl::StrCat("/backup-", at);
    EXPECT_THAT(store_->BackupTo(folder), FailsWith(Reason::kSealsUnavailable));
    EXPECT_FALSE(disk_.Exists(folder + "/keys"));
  }
  disk_.Heal();
  SCRUTINY_EXPECT_OK(store_->BackupTo("/backup"));
}

}  // namespace
}  // namespace scrutiny::ledger
