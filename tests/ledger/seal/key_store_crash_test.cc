// Goal:   wherever the power fails, the key store opens again as it was before the operation or
//         after it, every key that was not erased is there, and an erasure that was answered, or
//         that the store remembers, is complete: nothing on the medium gives the key back.
// Method: each operation of the store is cut off at each of its file operations on a disk that
//         forgets what was not synced (crash_disk.h), with several fates for what was under way;
//         and each file operation fails once by itself.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/seal/key_store.h"
#include "tests/ledger/seal/crash_disk.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::CrashDisk;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::ManualClock;
using ::scrutiny::testing::SeededRandom;
using ::testing::IsEmpty;

constexpr int kFates = 32;
constexpr int kOperationsMax = 60;

// One life of a key store: a disk with three keys on it, an operation, and what happens to it.
struct Life {
  CrashDisk disk;
  ManualClock clock;
  SeededRandom random{11};
  std::unique_ptr<KeyStore> store;
  std::map<std::string, SubjectKeyId> ids;
  std::map<std::string, std::string> keys;

  absl::Status Open() {
    store.reset();
    KeyStoreOptions options;
    options.dir = "/keys.d";
    options.ledger_id = std::string(16, 'L');
    options.clock = &clock;
    options.random = &random;
    options.files = &disk;
    absl::StatusOr<std::unique_ptr<KeyStore>> opened = KeyStore::Open(options);
    if (opened.ok()) store = *std::move(opened);
    return opened.status();
  }

  void MakeKeys() {
    SCRUTINY_ASSERT_OK(Open());
    for (const std::string subject : {"persons/a", "persons/b", "office"}) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const SubjectKey key, store->KeyFor(subject));
      ids[subject] = key.id;
      keys[subject] = std::string(key.key.view());
    }
  }

  bool Holds(const std::string& subject) const {
    const absl::StatusOr<Secret> key = store->Find(ids.at(subject));
    return key.ok() && key->view() == keys.at(subject);
  }

  // Whether the subject's key could be had from what ever lay on the medium: any epoch key that was
  // not overwritten with any keys file.
  bool Recoverable(const std::string& subject) const {
    for (const std::string& epoch_file : disk.traces()) {
      for (const std::string& keys_file : disk.traces()) {
        if (OpensTo(epoch_file, keys_file, subject)) return true;
      }
    }
    return false;
  }

  bool OpensTo(const std::string& epoch_file, const std::string& keys_file,
               const std::string& subject) const {
    const absl::StatusOr<KeysHeader> header = ParseKeysHeader(keys_file);
    if (!header.ok()) return false;
    CrashDisk bench;
    SeededRandom random(1);
    SCRUTINY_CHECK_OK(bench.MakeFolder("/bench"));
    bench.SetBytes(absl::StrCat("/bench/", FileEpochKeys::FileName(header->epoch)), epoch_file);
    FileEpochKeys epochs("/bench", bench, random);
    const absl::StatusOr<Secret> file_key = epochs.Unwrap(
        header->epoch, KeysFileContext(header->ledger_id, header->epoch), header->wrapped_file_key);
    if (!file_key.ok()) return false;
    const absl::StatusOr<KeysContent> content = OpenKeysFile(keys_file, *file_key);
    if (!content.ok()) return false;
    for (const auto& row : content->keys) {
      if (row->key.view() == keys.at(subject)) return true;
    }
    return false;
  }
};

using Preparation = std::function<void(Life&)>;
using Operation = std::function<absl::Status(Life&)>;
using Judgement = std::function<void(Life&, const absl::Status& answer)>;

void WithKeys(Life& life) { life.MakeKeys(); }

void WithAnErasure(Life& life) {
  life.MakeKeys();
  SCRUTINY_ASSERT_OK(life.store->BeginErasure({"persons/a", "why", "who", "r-1", "clerk"}));
}

// Cuts the operation off at each file operation in turn, lets the power fail, opens and judges.
void CutOffEverywhere(const Preparation& prepare, const Operation& operation,
                      const Judgement& judge) {
  int cuts = 0;
  for (int at = 0; at < kOperationsMax; ++at) {
    bool cut = false;
    for (int fate = 0; fate < kFates; ++fate) {
      Life life;
      prepare(life);
      life.disk.Heal();
      life.disk.FailFrom(at);
      const absl::Status answer = operation(life);
      cut = life.disk.operations() > at;
      SCOPED_TRACE(absl::StrCat("cut off at ", at, " (", life.disk.last(), "), fate ", fate,
                                ", answered ", answer.ToString()));
      life.store.reset();
      life.disk.Crash(fate);
      SCRUTINY_ASSERT_OK(life.Open());
      judge(life, answer);
      if (::testing::Test::HasFailure()) return;
      // And it goes on working.
      SCRUTINY_EXPECT_OK(life.store->KeyFor("persons/later"));
      SCRUTINY_ASSERT_OK(life.Open());
      SCRUTINY_EXPECT_OK(life.store->KeyFor("persons/later"));
    }
    if (!cut) break;
    ++cuts;
  }
  EXPECT_GE(cuts, 3);
  EXPECT_LT(cuts, kOperationsMax) << "the operation never came to its end";
}

TEST(KeyStoreCrashTest, CreationCutOffAnywhereIsBegunAgain) {
  CutOffEverywhere([](Life&) {}, [](Life& life) { return life.Open(); },
                   [](Life& life, const absl::Status&) {
                     EXPECT_EQ(life.store->stats().keys, 0u);
                     EXPECT_THAT(life.store->pending(), IsEmpty());
                   });
}

TEST(KeyStoreCrashTest, AKeyThatWasHandedOutSurvives) {
  SubjectKeyId id{};
  CutOffEverywhere(
      WithKeys,
      [&id](Life& life) {
        const absl::StatusOr<SubjectKey> key = life.store->KeyFor("persons/new");
        if (key.ok()) id = key->id;
        return key.status();
      },
      [&id](Life& life, const absl::Status& answer) {
        for (const auto& [subject, key] : life.keys) EXPECT_TRUE(life.Holds(subject)) << subject;
        if (!answer.ok()) return;
        SCRUTINY_EXPECT_OK(life.store->Find(id));
      });
}

TEST(KeyStoreCrashTest, AnErasureIsWhollyDoneOrNotAtAll) {
  CutOffEverywhere(
      WithKeys,
      [](Life& life) {
        return life.store->BeginErasure({"persons/a", "why", "who", "r-1", "clerk"}).status();
      },
      [](Life& life, const absl::Status& answer) {
        EXPECT_TRUE(life.Holds("persons/b"));
        EXPECT_TRUE(life.Holds("office"));
        const std::vector<PendingErasure> pending = life.store->pending();
        if (pending.empty()) {
          EXPECT_FALSE(answer.ok()) << "an answered erasure is lost";
          EXPECT_TRUE(life.Holds("persons/a"));
          EXPECT_FALSE(life.store->IsErased(life.ids["persons/a"]));
          return;
        }
        EXPECT_EQ(pending.size(), 1u);
        EXPECT_EQ(pending[0].request.request_id, "r-1");
        EXPECT_THAT(pending[0].key_ids, ::testing::ElementsAre(life.ids["persons/a"]));
        EXPECT_FALSE(life.Holds("persons/a"));
        EXPECT_TRUE(life.store->IsErased(life.ids["persons/a"]));
        EXPECT_FALSE(life.Recoverable("persons/a"));
        EXPECT_TRUE(life.Recoverable("persons/b")) << "or the test sees nothing";
      });
}

TEST(KeyStoreCrashTest, ReplayedErasuresAreWhollyDoneOrNotAtAll) {
  CutOffEverywhere(
      WithKeys,
      [](Life& life) {
        const std::vector<Tombstone> erased = {{life.ids["persons/a"], "", 1},
                                               {life.ids["persons/b"], "", 2},
                                               {SubjectKeyId{}, "", 3}};
        return life.store->DestroyKeys(erased);
      },
      [](Life& life, const absl::Status& answer) {
        EXPECT_TRUE(life.Holds("office"));
        EXPECT_THAT(life.store->pending(), IsEmpty());
        EXPECT_EQ(life.Holds("persons/a"), life.Holds("persons/b"));
        EXPECT_FALSE(answer.ok() && life.Holds("persons/a"));
        EXPECT_EQ(life.Recoverable("persons/a"), life.Holds("persons/a"));
      });
}

TEST(KeyStoreCrashTest, AnErasureIsFinishedOrStillPending) {
  CutOffEverywhere(
      WithAnErasure,
      [](Life& life) { return life.store->FinishErasure(life.store->pending()[0].erasure_id); },
      [](Life& life, const absl::Status& answer) {
        EXPECT_LE(life.store->pending().size(), answer.ok() ? 0u : 1u);
        EXPECT_TRUE(life.Holds("persons/b"));
        EXPECT_TRUE(life.Holds("office"));
        EXPECT_FALSE(life.Recoverable("persons/a"));
      });
}

TEST(KeyStoreCrashTest, OpeningAfterACrashMayItselfBeCutOff) {
  CutOffEverywhere(
      [](Life& life) {
        WithKeys(life);
        // The new file is in place, and the old epoch's key is still there.
        life.disk.FailFrom(life.disk.operations() + 5);
        EXPECT_THAT(life.store->BeginErasure({"persons/a", "why", "who", "r-1", "clerk"}),
                    FailsWith(Reason::kOutcomeUnknown));
        life.store.reset();
        life.disk.Heal();
        EXPECT_TRUE(life.Recoverable("persons/a"));
      },
      [](Life& life) { return life.Open(); },
      [](Life& life, const absl::Status&) {
        EXPECT_EQ(life.store->pending().size(), 1u);
        EXPECT_TRUE(life.Holds("persons/b"));
        EXPECT_FALSE(life.Recoverable("persons/a"));
      });
}

// --- One file operation fails, and the process lives on.

TEST(KeyStoreFaultTest, AfterAnyFailureTheStoreGoesOnOrSaysThatItMustBeReopened) {
  const ErasureRequest request = {"persons/a", "why", "who", "r-1", "clerk"};
  int latched = 0;
  int failures = 0;
  for (int at = 0; at < kOperationsMax; ++at) {
    Life life;
    life.MakeKeys();
    life.disk.Heal();
    life.disk.FailOnce(at);
    absl::StatusOr<PendingErasure> erasure = life.store->BeginErasure(request);
    if (life.disk.operations() <= at) break;
    SCOPED_TRACE(
        absl::StrCat("failed at ", at, " (", life.disk.last(), "): ", erasure.status().ToString()));
    ++failures;
    life.disk.Heal();
    if (!life.store->stats().problem.empty()) {
      ++latched;
      EXPECT_THAT(erasure, FailsWith(Reason::kOutcomeUnknown));
      // Nothing more is sealed for whom may be erased; for the others, sealing goes on.
      EXPECT_THAT(life.store->KeyFor("persons/a"), FailsWith(Reason::kReadOnly));
      EXPECT_THAT(life.store->KeyFor("persons/new"), FailsWith(Reason::kReadOnly));
      SCRUTINY_EXPECT_OK(life.store->KeyFor("persons/b"));
      EXPECT_THAT(life.store->BeginErasure(request), FailsWith(Reason::kReadOnly));
      EXPECT_THAT(life.store->BackupTo("/backup"), FailsWith(Reason::kReadOnly));
      SCRUTINY_ASSERT_OK(life.Open());
    } else if (!erasure.ok()) {
      EXPECT_THAT(erasure, FailsWith(Reason::kSealsUnavailable));
      EXPECT_EQ(erasure.status().code(), absl::StatusCode::kUnavailable);
      EXPECT_TRUE(life.Holds("persons/a")) << "nothing was changed";
    }
    erasure = life.store->BeginErasure(request);
    SCRUTINY_ASSERT_OK(erasure);
    EXPECT_THAT(life.store->pending(), ::testing::ElementsAre(*erasure));
    EXPECT_TRUE(life.Holds("persons/b"));
    EXPECT_FALSE(life.Recoverable("persons/a"));
  }
  EXPECT_GE(failures, 8);
  EXPECT_GE(latched, 3);
}

TEST(KeyStoreFaultTest, AKeyThatCouldNotBeWrittenIsNotHandedOut) {
  for (int at = 0; at < kOperationsMax; ++at) {
    Life life;
    life.MakeKeys();
    life.disk.Heal();
    life.disk.FailOnce(at);
    const absl::StatusOr<SubjectKey> key = life.store->KeyFor("persons/new");
    if (life.disk.operations() <= at) break;
    EXPECT_FALSE(key.ok());
    EXPECT_FALSE(life.store->HasKey("persons/new"));
    life.disk.Heal();
    SCRUTINY_ASSERT_OK(life.Open());
    SCRUTINY_EXPECT_OK(life.store->KeyFor("persons/new"));
    EXPECT_TRUE(life.Holds("persons/a"));
  }
}

}  // namespace
}  // namespace scrutiny::ledger
