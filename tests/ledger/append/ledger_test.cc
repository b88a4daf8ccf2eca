// The ledger on a real folder: what goes in comes out, also after it was closed and opened again.
#include "ledger/append/ledger.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/format/entry_codec.h"
#include "tests/support/facts.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using testing::ActionCompleted;
using testing::ActionName;
using testing::ActionRaised;
using testing::ActionUpdated;
using testing::AppendOf;
using testing::DecisionNumbered;
using testing::DecisionToNumber;
using testing::FailsWith;
using testing::ManualClock;
using testing::TempDir;

class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    ledger_ = nullptr;
    auto opened = TryOpen();
    SCRUTINY_ASSERT_OK(opened);
    ledger_ = *std::move(opened);
  }
  absl::StatusOr<std::unique_ptr<Ledger>> TryOpen() {
    LedgerOptions options;
    options.data = dir_.path();
    options.clock = &clock_;
    return Ledger::Open(options);
  }
  absl::StatusOr<Receipt> Append(const std::string& id, std::vector<event::v1::Proposed> facts) {
    return ledger_->AppendAndWait(AppendOf(id, std::move(facts)));
  }
  std::vector<event::v1::Entry> Entries() {
    std::vector<event::v1::Entry> entries;
    for (Sequence next(0); next < NextSequence(ledger_->size());) {
      const auto chunks = ledger_->Chunks(next, kReadBatchBytesMax);
      SCRUTINY_CHECK(chunks.ok()) << chunks.status().ToString();
      for (const ChunkPtr& chunk : *chunks) {
        for (size_t i = next - chunk->first(); i < chunk->count(); ++i, ++next) {
          entries.push_back(ParseEntry(chunk->entry(i)).value());
        }
      }
    }
    return entries;
  }

  TempDir dir_;
  ManualClock clock_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, GenesisIsTheFirstEntryAndStays) {
  const LedgerIdentity identity = ledger_->identity();
  EXPECT_EQ(identity.ledger_id.size(), 16u);
  EXPECT_EQ(identity.incarnation, 1u);
  EXPECT_EQ(identity.origin, "ledger.invalid/" + ToHex(identity.ledger_id));
  ASSERT_EQ(ledger_->size(), TreeSize(1));
  const std::vector<event::v1::Entry> entries = Entries();
  EXPECT_EQ(entries[0].proposed().ledger_started().hash_algorithm(), "sha256");
  EXPECT_EQ(entries[0].assigned().principal().authentication(), event::v1::AUTHENTICATION_SERVER);
  Open();
  EXPECT_TRUE(ledger_->identity() == identity);
  EXPECT_EQ(ledger_->identity().origin, identity.origin);
  EXPECT_EQ(ledger_->size(), TreeSize(1));
}

TEST_F(LedgerTest, AnotherOriginIsRefused) {
  ledger_ = nullptr;
  LedgerOptions options;
  options.data = dir_.path();
  options.origin = "example.org/another";
  EXPECT_THAT(Ledger::Open(options), FailsWith(Reason::kLedgerChanged));
}

TEST_F(LedgerTest, WhatWasAppendedIsThereAfterReopening) {
  SCRUTINY_ASSERT_OK(
      Append("r1", {ActionRaised("actions/a", "A"), ActionRaised("actions/b", "B")}));
  SCRUTINY_ASSERT_OK(Append("r2", {ActionUpdated("actions/a", "C")}));
  Open();
  const std::vector<event::v1::Entry> entries = Entries();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[3].proposed().action_updated().text(), "C");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt next,
                                Append("r3", {ActionUpdated("actions/a", "D")}));
  EXPECT_EQ(next.entries[0].sequence, Sequence(4));
  EXPECT_EQ(next.entries[0].revision, Revision(3));
}

TEST_F(LedgerTest, RecordHistoryIsFoundAtOnce) {
  for (int i = 0; i < 20; ++i) {
    const std::string record = ActionName(i);
    SCRUTINY_ASSERT_OK(Append(absl::StrCat("r", i), {ActionRaised(record, "A")}));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHistory history,
                                  ledger_->GetRecord(record, Revision(1), 10));
    EXPECT_EQ(history.head.revision, Revision(1));
    ASSERT_EQ(history.entries.size(), 1u);
  }
  EXPECT_THAT(ledger_->GetRecord("actions/none", Revision(1), 10), FailsWith(Reason::kNotFound));
}

TEST_F(LedgerTest, ACitedRecordIsAStub) {
  event::v1::Proposed fact = ActionRaised("actions/a", "A");
  fact.mutable_action_raised()->set_meeting("meetings/spab/unknown");
  SCRUTINY_ASSERT_OK(Append("r1", {fact}));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const RecordHistory history,
                                ledger_->GetRecord("meetings/spab/unknown", Revision(1), 10));
  EXPECT_EQ(history.head.revision, Revision(0));
  EXPECT_EQ(history.cited_by, std::vector<Sequence>{Sequence(1)});
}

TEST_F(LedgerTest, ADeletedIndexIsMadeAgain) {
  SCRUTINY_ASSERT_OK(Append("r1", {DecisionNumbered("decisions/a", 2019, 1)}));
  SCRUTINY_ASSERT_OK(Append("r2", {ActionRaised("actions/a", "A"), ActionCompleted("actions/a")}));
  ledger_ = nullptr;
  std::filesystem::remove_all(dir_.File("index"));
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt again,
                                Append("r1", {DecisionNumbered("decisions/a", 2019, 1)}));
  EXPECT_TRUE(again.already_recorded);
  EXPECT_THAT(Append("r3", {ActionCompleted("actions/a")}), FailsWith(Reason::kRuleRefused));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt next,
                                Append("r4", {DecisionToNumber("decisions/b", 2019)}));
  EXPECT_EQ(next.entries[0].numbers[0].number(), 2u);
}

// A series whose numbers lie far apart, as after a slip of the pen.
TEST_F(LedgerTest, AHugeNumberHoldsNobodyUp) {
  SCRUTINY_ASSERT_OK(Append("r1", {DecisionNumbered("decisions/a", 2019, kNumberMax)}));
  SCRUTINY_ASSERT_OK(Append("r2", {DecisionNumbered("decisions/b", 2019, 1)}));
  EXPECT_THAT(Append("r3", {DecisionNumbered("decisions/c", 2019, kNumberMax + 1)}),
              FailsWith(Reason::kMalformed));
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt next,
                                Append("r4", {DecisionToNumber("decisions/d", 2019)}));
  EXPECT_EQ(next.entries[0].numbers[0].number(), 2u);
}

// Names of series cost nothing to try.
TEST_F(LedgerTest, MoreSeriesThanAreRememberedAreNumberedRight) {
  constexpr uint32_t kSeries = kNumberSeriesKnownMax + 10;
  for (int round = 1; round <= 2; ++round) {
    for (uint32_t i = 0; i < kSeries; ++i) {
      event::v1::Proposed decision =
          DecisionToNumber(absl::StrCat("decisions/", round, "-", i), 2019);
      decision.mutable_decision_taken()->mutable_assign()->set_series(absl::StrCat("s", i));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt,
                                    Append(absl::StrCat("r", round, "-", i), {decision}));
      ASSERT_EQ(receipt.entries[0].numbers[0].number(), static_cast<uint64_t>(round)) << i;
    }
  }
}

TEST_F(LedgerTest, MissingEntriesBesideAnIndexAreNoticed) {
  SCRUTINY_ASSERT_OK(Append("r1", {ActionRaised("actions/a", "A")}));
  ledger_ = nullptr;
  std::filesystem::remove_all(dir_.File("log"));
  EXPECT_THAT(TryOpen(), FailsWith(Reason::kCorrupt));
}

TEST_F(LedgerTest, ASecondOpenIsRefused) {
  const auto second = TryOpen();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(LedgerTest, AJumpingClockStopsAppendsUntilConfirmed) {
  SCRUTINY_ASSERT_OK(Append("r1", {ActionRaised("actions/a", "A")}));
  EXPECT_THAT(ledger_->ConfirmClock(testing::LocalPrincipal(), "c0", "for nothing"),
              FailsWith(Reason::kClock));
  clock_.JumpWall(kClockJumpMaxMicros + 1'000'000);
  EXPECT_THAT(Append("r2", {ActionRaised("actions/b", "B")}), FailsWith(Reason::kClock));
  EXPECT_TRUE(ledger_->status().clock_unconfirmed);
  SCRUTINY_ASSERT_OK(
      ledger_->ConfirmClock(testing::LocalPrincipal(), "c1", "The time server was away."));
  EXPECT_FALSE(ledger_->status().clock_unconfirmed);
  SCRUTINY_ASSERT_OK(Append("r2", {ActionRaised("actions/b", "B")}));
  const std::vector<event::v1::Entry> entries = Entries();
  EXPECT_EQ(entries[2].proposed().clock_confirmed().reason(), "The time server was away.");
}

TEST_F(LedgerTest, AClockBehindTheNewestEntryAtOpenStopsAppends) {
  SCRUTINY_ASSERT_OK(Append("r1", {ActionRaised("actions/a", "A")}));
  ledger_ = nullptr;
  clock_.JumpWall(-60'000'000);
  Open();
  EXPECT_TRUE(ledger_->status().clock_unconfirmed);
  EXPECT_THAT(Append("r2", {ActionRaised("actions/b", "B")}), FailsWith(Reason::kClock));
}

// It is begun while a server starts, before anybody could confirm a clock.
TEST_F(LedgerTest, ANewIncarnationDoesNotWaitForTheClock) {
  SCRUTINY_ASSERT_OK(Append("r1", {ActionRaised("actions/a", "A")}));
  ledger_ = nullptr;
  clock_.JumpWall(-60'000'000);
  LedgerOptions options;
  options.data = dir_.path();
  options.clock = &clock_;
  options.new_incarnation.emplace();
  options.new_incarnation->reason = "The disk was lost.";
  options.new_incarnation->last_known = 3;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(ledger_, Ledger::Open(options));
  EXPECT_EQ(ledger_->identity().incarnation, 4u);
  EXPECT_THAT(ledger_->identity().origin, ::testing::EndsWith("/4"));
  EXPECT_TRUE(ledger_->status().clock_unconfirmed);
  EXPECT_THAT(Append("r2", {ActionRaised("actions/b", "B")}), FailsWith(Reason::kClock));
}

TEST_F(LedgerTest, RecordedAtNeverGoesBack) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt first,
                                Append("r1", {ActionRaised("actions/a", "A")}));
  clock_.JumpWall(-60'000'000);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt second,
                                Append("r2", {ActionRaised("actions/b", "B")}));
  EXPECT_EQ(second.recorded_at_us, first.recorded_at_us);
}

TEST_F(LedgerTest, TimesAreFoundBySearch) {
  std::vector<int64_t> times;
  for (int i = 0; i < 40; ++i) {
    clock_.Advance(1'000'000);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt,
                                  Append(absl::StrCat("r", i), {ActionRaised(ActionName(i), "A")}));
    times.push_back(receipt.recorded_at_us);
  }
  for (size_t i = 0; i < times.size(); ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Sequence at, ledger_->FirstRecordedAt(times[i]));
    EXPECT_EQ(at, Sequence(i + 1));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Sequence after, ledger_->FirstRecordedAt(times[i] + 1));
    EXPECT_EQ(after, Sequence(i + 2));
  }
}

TEST_F(LedgerTest, AStreamStopsAtItsFirstRefusal) {
  auto gate = std::make_shared<StreamGate>();
  std::vector<absl::Status> answers(4);
  std::atomic<int> left{4};
  const auto send = [&](size_t i, event::v1::Proposed fact) {
    NewAppend append = AppendOf(absl::StrCat("s", i), {std::move(fact)});
    append.gate = gate;
    ledger_->Append(std::move(append), [&, i](absl::StatusOr<Receipt> result) {
      answers[i] = result.status();
      --left;
    });
  };
  send(0, ActionRaised("actions/a", "A"));
  send(1, ActionRaised("actions/a", "A again"));
  send(2, ActionRaised("not a record", "malformed"));
  send(3, ActionRaised("actions/b", "B"));
  while (left > 0) std::this_thread::yield();
  SCRUTINY_EXPECT_OK(answers[0]);
  EXPECT_THAT(answers[1], FailsWith(Reason::kRuleRefused));
  EXPECT_THAT(answers[2], FailsWith(Reason::kAfterRefusal));
  EXPECT_THAT(answers[3], FailsWith(Reason::kAfterRefusal));
  EXPECT_EQ(ledger_->size(), TreeSize(2));
}

TEST_F(LedgerTest, ManyWritersAreAllRecordedOnceInOneOrder) {
  constexpr int kWriters = 8;
  constexpr int kEach = 200;
  std::vector<std::thread> writers;
  std::atomic<int> failed{0};
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kEach; ++i) {
        const std::string record = absl::StrCat("actions/w", w, "/", i);
        if (!Append(absl::StrCat("w", w, "-", i), {ActionRaised(record, "A")}).ok()) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failed, 0);
  const std::vector<event::v1::Entry> entries = Entries();
  ASSERT_EQ(entries.size(), 1u + kWriters * kEach);
  for (size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].assigned().sequence(), i);
}

TEST_F(LedgerTest, ClosingFinishesWhatWaits) {
  std::atomic<int> recorded{0};
  for (int i = 0; i < 500; ++i) {
    ledger_->Append(AppendOf(absl::StrCat("r", i), {ActionRaised(ActionName(i), "A")}),
                    [&](absl::StatusOr<Receipt> result) { recorded += result.ok() ? 1 : 0; });
  }
  SCRUTINY_ASSERT_OK(ledger_->Close());
  EXPECT_EQ(recorded, 500);
  EXPECT_THAT(Append("late", {ActionRaised("actions/late", "A")}), FailsWith(Reason::kReadOnly));
  Open();
  EXPECT_EQ(ledger_->size(), TreeSize(501));
}

}  // namespace
}  // namespace scrutiny::ledger
