#include "ledger/rules/timeline.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;
using ::testing::ElementsAre;

constexpr FactType kUpdated{Proposed::kActionUpdatedFieldNumber};
constexpr FactType kCompleted{Proposed::kActionCompletedFieldNumber};
constexpr FactType kWithdrawn{Proposed::kWithdrawnFieldNumber};

HistoryItem Item(uint64_t sequence, int day, FactType type = kUpdated) {
  return HistoryItem{Sequence(sequence), type, Day(day), absl::nullopt};
}
HistoryItem Correction(uint64_t sequence, int day, uint64_t of, FactType type = kUpdated) {
  return HistoryItem{Sequence(sequence), type, Day(day), Sequence(of)};
}
HistoryItem Withdrawal(uint64_t sequence, uint64_t of) {
  return HistoryItem{Sequence(sequence), kWithdrawn, Day::Max(), Sequence(of)};
}

std::vector<Moment> MomentsOf(const std::vector<HistoryItem>& history,
                              absl::optional<Sequence> left_out = absl::nullopt) {
  std::vector<Moment> moments;
  const Timeline timeline(history, left_out);
  for (const TimelineItem& item : timeline.items()) moments.push_back(item.moment);
  return moments;
}

Moment At(int day, uint64_t sequence) { return Moment{Day(day), Sequence(sequence)}; }

TEST(TimelineTest, OrdersByDayThenSequence) {
  EXPECT_THAT(MomentsOf({Item(1, 30), Item(2, 10), Item(3, 30), Item(4, 20)}),
              ElementsAre(At(10, 2), At(20, 4), At(30, 1), At(30, 3)));
}

TEST(TimelineTest, ACorrectionMovesItsOriginalAndTheLastOneCounts) {
  EXPECT_THAT(MomentsOf({Item(1, 30), Item(2, 10), Correction(3, 5, 1), Correction(4, 20, 1)}),
              ElementsAre(At(10, 2), At(20, 1)));
}

TEST(TimelineTest, AWithdrawnCorrectionRestoresWhatStoodBefore) {
  EXPECT_THAT(
      MomentsOf({Item(1, 30), Correction(2, 10, 1), Correction(3, 20, 1), Withdrawal(4, 3)}),
      ElementsAre(At(10, 1)));
  EXPECT_THAT(MomentsOf({Item(1, 30), Correction(2, 10, 1), Withdrawal(3, 2)}),
              ElementsAre(At(30, 1)));
}

TEST(TimelineTest, AWithdrawnOriginalIsGoneWithItsCorrections) {
  EXPECT_THAT(MomentsOf({Item(1, 30), Correction(2, 10, 1), Withdrawal(3, 1)}), ElementsAre());
}

TEST(TimelineTest, LeavesOutWhatIsAboutToBeReplaced) {
  EXPECT_THAT(MomentsOf({Item(1, 30), Item(2, 10)}, Sequence(1)), ElementsAre(At(10, 2)));
}

TEST(TimelineTest, FindsTheLastOfCertainTypesBeforeAMoment) {
  const std::vector<HistoryItem> history = {Item(1, 10, kCompleted), Item(2, 20, kCompleted),
                                            Item(3, 15)};
  const Timeline timeline(history, absl::nullopt);
  EXPECT_EQ(timeline.LastBefore(At(10, 1), {kCompleted}), nullptr);
  EXPECT_EQ(timeline.LastBefore(At(10, 9), {kCompleted})->moment, At(10, 1));
  EXPECT_EQ(timeline.LastBefore(At(19, 9), {kCompleted})->moment, At(10, 1));
  EXPECT_EQ(timeline.LastBefore(At(19, 9), {kCompleted, kUpdated})->moment, At(15, 3));
  EXPECT_EQ(timeline.LastBefore(At(90, 0), {kCompleted})->moment, At(20, 2));
  EXPECT_EQ(timeline.First(kCompleted)->moment, At(10, 1));
  EXPECT_EQ(timeline.First(kWithdrawn), nullptr);
}

TEST(WithdrawnByTest, AnOriginalsWithdrawalReachesItsCorrectionsButNotTheOtherWay) {
  const std::vector<HistoryItem> by_original = {Item(1, 30), Correction(2, 10, 1),
                                                Withdrawal(3, 1)};
  EXPECT_EQ(WithdrawnBy(by_original, Sequence(1)), Sequence(3));
  EXPECT_EQ(WithdrawnBy(by_original, Sequence(2)), Sequence(3));
  const std::vector<HistoryItem> by_correction = {Item(1, 30), Correction(2, 10, 1),
                                                  Withdrawal(3, 2)};
  EXPECT_EQ(WithdrawnBy(by_correction, Sequence(1)), absl::nullopt);
  EXPECT_EQ(WithdrawnBy(by_correction, Sequence(2)), Sequence(3));
}

}  // namespace
}  // namespace scrutiny::ledger
