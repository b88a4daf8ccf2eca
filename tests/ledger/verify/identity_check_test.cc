#include "ledger/verify/identity_check.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/verify/verify_log.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::kTestOrigin;
using ::scrutiny::testing::MemoryLog;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kOldOrigin[] = "old.example.org";

Signer OldKey() { return TestSigner(kOldOrigin, KeyType::kEd25519, 5); }
std::string OwnKey() { return ToString(TestSigner(kTestOrigin, KeyType::kEd25519, 7).verifier()); }
std::string VkeyOf(uint8_t seed, KeyType type = KeyType::kEd25519,
                   const std::string& name = kTestOrigin) {
  return ToString(TestSigner(name, type, seed).verifier());
}

LogReport Verify(const TestLog& log, const std::string& note = "") {
  testing::LogFiles out_of = log.Files();
  if (!note.empty()) out_of["checkpoint"] = note;
  MemoryLog files(std::move(out_of));
  VerifyOptions options;
  options.trust = log.trust();
  options.threads = 2;
  absl::StatusOr<LogReport> report = VerifyLog(files, options);
  EXPECT_THAT(report, IsOk());
  return *std::move(report);
}

std::vector<std::string> Told(const LogReport& report) {
  std::vector<std::string> told;
  for (const Damage& damage : report.damages) told.push_back(damage.what);
  return told;
}

// A checkpoint as the ledger's earlier incarnation signed it.
std::string SignedOld(uint64_t size, const Hash& root, const Signer& signer = OldKey(),
                      const std::string& origin = kOldOrigin) {
  SignedNote note;
  note.text = Format(Checkpoint{origin, TreeSize(size), root, {}});
  note.signatures.push_back(SignNote(note.text, signer));
  return Format(note);
}

// A ledger of ten entries that was started under another origin and goes on, from entry 10, as the
// one that signs the test log.
class EarlierIncarnationTest : public ::testing::Test {
 protected:
  EarlierIncarnationTest() { Begin(); }

  void Begin() {
    log_ = TestLog();
    event::v1::Proposed proposed;
    proposed.set_record(kIdentityRecord);
    event::v1::LedgerStarted& started = *proposed.mutable_ledger_started();
    started.set_ledger_id(std::string(16, 'L'));
    started.set_incarnation(1);
    started.set_origin(kOldOrigin);
    started.set_format_version(1);
    started.set_hash_algorithm("sha256");
    started.set_log_key(ToString(OldKey().verifier()));
    log_.AppendFact(proposed);
    while (log_.size() < 10) log_.Append({"actions/spab/1"});
  }

  LogReport GoOnFrom(const std::string& checkpoint, uint32_t incarnation = 2) {
    event::v1::Proposed proposed;
    proposed.set_record(kIdentityRecord);
    event::v1::IncarnationStarted& started = *proposed.mutable_incarnation_started();
    started.set_ledger_id(std::string(16, 'L'));
    started.set_incarnation(incarnation);
    started.set_origin(kTestOrigin);
    started.set_format_version(1);
    started.set_hash_algorithm("sha256");
    started.set_log_key(OwnKey());
    started.set_previous_checkpoint(checkpoint);
    started.set_reason("the disk was lost");
    log_.AppendFact(proposed);
    log_.Append({"actions/spab/2"});
    return Verify(log_);
  }

  TestLog log_;
};

TEST_F(EarlierIncarnationTest, OneThatIsHereWholeIsTold) {
  const LogReport report = GoOnFrom(SignedOld(8, log_.Root(8)));
  EXPECT_THAT(Told(report), IsEmpty());
  EXPECT_THAT(report.notices,
              ElementsAre("With entry 10 the ledger was started anew as \"scrutiny.example.org\"; "
                          "before, it was \"old.example.org\" (incarnation 1). The reason given: "
                          "\"the disk was lost\". The last checkpoint that it names of "
                          "old.example.org, of 8 entries, is of the same entries as stand here; "
                          "whether more was signed there, only later checkpoints of it show."));
  ASSERT_EQ(report.earlier.size(), 1u);
  EXPECT_EQ(report.earlier[0].lost, 0u);
}

TEST_F(EarlierIncarnationTest, EverySizeUpToTheEntryIsHeldToTheTree) {
  for (uint64_t size = 0; size <= 10; ++size) {
    EarlierIncarnation earlier;
    earlier.last = Checkpoint{kOldOrigin, TreeSize(size), log_.Root(size), {}};
    while (log_.size() < 300) log_.Append({"actions/spab/2"});
    MemoryLog files(log_.Files());
    const Checkpoint head{kTestOrigin, TreeSize(300), log_.Root(300), {}};
    EXPECT_EQ(*GoesOnFrom(earlier, files, head), true) << size;
    earlier.last->root[0] ^= 1;
    EXPECT_EQ(*GoesOnFrom(earlier, files, head), false) << size;
  }
}

TEST_F(EarlierIncarnationTest, AnotherHistoryIsDamage) {
  for (const uint64_t size : {1u, 8u, 10u}) {
    Begin();
    const LogReport report = GoOnFrom(SignedOld(size, Hash{}));
    EXPECT_THAT(Told(report),
                ElementsAre(absl::StrCat(
                    "Entry 10 (ledger/identity): the checkpoint from which it goes on, of ", size,
                    " entries that were signed under old.example.org, is of other entries than "
                    "those in front of it.")));
    EXPECT_THAT(report.notices, ElementsAre(HasSubstr("it is of another history")));
  }
}

TEST_F(EarlierIncarnationTest, WhatIsLostIsNamed) {
  const LogReport report = GoOnFrom(SignedOld(15, Hash{}));
  EXPECT_THAT(Told(report), IsEmpty());
  EXPECT_THAT(report.notices, ElementsAre(HasSubstr("Entries 10 to 14 were signed under "
                                                    "old.example.org and are not in this "
                                                    "ledger.")));
  ASSERT_EQ(report.earlier.size(), 1u);
  EXPECT_EQ(report.earlier[0].lost, 5u);
  EXPECT_EQ(report.earlier[0].origin, kOldOrigin);
}

TEST_F(EarlierIncarnationTest, OneEntryThatIsLostIsNamed) {
  EXPECT_THAT(GoOnFrom(SignedOld(11, Hash{})).notices,
              ElementsAre(HasSubstr("Entry 10 was signed under old.example.org as another one and "
                                    "is not in this ledger.")));
}

TEST_F(EarlierIncarnationTest, WhereNothingVouchesForTheCheckpointThatIsSaid) {
  EXPECT_THAT(GoOnFrom("").notices, ElementsAre(HasSubstr("cannot be told from the checkpoint "
                                                          "before it: it names none.")));
}

TEST_F(EarlierIncarnationTest, ACheckpointOfAKeyThatNoEntryNamesIsNotTakenForTheEarlierOnes) {
  const LogReport report =
      GoOnFrom(SignedOld(10, log_.Root(10), TestSigner(kOldOrigin, KeyType::kEd25519, 6)));
  EXPECT_THAT(Told(report), IsEmpty());
  EXPECT_THAT(report.notices, ElementsAre(HasSubstr("none of the keys that entries name signed")));
}

TEST_F(EarlierIncarnationTest, ACheckpointOfAnotherOriginIsNotTakenForTheEarlierOnes) {
  const LogReport report = GoOnFrom(SignedOld(
      10, log_.Root(10), TestSigner("third.example", KeyType::kEd25519, 6), "third.example"));
  EXPECT_THAT(Told(report), IsEmpty());
  EXPECT_THAT(report.notices, ElementsAre(HasSubstr("it is of \"third.example\".")));
}

TEST_F(EarlierIncarnationTest, ACheckpointThatIsNoneIsDamage) {
  EXPECT_THAT(Told(GoOnFrom("no checkpoint")),
              ElementsAre("Entry 10 (ledger/identity): the checkpoint from which it goes on is "
                          "none."));
}

TEST_F(EarlierIncarnationTest, ASignatureThatIsWrongIsDamage) {
  SignedNote note = *ParseNote(SignedOld(10, log_.Root(10)));
  note.signatures[0].signature[0] = static_cast<char>(note.signatures[0].signature[0] ^ 1);
  EXPECT_THAT(Told(GoOnFrom(Format(note))),
              ElementsAre(HasSubstr("is not what the key of old.example.org signed")));
}

TEST_F(EarlierIncarnationTest, NumbersRise) {
  EXPECT_THAT(Told(GoOnFrom("", 1)), ElementsAre(HasSubstr("it is of incarnation 1, and 2 is the "
                                                           "next")));
}

// Begun again from an older copy: the number between was another's.
TEST_F(EarlierIncarnationTest, ANumberThatIsLeftOutIsTold) {
  const LogReport report = GoOnFrom("", 3);
  EXPECT_THAT(Told(report), ::testing::IsEmpty());
  EXPECT_THAT(report.notices,
              ::testing::Contains(HasSubstr("as incarnation 3 after incarnation 1")));
}

TEST(IdentityCheckTest, TheFirstIncarnationIsNumberOne) {
  for (const uint32_t number : {0u, 2u, 7u}) {
    TestLog log;
    event::v1::Proposed proposed;
    proposed.set_record(kIdentityRecord);
    event::v1::LedgerStarted& started = *proposed.mutable_ledger_started();
    started.set_ledger_id(std::string(16, 'L'));
    started.set_incarnation(number);
    started.set_origin(kTestOrigin);
    started.set_format_version(1);
    started.set_hash_algorithm("sha256");
    log.AppendFact(proposed);
    EXPECT_THAT(Told(Verify(log)), ElementsAre(HasSubstr("and 1 is the next")));
  }
}

// --- Keys.

event::v1::Proposed Rotation(const std::string& new_key, int64_t until_us) {
  event::v1::Proposed proposed;
  proposed.set_record(kIdentityRecord);
  event::v1::LogKeyRotated& rotated = *proposed.mutable_log_key_rotated();
  rotated.set_old_key(OwnKey());
  rotated.set_new_key(new_key);
  rotated.set_both_sign_until_us(until_us);
  return proposed;
}

constexpr int64_t kBefore = 1;
constexpr int64_t kLongAfter = 1'800'000'000'000'000;

// The log's checkpoint with a line of another of its keys behind it.
std::string AlsoSigned(const TestLog& log, uint8_t seed) {
  SignedNote note = *ParseNote(log.Checkpoint());
  note.signatures.push_back(SignNote(note.text, TestSigner(kTestOrigin, KeyType::kEd25519, seed)));
  return Format(note);
}

TEST(IdentityCheckTest, AKeyThatRetiredDoesNotSignAlone) {
  TestLog log;
  log.Start(OwnKey());
  log.AppendFact(Rotation(VkeyOf(8), kBefore));
  const LogReport alone = Verify(log);
  EXPECT_THAT(
      Told(alone),
      ElementsAre(HasSubstr(absl::StrCat("by then the key ", OwnKey(),
                                         " no longer signed for the ledger, "
                                         "and ",
                                         VkeyOf(8), ", which entry 1 names, did not sign"))));
  const LogReport both = Verify(log, AlsoSigned(log, 8));
  EXPECT_TRUE(both.verified());
  EXPECT_THAT(both.notices, ElementsAre(AllOf(HasSubstr("There is a newer key: entry 1 names"),
                                              Not(HasSubstr("should bear the signature")))));
}

TEST(IdentityCheckTest, TheNewestKeysLineIsMissedWhereItShouldBe) {
  TestLog log;
  log.Start(OwnKey());
  log.AppendFact(Rotation(VkeyOf(8), kLongAfter));
  EXPECT_THAT(Verify(log).notices, ElementsAre(HasSubstr("should bear the signature of the key")));
  EXPECT_THAT(Verify(log, AlsoSigned(log, 8)).notices,
              ElementsAre(Not(HasSubstr("should bear the signature"))));
}

TEST(IdentityCheckTest, ALineOfTheNewestKeyThatIsWrongIsDamage) {
  TestLog log;
  log.Start(OwnKey());
  log.AppendFact(Rotation(VkeyOf(8), kLongAfter));
  SignedNote note = *ParseNote(AlsoSigned(log, 8));
  note.signatures[1].signature[3] = static_cast<char>(note.signatures[1].signature[3] ^ 1);
  EXPECT_THAT(Told(Verify(log, Format(note))), ElementsAre(HasSubstr("is wrong")));
}

TEST(IdentityCheckTest, AKeyThatWasReplacedTwiceIsRetired) {
  TestLog log;
  log.Start(OwnKey());
  log.AppendFact(Rotation(VkeyOf(8), kLongAfter));
  event::v1::Proposed again = Rotation(VkeyOf(9), kLongAfter);
  again.mutable_log_key_rotated()->set_old_key(VkeyOf(8));
  log.AppendFact(again);
  EXPECT_THAT(Told(Verify(log)), ElementsAre(HasSubstr("no longer signed for the ledger")));
  EXPECT_THAT(Verify(log, AlsoSigned(log, 9)).notices,
              ElementsAre(HasSubstr("The key you gave is an older one")));
}

TEST(IdentityCheckTest, AKeyThatIsNamedCanSignForTheOrigin) {
  for (const auto& [key, what] : std::vector<std::pair<std::string, std::string>>{
           {VkeyOf(8, KeyType::kCosignature), "is a witness's"},
           {VkeyOf(8, KeyType::kEd25519, "foreign.example"),
            "is of \"foreign.example\", and the ledger's origin is \"scrutiny.example.org\""},
           {"no key", "is none"}}) {
    TestLog log;
    log.Start(OwnKey());
    log.AppendFact(Rotation(key, kLongAfter));
    EXPECT_THAT(Told(Verify(log)),
                ElementsAre(HasSubstr(absl::StrCat("the verifier key that it names ", what))));
  }
}

TEST(IdentityCheckTest, AKeyThatEntriesDoNotNameIsNotCalledOld) {
  TestLog log;
  log.Start(VkeyOf(8));
  EXPECT_THAT(Verify(log).notices,
              ElementsAre(AllOf(HasSubstr("The ledger's own entries name another key: entry 0"),
                                HasSubstr("Ask whoever gave it to you."))));
}

}  // namespace
}  // namespace scrutiny::ledger
