// When a checkpoint is signed, for whom, and what is done before it is published. The clock stands
// still but for where a test moves it, so that nothing depends on how fast the machine is.
#include "ledger/checkpoint/checkpointer.h"

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/tree.h"
#include "ledger/base/error.h"
#include "ledger/note/cosignature.h"
#include "ledger/note/ed25519.h"
#include "tests/ledger/checkpoint/signed_ledger.h"
#include "tests/support/seeded_random.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::Eventually;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::GiveOthersTime;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::kTestOrigin;
using ::scrutiny::testing::SeededRandom;
using ::scrutiny::testing::SignedLedgerTest;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The wait that is promised to who asks for a proof.
static_assert(kCheckpointWaitMaxMicros <= 10'000);

// Collects the answers to waiters; the checkpointer's thread writes, a test reads.
class Answers {
 public:
  Checkpointer::Done Waiter() {
    return [this](absl::StatusOr<PublishedCheckpointPtr> answer) {
      MutexLock lock(mutex_);
      answers_.push_back(std::move(answer));
      thread_ = std::this_thread::get_id();
    };
  }
  size_t count() const {
    MutexLock lock(mutex_);
    return answers_.size();
  }
  std::vector<absl::StatusOr<PublishedCheckpointPtr>> all() const {
    MutexLock lock(mutex_);
    return answers_;
  }
  std::thread::id thread() const {
    MutexLock lock(mutex_);
    return thread_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<absl::StatusOr<PublishedCheckpointPtr>> answers_ ABSL_GUARDED_BY(mutex_);
  std::thread::id thread_ ABSL_GUARDED_BY(mutex_);
};

class CheckpointerTest : public SignedLedgerTest {
 protected:
  void SetUp() override { Open(); }

  TreeSize published() { return checkpointer().newest()->checkpoint.size; }
  std::vector<VerifierKey> LogKeys() { return {KeyOf(log().identity().log_key)}; }
  // A published checkpoint is the ledger's: signed by its key, of its tree.
  void ExpectRight(const PublishedCheckpoint& published) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint,
                                  OpenCheckpoint(published.note, LogKeys()));
    EXPECT_EQ(checkpoint.origin, kTestOrigin);
    EXPECT_EQ(checkpoint.size, published.checkpoint.size);
    EXPECT_EQ(checkpoint.root, published.checkpoint.root);
    EXPECT_EQ(published.text, Format(checkpoint));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, log().tree().Root(checkpoint.size));
    EXPECT_EQ(checkpoint.root, root);
  }

  Answers answers_;
};

TEST_F(CheckpointerTest, ANewLedgerHasACheckpointOfItsFirstEntry) {
  ASSERT_NE(checkpointer().newest(), nullptr);
  EXPECT_EQ(published(), TreeSize(1));
  ExpectRight(*checkpointer().newest());
  EXPECT_EQ(checkpointer().newest()->signed_at_us, clock_.WallMicros());
  const CheckpointStatus status = checkpointer().status();
  EXPECT_EQ(status.newest, checkpointer().newest());
  EXPECT_THAT(status.verifier_keys, ::testing::ElementsAre(log().identity().log_key));
  EXPECT_EQ(status.problem, "");
}

TEST_F(CheckpointerTest, EveryPublishedCheckpointIsTheTreesAndSigned) {
  for (const size_t facts : {1, 2, 300, 1, 40}) {
    AppendSigned(facts);
    ExpectRight(*checkpointer().newest());
  }
}

// --- When.

TEST_F(CheckpointerTest, WithNobodyWaitingItIsSignedOnceInAWhile) {
  Append(3);
  clock_.Advance(kCheckpointEveryMicros - 1);
  GiveOthersTime();
  EXPECT_EQ(published(), TreeSize(1)) << "not yet";
  clock_.Advance(1);
  EXPECT_TRUE(Eventually([&] { return published() == TreeSize(4); }));
}

TEST_F(CheckpointerTest, WhereNothingWasAddedNothingIsSigned) {
  const PublishedCheckpointPtr before = checkpointer().newest();
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(10 * kCheckpointEveryMicros);
    GiveOthersTime();
  }
  EXPECT_EQ(checkpointer().newest(), before);
}

TEST_F(CheckpointerTest, OneSignatureServesAllWhoWait) {
  Append(5);
  const PublishedCheckpointPtr before = checkpointer().newest();
  for (uint64_t size = 2; size <= 6; ++size) {
    for (int i = 0; i < 20; ++i) checkpointer().WhenCovered(TreeSize(size), answers_.Waiter());
  }
  clock_.Advance(kCheckpointWaitMaxMicros - 1);
  GiveOthersTime();
  EXPECT_EQ(answers_.count(), 0u) << "others may still join";
  EXPECT_EQ(checkpointer().newest(), before);
  clock_.Advance(1);
  ASSERT_TRUE(Eventually([&] { return answers_.count() == 100; }));
  for (const auto& answer : answers_.all()) {
    SCRUTINY_ASSERT_OK(answer);
    EXPECT_EQ(*answer, checkpointer().newest());
  }
  EXPECT_EQ(published(), TreeSize(6));
  EXPECT_NE(answers_.thread(), std::this_thread::get_id());
}

TEST_F(CheckpointerTest, TheFirstWhoWaitsSetsTheTimeForAll) {
  Append(5);
  checkpointer().WhenCovered(TreeSize(2), answers_.Waiter());
  clock_.Advance(kCheckpointWaitMaxMicros - 1);
  checkpointer().WhenCovered(TreeSize(6), answers_.Waiter());
  clock_.Advance(1);
  EXPECT_TRUE(Eventually([&] { return answers_.count() == 2; }));
}

TEST_F(CheckpointerTest, WhatIsCoveredAlreadyIsAnsweredAtOnceByWhoAsks) {
  for (const uint64_t size : {0, 1}) {
    Answers now;
    checkpointer().WhenCovered(TreeSize(size), now.Waiter());
    ASSERT_EQ(now.count(), 1u);
    EXPECT_EQ(now.thread(), std::this_thread::get_id());
    EXPECT_EQ(*now.all().front(), checkpointer().newest());
  }
}

TEST_F(CheckpointerTest, WaitingReturnsACheckpointThatCovers) {
  Append(5);
  std::thread time([&] {
    for (int i = 0; i < 1000 && published() < TreeSize(6); ++i) {
      clock_.Advance(kCheckpointWaitMaxMicros);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const auto covered = checkpointer().WaitCovered(TreeSize(6));
  time.join();
  SCRUTINY_ASSERT_OK(covered);
  EXPECT_EQ((*covered)->checkpoint.size, TreeSize(6));
  ExpectRight(**covered);
}

TEST_F(CheckpointerTest, WhatIsNotCommittedIsNotWaitedFor) {
  checkpointer().WhenCovered(TreeSize(2), answers_.Waiter());
  ASSERT_EQ(answers_.count(), 1u);
  EXPECT_THAT(answers_.all().front(), FailsWith(Reason::kBeyondHead));
  EXPECT_THAT(checkpointer().WaitCovered(TreeSize(~uint64_t{0})), FailsWith(Reason::kBeyondHead));
}

TEST_F(CheckpointerTest, TooManyWhoWaitAreRefusedAndTheOthersAnswered) {
  Append();
  for (size_t i = 0; i < kCheckpointWaitersMax; ++i) {
    checkpointer().WhenCovered(TreeSize(2), answers_.Waiter());
  }
  ASSERT_EQ(answers_.count(), 0u);
  Answers refused;
  checkpointer().WhenCovered(TreeSize(2), refused.Waiter());
  ASSERT_EQ(refused.count(), 1u);
  EXPECT_THAT(refused.all().front(), FailsWith(Reason::kQueueFull));
  clock_.Advance(kCheckpointWaitMaxMicros);
  EXPECT_TRUE(Eventually([&] { return answers_.count() == kCheckpointWaitersMax; }));
}

// Who is answered may ask again from there.
TEST_F(CheckpointerTest, AWaiterMayWaitAgainWhenItIsAnswered) {
  Append();
  Checkpointer& checkpointer = this->checkpointer();
  checkpointer.WhenCovered(TreeSize(2), [&](absl::StatusOr<PublishedCheckpointPtr>) {
    checkpointer.WhenCovered(TreeSize(2), answers_.Waiter());
  });
  clock_.Advance(kCheckpointWaitMaxMicros);
  EXPECT_TRUE(Eventually([&] { return answers_.count() == 1; }));
}

// Goal: sizes never go back and nothing published lacks from the log, while everything goes on at
// once. Method: threads that append, wait and look, under a clock that runs.
TEST_F(CheckpointerTest, SizesNeverGoBack) {
  std::atomic<bool> stop{false};
  std::thread time([&] {
    while (!stop) {
      clock_.Advance(1'000);
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  });
  std::thread looker([&] {
    TreeSize before;
    while (!stop) {
      const TreeSize now = published();
      EXPECT_GE(now, before);
      before = now;
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> writers;
  for (int w = 0; w < 3; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 30; ++i) {
        const std::string id = absl::StrCat("w", w, "-", i);
        const auto receipt = log().AppendAndWait(
            testing::AppendOf(id, {testing::ActionRaised(absl::StrCat("actions/test/", id), "A")}));
        SCRUTINY_ASSERT_OK(receipt);
        const TreeSize size = SizeThrough(receipt->first);
        const auto covered = checkpointer().WaitCovered(size);
        SCRUTINY_ASSERT_OK(covered);
        EXPECT_GE((*covered)->checkpoint.size, size);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  stop = true;
  time.join();
  looker.join();
  ExpectRight(*checkpointer().newest());
}

// --- What comes before publishing.

TEST_F(CheckpointerTest, ACheckpointIsInTheLogBeforeItIsPublished) {
  std::atomic<int> published{0};
  std::atomic<int> not_logged{0};
  Checkpointer& checkpointer = this->checkpointer();
  checkpointer.OnPublished([&] {
    ++published;
    if (keys().NewestCheckpoint().value() != checkpointer.newest()->note) ++not_logged;
  });
  for (int i = 0; i < 5; ++i) AppendSigned();
  EXPECT_TRUE(Eventually([&] { return published == 5; }));
  EXPECT_EQ(not_logged, 0);
}

TEST_F(CheckpointerTest, EveryListenerHearsOfEveryCheckpoint) {
  std::atomic<int> first{0};
  std::atomic<int> second{0};
  checkpointer().OnPublished([&] { ++first; });
  AppendSigned();
  checkpointer().OnPublished([&] { ++second; });
  AppendSigned();
  EXPECT_TRUE(Eventually([&] { return first == 2 && second == 1; }));
}

// Files cannot grow beyond what the checkpoint log has: a full disk, for it alone.
class CheckpointerFullDiskTest : public CheckpointerTest {
 protected:
  void SetUp() override {
    Open();
    Close();
    // The log is made larger than any other file will be.
    {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, keys->OpenLog());
      const std::string newest = log->newest();
      for (int i = 0; i < 4; ++i) SCRUTINY_ASSERT_OK(log->Append(std::string(kMiB, 'x')));
      SCRUTINY_ASSERT_OK(log->Append(newest));
    }
    Open();
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &unlimited_);
  }
  void TearDown() override { SetFull(false); }
  void SetFull(bool full) {
    rlimit limit = unlimited_;
    if (full) limit.rlim_cur = std::filesystem::file_size(identity() + "/checkpoints");
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }

  rlimit unlimited_ = {};
};

TEST_F(CheckpointerFullDiskTest, WhatCannotBeLoggedIsNotPublishedAndWhoWaitsHearsWhy) {
  const PublishedCheckpointPtr before = checkpointer().newest();
  const std::string logged = keys().NewestCheckpoint().value();
  SetFull(true);
  Append(2);
  checkpointer().WhenCovered(TreeSize(2), answers_.Waiter());
  checkpointer().WhenCovered(TreeSize(3), answers_.Waiter());
  clock_.Advance(kCheckpointWaitMaxMicros);
  ASSERT_TRUE(Eventually([&] { return answers_.count() == 2; }));
  for (const auto& answer : answers_.all()) {
    EXPECT_THAT(answer, HasCode(absl::StatusCode::kUnavailable));
    EXPECT_THAT(std::string(answer.status().message()), HasSubstr("cannot be written"));
  }
  EXPECT_EQ(checkpointer().newest(), before) << "what is published stays so";
  EXPECT_EQ(keys().NewestCheckpoint().value(), logged);
  EXPECT_THAT(checkpointer().status().problem, HasSubstr("cannot be written"));
  // The ledger goes on, and so do answers that need no new signature.
  Append();
  Answers covered;
  checkpointer().WhenCovered(TreeSize(1), covered.Waiter());
  SCRUTINY_EXPECT_OK(covered.all().front());
}

TEST_F(CheckpointerFullDiskTest, AfterAFailureItIsTriedAgainInAWhileAndGoesOn) {
  SetFull(true);
  Append(2);
  checkpointer().WhenCovered(TreeSize(3), answers_.Waiter());
  clock_.Advance(kCheckpointWaitMaxMicros);
  ASSERT_TRUE(Eventually([&] { return answers_.count() == 1; }));
  SetFull(false);
  checkpointer().WhenCovered(TreeSize(3), answers_.Waiter());
  clock_.Advance(kCheckpointEveryMicros - 1);
  GiveOthersTime();
  EXPECT_EQ(answers_.count(), 1u) << "not at once";
  clock_.Advance(1);
  ASSERT_TRUE(Eventually([&] { return answers_.count() == 2; }));
  SCRUTINY_EXPECT_OK(answers_.all().back());
  EXPECT_EQ(published(), TreeSize(3));
  EXPECT_EQ(checkpointer().status().problem, "");
  EXPECT_EQ(NewestLogged(keys()).size, TreeSize(3));
}

// --- The end.

TEST_F(CheckpointerTest, AtTheEndWhatIsCommittedIsSignedAndWhoWaitsAnswered) {
  Append(4);
  checkpointer().WhenCovered(TreeSize(3), answers_.Waiter());
  checkpointer().WhenCovered(TreeSize(5), answers_.Waiter());
  checkpointer().Stop();
  ASSERT_THAT(answers_.all(), SizeIs(2));
  for (const auto& answer : answers_.all()) {
    SCRUTINY_ASSERT_OK(answer);
    EXPECT_EQ((*answer)->checkpoint.size, TreeSize(5));
  }
  EXPECT_EQ(NewestLogged(keys()).size, TreeSize(5));
  checkpointer().Stop();
}

TEST_F(CheckpointerTest, AfterTheEndNobodyWaits) {
  checkpointer().Stop();
  Append();
  checkpointer().WhenCovered(TreeSize(2), answers_.Waiter());
  ASSERT_EQ(answers_.count(), 1u);
  EXPECT_THAT(answers_.all().front(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(checkpointer().WaitCovered(TreeSize(2)), HasCode(absl::StatusCode::kUnavailable));
  SCRUTINY_EXPECT_OK(checkpointer().WaitCovered(TreeSize(1)));
}

TEST_F(CheckpointerTest, OpenedAgainItPublishesAtOnceWhatThereIs) {
  Append(7);
  Close();
  Open();
  EXPECT_EQ(published(), TreeSize(8));
  ExpectRight(*checkpointer().newest());
}

// --- For backups.

TEST_F(CheckpointerTest, ACheckpointOfAnySizeIsSignedWithoutBeingPublished) {
  Append(300);
  const PublishedCheckpointPtr before = checkpointer().newest();
  const std::string logged = keys().NewestCheckpoint().value();
  for (const uint64_t size : {0, 1, 2, 256, 257, 301}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string note, checkpointer().SignAt(TreeSize(size)));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, OpenCheckpoint(note, LogKeys()));
    EXPECT_EQ(checkpoint.size, TreeSize(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, log().tree().Root(TreeSize(size)));
    EXPECT_EQ(checkpoint.root, root);
  }
  EXPECT_EQ(checkpointer().newest(), before);
  EXPECT_EQ(keys().NewestCheckpoint().value(), logged);
  EXPECT_THAT(checkpointer().SignAt(TreeSize(302)), FailsWith(Reason::kBeyondHead));
}

TEST_F(CheckpointerTest, AnyTextIsSignedWithTheKey) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string note, checkpointer().SignText("a manifest\n"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedNote parsed, ParseNote(note));
  EXPECT_EQ(parsed.text, "a manifest\n");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto signatures, VerifyNote(parsed, LogKeys()));
  EXPECT_THAT(signatures, SizeIs(1));
}

// --- Cosignatures.

class CheckpointerCosignatureTest : public CheckpointerTest {
 protected:
  static Signer Witness(const std::string& name) {
    SeededRandom random(std::hash<std::string>()(name));
    return Signer::Create(name, KeyType::kCosignature, SigningKey::Generate(random)).value();
  }
  std::vector<VerifiedSignature> Signatures(const std::vector<VerifierKey>& keys) {
    const auto note = ParseNote(checkpointer().newest()->note);
    SCRUTINY_EXPECT_OK(note);
    const auto verified = VerifyNote(*note, keys);
    SCRUTINY_EXPECT_OK(verified);
    return verified.value_or(std::vector<VerifiedSignature>());
  }
};

TEST_F(CheckpointerCosignatureTest, ACosignatureJoinsTheNewestCheckpoint) {
  const Signer a = Witness("witness.example.org/a");
  const Signer b = Witness("witness.example.org/b");
  const std::string logged = keys().NewestCheckpoint().value();
  const std::string text = checkpointer().newest()->text;
  checkpointer().AddCosignature(text, Cosign(text, a, 1'000));
  checkpointer().AddCosignature(text, Cosign(text, b, 1'001));
  std::vector<VerifierKey> keys = LogKeys();
  keys.push_back(a.verifier());
  keys.push_back(b.verifier());
  EXPECT_THAT(Signatures(keys), SizeIs(3));
  EXPECT_EQ(checkpointer().newest()->text, text);
  EXPECT_EQ(this->keys().NewestCheckpoint().value(), logged)
      << "the log has the log's own signatures";
}

TEST_F(CheckpointerCosignatureTest, ANewerTimeOfAWitnessReplacesTheOlder) {
  const Signer a = Witness("witness.example.org/a");
  const std::string text = checkpointer().newest()->text;
  checkpointer().AddCosignature(text, Cosign(text, a, 1'000));
  checkpointer().AddCosignature(text, Cosign(text, a, 2'000));
  const auto signatures = Signatures({a.verifier()});
  ASSERT_THAT(signatures, SizeIs(1));
  EXPECT_EQ(signatures[0].cosigned_at, 2'000u);
}

TEST_F(CheckpointerCosignatureTest, ACosignatureOfAnEarlierCheckpointIsLetGo) {
  const Signer a = Witness("witness.example.org/a");
  const std::string before = checkpointer().newest()->text;
  AppendSigned();
  const PublishedCheckpointPtr newest = checkpointer().newest();
  checkpointer().AddCosignature(before, Cosign(before, a, 1'000));
  EXPECT_EQ(checkpointer().newest(), newest);
}

TEST_F(CheckpointerCosignatureTest, ANoteHoldsNoMoreSignaturesThanAReaderTakes) {
  const std::string text = checkpointer().newest()->text;
  for (size_t i = 0; i < kNoteSignaturesMax + 5; ++i) {
    const Signer witness = Witness(absl::StrCat("witness.example.org/", i));
    checkpointer().AddCosignature(text, Cosign(text, witness, 1'000));
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedNote note, ParseNote(checkpointer().newest()->note));
  EXPECT_EQ(note.signatures.size(), kNoteSignaturesMax);
  ExpectRight(*checkpointer().newest());
}

}  // namespace
}  // namespace scrutiny::ledger
