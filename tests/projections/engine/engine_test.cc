// Goal: whatever happens between appends and queries (late facts, closing, another ledger, an entry
// that cannot be read), the registers say what the ledger holds, and say so when they cannot.

#include "projections/engine/engine.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "projections/queries/all_registers.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using register_::v1::ListActionsRequest;
using register_::v1::ListActionsResponse;
using testing::Ask;
using testing::FailsWith;
using ::testing::HasSubstr;
using testing::MemoryLedger;
using testing::OpenRegisters;
using ::testing::UnorderedElementsAre;

std::string Raised(const std::string& action, const std::string& title) {
  return absl::StrCat("record: 'actions/", action,
                      "' occurred { on: '2019-03-18' } action_raised { title: '", title, "' }");
}

std::string Updated(const std::string& action, const std::string& text,
                    const std::string& on = "2019-03-18") {
  return absl::StrCat("record: 'actions/", action, "' occurred { on: '", on,
                      "' } action_updated { text: '", text, "' }");
}

class EngineTest : public ::testing::Test {
 protected:
  ListActionsResponse Actions(const std::string& request = "") {
    auto response = registers_->Answer<register_::v1::ListActionsResponse>(
        Ask<ListActionsRequest>(request), OpenRegisters::Today());
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : ListActionsResponse();
  }
  register_::v1::RegisterInfo Info(const std::string& name) {
    const auto all = registers_->ListRegisters({}, MemoryLedger::kStartMicros);
    for (const auto& info : all->registers()) {
      if (info.name() == name) return info;
    }
    return {};
  }

  MemoryLedger ledger_;
  OpenRegisters registers_{ledger_};
};

TEST_F(EngineTest, FollowsWhatIsAppended) {
  ledger_.Append({Raised("a", "one")});
  ledger_.Append({Updated("a", "on track"), Raised("b", "two")});
  const ListActionsResponse all = Actions();
  ASSERT_EQ(all.rows_size(), 2);
  EXPECT_EQ(all.rows(0).progress(), "on track");
  EXPECT_EQ(all.basis().sequence(), 2u);
  EXPECT_EQ(all.basis().head_sequence(), 2u);
  EXPECT_EQ(Info("actions").rows(), 2u);
  EXPECT_EQ(Info("actions").position(), 2u);
}

TEST_F(EngineTest, EmptyLedgerAnswersWithNothing) {
  const ListActionsResponse none = Actions();
  EXPECT_EQ(none.rows_size(), 0);
  EXPECT_FALSE(none.basis().has_sequence());
}

TEST_F(EngineTest, RecordedByRoundsDownToTheLastWholeAppend) {
  ledger_.Append({Raised("a", "one")});
  ledger_.Append({Updated("a", "first"), Updated("a", "second"), Updated("a", "third")});
  const ListActionsResponse inside = Actions("view { sequence: 2 }");
  EXPECT_EQ(inside.basis().sequence(), 0u);
  EXPECT_THAT(inside.basis().note(), HasSubstr("Rounded down to entry 0"));
  EXPECT_EQ(inside.rows(0).progress(), "");
  const ListActionsResponse whole = Actions("view { sequence: 3 }");
  EXPECT_EQ(whole.basis().note(), "");
  EXPECT_EQ(whole.rows(0).progress(), "third");
  EXPECT_THAT(registers_->Answer<register_::v1::ListActionsResponse>(
                  Ask<ListActionsRequest>("view { sequence: 4 }"), OpenRegisters::Today()),
              FailsWith(ledger::Reason::kBeyondHead));
}

TEST_F(EngineTest, RecordedByTime) {
  ledger_.Append({Raised("a", "one")});
  ledger_.Append({Updated("a", "later")});
  const int64_t start = MemoryLedger::kStartMicros;
  EXPECT_EQ(Actions(absl::StrCat("view { recorded_at_us: ", start - 1, " }")).rows_size(), 0);
  const ListActionsResponse first =
      Actions(absl::StrCat("view { recorded_at_us: ", start + 999'999, " }"));
  EXPECT_EQ(first.basis().sequence(), 0u);
  EXPECT_EQ(first.basis().judged_on(), "2020-01-01") << "the day of recorded-by";
  EXPECT_EQ(first.rows(0).progress(), "");
  EXPECT_EQ(
      Actions(absl::StrCat("view { recorded_at_us: ", start + 1'000'000, " }")).rows(0).progress(),
      "later");
}

TEST_F(EngineTest, LateFactTakesItsPlace) {
  ledger_.Append({Raised("a", "one"), Updated("a", "in May", "2019-05-20")});
  ledger_.Append({Updated("a", "in April", "2019-04-01")});
  const auto row = Actions().rows(0);
  EXPECT_EQ(row.progress(), "in May");
  ASSERT_EQ(row.steps_size(), 3);
  EXPECT_EQ(row.steps(1).text(), "in April");
}

TEST_F(EngineTest, WithdrawnRecordHasNoRowAnyMoreAndHadOneBefore) {
  ledger_.Append({Raised("a", "one")});
  ledger_.Append({"record: 'actions/a' corrects: 0 withdrawn { reason: 'a slip' }"});
  EXPECT_EQ(Actions().rows_size(), 0);
  EXPECT_EQ(Actions("view { sequence: 0 }").rows_size(), 1);
  EXPECT_EQ(Info("actions").rows(), 0u);
}

TEST_F(EngineTest, GoesOnWhereItWasAfterReopening) {
  ledger_.Append({Raised("a", "one")});
  registers_.Level();
  registers_.Close();
  ledger_.Append({Updated("a", "while it was closed")});
  registers_.Open();
  const ListActionsResponse all = Actions();
  ASSERT_EQ(all.rows_size(), 1);
  EXPECT_EQ(all.rows(0).progress(), "while it was closed");
  EXPECT_EQ(all.rows(0).title(), "one");
  EXPECT_EQ(Actions("view { sequence: 0 }").rows(0).progress(), "");
  EXPECT_TRUE(registers_.events().empty());
}

TEST_F(EngineTest, RegistersOfAnotherIncarnationAreThrownAwayAndFoldedAnew) {
  ledger_.Append({Raised("a", "one"), Raised("b", "two")});
  registers_.Level();
  registers_.Close();
  ledger_.set_incarnation(2);
  registers_.Open();
  EXPECT_EQ(Actions().rows_size(), 2);
  ASSERT_EQ(registers_.events().size(), 1u);
  EXPECT_THAT(registers_.events()[0], HasSubstr("another ledger, incarnation or layout"));
}

TEST(EngineIdentityTest, RegistersOfAnotherLedgerAreNeverShown) {
  testing::TempDir dir;
  MemoryLedger first('a');
  first.Append({Raised("a", "of the first ledger")});
  MemoryLedger second('b');
  second.Append({Raised("b", "of the second")});
  RegisterStoreOptions options;
  options.path = dir.File("registers");
  for (MemoryLedger* ledger : {&first, &second, &first}) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, RegisterStore::Open(*ledger, options));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto all,
                                  store->Answer<register_::v1::ListActionsResponse>(
                                      register_::v1::ListActionsRequest(), OpenRegisters::Today()));
    ASSERT_EQ(all.rows_size(), 1);
    EXPECT_EQ(all.rows(0).action(), ledger == &first ? "actions/a" : "actions/b");
  }
}

TEST(EngineFilesTest, DamagedFilesAreThrownAwayAndFoldedAnew) {
  testing::TempDir dir;
  MemoryLedger ledger;
  ledger.Append({Raised("a", "one")});
  std::vector<std::string> events;
  RegisterStoreOptions options;
  options.path = dir.File("registers");
  options.on_event = [&](std::string event) { events.push_back(std::move(event)); };
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, RegisterStore::Open(ledger, options));
    SCRUTINY_ASSERT_OK(store->WaitForPosition(ledger::Sequence(0), 10'000'000));
  }
  std::ofstream(options.path + "/CURRENT") << "no manifest\n";
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, RegisterStore::Open(ledger, options));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto all,
                                store->Answer<register_::v1::ListActionsResponse>(
                                    register_::v1::ListActionsRequest(), OpenRegisters::Today()));
  EXPECT_EQ(all.rows_size(), 1);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_THAT(events[0], HasSubstr("folded anew"));
}

// Method: one bit of each file in turn changes while nobody has it open.
TEST(EngineFilesTest, ADamagedRegisterIsFoldedAnewAndTheOthersAreKept) {
  testing::TempDir dir;
  MemoryLedger ledger;
  ledger.Append({Raised("a", "one"), Raised("b", "two")});
  RegisterStoreOptions options;
  options.path = dir.File("registers");
  std::vector<std::string> events;
  options.on_event = [&](std::string event) { events.push_back(std::move(event)); };
  const auto open_and_ask = [&] {
    auto store = RegisterStore::Open(ledger, options);
    SCRUTINY_ASSERT_OK(store);
    SCRUTINY_ASSERT_OK((*store)->WaitForPosition(ledger::Sequence(1), 10'000'000));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto all,
                                  (*store)->Answer<register_::v1::ListActionsResponse>(
                                      register_::v1::ListActionsRequest(), OpenRegisters::Today()));
    EXPECT_EQ(all.rows_size(), 2);
    EXPECT_FALSE(all.basis().stalled());
  };
  ASSERT_NO_FATAL_FAILURE(open_and_ask());
  std::vector<std::filesystem::path> tables;
  for (const auto& file : std::filesystem::directory_iterator(options.path)) {
    if (file.path().extension() == ".sst") tables.push_back(file.path());
  }
  ASSERT_FALSE(tables.empty());
  for (const auto& table : tables) {
    // A table that was damaged before may have been replaced.
    if (!std::filesystem::exists(table)) continue;
    events.clear();
    std::fstream file(table, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(12);
    const int byte = file.get();
    file.seekp(12);
    file.put(static_cast<char>(byte ^ 1));
    file.close();
    ASSERT_NO_FATAL_FAILURE(open_and_ask()) << table;
    ASSERT_EQ(events.size(), 1u) << table;
    EXPECT_THAT(events[0], HasSubstr("folded anew"));
  }
}

TEST(EngineFilesTest, FilesInUseAreRefusedAndLeftAlone) {
  testing::TempDir dir;
  MemoryLedger ledger;
  ledger.Append({Raised("a", "one")});
  RegisterStoreOptions options;
  options.path = dir.File("registers");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, RegisterStore::Open(ledger, options));
  EXPECT_FALSE(RegisterStore::Open(ledger, options).ok());
  ledger.Append({Raised("b", "two")});
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto all,
                                store->Answer<register_::v1::ListActionsResponse>(
                                    register_::v1::ListActionsRequest(), OpenRegisters::Today()));
  EXPECT_EQ(all.rows_size(), 2);
}

TEST_F(EngineTest, RegisterAheadOfTheLedgerIsFoldedAnew) {
  testing::TempDir dir;
  RegisterStoreOptions options;
  options.path = dir.File("registers");
  MemoryLedger longer('x');
  longer.Append({Raised("a", "one"), Raised("b", "two")});
  {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, RegisterStore::Open(longer, options));
    SCRUTINY_ASSERT_OK(store->WaitForPosition(ledger::Sequence(1), 10'000'000));
  }
  MemoryLedger shorter('x');
  shorter.Append({Raised("a", "one")});
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto store, RegisterStore::Open(shorter, options));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto all,
                                store->Answer<register_::v1::ListActionsResponse>(
                                    register_::v1::ListActionsRequest(), OpenRegisters::Today()));
  EXPECT_EQ(all.rows_size(), 1);
}

TEST_F(EngineTest, EntryThatCannotBeReadStopsItsRegisterAlone) {
  ledger_.Append({Raised("a", "one")});
  const uint64_t bad = ledger_.AppendRaw("not an entry", event::v1::Proposed::kActionUpdated);
  ledger_.Append({Raised("b", "two"),
                  "record: 'decisions/d' occurred { on: '2019-03-18' } decision_taken { title: "
                  "'Buxton' where: DECISION_TAKEN_WHERE_BETWEEN_MEETINGS }"});
  registers_.Level();
  const ListActionsResponse stalled = Actions();
  EXPECT_TRUE(stalled.basis().stalled());
  EXPECT_THAT(stalled.basis().stalled_because(), HasSubstr(absl::StrCat("Entry ", bad)));
  EXPECT_EQ(stalled.basis().sequence(), bad - 1);
  ASSERT_EQ(stalled.rows_size(), 1) << "what it last knew";
  EXPECT_TRUE(Info("actions").stalled());
  EXPECT_FALSE(Info("decisions").stalled());
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto decisions,
                                registers_->Answer<register_::v1::ListDecisionsResponse>(
                                    register_::v1::ListDecisionsRequest(), OpenRegisters::Today()));
  EXPECT_EQ(decisions.rows_size(), 1) << "the others go on";
  EXPECT_FALSE(decisions.basis().stalled());
  // Minutes show actions too, from a register of their own.
  EXPECT_THAT(registers_.events(), UnorderedElementsAre(HasSubstr(" actions has stopped"),
                                                        HasSubstr(" minute-actions has stopped")));
  // Rebuilding comes to the same end, and says so.
  register_::v1::RebuildRequest request;
  request.add_registers("actions");
  register_::v1::RebuildResponse last;
  SCRUTINY_ASSERT_OK(registers_->Rebuild(request, [&](const auto& response) {
    last = response;
    return true;
  }));
  ASSERT_EQ(last.outcomes_size(), 1);
  EXPECT_EQ(last.outcomes(0).end(), register_::v1::REBUILD_END_FAILED);
  EXPECT_THAT(last.outcomes(0).because(), HasSubstr(absl::StrCat("Entry ", bad)));
  EXPECT_EQ(Actions().rows_size(), 1);
}

TEST_F(EngineTest, RebuildGivesTheSameRowsInEveryVersion) {
  for (int i = 0; i < 300; ++i) {
    const std::string action = absl::StrCat("a", i % 17);
    if (i < 17) ledger_.Append({Raised(action, "an action")});
    ledger_.Append({Updated(action, absl::StrCat("update ", i),
                            absl::StrCat("2019-0", 1 + (i * 5) % 9, "-01"))});
  }
  registers_.Level();
  std::vector<std::string> before;
  for (int sequence = 0; sequence < 317; sequence += 29) {
    before.push_back(
        Actions(absl::StrCat("view { sequence: ", sequence, " }")).SerializeAsString());
  }
  uint64_t finished = 0;
  SCRUTINY_ASSERT_OK(registers_->Rebuild({}, [&](const register_::v1::RebuildResponse& progress) {
    finished += progress.finished() ? 1 : 0;
    for (const auto& outcome : progress.outcomes()) {
      EXPECT_EQ(outcome.end(), register_::v1::REBUILD_END_SWITCHED) << outcome.register_();
      EXPECT_EQ(outcome.served_digest(), outcome.built_digest()) << outcome.register_();
    }
    EXPECT_LE(progress.done(), progress.total());
    return true;
  }));
  EXPECT_EQ(finished, 1u);
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(Actions(absl::StrCat("view { sequence: ", i * 29, " }")).SerializeAsString(),
              before[i]);
  }
  register_::v1::RebuildRequest unknown;
  unknown.add_registers("no-such");
  EXPECT_THAT(registers_->Rebuild(unknown, [](const auto&) { return true; }),
              FailsWith(ledger::Reason::kNotFound));
}

TEST_F(EngineTest, QueriesAndAppendsGoOnDuringRebuilds) {
  for (int i = 0; i < 2000; ++i) ledger_.Append({Raised(absl::StrCat("a", i), "an action")});
  registers_.Level();
  std::thread rebuilding([&] {
    for (int i = 0; i < 3; ++i) {
      SCRUTINY_EXPECT_OK(registers_->Rebuild({}, [](const auto&) { return true; }));
    }
  });
  for (int i = 0; i < 50; ++i) {
    ledger_.Append({Raised(absl::StrCat("b", i), "another")});
    const ListActionsResponse page = Actions("page { size: 1 }");
    if (page.basis().has_sequence() && page.basis().note().empty()) {
      EXPECT_EQ(page.basis().sequence(), page.basis().head_sequence());
    }
  }
  rebuilding.join();
  registers_.Level();
  EXPECT_EQ(Info("actions").rows(), 2050u);
}

// A record of many facts, appended one at a time in their order, costs each no more than the last.
TEST_F(EngineTest, LargeRecordIsFoldedOnwardsNotAgain) {
  constexpr int kFacts = 20'000;
  ledger_.Append({Raised("a", "one")});
  for (int i = 0; i < kFacts; ++i) ledger_.Append({Updated("a", absl::StrCat("update ", i))});
  registers_.Level();
  const auto row = Actions().rows(0);
  EXPECT_EQ(row.progress(), absl::StrCat("update ", kFacts - 1));
  EXPECT_EQ(row.meta().entry_count(), kFacts + 1);
  EXPECT_EQ(row.meta().entries_size(), 100);
  EXPECT_EQ(row.steps_size(), 20);
  EXPECT_EQ(Actions("view { sequence: 777 }").rows(0).progress(), "update 776");
}

// Catching up takes large runs, writes one while it folds the next and forgets old records on the
// way; following live does none of that. Both must leave the same versions.
TEST(EngineCatchUpTest, CatchingUpLeavesWhatFollowingLeaves) {
  constexpr int kAppends = 1500;
  constexpr int kFactsEach = 20;
  MemoryLedger late('l');
  MemoryLedger live('l');
  OpenRegisters followed(live);
  int facts = 0;
  for (int i = 0; i < kAppends; ++i) {
    std::vector<std::string> append;
    for (int j = 0; j < kFactsEach; ++j, ++facts) {
      // New records throughout, and updates near and far back, some of them late.
      const std::string day = absl::StrCat("2019-0", 1 + facts % 9, "-01");
      append.push_back(facts % 3 == 0 ? Raised(absl::StrCat("a", facts / 3), "an action")
                                      : Updated(absl::StrCat("a", (facts * 7919) % (facts / 3 + 1)),
                                                absl::StrCat("update ", facts), day));
    }
    late.Append(append);
    live.Append(append);
    if (i % 100 == 0) followed.Level();
  }
  OpenRegisters caught_up(late);
  for (int sequence = kFactsEach - 1; sequence < facts; sequence += kFactsEach * 150) {
    for (const std::string view : {"", "true_on: '2019-05-01'"}) {
      const auto request = Ask<ListActionsRequest>(
          absl::StrCat("state: ACTION_FILTER_ALL view { sequence: ", sequence, " ", view, " }"));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(auto one, caught_up->Answer<register_::v1::ListActionsResponse>(
                                                  request, OpenRegisters::Today()));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(
          auto other,
          followed->Answer<register_::v1::ListActionsResponse>(request, OpenRegisters::Today()));
      ASSERT_GT(one.rows_size(), 0);
      ASSERT_EQ(one.SerializeAsString(), other.SerializeAsString()) << sequence;
    }
  }
}

TEST_F(EngineTest, MinimumSequenceIsWaitedFor) {
  std::thread writer([&] {
    ledger_.Append({Raised("a", "one")});
    ledger_.Append({Raised("b", "two")});
  });
  EXPECT_EQ(Actions("view { min_sequence: 1 }").rows_size(), 2);
  writer.join();
}

TEST_F(EngineTest, AnswersNothingOnceClosed) {
  ledger_.Append({Raised("a", "one")});
  SCRUTINY_ASSERT_OK(registers_->Close());
  EXPECT_FALSE(registers_
                   ->Answer<register_::v1::ListActionsResponse>(register_::v1::ListActionsRequest(),
                                                                OpenRegisters::Today())
                   .ok());
}

}  // namespace
}  // namespace scrutiny::projections
