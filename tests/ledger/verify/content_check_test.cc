#include "ledger/verify/content_check.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/verify/verify_log.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tests/ledger/verify/test_log.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::MemoryLog;
using ::scrutiny::testing::TestLog;
using ::scrutiny::testing::TestSigner;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Change = TestLog::Change;

LogReport Verify(const TestLog& log) {
  MemoryLog files(log.Files());
  VerifyOptions options;
  options.trust = log.trust();
  options.threads = 2;
  absl::StatusOr<LogReport> report = VerifyLog(files, options);
  EXPECT_THAT(report, IsOk());
  return *std::move(report);
}

// What is told of a log that is signed as it is.
std::vector<std::string> Told(const TestLog& log) {
  std::vector<std::string> told;
  for (const Damage& damage : Verify(log).damages) {
    EXPECT_EQ(damage.kind, DamageKind::kContent);
    told.push_back(damage.what);
  }
  return told;
}

event::v1::Assigned& Assigned(event::v1::Entry& entry) { return *entry.mutable_assigned(); }

// An ordinary log with one entry made wrong in its middle.
std::vector<std::string> ToldOf(const Change& change) {
  TestLog log;
  log.FillTo(40);
  log.Append({"actions/spab/7"});  // entry 40
  log.Append({"actions/spab/7"}, change);
  log.Append({"actions/spab/8", "actions/spab/9", "actions/spab/10"});
  log.FillTo(60);
  return Told(log);
}

TEST(ContentCheckTest, AnHonestLogContradictsNothing) { EXPECT_THAT(ToldOf(nullptr), IsEmpty()); }

// Each slip is properly signed: only what the entries say of themselves gives it away. It is told
// once, and what follows is not blamed.
TEST(ContentCheckTest, EachContradictionIsFoundAndNamed) {
  const std::vector<std::pair<Change, std::string>> slips = {
      {[](auto& e) { Assigned(e).set_sequence(42); }, "it says that it is entry 42"},
      {[](auto& e) { Assigned(e).set_previous(39); },
       "the entry before it in its record is said to be entry 39, and is entry 40"},
      {[](auto& e) { Assigned(e).clear_previous(); },
       "the entry before it in its record is said to be none, and is entry 40"},
      {[](auto& e) { Assigned(e).set_append_first(40); },
       "its append is said to begin at entry 40, and begins with it"},
      {[](auto& e) { Assigned(e).set_recorded_at_us(1); },
       "it is said to be recorded on 1 January 1970 at 00:00:00 UTC, before the entry in front of "
       "it, of 18 March 2019 at 10:00:00 UTC"},
      {[](auto& e) { Assigned(e).set_entry_id("x"); }, "its id is not of 16 bytes"},
  };
  for (const auto& [change, what] : slips) {
    EXPECT_THAT(ToldOf(change),
                ElementsAre(absl::StrCat("Entry 41 (actions/spab/7): ", what, ".")));
  }
}

TEST(ContentCheckTest, AGapInARecordIsFound) {
  TestLog log;
  log.FillTo(10);
  log.Append({"actions/spab/100"});
  log.Append({"actions/spab/100"}, [](auto& e) { Assigned(e).set_revision(3); });
  EXPECT_THAT(
      Told(log),
      ElementsAre("Entry 11 (actions/spab/100): its revision is 3, and 2 is the next of its "
                  "record."));
}

// An entry was left out before it was signed: the record's next one still counts it.
TEST(ContentCheckTest, AnEntryLeftOutIsFoundByTheNextOfItsRecord) {
  TestLog whole;
  whole.Start();
  whole.Append({"actions/spab/1"});
  whole.Append({"actions/spab/1"});
  whole.Append({"actions/spab/1"});
  TestLog cut;
  for (const uint64_t i : {0, 1, 3}) cut.AddRaw(whole.entry(i));
  std::string told;
  for (const std::string& what : Told(cut)) absl::StrAppend(&told, what, "\n");
  EXPECT_THAT(told, HasSubstr("Entry 2 (actions/spab/1): it says that it is entry 3."));
  EXPECT_THAT(told, HasSubstr("its revision is 3, and 2 is the next of its record."));
  EXPECT_THAT(told, HasSubstr("is said to be entry 2, and is entry 1."));
  EXPECT_THAT(told, HasSubstr("it is said to be number 3 of type 68, and number 2 is the next."));
  EXPECT_THAT(told, HasSubstr("its append is said to begin at entry 3, and begins with it."));
}

TEST(ContentCheckTest, AGapInAType) {
  TestLog log;
  log.FillTo(10);
  log.Append({"actions/spab/1"}, [](auto& e) { Assigned(e).set_type_ordinal(11); });
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("it is said to be number 11 of type 68, and number "
                                               "10 is the next.")));
}

TEST(ContentCheckTest, AnAppendCutShortIsFoundInTheMiddleAndAtTheEnd) {
  TestLog log;
  log.FillTo(10);
  log.Append({"actions/spab/1"}, [](auto& e) { Assigned(e).set_append_count(3); });
  EXPECT_THAT(Told(log), ElementsAre("Entry 10 (actions/spab/1): the append of 3 entries from "
                                     "entry 10 on is cut short behind it."));
  log.Append({"actions/spab/2"});
  EXPECT_THAT(Told(log), ElementsAre("Entry 11 (actions/spab/2): the append of 3 entries from "
                                     "entry 10 on is cut short before it."));
}

TEST(ContentCheckTest, EntriesOfOneAppendAreOfOneRequest) {
  TestLog log;
  log.Start();
  log.Append({"actions/spab/1", "actions/spab/2", "actions/spab/3"}, [](auto& e) {
    if (e.assigned().sequence() == 2) Assigned(e).set_request_id("another");
  });
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("Entry 2 (actions/spab/2): it is of another request "
                                               "than entry 1")));
  TestLog counts;
  counts.Start();
  counts.Append({"actions/spab/1", "actions/spab/2"}, [](auto& e) {
    if (e.assigned().sequence() == 2) Assigned(e).set_append_count(1);
  });
  EXPECT_THAT(Told(counts),
              ElementsAre(HasSubstr("is cut short before it"),
                          HasSubstr("its append is said to begin at entry 1, and begins with it")));
}

TEST(ContentCheckTest, BytesThatAreNoEntryAreFound) {
  TestLog log;
  log.FillTo(10);
  log.AddRaw("\xff no entry");
  EXPECT_THAT(Told(log), ElementsAre("Entry 10: its bytes are no entry."));
}

TEST(ContentCheckTest, TheFirstEntryStartsTheLedgerAndNoOtherDoes) {
  TestLog without;
  without.Append({"actions/spab/1"});
  EXPECT_THAT(Told(without), ElementsAre(HasSubstr("it is the first and does not start the ledger"),
                                         HasSubstr("their origin is \"\"")));
  TestLog twice;
  twice.Start();
  twice.Start();
  EXPECT_THAT(Told(twice), ElementsAre(HasSubstr("it starts the ledger and is not the first"),
                                       HasSubstr("it is of incarnation 1, and 2 is the next")));
}

event::v1::Proposed Incarnation(uint32_t number, const std::string& origin,
                                const std::string& ledger_id = std::string(16, 'L')) {
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  event::v1::IncarnationStarted& started = *proposed.mutable_incarnation_started();
  started.set_ledger_id(ledger_id);
  started.set_incarnation(number);
  started.set_origin(origin);
  started.set_format_version(1);
  started.set_hash_algorithm("sha256");
  return proposed;
}

TEST(ContentCheckTest, TheCheckpointIsOfTheIncarnationThatIsCurrent) {
  TestLog log;
  log.FillTo(5);
  log.AppendFact(Incarnation(2, "other.example.org"));
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("their origin is \"other.example.org\", and the "
                                               "checkpoint is of \"scrutiny.example.org\"")));
  log.AppendFact(Incarnation(3, testing::kTestOrigin));
  EXPECT_THAT(Told(log), IsEmpty());
  EXPECT_EQ(Verify(log).incarnation, 3u);
}

TEST(ContentCheckTest, AnIncarnationOfAnotherLedgerOrVersionIsFound) {
  TestLog log;
  log.FillTo(5);
  log.AppendFact(Incarnation(2, testing::kTestOrigin, std::string(16, 'M')));
  event::v1::Proposed later = Incarnation(3, testing::kTestOrigin, std::string(16, 'M'));
  later.mutable_incarnation_started()->set_hash_algorithm("md5");
  log.AppendFact(later);
  log.AppendFact(Incarnation(3, testing::kTestOrigin, std::string(16, 'M')));
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("it is of another ledger"),
                                     HasSubstr("the hash md5, which this program does not know"),
                                     HasSubstr("it is of incarnation 3, and 4 is the next")));
}

// --- Keys.

event::v1::Proposed Rotation(const std::string& old_key, const std::string& new_key,
                             int64_t until_us = 1'800'000'000'000'000) {
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  event::v1::LogKeyRotated& rotated = *proposed.mutable_log_key_rotated();
  rotated.set_old_key(old_key);
  rotated.set_new_key(new_key);
  rotated.set_both_sign_until_us(until_us);
  return proposed;
}

std::string VkeyOf(uint8_t seed) {
  return ToString(TestSigner(testing::kTestOrigin, KeyType::kEd25519, seed).verifier());
}

TEST(ContentCheckTest, ANewerKeyIsPointedOut) {
  TestLog log;
  const std::string own = ToString(log.signer().verifier());
  log.Start(own);
  log.Append({"actions/spab/1"});
  EXPECT_THAT(Verify(log).notices, IsEmpty());
  log.AppendFact(Rotation(own, VkeyOf(8)));
  const LogReport report = Verify(log);
  EXPECT_TRUE(report.verified());
  EXPECT_THAT(report.notices,
              ElementsAre(::testing::AllOf(
                  HasSubstr(absl::StrCat("There is a newer key: entry 2 names ", VkeyOf(8))),
                  HasSubstr("The key you gave signs until 15 January 2027"))));
}

TEST(ContentCheckTest, AKeyThatTheLedgerNeverNamedIsPointedOut) {
  TestLog log;
  log.Start(VkeyOf(8));
  const LogReport report = Verify(log);
  EXPECT_TRUE(report.verified());
  EXPECT_THAT(report.notices, ElementsAre(HasSubstr("is none that the ledger's own entries name")));
}

TEST(ContentCheckTest, ARotationFromAKeyThatWasNotInUseIsFound) {
  TestLog log;
  log.Start(VkeyOf(8));
  log.AppendFact(Rotation(VkeyOf(9), VkeyOf(7)));
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("it replaces the key scrutiny.example.org+")));
  TestLog first;
  first.Start();
  first.AppendFact(Rotation("", ToString(first.signer().verifier())));
  EXPECT_THAT(Told(first), IsEmpty());
  first.AppendFact(Rotation(ToString(first.signer().verifier()), "no key"));
  EXPECT_THAT(Told(first), ElementsAre(HasSubstr("the verifier key that it names is none")));
}

// --- Seals.

void AddSeal(event::v1::Entry& entry, char id) {
  event::v1::Seal& seal = *entry.add_seals();
  seal.set_seal_id(std::string(16, id));
  seal.set_commitment(std::string(32, 'c'));
  seal.set_ciphertext_sha256(std::string(32, 'h'));
  seal.set_ciphertext_bytes(92);
}

event::v1::Proposed Erasure(uint64_t sequence, uint32_t index, const std::string& id) {
  event::v1::Proposed proposed;
  proposed.set_record("ledger/erasures");
  event::v1::SealPlace& place = *proposed.mutable_seals_erased()->add_seals();
  place.set_sequence(sequence);
  place.set_index(index);
  place.set_seal_id(id);
  return proposed;
}

TEST(ContentCheckTest, AnErasureNamesSealsThatExist) {
  TestLog log;
  log.Start();
  log.Append({"persons/1"}, [](auto& e) {
    AddSeal(e, 'a');
    AddSeal(e, 'b');
  });
  log.AppendFact(Erasure(1, 1, std::string(16, 'b')));
  const LogReport report = Verify(log);
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.seals, 2u);
  EXPECT_EQ(report.seals_erased, 1u);
  log.AppendFact(Erasure(1, 0, std::string(16, 'b')));
  log.AppendFact(Erasure(0, 1, std::string(16, 'b')));
  log.AppendFact(Erasure(1, 1, std::string(16, 'c')));
  log.AppendFact(Erasure(1, 1, "b"));
  EXPECT_EQ(Told(log).size(), 4u);
  EXPECT_THAT(Told(log)[0], HasSubstr("it erases seal 0 of entry 1, and no seal of that id stands "
                                      "there"));
}

// After a restore from an older copy the server records an erasure again.
TEST(ContentCheckTest, AnErasureThatIsRecordedAgainCountsOnce) {
  TestLog log;
  log.Start();
  log.Append({"persons/1"}, [](auto& e) { AddSeal(e, 'a'); });
  log.AppendFact(Erasure(1, 0, std::string(16, 'a')));
  log.AppendFact(Erasure(1, 0, std::string(16, 'a')));
  const LogReport report = Verify(log);
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.seals_erased, 1u);
}

TEST(ContentCheckTest, WhatIsOfTheLedgerStandsOnItsRecords) {
  TestLog log;
  log.Start();
  log.Append({"persons/1"}, [](auto& e) { AddSeal(e, 'a'); });
  event::v1::Proposed erasure = Erasure(1, 0, std::string(16, 'a'));
  erasure.set_record("actions/spab/1");
  log.AppendFact(erasure);
  event::v1::Proposed clock;
  clock.set_record("actions/spab/1");
  clock.mutable_clock_confirmed()->set_reason("set by hand");
  log.AppendFact(clock);
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("is of the ledger itself and not on "
                                               "ledger/erasures"),
                                     HasSubstr("is of the ledger itself and not on "
                                               "ledger/identity")));
  TestLog right;
  right.Start();
  clock.set_record("ledger/identity");
  right.AppendFact(clock);
  EXPECT_THAT(Told(right), IsEmpty());
}

TEST(ContentCheckTest, EntriesOfLaterVersionsAreCounted) {
  TestLog log;
  log.Start();
  log.Append({"actions/spab/1"}, [](auto& e) {
    e.mutable_proposed()->clear_withdrawn();
    e.mutable_proposed()->MergeFromString(std::string("\xc2\x3e\x01x", 4));
    Assigned(e).set_fact_type(1000);
  });
  const LogReport report = Verify(log);
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.unknown_types, 1u);
  EXPECT_THAT(report.notices, ElementsAre(HasSubstr("1 entry is of types that this program does "
                                                    "not know")));
}

TEST(ContentCheckTest, ASealsIdIsUsedOnce) {
  TestLog log;
  log.Start();
  log.Append({"persons/1"}, [](auto& e) { AddSeal(e, 'a'); });
  log.Append({"persons/2"}, [](auto& e) { AddSeal(e, 'a'); });
  EXPECT_THAT(Told(log), ElementsAre(HasSubstr("seal 0 has the id of seal 0 of entry 1")));
}

// Damage to bytes makes entries contradict others by accident: only the damage is told.
TEST(ContentCheckTest, WhatStandsBehindADamagedEntryIsNotJudged) {
  TestLog log;
  log.FillTo(20);
  log.Append({"actions/spab/1"}, [](auto& e) { Assigned(e).set_revision(99); });
  MemoryLog files(log.Files());
  std::string& bundle = files.files()["tile/entries/000.p/21"];
  bundle[bundle.find("actions/spab") + 5] ^= 1;
  VerifyOptions options;
  options.trust = log.trust();
  const absl::StatusOr<LogReport> report = VerifyLog(files, options);
  ASSERT_THAT(report, IsOk());
  ASSERT_EQ(report->damages.size(), 1u);
  EXPECT_EQ(report->damages[0].kind, DamageKind::kEntry);
  EXPECT_THAT(report->notices, ElementsAre(HasSubstr("was judged up to entry ")));
}

TEST(ContentCheckTest, EntriesThatNobodySignedAreNotJudged) {
  TestLog log;
  log.FillTo(20);
  log.Append({"actions/spab/1"}, [](auto& e) { Assigned(e).set_revision(99); });
  TestLog other;
  other.FillTo(21);
  MemoryLog files(log.Files());
  files.files()["checkpoint"] = other.Checkpoint();
  VerifyOptions options;
  options.trust = log.trust();
  const absl::StatusOr<LogReport> report = VerifyLog(files, options);
  ASSERT_THAT(report, IsOk());
  ASSERT_EQ(report->damages.size(), 1u);
  EXPECT_EQ(report->damages[0].kind, DamageKind::kRoot);
  EXPECT_THAT(report->notices, ElementsAre(HasSubstr("was not judged")));
}

TEST(ContentCheckTest, MoreThanCanBeToldIsCounted) {
  TestLog log;
  log.Start();
  for (uint64_t i = 0; i < kDamagesMax + 10; ++i) {
    log.Append({"actions/spab/1"}, [](auto& e) { Assigned(e).set_entry_id("x"); });
  }
  const LogReport report = Verify(log);
  EXPECT_EQ(report.damages.size(), kDamagesMax);
  EXPECT_EQ(report.damages_total, kDamagesMax + 10);
}

}  // namespace
}  // namespace scrutiny::ledger
