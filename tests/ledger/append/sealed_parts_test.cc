// Sealed parts of entries: what is recorded in public, what is opened by whom has the key, what the
// same request again may say, and what becomes of damage and of lost keys. Erasing: see
// sealed_erasure_test.cc.
#include "ledger/append/sealed_parts.h"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/prepared.h"
#include "ledger/base/error.h"
#include "ledger/seal/cipher.h"
#include "ledger/store/entry_log.h"
#include "tests/ledger/append/sealed_support.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Entry;
using event::v1::Proposed;
using ::scrutiny::testing::AppendOf;
using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::kContactPath;
using ::scrutiny::testing::kNamePath;
using ::scrutiny::testing::SealedFinding;
using ::scrutiny::testing::SealedTest;
using ::scrutiny::testing::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kName[] = "Ermintrude Quillfeather";
constexpr char kContact[] = "4 Larkspur Row, telephone 01632 960983";

class SealedPartsTest : public SealedTest {
 protected:
  Entry EntryAt(Sequence sequence) {
    const auto bytes = ledger_->EntryBytes(sequence);
    SCRUTINY_EXPECT_OK(bytes);
    return ParseEntry(*bytes).value();
  }
};

// --- Sealing and opening.

TEST_F(SealedPartsTest, APartIsTakenOutOfThePublicEntryAndOpens) {
  const Sequence at = Seal("persons/a", kName, kContact);
  const Entry entry = EntryAt(at);
  EXPECT_EQ(entry.proposed().record(), "findings/icv/seal-1");
  EXPECT_FALSE(absl::StrContains(entry.SerializeAsString(), "persons/a"));
  EXPECT_EQ(entry.proposed().finding_recorded().title(), "Custody visitor");
  EXPECT_EQ(entry.proposed().finding_recorded().personal_detail(), "");
  EXPECT_EQ(entry.proposed().finding_recorded().restricted_detail(), "");
  ASSERT_EQ(entry.seals_size(), 2);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened, seals().Open(at));
  EXPECT_EQ(opened.entry, ledger_->EntryBytes(at).value());
  EXPECT_EQ(opened.merged.finding_recorded().personal_detail(), kName);
  EXPECT_EQ(opened.merged.finding_recorded().restricted_detail(), kContact);
  EXPECT_EQ(opened.merged.finding_recorded().title(), "Custody visitor");
  ASSERT_THAT(opened.parts, SizeIs(2));
  for (size_t i = 0; i < 2; ++i) {
    const SealedParts::Part& part = opened.parts[i];
    EXPECT_EQ(part.state, State::kOpened);
    EXPECT_EQ(part.sealed_for, "persons/a");
    EXPECT_FALSE(part.erased_by.has_value());
    EXPECT_EQ(part.seal.SerializeAsString(), entry.seals(static_cast<int>(i)).SerializeAsString());
    // What is handed on proves itself, without a key.
    const std::string& id = entry.assigned().entry_id();
    const SealContext context({reinterpret_cast<const uint8_t*>(id.data()), id.size()},
                              static_cast<uint8_t>(i));
    Hash commitment;
    std::copy(part.seal.commitment().begin(), part.seal.commitment().end(), commitment.begin());
    EXPECT_TRUE(CommitmentHolds(context.view(), SealIdOf(part.seal).value(), part.salt.view(),
                                part.payload.view(), commitment));
  }
}

TEST_F(SealedPartsTest, AfterReopeningEverythingOpensAsBefore) {
  const Sequence a = Seal("persons/a", kName);
  const Sequence b = Seal("persons/b", "Barnaby Thistlewick");
  for (int i = 0; i < 2; ++i) {
    Reopen();
    EXPECT_EQ(NameIn(a), kName);
    EXPECT_EQ(NameIn(b), "Barnaby Thistlewick");
  }
}

TEST_F(SealedPartsTest, AnEntryWithoutSealedPartsOpensAsItIs) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Receipt receipt,
      ledger_->AppendAndWait(AppendOf("plain", {testing::ActionRaised("actions/test/1", "A")})));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened, seals().Open(receipt.first));
  EXPECT_THAT(opened.parts, IsEmpty());
  EXPECT_EQ(opened.merged.action_raised().title(), "A");
}

TEST_F(SealedPartsTest, AnEntryThatDoesNotExistIsBeyondTheHead) {
  EXPECT_THAT(seals().Open(Sequence(ledger_->size().value())), FailsWith(Reason::kBeyondHead));
}

TEST_F(SealedPartsTest, PartsOfOneFactMayBeForDifferentPeople) {
  NewAppend append = SealedFinding("two", "persons/a", kName, kContact);
  append.facts[0].seals[1].sealed_for = "office";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt, ledger_->AppendAndWait(append));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened, seals().Open(receipt.first));
  EXPECT_EQ(opened.parts[0].sealed_for, "persons/a");
  EXPECT_EQ(opened.parts[1].sealed_for, "office");
}

TEST_F(SealedPartsTest, AWholeFactIsRecordedUnderANameThatTellsNothing) {
  NewAppend append = SealedFinding("whole", "persons/a", kName);
  append.facts[0].seals = {{"", "persons/a"}};
  append.facts.push_back(append.facts[0]);
  append.facts[1].proposed.mutable_finding_recorded()->set_personal_detail("Another");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt, ledger_->AppendAndWait(append));
  for (size_t i = 0; i < 2; ++i) {
    const Entry entry = EntryAt(receipt.first + i);
    EXPECT_TRUE(entry.proposed().has_sealed_fact());
    EXPECT_TRUE(absl::StartsWith(entry.proposed().record(), "sealed/"));
    EXPECT_FALSE(absl::StrContains(entry.SerializeAsString(), "findings/icv"));
    EXPECT_FALSE(absl::StrContains(entry.SerializeAsString(), "Custody visitor"));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened,
                                  seals().Open(receipt.first + i));
    EXPECT_EQ(opened.merged.record(), "findings/icv/whole");
    EXPECT_EQ(opened.merged.finding_recorded().personal_detail(), i == 0 ? kName : "Another");
  }
  EXPECT_NE(receipt.entries[0].record, receipt.entries[1].record) << "each has a name of its own";
}

TEST_F(SealedPartsTest, WithoutKeysNothingIsSealedAndNothingOfItRecorded) {
  Close();
  SCRUTINY_ASSERT_OK(OpenLedger());
  EXPECT_EQ(ledger_->seals(), nullptr);
  const TreeSize size = ledger_->size();
  EXPECT_THAT(ledger_->AppendAndWait(SealedFinding("sealed", "persons/a", kName)),
              FailsWith(Reason::kSealsUnavailable));
  EXPECT_EQ(ledger_->size(), size);
  EXPECT_FALSE(ledger_->HoldsSealed().value());
}

TEST_F(SealedPartsTest, WhetherAnythingIsSealedIsToldWithoutKeys) {
  EXPECT_FALSE(ledger_->HoldsSealed().value());
  Seal("persons/a", kName);
  EXPECT_TRUE(ledger_->HoldsSealed().value());
  Close();
  SCRUTINY_ASSERT_OK(OpenLedger());
  EXPECT_TRUE(ledger_->HoldsSealed().value());
}

TEST_F(SealedPartsTest, AnAppendThatIsOnlyValidatedSealsNothingAndMakesNoKey) {
  NewAppend append = SealedFinding("validated", "persons/a", kName);
  append.validate_only = true;
  const TreeSize size = ledger_->size();
  SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(append));
  append.facts[0].seals = {{"", "persons/a"}};
  SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(append));
  append.facts[0].seals = {{"finding_recorded.nothing", "persons/a"}};
  EXPECT_THAT(ledger_->AppendAndWait(append), FailsWith(Reason::kMalformed));
  EXPECT_EQ(ledger_->size(), size);
  EXPECT_FALSE(seals().HasKey("persons/a"));
  EXPECT_FALSE(ledger_->HoldsSealed().value());
}

// What waits in the queue is bounded by what it holds, not by the few bytes that are public.
TEST_F(SealedPartsTest, WhatIsTakenOutCountsToWhatWaits) {
  SystemRandom random;
  const NewAppend append = SealedFinding("r", "persons/a", std::string(3'000, 'x'));
  EXPECT_GE((*Prepare(append, Author::kClient, random))->sealed_bytes, 3'000u);
}

TEST_F(SealedPartsTest, ARefusedAppendLeavesNoCiphertext) {
  NewAppend append = SealedFinding("refused", "persons/a", kName);
  append.facts[0].expected_revision = Revision(7);
  EXPECT_THAT(ledger_->AppendAndWait(append), FailsWith(Reason::kWrongRevision));
  NewAppend second = SealedFinding("refused-2", "persons/b", kName);
  second.facts.push_back({testing::ActionCompleted("actions/test/none"), Revision(3), {}});
  EXPECT_FALSE(ledger_->AppendAndWait(second).ok());
  EXPECT_FALSE(ledger_->HoldsSealed().value());
  const Sequence kept = Seal("persons/a", kName);
  EXPECT_EQ(NameIn(kept), kName) << "the one after it has its own place";
}

// Goal: no key is made for an append that is refused for certain. Method: each way that is known
// before admission, with a person of its own.
TEST_F(SealedPartsTest, ARefusedAppendMakesNoKey) {
  Seal("persons/a", kName);
  SCRUTINY_ASSERT_OK(
      ledger_->AppendAndWait(AppendOf("raise", {testing::ActionRaised("actions/test/1", "A")})));
  SCRUTINY_ASSERT_OK(ledger_->Index());
  const uint64_t keys = keys_->stats().keys;
  NewAppend malformed = SealedFinding("malformed", "persons/b", kName);
  malformed.facts.push_back(malformed.facts[0]);
  malformed.facts[1].proposed.set_record("not a name");
  EXPECT_THAT(ledger_->AppendAndWait(malformed), FailsWith(Reason::kMalformed));
  NewAppend bad_path = SealedFinding("bad-path", "persons/b", kName);
  bad_path.facts.push_back(bad_path.facts[0]);
  bad_path.facts[1].seals.push_back({"finding_recorded.nothing", "persons/c"});
  EXPECT_THAT(ledger_->AppendAndWait(bad_path), FailsWith(Reason::kMalformed));
  EXPECT_THAT(ledger_->AppendAndWait(SealedFinding("raise", "persons/b", kName)),
              FailsWith(Reason::kRequestIdReused));
  NewAppend late = SealedFinding("late", "persons/b", kName);
  late.facts.push_back({testing::ActionCompleted("actions/test/1"), Revision(0), {}});
  EXPECT_THAT(ledger_->AppendAndWait(late), FailsWith(Reason::kWrongRevision));
  NewAppend guarded = SealedFinding("guarded", "persons/b", kName);
  guarded.guards.push_back({"actions/test/1", Revision(0)});
  EXPECT_THAT(ledger_->AppendAndWait(guarded), FailsWith(Reason::kGuardNotMet));
  EXPECT_EQ(keys_->stats().keys, keys);
  EXPECT_FALSE(seals().HasKey("persons/b"));
}

// What is personal is erased with the person it is about, so it is not sealed for the office.
TEST_F(SealedPartsTest, WhatIsPersonalIsNotSealedForTheOffice) {
  NewAppend append = SealedFinding("r", "persons/a", kName, kContact);
  append.facts[0].seals[1].sealed_for = "office";
  for (const bool whole : {false, true}) {
    NewAppend refused = append;
    if (whole) refused.facts[0].seals = {{"", "office"}};
    refused.facts[0].seals[0].sealed_for = "office";
    const absl::Status status = ledger_->AppendAndWait(refused).status();
    EXPECT_THAT(status, FailsWith(Reason::kMalformed));
    EXPECT_EQ(InfoOf(status).field, "facts[0].seals[0].sealed_for");
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(kName)));
  }
  EXPECT_FALSE(seals().HasKey("office"));
  SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(append));
  EXPECT_TRUE(seals().HasKey("office")) << "what is only restricted is";
}

// --- The same request again.

class SealedRepeatTest : public SealedPartsTest {
 protected:
  void ExpectRepeats(NewAppend append, Sequence first) {
    const TreeSize size = ledger_->size();
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt, ledger_->AppendAndWait(std::move(append)));
    EXPECT_TRUE(receipt.already_recorded);
    EXPECT_EQ(receipt.first, first);
    EXPECT_EQ(ledger_->size(), size);
  }
  void ExpectReused(NewAppend append) {
    const TreeSize size = ledger_->size();
    EXPECT_THAT(ledger_->AppendAndWait(std::move(append)), FailsWith(Reason::kRequestIdReused));
    EXPECT_EQ(ledger_->size(), size);
  }
  // Records it, and returns where.
  Sequence Record(NewAppend append) {
    const auto receipt = ledger_->AppendAndWait(std::move(append));
    SCRUTINY_EXPECT_OK(receipt);
    return receipt.ok() ? receipt->first : Sequence();
  }
};

TEST_F(SealedRepeatTest, WithTheSamePartsItIsTheSameAppend) {
  const NewAppend append = SealedFinding("r", "persons/a", kName, kContact);
  const Sequence first = Record(append);
  for (int i = 0; i < 3; ++i) {
    ExpectRepeats(append, first);
    if (i == 1) Reopen();
  }
}

// The answer is read from the entries: it needs no key, and makes none.
TEST_F(SealedRepeatTest, WithoutKeysItIsStillTheSameAppend) {
  const NewAppend append = SealedFinding("r", "persons/a", kName, kContact);
  const Sequence first = Record(append);
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  ExpectRepeats(append, first);
  EXPECT_FALSE(seals().HasKey("persons/a"));
  Close();
  SCRUTINY_ASSERT_OK(OpenLedger());
  ASSERT_EQ(ledger_->seals(), nullptr);
  ExpectRepeats(append, first);
  EXPECT_THAT(ledger_->AppendAndWait(SealedFinding("r-2", "persons/a", kName)),
              FailsWith(Reason::kSealsUnavailable));
  // With other parts it is not: so much can be told without keys.
  EXPECT_THAT(ledger_->AppendAndWait(SealedFinding("r", "persons/a", kName)),
              FailsWith(Reason::kRequestIdReused));
}

TEST_F(SealedRepeatTest, WithOtherPartsItIsAnotherAppend) {
  const NewAppend append = SealedFinding("r", "persons/a", kName, kContact);
  Record(append);
  for (int i = 0; i < 2; ++i) {
    // In public they are all alike.
    ExpectReused(SealedFinding("r", "persons/a", "Somebody else", kContact));
    ExpectReused(SealedFinding("r", "persons/a", kName, "Elsewhere"));
    NewAppend other = append;
    other.facts[0].seals[0].sealed_for = "persons/b";
    ExpectReused(other);
    other = append;
    std::swap(other.facts[0].seals[0], other.facts[0].seals[1]);
    ExpectReused(other);
    other = SealedFinding("r", "persons/a", kName);
    ExpectReused(other);
    // The public rest alone.
    other.facts[0].proposed.mutable_finding_recorded()->clear_personal_detail();
    other.facts[0].seals.clear();
    ExpectReused(other);
    Reopen();
  }
}

TEST_F(SealedRepeatTest, AWholeFactIsComparedOpenedToo) {
  NewAppend append = SealedFinding("r", "persons/a", kName);
  append.facts[0].seals = {{"", "persons/a"}};
  const Sequence first = Record(append);
  ExpectRepeats(append, first);
  Reopen();
  ExpectRepeats(append, first);
  NewAppend other = append;
  other.facts[0].proposed.mutable_finding_recorded()->set_personal_detail("Somebody else");
  ExpectReused(other);
  other = append;
  other.facts[0].proposed.set_record("findings/icv/other");
  ExpectReused(other);
}

TEST_F(SealedRepeatTest, EveryFactOfAnAppendIsCompared) {
  NewAppend append = SealedFinding("r", "persons/a", kName);
  append.facts.push_back(SealedFinding("r2", "persons/b", "Barnaby Thistlewick").facts[0]);
  const Sequence first = Record(append);
  ExpectRepeats(append, first);
  append.facts[1].proposed.mutable_finding_recorded()->set_personal_detail("Somebody else");
  ExpectReused(append);
}

// Goal: also in one group, before anything is committed, the same parts give one entry and other
// parts are refused. Method: an answer that is not taken holds the sequencer back, so that what is
// queued behind it is one group.
TEST_F(SealedRepeatTest, InOneGroupToo) {
  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  bool released = false;
  ledger_->Append(AppendOf("first", {testing::ActionRaised("actions/test/1", "A")}),
                  [&](const absl::StatusOr<Receipt>&) {
                    std::unique_lock<std::mutex> lock(mutex);
                    held = true;
                    changed.notify_all();
                    changed.wait(lock, [&] { return released; });
                  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return held; });
  }
  std::vector<absl::StatusOr<Receipt>> answers(4, absl::InternalError("not answered"));
  size_t answered = 0;
  const std::vector<NewAppend> appends = {
      SealedFinding("r", "persons/a", kName), SealedFinding("r", "persons/a", kName),
      SealedFinding("r", "persons/a", "Somebody else"), SealedFinding("r", "persons/a", kName)};
  for (size_t i = 0; i < appends.size(); ++i) {
    ledger_->Append(appends[i], [&, i](absl::StatusOr<Receipt> receipt) {
      const std::lock_guard<std::mutex> lock(mutex);
      answers[i] = std::move(receipt);
      ++answered;
      changed.notify_all();
    });
  }
  std::unique_lock<std::mutex> lock(mutex);
  released = true;
  changed.notify_all();
  changed.wait(lock, [&] { return answered == answers.size(); });
  SCRUTINY_ASSERT_OK(answers[0]);
  EXPECT_FALSE(answers[0]->already_recorded);
  for (const size_t i : {1, 3}) {
    SCRUTINY_ASSERT_OK(answers[i]);
    EXPECT_TRUE(answers[i]->already_recorded);
    EXPECT_EQ(answers[i]->first, answers[0]->first);
  }
  EXPECT_THAT(answers[2], FailsWith(Reason::kRequestIdReused));
  EXPECT_EQ(ledger_->size(), TreeSize(3));
  lock.unlock();
  EXPECT_EQ(NameIn(answers[0]->first), kName);
}

TEST_F(SealedRepeatTest, AfterAnErasurePrincipalAndRequestIdSuffice) {
  const NewAppend append = SealedFinding("r", "persons/a", kName, kContact);
  const Sequence first = Record(append);
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  for (int i = 0; i < 2; ++i) {
    ExpectRepeats(append, first);
    ExpectRepeats(SealedFinding("r", "persons/a", "Nobody knows any more", "Elsewhere"), first);
    // What is public is compared all the same.
    NewAppend other = append;
    other.facts[0].proposed.mutable_finding_recorded()->set_title("Clerk");
    ExpectReused(other);
    ExpectReused(SealedFinding("r", "persons/a", kName));
    Reopen();
  }
}

TEST_F(SealedRepeatTest, WhereOnePartIsErasedTheOtherIsStillCompared) {
  NewAppend append = SealedFinding("r", "persons/a", kName, kContact);
  append.facts[0].seals[1].sealed_for = "office";
  const Sequence first = Record(append);
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  NewAppend other = append;
  other.facts[0].proposed.mutable_finding_recorded()->set_personal_detail("Nobody knows any more");
  ExpectRepeats(other, first);
  other.facts[0].proposed.mutable_finding_recorded()->set_restricted_detail("Elsewhere");
  ExpectReused(other);
}

// --- What is held for whom.

TEST_F(SealedPartsTest, WhatIsHeldForSomebodyIsListedInOrder) {
  const Sequence first = Seal("persons/a", kName, kContact);
  Seal("persons/b", "Barnaby Thistlewick");
  const Sequence second = Seal("persons/a", kName);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto held, seals().HeldFor("persons/a", absl::nullopt, 10));
  ASSERT_THAT(held, SizeIs(3));
  const std::vector<SealPlace> places = {{first, 0}, {first, 1}, {second, 0}};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(held[i].place, places[i]);
    EXPECT_EQ(held[i].record, i < 2 ? "findings/icv/seal-1" : "findings/icv/seal-3");
    EXPECT_EQ(held[i].field_path, i == 1 ? kContactPath : kNamePath);
    EXPECT_EQ(held[i].type, FactType(Proposed::kFindingRecordedFieldNumber));
    EXPECT_EQ(held[i].recorded_at_us, clock_.WallMicros());
    const Entry entry = EntryAt(places[i].sequence);
    EXPECT_EQ(held[i].bytes, entry.seals(static_cast<int>(places[i].index)).ciphertext_bytes());
  }
  // Page by page.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto page, seals().HeldFor("persons/a", places[0], 1));
  ASSERT_THAT(page, SizeIs(1));
  EXPECT_EQ(page[0].place, places[1]);
  EXPECT_THAT(seals().HeldFor("persons/a", places[2], 10).value(), IsEmpty());
  EXPECT_THAT(seals().HeldFor("persons/z", absl::nullopt, 10).value(), IsEmpty());
  EXPECT_THAT(seals().HeldFor("forums/spab", absl::nullopt, 10), FailsWith(Reason::kMalformed));
  EXPECT_THAT(seals().HeldFor("", absl::nullopt, 10), FailsWith(Reason::kMalformed));
}

// --- Damage and lost keys.

// A store that gives what a test has changed.
class ChangedStore final : public SealedStore {
 public:
  using Change = std::function<void(absl::optional<std::string>&)>;

  explicit ChangedStore(absl::optional<std::string> value) : value_(std::move(value)) {}
  void Set(absl::optional<std::string> value) { value_ = std::move(value); }

  absl::StatusOr<absl::optional<std::string>> Get(const SealPlace&) const override {
    return value_;
  }
  absl::StatusOr<std::vector<SealedRow>> From(const SealPlace&, size_t) const override {
    return std::vector<SealedRow>();
  }
  absl::StatusOr<std::vector<SealPlace>> HeldFor(absl::string_view, absl::optional<SealPlace>,
                                                 size_t) const override {
    return std::vector<SealPlace>();
  }
  absl::Status Erase(absl::Span<const SealedRow>) override { return absl::OkStatus(); }
  absl::StatusOr<std::string> erasures_followed() const override { return std::string(); }
  absl::Status SetErasuresFollowed(absl::string_view) override { return absl::OkStatus(); }
  absl::Status Compact() override { return absl::OkStatus(); }

 private:
  absl::optional<std::string> value_;
};

class SealedDamageTest : public SealedPartsTest {
 protected:
  // The row of a sealed part, as it is stored.
  std::string RowAt(Sequence sequence) {
    NewAppend unused;
    std::string row;
    Close();
    EntryLogOptions options;
    options.path = data() + "/log";
    {
      const auto log = EntryLog::Open(options);
      SCRUTINY_EXPECT_OK(log);
      row = (*log)->sealed().Get({sequence, 0}).value().value_or("");
      SCRUTINY_EXPECT_OK((*log)->Close());
    }
    Open();
    return row;
  }
  SealedParts Over(SealedStore& store) {
    return SealedParts({*ledger_, store, *keys_, clock_, random_,
                        [](const NewAppend&) -> absl::StatusOr<Receipt> {
                          return absl::InternalError("nothing is appended here");
                        }},
                       0);
  }
};

// Goal: nothing opens that is not what was sealed. Method: every byte of what is stored of a sealed
// part, changed; every length cut.
TEST_F(SealedDamageTest, AChangedByteOfWhatIsStoredIsCorrupt) {
  const Sequence at = Seal("persons/a", kName);
  const std::string row = RowAt(at);
  ASSERT_GT(row.size(), 150u);
  ChangedStore store(row);
  SealedParts parts = Over(store);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened whole, parts.Open(at));
  ASSERT_EQ(whole.parts[0].state, State::kOpened);
  for (size_t i = 0; i < row.size(); ++i) {
    std::string changed = row;
    changed[i] = static_cast<char>(changed[i] ^ 0x01);
    store.Set(changed);
    ASSERT_THAT(parts.Open(at), FailsWith(Reason::kCorrupt)) << i;
    store.Set(row.substr(0, i));
    ASSERT_THAT(parts.Open(at), FailsWith(Reason::kCorrupt)) << i;
  }
  store.Set(row + "x");
  EXPECT_THAT(parts.Open(at), FailsWith(Reason::kCorrupt));
}

TEST_F(SealedDamageTest, ARowOfAnotherEntryIsCorruptHere) {
  const Sequence a = Seal("persons/a", kName);
  const Sequence b = Seal("persons/a", kName);
  ChangedStore store(RowAt(b));
  EXPECT_THAT(Over(store).Open(a), FailsWith(Reason::kCorrupt));
}

TEST_F(SealedDamageTest, AMissingRowIsToldApartFromAnErasure) {
  const Sequence at = Seal("persons/a", kName);
  ChangedStore store(absl::nullopt);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened, Over(store).Open(at));
  EXPECT_EQ(opened.parts[0].state, State::kNoCiphertext);
  EXPECT_FALSE(opened.parts[0].erased_by.has_value());
  EXPECT_EQ(opened.merged.finding_recorded().personal_detail(), "");
}

// The commitment stands in the entry, and that in the tree.
TEST_F(SealedDamageTest, AChangedCommitmentIsACorruptEntry) {
  const Sequence at = Seal("persons/a", kName);
  const std::string commitment = EntryAt(at).seals(0).commitment();
  Close();
  for (const auto& file : std::filesystem::directory_iterator(data() + "/log")) {
    if (file.path().extension() != ".sst") continue;
    std::ostringstream content;
    content << std::ifstream(file.path(), std::ios::binary).rdbuf();
    std::string bytes = content.str();
    const size_t where = bytes.find(commitment);
    if (where == std::string::npos) continue;
    bytes[where + 7] ^= 1;
    std::ofstream(file.path(), std::ios::binary | std::ios::trunc) << bytes;
  }
  // Seen at the latest when it is read.
  const absl::Status opened = TryOpen();
  if (opened.ok()) {
    EXPECT_THAT(seals().Open(at), FailsWith(Reason::kCorrupt));
  } else {
    EXPECT_THAT(opened, FailsWith(Reason::kCorrupt));
  }
}

TEST_F(SealedPartsTest, WithoutTheKeyStoreTheRestIsReadAndNewPartsAreSealed) {
  const Sequence before = Seal("persons/a", kName);
  Close();
  std::filesystem::remove_all(keys_folder());
  Open();
  EXPECT_EQ(StateOf(before), State::kNoKey);
  EXPECT_EQ(NameIn(before), "");
  EXPECT_EQ(seals().Open(before)->parts[0].sealed_for, "persons/a");
  const Sequence after = Seal("persons/a", kName);
  EXPECT_EQ(NameIn(after), kName);
  EXPECT_EQ(StateOf(before), State::kNoKey) << "the new key is another";
}

// --- Where plaintext may not be.

TEST_F(SealedPartsTest, PlaintextIsInNoFileAtAnyTime) {
  const std::vector<std::string> secrets = {"Quillfeather", "Larkspur", "01632 960983"};
  const Sequence at = Seal("persons/a", kName, kContact);
  NewAppend whole = SealedFinding("whole", "persons/b", kName, kContact);
  whole.facts[0].seals = {{"", "persons/b"}};
  SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(whole));
  SCRUTINY_ASSERT_OK(ledger_->AppendAndWait(whole));
  EXPECT_THAT(FilesWith(secrets), IsEmpty());
  EXPECT_EQ(NameIn(at), kName);
  SCRUTINY_ASSERT_OK(seals().HeldFor("persons/a", absl::nullopt, 10));
  SCRUTINY_ASSERT_OK(seals().Preview("persons/a"));
  EXPECT_THAT(FilesWith(secrets), IsEmpty());
  Reopen();
  EXPECT_EQ(NameIn(at), kName);
  EXPECT_THAT(FilesWith(secrets), IsEmpty());
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  Close();
  EXPECT_THAT(FilesWith(secrets), IsEmpty());
  EXPECT_FALSE(FilesWith({"Custody visitor"}).empty()) << "the test finds what is there";
}

}  // namespace
}  // namespace scrutiny::ledger
