// Erasing what is sealed: the key first, then said in the ledger, then the ciphertexts. What
// interrupts it, and older copies: see sealed_recovery_test.cc.
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
using ::scrutiny::testing::kContactPath;
using ::scrutiny::testing::kNamePath;
using ::scrutiny::testing::SealedFinding;
using ::scrutiny::testing::SealedTest;
using ::scrutiny::testing::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SealedErasureTest : public SealedTest {};

// --- An erasure.

TEST_F(SealedErasureTest, EverythingOfOnePersonIsClosedAndTheRestStaysOpen) {
  const Sequence a1 = Seal("persons/a", "Ermintrude", "Larkspur Row");
  const Sequence b = Seal("persons/b", "Barnaby");
  const Sequence a2 = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  EXPECT_EQ(erasure.seals, 3u);
  EXPECT_EQ(erasure.entries, 2u);
  EXPECT_EQ(erasure.survivors, 1u);
  EXPECT_EQ(erasure.erased_at_us, clock_.WallMicros());
  EXPECT_EQ(erasure.unrecoverable_by_us, clock_.WallMicros() + kKeyBackups);
  ASSERT_THAT(erasure.held, SizeIs(3));
  EXPECT_EQ(erasure.held[2].place, (SealPlace{a2, 0}));
  uint64_t bytes = 0;
  for (const auto& held : erasure.held) bytes += held.bytes;
  EXPECT_EQ(erasure.bytes, bytes);
  for (int i = 0; i < 2; ++i) {
    ExpectErased(a1);
    ExpectErased(a2);
    EXPECT_EQ(NameIn(b), "Barnaby");
    EXPECT_EQ(seals().Open(a1)->parts[0].erased_by, erasure.sequence);
    EXPECT_THAT(seals().HeldFor("persons/a", absl::nullopt, 10).value(), IsEmpty());
    EXPECT_FALSE(seals().HasKey("persons/a"));
    EXPECT_EQ(seals().Erasures("persons/a"), 1u);
    EXPECT_EQ(keys_->stats().pending_erasures, 0u);
    Reopen();
  }
  EXPECT_THAT(Rows(), ElementsAre(SealPlace{b, 0}));
}

TEST_F(SealedErasureTest, TheLedgerSaysWhatWasErasedAndNotOfWhom) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  const std::vector<event::v1::SealsErased> erasures = Erasures();
  ASSERT_THAT(erasures, SizeIs(1));
  const event::v1::SealsErased& said = erasures[0];
  ASSERT_EQ(said.seals_size(), 1);
  EXPECT_EQ(said.seals(0).sequence(), at.value());
  EXPECT_EQ(said.seals(0).index(), 0u);
  EXPECT_EQ(said.seals(0).seal_id(), seals().Open(at)->parts[0].seal.seal_id());
  EXPECT_EQ(said.key_ids_size(), 1);
  EXPECT_EQ(said.reason(), "request under Article 17");
  EXPECT_EQ(said.authority(), "DPO, IG/24/118");
  EXPECT_EQ(said.erased_at_us(), erasure.erased_at_us);
  EXPECT_EQ(said.unrecoverable_by_us(), erasure.unrecoverable_by_us);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger_->EntryBytes(erasure.sequence));
  EXPECT_FALSE(absl::StrContains(bytes, "persons/a"));
  EXPECT_FALSE(absl::StrContains(bytes, "erase-a"));
}

TEST_F(SealedErasureTest, ProofsOfBeforeStayGood) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  const TreeSize size = ledger_->size();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger_->EntryBytes(at));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, ledger_->tree().Root(size));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, ledger_->tree().Inclusion(at, size));
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ledger_->EntryBytes(at).value(), bytes);
    EXPECT_EQ(ledger_->tree().Root(size).value(), root);
    EXPECT_EQ(ledger_->tree().Inclusion(at, size).value(), path);
    SCRUTINY_EXPECT_OK(VerifyInclusion(at, size, LeafHash(bytes), path, root));
    Reopen();
  }
}

TEST_F(SealedErasureTest, TheCiphertextIsInNoFileAnyMore) {
  const Sequence a = Seal("persons/a", "Ermintrude");
  const Sequence b = Seal("persons/b", "Barnaby");
  Close();
  std::vector<std::string> rows;
  {
    EntryLogOptions options;
    options.path = data() + "/log";
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto log, EntryLog::Open(options));
    for (const Sequence at : {a, b}) {
      const std::string row = log->sealed().Get({at, 0}).value().value();
      rows.push_back(row.substr(row.size() - 64));
    }
    SCRUTINY_ASSERT_OK(log->Close());
  }
  Open();
  EXPECT_THAT(FilesWith({rows[0]}), ::testing::Not(IsEmpty())) << "the test finds what is there";
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  EXPECT_THAT(FilesWith({rows[0]}), IsEmpty());
  EXPECT_THAT(FilesWith({rows[1]}), ::testing::Not(IsEmpty()));
}

TEST_F(SealedErasureTest, APreviewTellsWhatAnErasureWouldAndChangesNothing) {
  Seal("persons/a", "Ermintrude", "Larkspur Row");
  Seal("persons/b", "Barnaby");
  Seal("persons/a", "Ermintrude");
  const TreeSize size = ledger_->size();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure preview, seals().Preview("persons/a"));
  EXPECT_EQ(ledger_->size(), size);
  EXPECT_TRUE(seals().HasKey("persons/a"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  EXPECT_EQ(preview.seals, erasure.seals);
  EXPECT_EQ(preview.entries, erasure.entries);
  EXPECT_EQ(preview.bytes, erasure.bytes);
  EXPECT_EQ(preview.survivors, erasure.survivors);
  ASSERT_EQ(preview.held.size(), erasure.held.size());
  for (size_t i = 0; i < preview.held.size(); ++i) {
    EXPECT_EQ(preview.held[i].place, erasure.held[i].place);
  }
  EXPECT_THAT(seals().Preview("persons/a"), FailsWith(Reason::kNotFound));
}

// A key opens copies elsewhere even where nothing is held under it here.
TEST_F(SealedErasureTest, AKeyWithoutCiphertextIsShownAndDestroyed) {
  SCRUTINY_ASSERT_OK(keys_->KeyFor("persons/a"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure preview, seals().Preview("persons/a"));
  EXPECT_EQ(preview.seals, 0u);
  EXPECT_TRUE(preview.has_key);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure, Erase("persons/a", "erase-a"));
  EXPECT_EQ(erasure.seals, 0u);
  EXPECT_FALSE(seals().HasKey("persons/a"));
  ASSERT_EQ(Erasures().size(), 1u);
  EXPECT_EQ(Erasures()[0].key_ids_size(), 1);
}

TEST_F(SealedErasureTest, WhereNothingIsHeldNothingIsErased) {
  const TreeSize size = ledger_->size();
  EXPECT_THAT(Erase("persons/a", "erase-a"), FailsWith(Reason::kNotFound));
  EXPECT_THAT(seals().Preview("persons/a"), FailsWith(Reason::kNotFound));
  EXPECT_THAT(Erase("forums/spab", "erase-f"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(Erase("", "erase-f"), FailsWith(Reason::kMalformed));
  EXPECT_THAT(Erase("persons/a", "not an id!"), FailsWith(Reason::kMalformed));
  EXPECT_EQ(ledger_->size(), size);
}

TEST_F(SealedErasureTest, AfterwardsSealingBeginsAnew) {
  const Sequence before = Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-1"));
  const Sequence after = Seal("persons/a", "Ermintrude");
  EXPECT_EQ(NameIn(after), "Ermintrude");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure second, Erase("persons/a", "erase-2"));
  EXPECT_EQ(second.seals, 1u) << "what was erased before is not erased again";
  ExpectErased(before);
  ExpectErased(after);
  EXPECT_EQ(seals().Erasures("persons/a"), 2u);
}

TEST_F(SealedErasureTest, TheOfficesPartsAreErasedTheSameWay) {
  NewAppend append = SealedFinding("office", "persons/a", "Ermintrude", "Larkspur Row");
  append.facts[0].proposed.mutable_finding_recorded()->clear_personal_detail();
  append.facts[0].seals = {{kContactPath, "office"}};
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt, ledger_->AppendAndWait(append));
  SCRUTINY_ASSERT_OK(Erase("office", "erase-office"));
  ExpectErased(receipt.first);
}

// --- The same request again.

TEST_F(SealedErasureTest, TheSameRequestAgainAnswersWhatWasErasedThen) {
  Seal("persons/a", "Ermintrude", "Larkspur Row");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure first, Erase("persons/a", "erase-a"));
  const Sequence later = Seal("persons/a", "Ermintrude");
  const TreeSize size = ledger_->size();
  for (int i = 0; i < 2; ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure again, Erase("persons/a", "erase-a"));
    EXPECT_TRUE(again.repeated);
    EXPECT_FALSE(first.repeated);
    EXPECT_EQ(again.sequence, first.sequence);
    EXPECT_EQ(again.seals, first.seals);
    EXPECT_EQ(again.entries, first.entries);
    EXPECT_EQ(again.bytes, first.bytes);
    EXPECT_EQ(again.erased_at_us, first.erased_at_us);
    EXPECT_EQ(again.unrecoverable_by_us, first.unrecoverable_by_us);
    EXPECT_EQ(ledger_->size(), size);
    EXPECT_EQ(NameIn(later), "Ermintrude") << "what was sealed since is not touched";
    Reopen();
  }
}

TEST_F(SealedErasureTest, ARequestIdNeverPassesForAnotherErasure) {
  Seal("persons/a", "Ermintrude");
  const Sequence b = Seal("persons/b", "Barnaby");
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Erase("persons/b", "erase-a"), FailsWith(Reason::kRequestIdReused));
    ErasureRequest other = Request("persons/a", "erase-a");
    other.reason = "another reason";
    EXPECT_THAT(seals().Erase(other), FailsWith(Reason::kRequestIdReused));
    other = Request("persons/a", "erase-a");
    other.authority = "somebody else";
    EXPECT_THAT(seals().Erase(other), FailsWith(Reason::kRequestIdReused));
    EXPECT_EQ(NameIn(b), "Barnaby");
    Reopen();
  }
  // Another principal's ids are its own.
  ErasureRequest other = Request("persons/b", "erase-a");
  other.principal = "somebody-else";
  SCRUTINY_EXPECT_OK(seals().Erase(other));
}

// With a new key store nobody can tell whose keys they were.
TEST_F(SealedErasureTest, TheSameRequestIsAnsweredAlsoWithoutTheKeyStoreOfThen) {
  Seal("persons/a", "Ermintrude");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure first, Erase("persons/a", "erase-a"));
  Close();
  std::filesystem::remove_all(keys_folder());
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure again, Erase("persons/a", "erase-a"));
  EXPECT_EQ(again.sequence, first.sequence);
}

// --- What cannot be recorded destroys nothing.

TEST_F(SealedErasureTest, WhileTheClockWaitsForConfirmationNothingIsDestroyed) {
  const Sequence at = Seal("persons/a", "Ermintrude");
  clock_.JumpWall(int64_t{3600} * 1'000'000);
  EXPECT_FALSE(ledger_->AppendAndWait(SealedFinding("late", "persons/b", "Barnaby")).ok());
  EXPECT_THAT(Erase("persons/a", "erase-a"), FailsWith(Reason::kClock));
  EXPECT_TRUE(seals().HasKey("persons/a"));
  EXPECT_EQ(NameIn(at), "Ermintrude");
  SCRUTINY_ASSERT_OK(ledger_->ConfirmClock(testing::LocalPrincipal(), "clock", "set by hand"));
  SCRUTINY_ASSERT_OK(Erase("persons/a", "erase-a"));
  ExpectErased(at);
}

// --- Large ones.

class SealedLargeErasureTest : public SealedErasureTest {
 protected:
  // So many seals for one person, two an entry; returns the first and the last entry.
  std::pair<Sequence, Sequence> SealMany(size_t seals) {
    std::pair<Sequence, Sequence> ends;
    for (size_t done = 0; done < seals;) {
      NewAppend append = SealedFinding(absl::StrCat("many-", done), "persons/a", "E", "L");
      const NewFact fact = append.facts[0];
      append.facts.clear();
      for (; done < seals && append.facts.size() < kAppendFactsMax; done += 2) {
        append.facts.push_back(fact);
        append.facts.back().proposed.set_record(absl::StrCat("findings/icv/many-", done));
      }
      const auto receipt = ledger_->AppendAndWait(std::move(append));
      SCRUTINY_EXPECT_OK(receipt);
      if (!receipt.ok()) break;
      if (ends.first == Sequence()) ends.first = receipt->first;
      ends.second = receipt->entries.back().sequence;
    }
    return ends;
  }
  void ExpectErasedInParts(size_t count) {
    const auto ends = SealMany(count);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure erasure,
                                  Erase("persons/a", "erase-a"));
    EXPECT_EQ(erasure.seals, count);
    EXPECT_EQ(erasure.entries, count / 2);
    EXPECT_THAT(erasure.held, SizeIs(kPageEntriesMax)) << "the first of them";
    size_t said = 0;
    const std::vector<event::v1::SealsErased> erasures = Erasures();
    for (const event::v1::SealsErased& erased : erasures) {
      said += static_cast<size_t>(erased.seals_size());
      EXPECT_LE(erased.seals_size(), static_cast<int>(kErasedSealsPerEntry));
      EXPECT_EQ(erased.erasure_id(), erasures[0].erasure_id());
      EXPECT_EQ(erased.key_ids_size(), 1);
    }
    EXPECT_EQ(said, count) << "each once";
    EXPECT_EQ(erasures.size(), (count + kErasedSealsPerEntry - 1) / kErasedSealsPerEntry);
    EXPECT_EQ(StateOf(ends.first), State::kErased);
    EXPECT_EQ(StateOf(ends.second, 1), State::kErased);
    EXPECT_THAT(seals().HeldFor("persons/a", absl::nullopt, 10).value(), IsEmpty());
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Erasure again, Erase("persons/a", "erase-a"));
    EXPECT_EQ(again.seals, count);
    EXPECT_EQ(again.sequence, erasure.sequence);
    EXPECT_EQ(Erasures().size(), erasures.size());
  }
};

TEST_F(SealedLargeErasureTest, MoreSealsThanAnEntryNamesAreSaidInSeveralEntries) {
  ExpectErasedInParts(kErasedSealsPerEntry + 2);
}

TEST_F(SealedLargeErasureTest, MoreSealsThanAnAppendNamesAreSaidInSeveralAppends) {
  ExpectErasedInParts(kErasedSealsPerEntry * kErasureEntriesPerAppend + 2);
}

// --- Beside others.

// Goal: no seal under the erased key is left without being named or deleted, whatever is sealed
// while it is erased. Method: threads that seal for the person all the while.
TEST_F(SealedErasureTest, NothingSealedWhileItIsErasedIsForgotten) {
  std::atomic<bool> stop{false};
  std::vector<std::vector<Sequence>> sealed(3);
  std::vector<std::thread> writers;
  for (size_t w = 0; w < sealed.size(); ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; !stop; ++i) {
        const auto receipt = ledger_->AppendAndWait(
            SealedFinding(absl::StrCat("w", w, "-", i), "persons/a", "Ermintrude"));
        SCRUTINY_ASSERT_OK(receipt);
        sealed[w].push_back(receipt->first);
      }
    });
  }
  int erasures = 0;
  for (int i = 0; i < 6; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const auto erasure = Erase("persons/a", absl::StrCat("erase-", i));
    if (erasure.ok()) {
      ++erasures;
    } else {
      EXPECT_THAT(erasure, FailsWith(Reason::kNotFound));
    }
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(erasures, 1);
  std::vector<SealPlace> held;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto still,
                                seals().HeldFor("persons/a", absl::nullopt, 100'000));
  for (const auto& one : still) held.push_back(one.place);
  size_t open = 0;
  size_t erased = 0;
  for (const auto& of_writer : sealed) {
    for (const Sequence at : of_writer) {
      const State state = StateOf(at);
      const bool is_held = std::find(held.begin(), held.end(), SealPlace{at, 0}) != held.end();
      if (state == State::kOpened) {
        ++open;
        EXPECT_TRUE(is_held);
      } else {
        EXPECT_EQ(state, State::kErased) << at.value();
        EXPECT_FALSE(is_held);
        ++erased;
      }
    }
  }
  EXPECT_GT(erased, 0u);
  EXPECT_EQ(held.size(), open);
  size_t named = 0;
  for (const event::v1::SealsErased& said : Erasures()) {
    named += static_cast<size_t>(said.seals_size());
  }
  EXPECT_EQ(named, erased) << "each once";
}

}  // namespace
}  // namespace scrutiny::ledger
