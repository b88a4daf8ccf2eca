// The core is driven by hand: what it looks at is given to it, nothing is stored.
#include "ledger/append/core.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/entry_codec.h"
#include "tests/support/facts.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::ledger {
namespace {

using testing::ActionCompleted;
using testing::ActionRaised;
using testing::ActionUpdated;
using testing::AppendOf;
using testing::DecisionNumbered;
using testing::DecisionToNumber;
using testing::FailsWith;

constexpr int64_t kNow = int64_t{1'552'903'200} * 1'000'000;

class CoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<PreparedAppend> Ready(NewAppend append) {
    auto prepared = Prepare(std::move(append), Author::kClient, random_);
    SCRUTINY_CHECK(prepared.ok()) << prepared.status().ToString();
    for (const std::string& series : core_.UnknownSeries(**prepared)) core_.KnowSeries(series, {});
    return *std::move(prepared);
  }
  absl::StatusOr<Admitted> Admit(NewAppend append) {
    return core_.Admit(*Ready(std::move(append)), kNow);
  }

  testing::SeededRandom random_{7};
  Core core_{CoreState()};
};

TEST_F(CoreTest, AssignsDenseSequencesRevisionsAndOrdinals) {
  SCRUTINY_ASSERT_OK(
      Admit(AppendOf("r1", {ActionRaised("actions/a", "A"), ActionUpdated("actions/a", "B")})));
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r2", {ActionRaised("actions/b", "C")})));
  const Group group = core_.TakeGroup();
  ASSERT_EQ(group.chunks.size(), 1u);
  ASSERT_EQ(group.chunks[0]->count(), 3u);
  std::vector<event::v1::Assigned> assigned;
  for (size_t i = 0; i < 3; ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto entry, ParseEntry(group.chunks[0]->entry(i)));
    EXPECT_EQ(entry.assigned().sequence(), i);
    assigned.push_back(entry.assigned());
  }
  EXPECT_EQ(assigned[0].revision(), 1u);
  EXPECT_FALSE(assigned[0].has_previous());
  EXPECT_EQ(assigned[1].revision(), 2u);
  EXPECT_EQ(assigned[1].previous(), 0u);
  EXPECT_EQ(assigned[1].append_first(), 0u);
  EXPECT_EQ(assigned[1].append_count(), 2u);
  EXPECT_EQ(assigned[2].revision(), 1u);
  EXPECT_EQ(assigned[2].append_first(), 2u);
  EXPECT_EQ(assigned[0].type_ordinal(), 1u);
  EXPECT_EQ(assigned[1].type_ordinal(), 1u);
  EXPECT_EQ(assigned[2].type_ordinal(), 2u);
  EXPECT_EQ(assigned[2].recorded_at_us(), kNow);
}

TEST_F(CoreTest, ARefusedAppendLeavesNothingBehind) {
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r1", {ActionRaised("actions/a", "A")})));
  // The second fact completes an action that nobody raised.
  EXPECT_THAT(
      Admit(AppendOf("r2", {ActionUpdated("actions/a", "B"), DecisionToNumber("decisions/d", 2019),
                            ActionCompleted("actions/none")})),
      FailsWith(Reason::kRuleRefused));
  EXPECT_EQ(core_.size(), TreeSize(1));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Admitted next,
                                Admit(AppendOf("r3", {ActionUpdated("actions/a", "C"),
                                                      DecisionToNumber("decisions/e", 2019)})));
  EXPECT_EQ(next.receipt.first, Sequence(1));
  EXPECT_EQ(next.receipt.entries[0].revision, Revision(2));
  ASSERT_EQ(next.receipt.entries[1].numbers.size(), 1u);
  EXPECT_EQ(next.receipt.entries[1].numbers[0].number(), 1u);
  const Group group = core_.TakeGroup();
  EXPECT_EQ(group.index->entries.size(), 3u);
  EXPECT_EQ(group.index->requests.size(), 2u);
  size_t stored = 0;
  for (const ChunkPtr& chunk : group.chunks) stored += chunk->count();
  EXPECT_EQ(stored, 3u);
}

TEST_F(CoreTest, ValidateOnlyAnswersAndChangesNothing) {
  NewAppend append = AppendOf("r1", {ActionRaised("actions/a", "A")});
  append.validate_only = true;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Admitted admitted, Admit(std::move(append)));
  EXPECT_EQ(admitted.receipt.entries[0].sequence, Sequence(0));
  EXPECT_EQ(core_.size(), TreeSize(0));
  EXPECT_EQ(core_.forming_entries(), 0u);
  SCRUTINY_EXPECT_OK(Admit(AppendOf("r1", {ActionRaised("actions/a", "A")})));
}

TEST_F(CoreTest, TheSameRequestInOneGroupIsAdmittedOnce) {
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r1", {ActionRaised("actions/a", "A")})));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Admitted again,
                                Admit(AppendOf("r1", {ActionRaised("actions/a", "A")})));
  ASSERT_TRUE(again.repeats.has_value());
  EXPECT_EQ(again.repeats->first, Sequence(0));
  EXPECT_THAT(Admit(AppendOf("r1", {ActionRaised("actions/a", "other")})),
              FailsWith(Reason::kRequestIdReused));
  EXPECT_EQ(core_.size(), TreeSize(1));
}

TEST_F(CoreTest, ExpectedRevisionsAndGuardsMustHold) {
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r1", {ActionRaised("actions/a", "A")})));
  NewAppend wrong = AppendOf("r2", {ActionUpdated("actions/a", "B")});
  wrong.facts[0].expected_revision = Revision(2);
  EXPECT_THAT(Admit(std::move(wrong)), FailsWith(Reason::kWrongRevision));
  NewAppend guarded = AppendOf("r3", {ActionRaised("actions/b", "B")});
  guarded.guards.push_back({"actions/a", Revision(0)});
  EXPECT_THAT(Admit(std::move(guarded)), FailsWith(Reason::kGuardNotMet));
  NewAppend right = AppendOf("r4", {ActionUpdated("actions/a", "B")});
  right.facts[0].expected_revision = Revision(1);
  right.guards.push_back({"actions/b", Revision(0)});
  SCRUTINY_EXPECT_OK(Admit(std::move(right)));
}

TEST_F(CoreTest, AssignedNumbersSkipEveryNumberUsed) {
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r1", {DecisionNumbered("decisions/two", 2019, 2)})));
  std::vector<uint64_t> numbers;
  for (int i = 0; i < 3; ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        const Admitted admitted,
        Admit(AppendOf(absl::StrCat("n", i),
                       {DecisionToNumber(absl::StrCat("decisions/n", i), 2019)})));
    numbers.push_back(admitted.receipt.entries[0].numbers[0].number());
  }
  EXPECT_EQ(numbers, (std::vector<uint64_t>{1, 3, 4}));
  // Another year runs by itself.
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Admitted other,
                                Admit(AppendOf("o", {DecisionToNumber("decisions/o", 2020)})));
  EXPECT_EQ(other.receipt.entries[0].numbers[0].number(), 1u);
  EXPECT_EQ(other.receipt.entries[0].numbers[0].printed(), "2020/1");
}

TEST_F(CoreTest, MinutesAreNumberedInTheSeriesOfMeetings) {
  const auto numbered = [](const std::string& record, const std::string& item) {
    event::v1::Proposed proposed;
    proposed.set_record(record);
    proposed.mutable_occurred()->set_on("2019-03-18");
    proposed.mutable_minute_numbered()->set_item(item);
    proposed.mutable_minute_numbered()->mutable_assign()->set_year(2022);
    return proposed;
  };
  SCRUTINY_ASSERT_OK_AND_ASSIGN(
      const Admitted first,
      Admit(AppendOf("r1", {DecisionToNumber("decisions/a", 2022), numbered("meetings/m", "1"),
                            numbered("meetings/m", "2")})));
  EXPECT_EQ(first.receipt.entries[1].numbers[0].kind(), "meetings");
  EXPECT_EQ(first.receipt.entries[1].numbers[0].number(), 1u);
  EXPECT_EQ(first.receipt.entries[2].numbers[0].number(), 2u);
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Admitted next,
                                Admit(AppendOf("r2", {numbered("meetings/n", "1")})));
  EXPECT_EQ(next.receipt.entries[0].numbers[0].number(), 3u);
}

TEST_F(CoreTest, TwoNumbersInOneAppendDiffer) {
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Admitted admitted,
                                Admit(AppendOf("r", {DecisionToNumber("decisions/a", 2019),
                                                     DecisionToNumber("decisions/b", 2019)})));
  EXPECT_EQ(admitted.receipt.entries[0].numbers[0].number(), 1u);
  EXPECT_EQ(admitted.receipt.entries[1].numbers[0].number(), 2u);
}

TEST_F(CoreTest, RulesSeeEarlierFactsOfTheSameAppend) {
  EXPECT_THAT(Admit(AppendOf("r", {ActionRaised("actions/a", "A"), ActionCompleted("actions/a"),
                                   ActionCompleted("actions/a")})),
              FailsWith(Reason::kRuleRefused));
}

TEST_F(CoreTest, WhatWasReadAheadCountsOnlyUpToItsPosition) {
  // The read set was taken when only the raising was indexed; the completion came since.
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r1", {ActionRaised("actions/a", "A")})));
  core_.TakeGroup();
  SCRUTINY_ASSERT_OK(Admit(AppendOf("r2", {ActionCompleted("actions/a")})));
  core_.TakeGroup();
  std::unique_ptr<PreparedAppend> late =
      Ready(AppendOf("r3", {ActionCompleted("actions/a", "2019-03-18")}));
  late->reads.position = TreeSize(1);
  late->reads.heads["actions/a"] = {Revision(1), Sequence(0)};
  late->reads.histories["actions/a"] = {
      {Sequence(0), FactType(280), Day::Parse("2019-03-18").value(), absl::nullopt}};
  EXPECT_FALSE(core_.IsStale(late->reads));
  EXPECT_THAT(core_.Admit(*late, kNow), FailsWith(Reason::kRuleRefused));
}

}  // namespace
}  // namespace scrutiny::ledger
