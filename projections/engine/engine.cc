#include "projections/engine/engine.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "projections/engine/member.h"
#include "projections/engine/run.h"

namespace scrutiny::projections {
namespace {

using ledger::MutexLock;
using ledger::Sequence;
using ledger::TreeSize;

// Without work for so long, a thread looks round: what it folded may be written to the files.
constexpr int64_t kIdleMicros = 2'000'000;
// Further from the head than this, a register is written behind; nearer, each run is written before
// the next is read, so that it is settled when it is level.
constexpr uint64_t kWriteBehindEntries = 3 * ledger::kRegisterBatchEntriesMax;
// Fewer folded entries than this are not worth a file; they are folded again after a crash.
constexpr uint64_t kFlushEntries = 65'536;

int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Engine::Engine(ledger::EntrySource& source, const EngineOptions& options)
    : source_(source), options_(options) {}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(ledger::EntrySource& source,
                                                     const std::vector<const Register*>& registers,
                                                     const EngineOptions& options) {
  std::unique_ptr<Engine> engine(new Engine(source, options));
  std::string note;
  SCRUTINY_ASSIGN_OR_RETURN(engine->store_, Store::Open(options.store, source.identity(), &note));
  if (!note.empty()) engine->Tell(std::move(note));
  for (const Register* reg : registers) SCRUTINY_RETURN_IF_ERROR(engine->AddRegister(*reg));
  SCRUTINY_RETURN_IF_ERROR(engine->store_->DropUntaken());
  std::sort(engine->members_.begin(), engine->members_.end(),
            [](const auto& a, const auto& b) { return a->definition.name < b->definition.name; });

  Engine* const self = engine.get();
  engine->listener_ = source.AddListener([self](TreeSize size) {
    MutexLock lock(self->mutex_);
    self->ledger_size_ = std::max(self->ledger_size_, size);
    self->changed_.SignalAll();
  });
  const TreeSize size = source.size();
  {
    MutexLock lock(engine->mutex_);
    engine->ledger_size_ = std::max(engine->ledger_size_, size);
  }
  engine->level_thread_ = std::thread([self] { self->Follow(Lane::kLevel); });
  engine->behind_thread_ = std::thread([self] { self->Follow(Lane::kBehind); });
  return engine;
}

Engine::~Engine() { ledger::IgnoreError(Close(), "what is not in the files is folded again"); }

absl::Status Engine::AddRegister(const Register& definition) {
  auto member = std::make_unique<Member>(definition);
  SCRUTINY_ASSIGN_OR_RETURN(RegisterTables tables, store_->TakeTables(definition.name));
  member->tables = tables;
  // Of entries that this ledger does not hold nothing can be said.
  const auto fault = [&](const Table& table, TableHead* head) -> absl::StatusOr<std::string> {
    const absl::StatusOr<TableHead> held = table.Head();
    if (!held.ok() && ledger::ReasonOf(held.status()) == ledger::Reason::kCorrupt) {
      return std::string("its files are damaged");
    }
    if (!held.ok()) return held.status();
    *head = *held;
    if (head->applied > source_.size()) return std::string("it is ahead of the ledger");
    const bool other = head->applied.value() > 0 && head->version != definition.version;
    return std::string(other ? "its rules have changed" : "");
  };
  SCRUTINY_ASSIGN_OR_RETURN(const std::string why, fault(*tables.serving, &member->head));
  if (!why.empty()) {
    Tell(absl::StrCat("The register ", definition.name, " is folded anew: ", why, "."));
    tables = RegisterTables();
    SCRUTINY_ASSIGN_OR_RETURN(tables.serving, store_->NewTable(definition.name));
    member->head = TableHead();
  }
  TableHead built;
  for (auto* beside : {&tables.previous, &tables.building}) {
    if (*beside == nullptr) continue;
    built = TableHead();
    SCRUTINY_ASSIGN_OR_RETURN(const std::string useless, fault(**beside, &built));
    if (!useless.empty()) beside->reset();
  }
  if (tables.serving != member->tables.serving || tables.building != member->tables.building ||
      tables.previous != member->tables.previous) {
    SCRUTINY_RETURN_IF_ERROR(Arrange(*member, tables));
  }
  if (member->head.applied == source_.size()) member->lane = Lane::kLevel;
  member->serving = std::make_unique<Track>(definition, tables.serving, member->head);
  if (tables.building != nullptr) {
    // It goes on where it was when the server stopped.
    member->building = std::make_unique<Track>(definition, tables.building, built);
    member->build.phase = tables.paused ? BuildPhase::kPaused : BuildPhase::kBuilding;
    member->build.roll_back = tables.building->generation() < tables.serving->generation();
    member->build.applied = built.applied;
  }
  members_.push_back(std::move(member));
  return absl::OkStatus();
}

RegisterState Engine::StateOf(const Member& member) const {
  RegisterState state;
  state.definition = &member.definition;
  state.applied = member.head.applied;
  state.rows = member.head.rows;
  state.digest = member.head.digest;
  state.stalled = member.stalled;
  state.build = member.build;
  state.has_previous = member.tables.previous != nullptr;
  return state;
}

std::vector<RegisterState> Engine::States() const {
  MutexLock lock(mutex_);
  std::vector<RegisterState> states;
  states.reserve(members_.size());
  for (const auto& member : members_) states.push_back(StateOf(*member));
  return states;
}

Engine::Member* Engine::Find(absl::string_view name) const {
  for (const auto& member : members_) {
    if (member->definition.name == name) return member.get();
  }
  return nullptr;
}

absl::StatusOr<RegisterState> Engine::State(absl::string_view name) const {
  if (const Member* member = Find(name); member != nullptr) {
    MutexLock lock(mutex_);
    return StateOf(*member);
  }
  return ledger::Error(ledger::Reason::kNotFound,
                       absl::StrCat("There is no register named “", name, "”."))
      .Value(name);
}

absl::StatusOr<std::vector<Engine::Look>> Engine::LookAt(
    const std::vector<absl::string_view>& names) const {
  MutexLock lock(mutex_);
  if (closing_) {
    return ledger::Error(ledger::Reason::kReadOnly, "The registers are closed.")
        .Next("Ask again when the server is back.");
  }
  std::vector<Look> looks;
  for (const absl::string_view name : names) {
    const Member* member = Find(name);
    SCRUTINY_CHECK(member != nullptr) << name;
    looks.push_back({StateOf(*member), Reader(member->definition, member->tables.serving)});
  }
  return looks;
}

bool Engine::HaveApplied(const std::vector<absl::string_view>& names, TreeSize size) const {
  return std::all_of(members_.begin(), members_.end(), [&](const std::unique_ptr<Member>& member) {
    const bool asked = names.empty() || std::find(names.begin(), names.end(),
                                                  member->definition.name) != names.end();
    return !asked || !member->stalled.ok() || member->head.applied >= size;
  });
}

bool Engine::WaitFor(const std::vector<absl::string_view>& names, TreeSize size,
                     int64_t timeout_micros) const {
  const int64_t deadline = NowMicros() + timeout_micros;
  MutexLock lock(mutex_);
  while (!closing_) {
    if (HaveApplied(names, size)) return true;
    const int64_t left = deadline - NowMicros();
    if (left <= 0) return false;
    changed_.WaitFor(mutex_, left);
  }
  return false;
}

absl::Status Engine::Close() {
  {
    MutexLock lock(mutex_);
    if (closing_) return absl::OkStatus();
    closing_ = true;
    changed_.SignalAll();
  }
  if (level_thread_.joinable()) {
    source_.RemoveListener(listener_);
    level_thread_.join();
    behind_thread_.join();
  }
  std::vector<std::shared_ptr<Table>> tables;
  for (const auto& member : members_) {
    SCRUTINY_RETURN_IF_ERROR(member->serving->folder().SaveHead());
    tables.push_back(member->serving->table());
    if (member->building == nullptr) continue;
    SCRUTINY_RETURN_IF_ERROR(member->building->folder().SaveHead());
    tables.push_back(member->building->table());
  }
  return tables.empty() ? absl::OkStatus() : store_->Flush(tables);
}

void Engine::Follow(Lane lane) {
  Run run;
  while (true) {
    const Work work = Await(lane);
    if (work.closing) return;
    if (work.idle) FlushIfWorthwhile();
    for (Member* member : work.orders) CarryOut(*member);
    for (Member* member : work.offer) Offer(*member);
    for (Member* member : work.switches) Switch(*member, run);
    for (const Part& part : work.settle) Settle(part);
    if (!work.advance.empty()) Advance(work, run);
  }
}

Engine::Work Engine::Await(Lane lane) {
  Work work;
  MutexLock lock(mutex_);
  while (true) {
    work.closing = closing_;
    bool due = false;
    for (const auto& member : members_) due = Gather(lane, *member, &work) || due;
    if (!due) work.advance.clear();
    if (due || work.any()) return work;
    work.idle = !changed_.WaitFor(mutex_, kIdleMicros) && lane == Lane::kLevel;
  }
}

// What there is to do for a member; whether something is to be brought on.
bool Engine::Gather(Lane lane, Member& member, Work* work) const {
  bool due = false;
  const uint64_t left = ledger_size_.value() - member.head.applied.value();
  if (member.lane == lane && member.stalled.ok()) {
    if (lane == Lane::kBehind && left <= ledger::kRegisterBatchEntriesMax) {
      // Close enough to the head, a register is level: the other thread takes it from there.
      if (member.settled) {
        member.lane = Lane::kLevel;
        changed_.SignalAll();
      } else {
        work->settle.push_back({&member, false});
      }
    } else {
      work->advance.push_back({&member, false});
      work->write_behind |= lane == Lane::kBehind && left > kWriteBehindEntries;
      due = left > 0;
    }
  }
  if (member.lane == lane && member.build.phase == BuildPhase::kReady) {
    work->switches.push_back(&member);
  }
  if (lane == Lane::kLevel || member.build.phase == BuildPhase::kReady) return due;
  if (member.order.has_value()) {
    work->orders.push_back(&member);
  } else if (member.build.phase == BuildPhase::kBuilding) {
    const uint64_t to_build = ledger_size_.value() - member.build.applied.value();
    if (to_build > ledger::kRegisterBatchEntriesMax) {
      work->advance.push_back({&member, true});
      work->write_behind |= to_build > kWriteBehindEntries;
      due = true;
    } else if (member.build_settled) {
      work->offer.push_back(&member);
    } else {
      work->settle.push_back({&member, true});
    }
  }
  return due;
}

void Engine::Settle(const Part& part) {
  Member& member = *part.member;
  Folder& folder = member.track(part.building).folder();
  const absl::Status settled = folder.Settle();
  {
    MutexLock lock(mutex_);
    if (part.building) {
      member.build.applied = folder.settled().applied;
      member.build_settled = true;
    } else {
      member.head = folder.settled();
      member.settled = true;
    }
    changed_.SignalAll();
  }
  if (!settled.ok()) Stall(part, settled);
}

void Engine::Advance(const Work& work, Run& run) {
  // The tracks are this thread's own, so that they may be looked at without the lock.
  TreeSize from = source_.size();
  TypeSet wanted;
  for (const Part& part : work.advance) {
    const Track& track = part.member->track(part.building);
    from = std::min(from, track.applied());
    track.AddWanted(&wanted);
  }
  if (from == source_.size()) {
    // Everything is folded, and some of it on its way to the table.
    for (const Part& part : work.advance) Settle(part);
    return;
  }
  const absl::Status read = run.Read(source_, ledger::NextSequence(from), wanted);
  for (const Part& part : work.advance) {
    if (read.ok()) {
      TakeRun(run, work.write_behind, part);
    } else if (part.member->track(part.building).applied() == from) {
      Settle(part);
      Stall(part, read);
    }
  }
  MutexLock lock(mutex_);
  changed_.SignalAll();
}

void Engine::TakeRun(const Run& run, bool write_behind, const Part& part) {
  Member& member = *part.member;
  Track& track = member.track(part.building);
  if (run.next() <= track.applied()) return;
  size_t folded = 0;
  const absl::Status taken = track.Take(run, write_behind, &folded);
  {
    MutexLock lock(mutex_);
    const bool settled = track.folder().settled().applied == track.applied();
    if (part.building) {
      member.build.applied = track.folder().settled().applied;
      member.build_settled = settled;
    } else {
      member.head = track.folder().settled();
      member.settled = settled;
    }
    unflushed_ += folded;
  }
  if (!taken.ok()) Stall(part, taken);
}

void Engine::Stall(const Part& part, const absl::Status& why) {
  if (part.building) {
    EndBuilding(*part.member, BuildEnd::kFailed, why);
    return;
  }
  {
    MutexLock lock(mutex_);
    part.member->stalled = why;
    changed_.SignalAll();
  }
  Tell(
      absl::StrCat("The register ", part.member->definition.name, " has stopped: ", why.message()));
}

void Engine::FlushIfWorthwhile() {
  std::vector<std::shared_ptr<Table>> tables;
  {
    MutexLock lock(mutex_);
    if (unflushed_ < kFlushEntries) return;
    unflushed_ = 0;
    for (const auto& member : members_) {
      tables.push_back(member->tables.serving);
      if (member->tables.building != nullptr) tables.push_back(member->tables.building);
    }
  }
  const absl::Status flushed = store_->Flush(tables);
  if (!flushed.ok()) Tell(std::string(flushed.message()));
}

void Engine::Tell(std::string event) const {
  if (options_.on_event) options_.on_event(std::move(event));
}

}  // namespace scrutiny::projections
