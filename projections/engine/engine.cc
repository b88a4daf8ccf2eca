#include "projections/engine/engine.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "projections/engine/folder.h"
#include "projections/engine/run.h"

namespace scrutiny::projections {
namespace {

using ledger::MutexLock;
using ledger::Sequence;
using ledger::TreeSize;

constexpr int64_t kProgressMicros = 100'000;
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

struct Engine::Member {
  explicit Member(const Register& reg) : definition(reg) {
    for (const uint32_t type : reg.fact_types) wanted.Add(type);
  }

  const Register& definition;
  TypeSet wanted;
  // Belongs to the thread of the lane; passes to the other one with the lane, under the mutex.
  std::unique_ptr<Folder> folder;

  // Under the engine's mutex.
  std::shared_ptr<Table> table;  // shared with readers, who read on when it is replaced
  TableHead head;
  Lane lane = Lane::kBehind;
  bool settled = true;  // nothing is on its way to the table
  bool rebuild = false;
  absl::Status stalled;
};

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
  SCRUTINY_ASSIGN_OR_RETURN(member->table, store_->TakeTable(definition.name));
  const absl::StatusOr<TableHead> held = member->table->Head();
  const bool damaged = !held.ok() && ledger::ReasonOf(held.status()) == ledger::Reason::kCorrupt;
  if (!held.ok() && !damaged) return held.status();
  TableHead head = damaged ? TableHead() : *held;
  const bool is_new = head.applied.value() == 0;
  const bool other_version = !is_new && head.version != definition.version;
  // Of entries that this ledger does not hold nothing can be said.
  const bool beyond = head.applied > source_.size();
  if (damaged || other_version || beyond) {
    Tell(absl::StrCat("The register ", definition.name, " is folded anew: ",
                      damaged  ? "its files are damaged."
                      : beyond ? "it is ahead of the ledger."
                               : "its rules have changed."));
    SCRUTINY_ASSIGN_OR_RETURN(member->table, store_->Renew(*member->table));
    head = TableHead();
  }
  member->head = head;
  if (head.applied == source_.size()) member->lane = Lane::kLevel;
  member->folder = std::make_unique<Folder>(definition, member->table, head);
  members_.push_back(std::move(member));
  return absl::OkStatus();
}

RegisterState Engine::StateOf(const Member& member) const {
  return {&member.definition, member.head.applied, member.head.rows, member.stalled};
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
    looks.push_back({StateOf(*member), Reader(member->definition, member->table)});
  }
  return looks;
}

bool Engine::HaveApplied(const std::vector<absl::string_view>& names, TreeSize size) const {
  return std::all_of(members_.begin(), members_.end(), [&](const std::unique_ptr<Member>& member) {
    const bool asked = names.empty() || std::find(names.begin(), names.end(),
                                                  member->definition.name) != names.end();
    return !asked || (!member->stalled.ok() && !member->rebuild) ||
           (!member->rebuild && member->head.applied >= size);
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

absl::Status Engine::Rebuild(const std::vector<std::string>& names,
                             const std::function<bool(uint64_t done, uint64_t total)>& progress) {
  std::vector<Member*> chosen;
  for (const std::string& name : names) {
    SCRUTINY_RETURN_IF_ERROR(State(name).status());
    Member* const member = Find(name);
    if (std::find(chosen.begin(), chosen.end(), member) == chosen.end()) chosen.push_back(member);
  }
  if (chosen.empty()) {
    for (const auto& member : members_) chosen.push_back(member.get());
  }
  TreeSize target;
  {
    MutexLock lock(mutex_);
    for (Member* member : chosen) member->rebuild = true;
    target = ledger_size_;
    changed_.SignalAll();
  }
  while (true) {
    uint64_t done = target.value();
    bool finished = true;
    absl::Status stalled;
    {
      MutexLock lock(mutex_);
      if (closing_) return ledger::Error(ledger::Reason::kReadOnly, "The registers are closed.");
      changed_.WaitFor(mutex_, kProgressMicros);
      for (const Member* member : chosen) {
        done = std::min(done, member->rebuild ? 0 : member->head.applied.value());
        if (member->rebuild || (member->stalled.ok() && member->head.applied < target)) {
          finished = false;
        } else if (!member->stalled.ok()) {
          stalled = member->stalled;
        }
      }
    }
    if (finished && !stalled.ok()) return stalled;
    if (!progress(done, target.value()) || finished) return absl::OkStatus();
  }
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
    SCRUTINY_RETURN_IF_ERROR(member->folder->SaveHead());
    tables.push_back(member->table);
  }
  return tables.empty() ? absl::OkStatus() : store_->Flush(tables);
}

void Engine::Follow(Lane lane) {
  Run run;
  while (true) {
    const Work work = Await(lane);
    if (work.closing) return;
    if (work.idle) FlushIfWorthwhile();
    for (Member* member : work.renew) Renew(*member);
    for (Member* member : work.settle) Settle(*member);
    if (!work.advance.empty()) Advance(work, run);
  }
}

Engine::Work Engine::Await(Lane lane) {
  Work work;
  MutexLock lock(mutex_);
  while (true) {
    if (closing_) {
      work.closing = true;
      return work;
    }
    bool due = false;
    for (const auto& member : members_) {
      if (member->lane != lane) continue;
      if (member->rebuild) {
        work.renew.push_back(member.get());
      } else if (member->stalled.ok()) {
        const uint64_t left = ledger_size_.value() - member->head.applied.value();
        if (lane == Lane::kBehind && left <= ledger::kRegisterBatchEntriesMax) {
          // Close enough to the head, a register is level: the other thread takes it from there.
          if (member->settled) {
            member->lane = Lane::kLevel;
            changed_.SignalAll();
          } else {
            work.settle.push_back(member.get());
          }
          continue;
        }
        work.advance.push_back(member.get());
        work.write_behind =
            work.write_behind || (lane == Lane::kBehind && left > kWriteBehindEntries);
        due = due || left > 0;
      }
    }
    if (!due) work.advance.clear();
    if (due || work.idle || !work.renew.empty() || !work.settle.empty()) return work;
    work.idle = !changed_.WaitFor(mutex_, kIdleMicros) && lane == Lane::kLevel;
  }
}

void Engine::Renew(Member& member) {
  ledger::IgnoreError(member.folder->Settle(), "what is on its way is thrown away with the rest");
  absl::StatusOr<std::shared_ptr<Table>> table = store_->Renew(*member.folder->table());
  if (!table.ok()) {
    {
      MutexLock lock(mutex_);
      member.rebuild = false;
    }
    Stall(member, table.status());
    return;
  }
  member.folder = std::make_unique<Folder>(member.definition, *table, TableHead());
  MutexLock lock(mutex_);
  member.table = *std::move(table);
  member.head = TableHead();
  member.stalled = absl::OkStatus();
  member.rebuild = false;
  member.lane = Lane::kBehind;
  changed_.SignalAll();
}

void Engine::Settle(Member& member) {
  const absl::Status settled = member.folder->Settle();
  {
    MutexLock lock(mutex_);
    member.head = member.folder->settled();
    member.settled = true;
    changed_.SignalAll();
  }
  if (!settled.ok()) Stall(member, settled);
}

void Engine::Advance(const Work& work, Run& run) {
  // The folders are this thread's own, so that they may be looked at without the lock.
  TreeSize from = work.advance.front()->folder->head().applied;
  TypeSet wanted;
  wanted.Add(event::v1::Proposed::kWithdrawn);
  for (const Member* member : work.advance) {
    from = std::min(from, member->folder->head().applied);
    for (const uint32_t type : member->definition.fact_types) wanted.Add(type);
  }
  if (from == source_.size()) {
    // Everything is folded, and some of it on its way to the table.
    for (Member* member : work.advance) Settle(*member);
    return;
  }
  const absl::Status read = run.Read(source_, ledger::NextSequence(from), wanted);
  for (Member* member : work.advance) {
    if (read.ok()) {
      TakeRun(run, work.write_behind, *member);
    } else if (member->folder->head().applied == from) {
      Settle(*member);
      Stall(*member, read);
    }
  }
  MutexLock lock(mutex_);
  changed_.SignalAll();
}

void Engine::TakeRun(const Run& run, bool write_behind, Member& member) {
  Folder& folder = *member.folder;
  const TreeSize before = folder.head().applied;
  if (run.next() <= before) return;
  std::vector<const IncomingEntry*> entries;
  for (size_t i = 0; i < run.entries().size(); ++i) {
    const IncomingEntry& entry = run.entries()[i];
    if (entry.sequence.value() < before.value()) continue;
    const bool is_withdrawal = run.types()[i] == event::v1::Proposed::kWithdrawn;
    if (is_withdrawal ? ledger::RecordKind(entry.record) == member.definition.kind
                      : member.wanted.Has(run.types()[i])) {
      entries.push_back(&entry);
    }
  }
  absl::Status taken = folder.Take(entries, run.next(), write_behind);
  const absl::Status failure = taken;
  // As far as it goes: what stands before the append at fault. Not if it was an earlier run that
  // could not be written: then the folder is back before it.
  while (!taken.ok() && folder.head().applied == before &&
         folder.failed_append().value() > before.value()) {
    const Sequence end = folder.failed_append();
    while (!entries.empty() && entries.back()->sequence >= end) entries.pop_back();
    taken = folder.Take(entries, TreeSize(end.value()));
  }
  if (!failure.ok()) {
    ledger::IgnoreError(folder.Settle(), "the register stops anyway, and says why it failed first");
  }
  {
    MutexLock lock(mutex_);
    member.head = folder.settled();
    member.settled = folder.settled().applied == folder.head().applied;
    unflushed_ += entries.size();
  }
  if (!failure.ok()) Stall(member, failure);
}

void Engine::Stall(Member& member, const absl::Status& why) {
  {
    MutexLock lock(mutex_);
    member.stalled = why;
    changed_.SignalAll();
  }
  Tell(absl::StrCat("The register ", member.definition.name, " has stopped: ", why.message()));
}

void Engine::FlushIfWorthwhile() {
  std::vector<std::shared_ptr<Table>> tables;
  {
    MutexLock lock(mutex_);
    if (unflushed_ < kFlushEntries) return;
    unflushed_ = 0;
    for (const auto& member : members_) tables.push_back(member->table);
  }
  const absl::Status flushed = store_->Flush(tables);
  if (!flushed.ok()) Tell(std::string(flushed.message()));
}

void Engine::Tell(std::string event) const {
  if (options_.on_event) options_.on_event(std::move(event));
}

}  // namespace scrutiny::projections
