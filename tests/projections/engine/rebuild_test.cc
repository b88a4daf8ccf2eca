// Goal: a rebuild proves itself equal, is never seen half done, and can be stopped, gone on with
// and taken back. Method: the engine with a register of its own, whose rules a test can change.
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "projections/engine/engine.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"
#include "tests/projections/support/memory_ledger.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;
using ledger::Sequence;
using ledger::TreeSize;
using register_::v1::ActionRow;
using testing::FailsWith;
using testing::MemoryLedger;
using testing::TempDir;
using Order = Engine::Order;

// From this sequence on the fold says something else: as a register whose files were changed.
std::atomic<uint64_t> other_from{UINT64_MAX};
// An entry that the fold cannot take.
std::atomic<uint64_t> fails_at{UINT64_MAX};
// How long the fold takes for each fact.
std::atomic<int> slow_micros{0};

class TitleFold final : public RowFold<ActionRow> {
 public:
  explicit TitleFold(absl::string_view record) { row_.set_action(record.data(), record.size()); }

 protected:
  absl::Status Take(const Fact& fact) override {
    if (slow_micros > 0) std::this_thread::sleep_for(std::chrono::microseconds(slow_micros));
    if (fact.sequence.value() == fails_at) return absl::InternalError("it cannot be taken");
    const bool other = fact.sequence.value() >= other_from;
    row_.set_title(absl::StrCat(fact.proposed().action_raised().title(), other ? "!" : ""));
    return absl::OkStatus();
  }
};

const Register& Titles() {
  static const Register& titles = *new Register{
      "titles",
      1,
      "actions",
      {Proposed::kActionRaised},
      [](absl::string_view record) -> std::unique_ptr<Fold> {
        return std::make_unique<TitleFold>(record);
      },
      nullptr,
      AlwaysA<ActionRow>,
  };
  return titles;
}

class RebuildTest : public ::testing::Test {
 protected:
  ~RebuildTest() override {
    other_from = fails_at = UINT64_MAX;
    slow_micros = 0;
  }

  void Open() {
    engine_.reset();
    EngineOptions options;
    options.store.path = dir_.File("registers");
    SCRUTINY_ASSERT_OK_AND_ASSIGN(engine_, Engine::Open(ledger_, {&Titles()}, options));
    Level();
  }
  void Level() { ASSERT_TRUE(engine_->WaitFor({}, ledger_.size(), 60'000'000)); }
  void Append(int count) {
    for (int i = 0; i < count; ++i, ++appended_) {
      ledger_.Append(
          {absl::StrCat("record: 'actions/a", appended_,
                        "' occurred { on: '2019-03-18' } action_raised { title: 't' }")});
    }
  }
  RegisterState Give(Order order) {
    auto states = engine_->Command(order, {"titles"}, [](uint64_t, uint64_t) { return true; });
    EXPECT_TRUE(states.ok()) << states.status();
    return states.ok() ? states->front() : RegisterState();
  }
  // Gives the order and does not wait for its end.
  void Begin(Order order) {
    SCRUTINY_ASSERT_OK(
        engine_->Command(order, {"titles"}, [](uint64_t, uint64_t) { return false; }));
  }
  RegisterState State() { return *engine_->State("titles"); }
  std::string TitleOf(int action) {
    const auto looks = engine_->LookAt({"titles"});
    std::string title;
    SCRUTINY_EXPECT_OK(looks->front().reader.RowsOf(
        absl::StrCat("actions/a", action), {Sequence(ledger_.size().value() - 1)},
        [&](absl::string_view, absl::string_view, absl::string_view bytes) {
          ActionRow row;
          EXPECT_TRUE(row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
          title = row.title();
          return true;
        }));
    return title;
  }
  ledger::Hash DigestAt(uint64_t position) {
    return *engine_->LookAt({"titles"})->front().reader.DigestAt(Sequence(position));
  }

  TempDir dir_;
  MemoryLedger ledger_;
  int appended_ = 0;
  std::unique_ptr<Engine> engine_;
};

TEST_F(RebuildTest, TheSameEntriesGiveTheSameDigestAtEveryPosition) {
  Append(500);
  Open();
  std::vector<ledger::Hash> before;
  for (uint64_t i = 0; i < 500; ++i) before.push_back(DigestAt(i));
  const RegisterState state = Give(Order::kBuild);
  EXPECT_EQ(state.build.end, BuildEnd::kSwitched);
  EXPECT_EQ(state.build.served_digest, state.build.built_digest);
  EXPECT_EQ(state.build.compared_at, Sequence(499));
  EXPECT_EQ(state.digest, before.back());
  for (uint64_t i = 0; i < 500; ++i) ASSERT_EQ(DigestAt(i), before[i]) << i;
  // Restarted, and on another server that caught up instead of following.
  Open();
  EXPECT_EQ(State().digest, before.back());
  TempDir elsewhere;
  EngineOptions options;
  options.store.path = elsewhere.File("registers");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto other, Engine::Open(ledger_, {&Titles()}, options));
  ASSERT_TRUE(other->WaitFor({}, ledger_.size(), 60'000'000));
  EXPECT_EQ(other->State("titles")->digest, before.back());
}

TEST_F(RebuildTest, WhatIsNotTheSameWaitsForADecision) {
  Append(100);
  Open();
  other_from = 60;
  RegisterState state = Give(Order::kBuild);
  EXPECT_EQ(state.build.end, BuildEnd::kDiffers);
  EXPECT_EQ(state.build.phase, BuildPhase::kDiffers);
  EXPECT_NE(state.build.served_digest, state.build.built_digest);
  EXPECT_EQ(state.build.first_difference, Sequence(60));
  EXPECT_EQ(TitleOf(80), "t") << "what was served still is";
  // Meanwhile it goes on.
  Append(10);
  Level();
  state = Give(Order::kAccept);
  EXPECT_EQ(state.build.end, BuildEnd::kSwitched);
  EXPECT_EQ(state.build.first_difference, Sequence(60));
  EXPECT_EQ(TitleOf(80), "t!");
  EXPECT_EQ(TitleOf(59), "t");
  EXPECT_EQ(state.applied, ledger_.size());
  EXPECT_TRUE(state.has_previous);
  // And back, with what came since.
  Append(10);
  Level();
  state = Give(Order::kRollBack);
  EXPECT_EQ(state.build.end, BuildEnd::kSwitched);
  EXPECT_EQ(TitleOf(80), "t");
  EXPECT_EQ(state.applied, ledger_.size());
  EXPECT_TRUE(state.has_previous) << "what was rolled back can be come back to";
}

TEST_F(RebuildTest, WhatDiffersCanBeThrownAway) {
  Append(50);
  Open();
  other_from = 10;
  EXPECT_EQ(Give(Order::kBuild).build.end, BuildEnd::kDiffers);
  const RegisterState state = Give(Order::kDiscard);
  EXPECT_EQ(state.build.end, BuildEnd::kDiscarded);
  EXPECT_EQ(state.build.phase, BuildPhase::kNone);
  EXPECT_FALSE(state.has_previous);
  EXPECT_EQ(TitleOf(20), "t");
  other_from = UINT64_MAX;
  EXPECT_EQ(Give(Order::kBuild).build.end, BuildEnd::kSwitched);
}

TEST_F(RebuildTest, WhereNothingWasServedBeforeThereIsNothingToGoBackTo) {
  Append(5);
  Open();
  EXPECT_THAT(
      engine_->Command(Order::kRollBack, {"titles"}, [](uint64_t, uint64_t) { return true; }),
      FailsWith(ledger::Reason::kNotFound));
  EXPECT_THAT(engine_->Command(Order::kBuild, {"others"}, [](uint64_t, uint64_t) { return true; }),
              FailsWith(ledger::Reason::kNotFound));
}

TEST_F(RebuildTest, CancelledItGoesOnWhereItWasAlsoAfterARestart) {
  Append(20'000);
  Open();
  slow_micros = 30;
  Begin(Order::kBuild);
  RegisterState state;
  do {
    state = State();
  } while (state.build.phase == BuildPhase::kNone || state.build.applied.value() == 0);
  state = Give(Order::kPause);
  EXPECT_EQ(state.build.end, BuildEnd::kPaused);
  const TreeSize done = state.build.applied;
  EXPECT_GT(done.value(), 0u);
  EXPECT_LT(done.value(), 20'000u);
  EXPECT_EQ(State().applied, ledger_.size()) << "what is served is level";
  slow_micros = 0;
  Open();
  EXPECT_EQ(State().build.phase, BuildPhase::kPaused);
  EXPECT_EQ(State().build.applied, done);
  state = Give(Order::kBuild);
  EXPECT_EQ(state.build.end, BuildEnd::kSwitched);
  EXPECT_EQ(state.build.served_digest, state.build.built_digest);
}

TEST_F(RebuildTest, InterruptedByARestartItGoesOnByItself) {
  Append(20'000);
  Open();
  slow_micros = 30;
  Begin(Order::kBuild);
  while (State().build.applied.value() == 0) std::this_thread::yield();
  slow_micros = 0;
  Open();
  while (State().build.phase != BuildPhase::kNone) std::this_thread::yield();
  EXPECT_EQ(State().build.end, BuildEnd::kSwitched);
  EXPECT_EQ(State().applied, ledger_.size());
}

TEST_F(RebuildTest, ReadersSeeNoRowLessAndNoPositionBefore) {
  Append(3000);
  Open();
  std::atomic<bool> done{false};
  std::thread rebuilding([&] {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(Give(Order::kBuildFresh).build.end, BuildEnd::kSwitched);
    done = true;
  });
  TreeSize seen;
  while (!done) {
    const RegisterState state = State();
    EXPECT_GE(state.applied, seen);
    seen = state.applied;
    EXPECT_GE(state.rows, 3000u);
    ASSERT_EQ(TitleOf(0), "t");
    Append(1);
  }
  rebuilding.join();
}

TEST_F(RebuildTest, ARegisterThatStoppedServesOnAndIsMendedByARebuild) {
  Append(50);
  Open();
  fails_at = 60;
  Append(20);
  ASSERT_TRUE(engine_->WaitFor({}, ledger_.size(), 60'000'000));
  EXPECT_FALSE(State().stalled.ok());
  EXPECT_EQ(State().applied, TreeSize(60));
  RegisterState state = Give(Order::kBuild);
  EXPECT_EQ(state.build.end, BuildEnd::kFailed);
  EXPECT_FALSE(state.build.why.ok());
  EXPECT_EQ(State().applied, TreeSize(60)) << "what was served still is";
  fails_at = UINT64_MAX;
  state = Give(Order::kBuild);
  EXPECT_EQ(state.build.end, BuildEnd::kSwitched);
  EXPECT_EQ(state.build.compared_at, Sequence(59)) << "as far as both went";
  EXPECT_TRUE(State().stalled.ok());
  EXPECT_EQ(State().applied, ledger_.size());
}

}  // namespace
}  // namespace scrutiny::projections
