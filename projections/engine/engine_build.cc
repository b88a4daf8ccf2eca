// Rebuilding a register beside the one that is served, and going back to what was served before.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "projections/engine/engine.h"
#include "projections/engine/member.h"

namespace scrutiny::projections {
namespace {

using ledger::Hash;
using ledger::MutexLock;
using ledger::Sequence;
using ledger::TreeSize;

constexpr int64_t kProgressMicros = 100'000;

// The first position at which the digests differ, which they do at `last`. Digests are chained:
// where they are the same, so they were before.
absl::StatusOr<Sequence> FirstDifference(const Table& a, const Table& b, Sequence last) {
  uint64_t same_before = 0;
  uint64_t differ = last.value();
  while (same_before < differ) {
    const uint64_t middle = same_before + (differ - same_before) / 2;
    SCRUTINY_ASSIGN_OR_RETURN(const Hash digest_a, a.DigestAt(Sequence(middle)));
    SCRUTINY_ASSIGN_OR_RETURN(const Hash digest_b, b.DigestAt(Sequence(middle)));
    if (digest_a == digest_b) {
      same_before = middle + 1;
    } else {
      differ = middle;
    }
  }
  return Sequence(differ);
}

}  // namespace

absl::StatusOr<std::vector<RegisterState>> Engine::Command(
    Order order, const std::vector<std::string>& names,
    const std::function<bool(uint64_t done, uint64_t total)>& progress) {
  std::vector<Member*> chosen;
  for (const std::string& name : names) {
    SCRUTINY_ASSIGN_OR_RETURN(const RegisterState state, State(name));
    if (order == Order::kRollBack && !state.has_previous) {
      return ledger::Error(ledger::Reason::kNotFound,
                           absl::StrCat("There is nothing to go back to: of the register ", name,
                                        " no earlier rows are kept."))
          .Value(name);
    }
    Member* const member = Find(name);
    if (std::find(chosen.begin(), chosen.end(), member) == chosen.end()) chosen.push_back(member);
  }
  {
    MutexLock lock(mutex_);
    for (const auto& member : members_) {
      const bool can = order != Order::kRollBack || member->tables.previous != nullptr;
      if (names.empty() && can) chosen.push_back(member.get());
    }
    for (Member* member : chosen) member->order = order;
    changed_.SignalAll();
  }
  while (true) {
    uint64_t done = 0;
    uint64_t total = 0;
    bool finished = true;
    std::vector<RegisterState> states;
    {
      MutexLock lock(mutex_);
      if (closing_) break;
      changed_.WaitFor(mutex_, kProgressMicros);
      done = total = ledger_size_.value();
      for (const Member* member : chosen) {
        states.push_back(StateOf(*member));
        if (!IsUnderWay(*member)) continue;
        finished = false;
        done = std::min(done, member->order.has_value() ? 0 : member->build.applied.value());
      }
    }
    if (!progress(done, total) || finished) return states;
  }
  return ledger::Error(ledger::Reason::kReadOnly, "The registers are closed.")
      .Next("Ask again when the server is back.");
}

bool Engine::IsUnderWay(const Member& member) const {
  return member.order.has_value() || member.build.phase == BuildPhase::kBuilding ||
         member.build.phase == BuildPhase::kReady;
}

void Engine::CarryOut(Member& member) {
  Order order;
  BuildPhase phase;
  {
    MutexLock lock(mutex_);
    order = *member.order;
    phase = member.build.phase;
    member.accept = order == Order::kAccept;
  }
  absl::Status done;
  switch (order) {
    case Order::kBuild:
    case Order::kAccept:
      if (phase == BuildPhase::kPaused ||
          (phase == BuildPhase::kDiffers && order == Order::kAccept)) {
        done = GoOn(member);
      } else if (phase != BuildPhase::kBuilding) {
        done = BuildAnew(member);
      }
      break;
    case Order::kBuildFresh:
      done = BuildAnew(member);
      break;
    case Order::kRollBack:
      done = BuildOnPrevious(member);
      break;
    case Order::kPause:
      done = Pause(member);
      break;
    case Order::kDiscard:
      done = Discard(member);
      break;
  }
  if (!done.ok()) EndBuilding(member, BuildEnd::kFailed, done);
  MutexLock lock(mutex_);
  member.order.reset();
  changed_.SignalAll();
}

absl::Status Engine::Arrange(Member& member, const RegisterTables& tables) {
  // The thread that calls this is the only one that changes them.
  SCRUTINY_RETURN_IF_ERROR(store_->Arrange(member.definition.name, member.tables, tables));
  MutexLock lock(mutex_);
  member.tables = tables;
  return absl::OkStatus();
}

void Engine::DropTrack(Member& member) {
  if (member.building == nullptr) return;
  ledger::IgnoreError(member.building->folder().Settle(), "it is thrown away");
  member.building.reset();
}

absl::Status Engine::Build(Member& member, std::shared_ptr<Table> table, const TableHead& head,
                           bool roll_back) {
  DropTrack(member);
  RegisterTables tables = member.tables;
  if (roll_back) tables.previous.reset();
  tables.building = table;
  tables.paused = false;
  SCRUTINY_RETURN_IF_ERROR(Arrange(member, tables));
  member.building = std::make_unique<Track>(member.definition, std::move(table), head);
  MutexLock lock(mutex_);
  member.build = BuildState();
  member.build.phase = BuildPhase::kBuilding;
  member.build.roll_back = roll_back;
  member.build.applied = head.applied;
  member.build_settled = true;
  return absl::OkStatus();
}

absl::Status Engine::BuildAnew(Member& member) {
  SCRUTINY_ASSIGN_OR_RETURN(std::shared_ptr<Table> table, store_->NewTable(member.definition.name));
  return Build(member, std::move(table), TableHead(), /*roll_back=*/false);
}

absl::Status Engine::BuildOnPrevious(Member& member) {
  std::shared_ptr<Table> previous = member.tables.previous;
  if (previous == nullptr) return absl::OkStatus();  // it has been discarded meanwhile
  SCRUTINY_ASSIGN_OR_RETURN(const TableHead head, previous->Head());
  return Build(member, std::move(previous), head, /*roll_back=*/true);
}

absl::Status Engine::GoOn(Member& member) {
  RegisterTables tables = member.tables;
  tables.paused = false;
  SCRUTINY_RETURN_IF_ERROR(Arrange(member, tables));
  MutexLock lock(mutex_);
  member.build.phase = BuildPhase::kBuilding;
  member.build.end = BuildEnd::kNone;
  return absl::OkStatus();
}

absl::Status Engine::Pause(Member& member) {
  if (member.building == nullptr) return absl::OkStatus();
  SCRUTINY_RETURN_IF_ERROR(member.building->folder().SaveHead());
  RegisterTables tables = member.tables;
  tables.paused = true;
  SCRUTINY_RETURN_IF_ERROR(Arrange(member, tables));
  MutexLock lock(mutex_);
  member.build.applied = member.building->applied();
  member.build_settled = true;
  member.build.phase = BuildPhase::kPaused;
  member.build.end = BuildEnd::kPaused;
  return absl::OkStatus();
}

absl::Status Engine::Discard(Member& member) {
  DropTrack(member);
  RegisterTables tables;
  tables.serving = member.tables.serving;
  SCRUTINY_RETURN_IF_ERROR(Arrange(member, tables));
  MutexLock lock(mutex_);
  member.build = BuildState();
  member.build.end = BuildEnd::kDiscarded;
  return absl::OkStatus();
}

void Engine::Offer(Member& member) {
  // Most of what was built is in memory still: once it is served, only the tail may be lost in a
  // crash, as of every register.
  const absl::Status flushed = store_->Flush({member.building->table()});
  if (!flushed.ok()) {
    EndBuilding(member, BuildEnd::kFailed, flushed);
    return;
  }
  MutexLock lock(mutex_);
  member.build.phase = BuildPhase::kReady;
  changed_.SignalAll();
}

void Engine::Switch(Member& member, Run& run) {
  // Nothing is served meanwhile that is not in the table, so that the two can be compared, and the
  // register's position does not go back.
  const absl::Status served = member.serving->folder().Settle();
  const absl::Status level = member.building->CatchUp(source_, member.serving->applied(), run);
  BuildState build;
  bool accept = false;
  {
    MutexLock lock(mutex_);
    member.head = member.serving->folder().settled();
    member.settled = true;
    if (!served.ok() && member.stalled.ok()) member.stalled = served;
    build = member.build;
    accept = member.accept || build.roll_back;
  }
  if (!level.ok()) {
    EndBuilding(member, BuildEnd::kFailed, level);
    return;
  }
  build.applied = member.building->applied();
  if (!MayReplace(member, &build) && !accept) {
    build.phase = BuildPhase::kDiffers;
    build.end = BuildEnd::kDiffers;
    SetBuild(member, build);
    Tell(absl::StrCat("The register ", member.definition.name,
                      " was rebuilt and is not the same as what is served; it waits for a "
                      "decision."));
    return;
  }
  RegisterTables tables;
  tables.serving = member.tables.building;
  tables.previous = member.tables.serving;
  if (const absl::Status arranged = store_->Arrange(member.definition.name, member.tables, tables);
      !arranged.ok()) {
    build.phase = BuildPhase::kPaused;
    build.end = BuildEnd::kFailed;
    build.why = arranged;
    SetBuild(member, build);
    return;
  }
  build.phase = BuildPhase::kNone;
  build.end = BuildEnd::kSwitched;
  MutexLock lock(mutex_);
  member.tables = std::move(tables);
  member.serving = std::move(member.building);
  member.head = member.serving->folder().settled();
  member.stalled = absl::OkStatus();
  member.build = build;
  member.accept = false;
  changed_.SignalAll();
}

void Engine::SetBuild(Member& member, const BuildState& build) {
  MutexLock lock(mutex_);
  member.build = build;
  changed_.SignalAll();
}

bool Engine::MayReplace(Member& member, BuildState* build) const {
  const Track& serving = *member.serving;
  const Track& building = *member.building;
  const TreeSize both = std::min(serving.applied(), building.applied());
  if (both.value() == 0) return true;
  const Sequence at(both.value() - 1);
  const absl::StatusOr<Hash> served = serving.table()->DigestAt(at);
  const absl::StatusOr<Hash> built = building.table()->DigestAt(at);
  // What is served cannot be read any more: there is nothing to be the same as.
  if (!served.ok() || !built.ok()) return built.ok();
  build->compared_at = at;
  build->served_digest = *served;
  build->built_digest = *built;
  if (*served == *built) return true;
  const absl::StatusOr<Sequence> first = FirstDifference(*serving.table(), *building.table(), at);
  if (first.ok()) build->first_difference = *first;
  return false;
}

void Engine::EndBuilding(Member& member, BuildEnd end, const absl::Status& why) {
  DropTrack(member);
  RegisterTables tables = member.tables;
  tables.building.reset();
  ledger::IgnoreError(Arrange(member, tables), "what is left is dropped when the files are opened");
  {
    MutexLock lock(mutex_);
    member.tables = tables;
    member.build.phase = BuildPhase::kNone;
    member.build.end = end;
    member.build.why = why;
    member.accept = false;
    changed_.SignalAll();
  }
  Tell(absl::StrCat("The rebuild of the register ", member.definition.name,
                    " ended: ", why.message()));
}

}  // namespace scrutiny::projections
