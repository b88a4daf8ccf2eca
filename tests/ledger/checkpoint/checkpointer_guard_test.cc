// Which ledgers are signed on, and which are refused: one that was rolled back, that has another
// history, that lost its key or its checkpoint log. And going on all the same, as another
// incarnation.
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/entry_codec.h"
#include "tests/ledger/checkpoint/signed_ledger.h"

namespace scrutiny::ledger {
namespace {

namespace fs = std::filesystem;
using ::scrutiny::testing::CopyFolder;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::HasCode;
using ::scrutiny::testing::kTestOrigin;
using ::scrutiny::testing::ReadFile;
using ::scrutiny::testing::ReplaceFolder;
using ::scrutiny::testing::SignedLedger;
using ::scrutiny::testing::SignedLedgerTest;
using ::scrutiny::testing::WriteFile;
using ::testing::HasSubstr;

class CheckpointerGuardTest : public SignedLedgerTest {
 protected:
  // A ledger of five signed entries; `old` is a copy of its data with three of them.
  void SetUp() override {
    Open();
    Append(2);
    Close();
    CopyFolder(data(), dir_.File("old"));
    Open();
    AppendSigned(2);
    Close();
  }
  void ExpectRefused(const std::string& data, const std::string& identity,
                     const std::string& sentence, const std::string& next) {
    const absl::Status status = TryOpen(data, identity).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(status.message()), HasSubstr(sentence));
    EXPECT_THAT(InfoOf(status).next, HasSubstr(next));
  }
  void ExpectRefused(const std::string& sentence, const std::string& next) {
    ExpectRefused(data(), identity(), sentence, next);
  }
  NewIncarnation Next(const std::string& reason = "The disk was lost.") {
    NewIncarnation next;
    next.reason = reason;
    const auto keys = Identity::Open(identity());
    SCRUTINY_EXPECT_OK(keys);
    if (keys.ok()) next.previous_checkpoint = (*keys)->NewestCheckpoint().value_or("");
    return next;
  }
};

TEST_F(CheckpointerGuardTest, ALedgerThatContinuesItsCheckpointsOpens) {
  for (int i = 0; i < 3; ++i) {
    Open();
    ASSERT_NE(opened_, nullptr);
    Append();
    Close();
  }
}

TEST_F(CheckpointerGuardTest, DataThatWasRolledBackIsRefused) {
  ReplaceFolder(data(), dir_.File("old"));
  ExpectRefused("it has 3 entries", "--new-incarnation");
  ExpectRefused("has a checkpoint of 5", "--restore");
  // Refused every time, and nothing was signed or written on the way.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
  EXPECT_EQ(NewestLogged(*keys).size, TreeSize(5));
}

TEST_F(CheckpointerGuardTest, AnotherHistoryIsRefusedHoweverLongItIs) {
  ReplaceFolder(data(), dir_.File("old"));
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto forked, OpenLedgerAlone(data()));
    AppendTo(*forked, 2, "Another history");
    AppendTo(*forked, 20, "Another history");
    SCRUTINY_ASSERT_OK(forked->Close());
  }
  ExpectRefused("Somebody wrote another history", "--new-incarnation");
}

// The same entries again are the same history, whoever wrote them.
TEST_F(CheckpointerGuardTest, DataThatWasBroughtBackWholeOpens) {
  CopyFolder(data(), dir_.File("copy"));
  ReplaceFolder(data(), dir_.File("old"));
  ExpectRefused("older than what was signed", "--restore");
  ReplaceFolder(data(), dir_.File("copy"));
  Open();
  EXPECT_EQ(checkpointer().newest()->checkpoint.size, TreeSize(5));
}

TEST_F(CheckpointerGuardTest, ALostKeyIsRefusedWithWhatToDo) {
  const std::string key = ReadFile(identity() + "/key");
  fs::remove(identity() + "/key");
  ExpectRefused("is not in the identity folder", "restore its file `key`");
  ExpectRefused("is not in the identity folder", "--new-incarnation");
  WriteFile(identity() + "/key", key);
  fs::permissions(identity() + "/key", fs::perms::owner_read | fs::perms::owner_write);
  Open();
  EXPECT_NE(opened_, nullptr);
}

TEST_F(CheckpointerGuardTest, ALostCheckpointLogIsRefusedWithWhatToDo) {
  fs::remove(identity() + "/checkpoints");
  ExpectRefused("--new-incarnation", "--identity");
  ExpectRefused("checkpoint log is gone", "");
  EXPECT_FALSE(fs::exists(identity() + "/checkpoints")) << "none is made in its place";
}

// An emptied log knows of nothing, and so of no ledger that was set back.
TEST_F(CheckpointerGuardTest, AnEmptiedCheckpointLogIsRefusedAndLeftAsItIs) {
  for (const size_t zeros : {size_t{0}, size_t{1}, size_t{4000}}) {
    WriteFile(identity() + "/checkpoints", std::string(zeros, '\0'));
    ExpectRefused("is empty, though this ledger of 5 entries was signed", "`checkpoints`");
    EXPECT_EQ(fs::file_size(identity() + "/checkpoints"), zeros);
  }
  ReplaceFolder(data(), dir_.File("old"));
  ExpectRefused("is empty, though this ledger of 3 entries was signed", "--identity");
}

// Cut off between the entry that names its key and its first checkpoint, a ledger starts.
TEST_F(CheckpointerGuardTest, BeforeTheFirstCheckpointTheLogMayBeEmpty) {
  const std::string fresh = dir_.File("fresh");
  SCRUTINY_ASSERT_OK(TryOpen(fresh, fresh + ".identity"));
  WriteFile(fresh + ".identity/checkpoints", "");
  SCRUTINY_EXPECT_OK(TryOpen(fresh, fresh + ".identity"));
}

TEST_F(CheckpointerGuardTest, ADamagedCheckpointLogIsRefused) {
  std::string bytes = ReadFile(identity() + "/checkpoints");
  bytes[10] ^= 1;
  WriteFile(identity() + "/checkpoints", bytes);
  EXPECT_THAT(TryOpen(), FailsWith(Reason::kCorrupt));
}

TEST_F(CheckpointerGuardTest, AnEmptyIdentityFolderIsRefused) {
  ExpectRefused(data(), dir_.File("empty"), "is not in the identity folder", "--identity");
}

TEST_F(CheckpointerGuardTest, AnIdentityFolderOfAnotherLedgerIsRefused) {
  SCRUTINY_ASSERT_OK(TryOpen(dir_.File("other"), dir_.File("other-identity")));
  ExpectRefused(data(), dir_.File("other-identity"), "is not in the identity folder", "--identity");
}

TEST_F(CheckpointerGuardTest, ACheckpointLogOfAnotherLedgerIsRefused) {
  SCRUTINY_ASSERT_OK(TryOpen(dir_.File("other"), dir_.File("other-identity")));
  fs::copy_file(dir_.File("other-identity/checkpoints"), identity() + "/checkpoints",
                fs::copy_options::overwrite_existing);
  ExpectRefused("is not this ledger's", "--identity");
}

// A log whose last note does not verify: somebody changed it, and the frame with it.
TEST_F(CheckpointerGuardTest, ACheckpointThatNoKeyOfTheLedgerSignedIsRefused) {
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, keys->OpenLog());
    std::string note = log->newest();
    note[note.size() - 10] = note[note.size() - 10] == 'A' ? 'B' : 'A';
    SCRUTINY_ASSERT_OK(log->Append(note));
  }
  ExpectRefused("is not this ledger's", "--identity");
}

TEST_F(CheckpointerGuardTest, AKeyFileOpenToOthersIsRefused) {
  fs::permissions(identity() + "/key", fs::perms::owner_read | fs::perms::group_read);
  const absl::Status status = TryOpen().status();
  EXPECT_THAT(status, FailsWith(Reason::kNotAuthorised));
  EXPECT_THAT(InfoOf(status).next, HasSubstr("chmod 600"));
}

TEST_F(CheckpointerGuardTest, AFolderThatHasSignedIsNotUsedForANewLedger) {
  fs::remove_all(data());
  const absl::Status status = TryOpen().status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("restore it from a backup"));
  // Nothing of a new ledger is left, and the old one can be put back.
  fs::remove_all(data());
  CopyFolder(dir_.File("old"), data());
  ExpectRefused("older than what was signed", "--restore");
}

// --- A ledger that names no key yet.

class CheckpointerFirstKeyTest : public SignedLedgerTest {
 protected:
  // Begun by a server that signs nothing.
  void SetUp() override {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, OpenLedgerAlone(data()));
    AppendTo(*ledger, 3);
    SCRUTINY_ASSERT_OK(ledger->Close());
  }
  event::v1::LogKeyRotated Named(Sequence sequence) {
    const auto bytes = log().EntryBytes(sequence);
    SCRUTINY_EXPECT_OK(bytes);
    return ParseEntry(*bytes).value().proposed().log_key_rotated();
  }
};

TEST_F(CheckpointerFirstKeyTest, ItsFirstKeyIsNamedInAnEntryOfTheServer) {
  Open();
  ASSERT_EQ(log().size(), TreeSize(5));
  EXPECT_EQ(Named(Sequence(4)).new_key(), log().identity().log_key);
  EXPECT_EQ(Named(Sequence(4)).old_key(), "");
  EXPECT_EQ(KeyOf(log().identity().log_key).name, kTestOrigin);
  EXPECT_EQ(checkpointer().newest()->checkpoint.size, TreeSize(5));
  Close();
  Open();
  EXPECT_EQ(log().size(), TreeSize(5)) << "once";
}

TEST_F(CheckpointerFirstKeyTest, AnInterruptionBeforeItWasNamedLeavesTheSameKey) {
  std::string made;
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(made, keys->MakeKey(kTestOrigin, random_));
  }
  Open();
  EXPECT_EQ(log().identity().log_key, made);
}

TEST_F(CheckpointerFirstKeyTest, AFolderThatSignedAnotherLedgerIsRefused) {
  SCRUTINY_ASSERT_OK(TryOpen(dir_.File("other"), identity()));
  EXPECT_THAT(TryOpen(), HasCode(absl::StatusCode::kFailedPrecondition));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, OpenLedgerAlone(data()));
  EXPECT_EQ(ledger->size(), TreeSize(4)) << "nothing was recorded";
}

// --- Another incarnation.

class CheckpointerIncarnationTest : public CheckpointerGuardTest {
 protected:
  void SetUp() override {
    CheckpointerGuardTest::SetUp();
    ReplaceFolder(data(), dir_.File("old"));
  }
};

TEST_F(CheckpointerIncarnationTest, GoesOnUnderAnotherOriginAndKeyAndSaysSo) {
  std::string first_key;
  std::string last_known;
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(last_known, keys->NewestCheckpoint());
    first_key = ToString(KeysOf(*keys).at(0));
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger next, TryOpen(data(), identity(), Next()));
  const LedgerIdentity identity = next.ledger->identity();
  EXPECT_EQ(identity.incarnation, 2u);
  EXPECT_EQ(identity.origin, absl::StrCat(kTestOrigin, "/2"));
  EXPECT_NE(identity.log_key, first_key);
  EXPECT_THAT(identity.log_keys_before, ::testing::IsEmpty());
  ASSERT_EQ(next.ledger->size(), TreeSize(4));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes, next.ledger->EntryBytes(Sequence(3)));
  const event::v1::IncarnationStarted started =
      ParseEntry(bytes).value().proposed().incarnation_started();
  EXPECT_EQ(started.previous_checkpoint(), last_known);
  EXPECT_EQ(started.reason(), "The disk was lost.");
  EXPECT_EQ(started.log_key(), identity.log_key);
  // Signed under the new name alone.
  const PublishedCheckpointPtr newest = next.checkpointer->newest();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint,
                                OpenCheckpoint(newest->note, {{KeyOf(identity.log_key)}}));
  EXPECT_EQ(checkpoint.origin, identity.origin);
  EXPECT_FALSE(OpenCheckpoint(newest->note, {{KeyOf(first_key)}}).ok());
  // What was signed before is kept.
  EXPECT_TRUE(fs::exists(this->identity() + "/key.1"));
  EXPECT_EQ(CheckpointLog::Open(this->identity() + "/checkpoints.1").value()->newest(), last_known);
}

TEST_F(CheckpointerIncarnationTest, FromThenOnItOpensAsAnyOther) {
  SCRUTINY_ASSERT_OK(TryOpen(data(), identity(), Next()));
  Open();
  EXPECT_EQ(log().identity().incarnation, 2u);
  AppendSigned(3);
  Close();
  Open();
  EXPECT_EQ(checkpointer().newest()->checkpoint.origin, absl::StrCat(kTestOrigin, "/2"));
}

// Interrupted between the entry that names the next key and its adoption.
TEST_F(CheckpointerIncarnationTest, AnInterruptionAfterItIsRecordedIsCompleted) {
  std::string next_key;
  {
    NewIncarnation incarnation = Next();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
    incarnation.make_key = [&](absl::string_view origin) {
      return keys->MakeNextKey(origin, random_);
    };
    LedgerOptions options;
    options.data = data();
    options.clock = &clock_;
    options.new_incarnation = incarnation;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto ledger, Ledger::Open(options));
    next_key = ledger->identity().log_key;
    EXPECT_EQ(keys->next_key().value(), next_key);
    SCRUTINY_ASSERT_OK(ledger->Close());
  }
  Open();
  ASSERT_NE(opened_, nullptr);
  EXPECT_EQ(log().identity().log_key, next_key);
  EXPECT_EQ(log().identity().incarnation, 2u);
  EXPECT_EQ(keys().next_key().value(), "");
  EXPECT_EQ(NewestLogged(keys()).origin, absl::StrCat(kTestOrigin, "/2"));
}

// Interrupted before: a key was made that nothing names.
TEST_F(CheckpointerIncarnationTest, AnInterruptionBeforeItIsRecordedChangesNothing) {
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
    SCRUTINY_ASSERT_OK(keys->MakeNextKey(absl::StrCat(kTestOrigin, "/2"), random_));
  }
  ExpectRefused("older than what was signed", "--new-incarnation");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger next, TryOpen(data(), identity(), Next()));
  EXPECT_EQ(next.ledger->identity().incarnation, 2u);
}

TEST_F(CheckpointerIncarnationTest, ForTheSameReasonItIsBegunOnce) {
  for (int i = 0; i < 3; ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger next, TryOpen(data(), identity(), Next()));
    EXPECT_EQ(next.ledger->identity().incarnation, 2u);
    AppendTo(*next.ledger, 3);
  }
}

TEST_F(CheckpointerIncarnationTest, AnotherOneCountsOn) {
  SCRUTINY_ASSERT_OK(TryOpen(data(), identity(), Next()));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger third,
                                TryOpen(data(), identity(), Next("It was lost once more.")));
  EXPECT_EQ(third.ledger->identity().incarnation, 3u);
  EXPECT_EQ(third.ledger->identity().origin, absl::StrCat(kTestOrigin, "/3"));
  EXPECT_EQ(third.checkpointer->newest()->checkpoint.origin, absl::StrCat(kTestOrigin, "/3"));
}

// Restored again from before the incarnation, and begun again: the same number, another key.
TEST_F(CheckpointerIncarnationTest, TheSameNumberAgainHasItsOwnKeyAndLog) {
  std::string first;
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger next, TryOpen(data(), identity(), Next()));
    first = next.ledger->identity().log_key;
    AppendTo(*next.ledger, 4);
  }
  ReplaceFolder(data(), dir_.File("old"));
  NewIncarnation again = Next();
  again.origin = "example.org/ledger-begun-again";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger next, TryOpen(data(), identity(), again));
  EXPECT_EQ(next.ledger->identity().incarnation, 2u);
  EXPECT_NE(next.ledger->identity().log_key, first);
  EXPECT_EQ(next.checkpointer->newest()->checkpoint.origin, again.origin);
  EXPECT_EQ(next.checkpointer->newest()->checkpoint.size, TreeSize(4));
}

TEST_F(CheckpointerIncarnationTest, TheOriginOfTheOneBeforeIsRefused) {
  NewIncarnation next = Next();
  next.origin = kTestOrigin;
  EXPECT_THAT(TryOpen(data(), identity(), next), FailsWith(Reason::kMalformed));
  ExpectRefused("older than what was signed", "--new-incarnation");
}

TEST_F(CheckpointerIncarnationTest, ItNeedsNeitherTheOldKeyNorTheOldLog) {
  fs::remove(identity() + "/key");
  fs::remove(identity() + "/checkpoints");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger next, TryOpen(data(), identity(), Next()));
  EXPECT_EQ(next.checkpointer->newest()->checkpoint.size, TreeSize(4));
}

}  // namespace
}  // namespace scrutiny::ledger
