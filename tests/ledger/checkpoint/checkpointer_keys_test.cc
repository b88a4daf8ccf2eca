// Changing the key that signs: recorded, the old one signing beside it for its time, the same
// change once however often it is asked for.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/entry_codec.h"
#include "tests/ledger/checkpoint/signed_ledger.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::CopyFolder;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::LocalPrincipal;
using ::scrutiny::testing::SignedLedger;
using ::scrutiny::testing::SignedLedgerTest;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class CheckpointerKeysTest : public SignedLedgerTest {
 protected:
  void SetUp() override {
    Open();
    first_ = log().identity().log_key;
  }

  absl::StatusOr<Checkpointer::Rotation> Rotate(const std::string& request_id,
                                                const std::string& reason = "A year has passed.") {
    return checkpointer().RotateKey(LocalPrincipal(), request_id, reason);
  }
  std::string RotateTo(const std::string& request_id) {
    const auto rotation = Rotate(request_id);
    SCRUTINY_EXPECT_OK(rotation);
    return rotation.ok() ? rotation->verifier_key : "";
  }
  // The keys whose signatures are under the newest checkpoint, in order.
  std::vector<std::string> SignedBy(const std::vector<std::string>& keys) {
    const absl::StatusOr<SignedNote> note = ParseNote(checkpointer().newest()->note);
    SCRUTINY_EXPECT_OK(note);
    std::vector<std::string> by;
    for (const std::string& key : keys) {
      const auto verified = VerifyNote(*note, {{KeyOf(key)}});
      if (verified.ok()) by.push_back(key);
    }
    EXPECT_EQ(by.size(), note->signatures.size()) << "nobody else signed";
    return by;
  }

  std::string first_;
};

TEST_F(CheckpointerKeysTest, AChangeIsRecordedAndBothSign) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpointer::Rotation rotation, Rotate("rotate-1"));
  EXPECT_NE(rotation.verifier_key, first_);
  EXPECT_EQ(rotation.sequence, Sequence(1));
  EXPECT_EQ(rotation.both_sign_until_us, clock_.WallMicros() + kBothKeysSignMicros);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes, log().EntryBytes(rotation.sequence));
  const event::v1::Entry entry = ParseEntry(bytes).value();
  const event::v1::LogKeyRotated& rotated = entry.proposed().log_key_rotated();
  EXPECT_EQ(rotated.new_key(), rotation.verifier_key);
  EXPECT_EQ(rotated.old_key(), first_);
  EXPECT_EQ(rotated.both_sign_until_us(), rotation.both_sign_until_us);
  EXPECT_EQ(rotated.reason(), "A year has passed.");
  EXPECT_EQ(entry.assigned().principal().id(), LocalPrincipal().id());
  EXPECT_EQ(log().identity().log_key, rotation.verifier_key);
  EXPECT_THAT(checkpointer().status().verifier_keys, ElementsAre(rotation.verifier_key, first_));
  AppendSigned();
  EXPECT_THAT(SignedBy({rotation.verifier_key, first_}),
              ElementsAre(rotation.verifier_key, first_));
}

TEST_F(CheckpointerKeysTest, TheNewKeyIsTheOldOnesLedger) {
  const std::string second = RotateTo("rotate-1");
  EXPECT_EQ(KeyOf(second).name, KeyOf(first_).name);
  AppendSigned();
  for (const std::string& key : {first_, second}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint,
                                  OpenCheckpoint(checkpointer().newest()->note, {{KeyOf(key)}}));
    EXPECT_EQ(checkpoint.size, log().size());
  }
}

TEST_F(CheckpointerKeysTest, TheOldKeySignsUntilItsTimeAndNotLonger) {
  constexpr int64_t kMinuteMicros = 60'000'000;
  const std::string second = RotateTo("rotate-1");
  clock_.Advance(kBothKeysSignMicros - kMinuteMicros);
  AppendSigned();
  EXPECT_THAT(SignedBy({second, first_}), ElementsAre(second, first_));
  clock_.Advance(kMinuteMicros);
  AppendSigned();
  EXPECT_THAT(SignedBy({second, first_}), ElementsAre(second));
  EXPECT_THAT(checkpointer().status().verifier_keys, ElementsAre(second));
}

TEST_F(CheckpointerKeysTest, OpenedAgainTheKeysAreWhatTheEntriesSay) {
  const std::string second = RotateTo("rotate-1");
  Close();
  Open();
  EXPECT_THAT(SignedBy({second, first_}), ElementsAre(second, first_));
  Append();
  Close();
  clock_.Advance(kBothKeysSignMicros);
  Open();
  EXPECT_THAT(SignedBy({second, first_}), ElementsAre(second));
}

TEST_F(CheckpointerKeysTest, TheSameRequestGivesTheSameKey) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpointer::Rotation rotation, Rotate("rotate-1"));
  const TreeSize size = log().size();
  for (int round = 0; round < 2; ++round) {
    clock_.Advance(1'000'000);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpointer::Rotation again, Rotate("rotate-1"));
    EXPECT_EQ(again.verifier_key, rotation.verifier_key);
    EXPECT_EQ(again.sequence, rotation.sequence);
    EXPECT_EQ(again.both_sign_until_us, rotation.both_sign_until_us);
    EXPECT_EQ(log().size(), size);
    EXPECT_THAT(KeysOf(keys()), SizeIs(2));
    Close();
    Open();
  }
}

TEST_F(CheckpointerKeysTest, ARequestIdOfSomethingElseIsRefused) {
  SCRUTINY_ASSERT_OK(log().AppendAndWait(
      testing::AppendOf("used", {testing::ActionRaised("actions/test/1", "A")})));
  EXPECT_THAT(Rotate("used"), FailsWith(Reason::kRequestIdReused));
  EXPECT_EQ(log().identity().log_key, first_);
}

TEST_F(CheckpointerKeysTest, AChangeThatCannotBeRecordedMakesNoKey) {
  EXPECT_FALSE(Rotate("not an id!").ok());
  EXPECT_FALSE(Rotate("rotate-1", std::string(100'000, 'x')).ok());
  EXPECT_THAT(KeysOf(keys()), SizeIs(1));
  EXPECT_EQ(log().identity().log_key, first_);
}

// The key is on the disk before the entry that names it: interrupted in between, the old one goes
// on, and the next change takes the key that is there.
TEST_F(CheckpointerKeysTest, AnInterruptionBeforeItIsRecordedLeavesTheOldKey) {
  Close();
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto keys, Identity::Open(identity()));
    SCRUTINY_ASSERT_OK(
        keys->MakeRotatedKey(testing::kTestOrigin, std::vector<std::string>{first_}, random_));
  }
  Open();
  EXPECT_EQ(log().identity().log_key, first_);
  EXPECT_THAT(checkpointer().status().verifier_keys, ElementsAre(first_));
  const std::string second = RotateTo("rotate-1");
  EXPECT_THAT(KeysOf(keys()), SizeIs(2));
  EXPECT_THAT(checkpointer().status().verifier_keys, ElementsAre(second, first_));
}

TEST_F(CheckpointerKeysTest, ManyChangesAllSignUntilTheirTime) {
  const int64_t day = int64_t{24} * 3600 * 1'000'000;
  const std::string second = RotateTo("rotate-1");
  clock_.Advance(30 * day);
  const std::string third = RotateTo("rotate-2");
  AppendSigned();
  EXPECT_THAT(SignedBy({third, second, first_}), ElementsAre(third, second, first_));
  clock_.Advance(60 * day);
  AppendSigned();
  EXPECT_THAT(SignedBy({third, second, first_}), ElementsAre(third, second));
  clock_.Advance(30 * day);
  AppendSigned();
  EXPECT_THAT(SignedBy({third, second, first_}), ElementsAre(third));
}

// Goal: a crash right after several changes leaves a ledger that opens, though its newest logged
// checkpoint is signed by a key from before all of them. Method: a copy of both folders, taken
// while the clock stands, so that nothing is signed in between.
TEST_F(CheckpointerKeysTest, ACrashAfterSeveralChangesLeavesALedgerThatOpens) {
  AppendSigned();
  for (int i = 0; i < 3; ++i) RotateTo(absl::StrCat("rotate-", i));
  EXPECT_EQ(NewestLogged(keys()).size, TreeSize(2)) << "nothing was signed since";
  CopyFolder(data(), dir_.File("crashed"));
  CopyFolder(identity(), dir_.File("crashed-identity"));
  std::filesystem::remove(dir_.File("crashed/log/LOCK"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(SignedLedger after,
                                TryOpen(dir_.File("crashed"), dir_.File("crashed-identity")));
  EXPECT_EQ(after.checkpointer->newest()->checkpoint.size, TreeSize(5));
}

TEST_F(CheckpointerKeysTest, ABackupsManifestIsSignedByTheNewestKeyAlone) {
  const std::string second = RotateTo("rotate-1");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string text, checkpointer().SignText("manifest\n"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SignedNote note, ParseNote(text));
  EXPECT_THAT(note.signatures, SizeIs(1));
  SCRUTINY_EXPECT_OK(VerifyNote(note, {{KeyOf(second)}}));
}

}  // namespace
}  // namespace scrutiny::ledger
