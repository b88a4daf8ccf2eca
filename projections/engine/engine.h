// projections/engine/engine.h
// Keeps registers level with the ledger: follows what is committed, rebuilds a register beside the
// one that is served, and stops one alone when it fails.
//
// One thread follows for the registers that are level, another brings those up that are behind
// (new, of a new version, being built); each reads an entry once for all the tables it serves. What
// is being built takes the place of what is served when it is level and has the same digest; the
// thread that follows for the register does that, between two runs.
//
// Guarantees:  a register's position is always the end of a whole append, kept together with its
//              rows; a failure stops that register alone, at a named entry, and says so until it is
//              rebuilt or reopened. A rebuild disturbs no reader: positions never go back, and what
//              was being read is read on. It outlives its caller and a restart.
// Threads:     thread-safe; two threads of its own.
// Lifetime:    borrows `source` and the registers, which must outlive this.
// Errors:      Open: kReadOnly, kCorrupt if the files cannot be made; Find: kNotFound.
// Limits:      kRegisterBatchEntriesMax entries between two commits, rounded to whole appends; a
//              rebuild has the write buffers and caches of the store and no others.
// Tests:       tests/projections/engine/engine_test.cc, rebuild_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ENGINE_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/feed/entry_source.h"
#include "ledger/format/hash.h"
#include "projections/engine/reader.h"
#include "projections/engine/register.h"
#include "projections/engine/store.h"

namespace scrutiny::projections {

class Run;

struct EngineOptions {
  StoreOptions store;
  // Told in a sentence what an operator should know; from any thread. Null: nobody.
  std::function<void(std::string)> on_event;
};

// How far a rebuild is.
enum class BuildPhase {
  kNone,      // nothing is being built
  kBuilding,  // under way
  kReady,     // level; about to take the place of what is served
  kPaused,    // cancelled; goes on where it was when it is asked for again
  kDiffers,   // level, and not the same as what is served: waits for a decision
};

// How the last rebuild of a register ended.
enum class BuildEnd {
  kNone,      // there was none, or it has not ended
  kSwitched,  // what was built is served now
  kPaused,
  kDiffers,
  kFailed,
  kDiscarded,
};

struct BuildState {
  BuildPhase phase = BuildPhase::kNone;
  bool roll_back = false;    // what is being brought up is what was served before
  ledger::TreeSize applied;  // of what is being built
  BuildEnd end = BuildEnd::kNone;
  absl::Status why;  // kFailed: what failed
  // Compared at the last position that both had: that of what was served, and of what was built.
  absl::optional<ledger::Sequence> compared_at;
  ledger::Hash served_digest = {};
  ledger::Hash built_digest = {};
  // Where the two first differ.
  absl::optional<ledger::Sequence> first_difference;
};

// How a register does.
struct RegisterState {
  const Register* definition = nullptr;
  ledger::TreeSize applied;  // every entry before it
  uint64_t rows = 0;
  ledger::Hash digest = {};
  absl::Status stalled;  // why it stopped; OK: it has not
  BuildState build;
  bool has_previous = false;  // there is a table to go back to

  absl::optional<ledger::Sequence> position() const {
    if (applied.value() == 0) return absl::nullopt;
    return ledger::Sequence(applied.value() - 1);
  }
};

// The size of a ledger that holds the entry. No ledger is as large as the greatest number there is,
// so asking for that one waits in vain instead of wrapping to nothing.
inline ledger::TreeSize SizeToHold(ledger::Sequence sequence) {
  const uint64_t greatest = std::numeric_limits<uint64_t>::max();
  return sequence.value() == greatest ? ledger::TreeSize(greatest) : ledger::SizeThrough(sequence);
}

class Engine {
 public:
  static absl::StatusOr<std::unique_ptr<Engine>> Open(ledger::EntrySource& source,
                                                      const std::vector<const Register*>& registers,
                                                      const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  ledger::EntrySource& source() const { return source_; }

  // All registers, by name.
  std::vector<RegisterState> States() const;
  absl::StatusOr<RegisterState> State(absl::string_view name) const;
  // How registers do and what reads them, at one moment: the reader has all that `applied` says,
  // also when the register is rebuilt meanwhile.
  struct Look {
    RegisterState state;
    Reader reader;
  };
  absl::StatusOr<std::vector<Look>> LookAt(const std::vector<absl::string_view>& names) const;

  // Waits until each of the registers (none named: all) that has not stalled has applied every
  // entry before `size`; false when the time ran out or the engine is closing.
  bool WaitFor(const std::vector<absl::string_view>& names, ledger::TreeSize size,
               int64_t timeout_micros) const;

  // What is to be done with what stands beside a register.
  enum class Order {
    kBuild,       // build it beside, or go on with what was paused; switch when it is the same
    kBuildFresh,  // throw away what was built so far, and build
    kAccept,      // build or go on; switch even if it is not the same
    kRollBack,    // bring up what was served before, and switch to it
    kPause,       // stop building, keep what was built
    kDiscard,     // throw away what was built and what was served before
  };
  // Gives the order for registers (none named: all). Calls `progress` with entries folded and to
  // fold about ten times a second, and returns how they stand when none is being built any more, or
  // `progress` returns false; the building then goes on. kNotFound; kPrecondition where there is
  // nothing to go back to.
  absl::StatusOr<std::vector<RegisterState>> Command(
      Order order, const std::vector<std::string>& names,
      const std::function<bool(uint64_t done, uint64_t total)>& progress);

  // Stops following and writes everything to the files.
  absl::Status Close();

 private:
  // A register at work.
  struct Member;
  // Which thread serves a register.
  enum class Lane { kLevel, kBehind };

  Engine(ledger::EntrySource& source, const EngineOptions& options);
  absl::Status AddRegister(const Register& definition);
  void Follow(Lane lane);
  // What a thread has to do next. `building` says which of a member's tracks is meant.
  struct Part {
    Member* member;
    bool building;
  };
  struct Work {
    std::vector<Member*> orders;    // given and not yet carried out
    std::vector<Member*> offer;     // what was built is level: it can take its place
    std::vector<Member*> switches;  // what was built is to take its place
    std::vector<Part> settle;       // level but for what is on its way to the table
    std::vector<Part> advance;      // to be brought on
    bool write_behind = false;      // far from level: what is folded may be written meanwhile
    bool idle = false;              // nothing for a while: time to write to the files
    bool closing = false;

    bool any() const {
      return idle || closing || !orders.empty() || !offer.empty() || !switches.empty() ||
             !settle.empty();
    }
  };
  Work Await(Lane lane);
  bool Gather(Lane lane, Member& member, Work* work) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Reads the next run for the parts and folds it into each.
  void Advance(const Work& work, Run& run);
  void TakeRun(const Run& run, bool write_behind, const Part& part);
  void Settle(const Part& part);
  void Stall(const Part& part, const absl::Status& why);
  void FlushIfWorthwhile();

  // engine_build.cc: by the thread for what is behind.
  void CarryOut(Member& member);
  absl::Status BuildAnew(Member& member);
  absl::Status BuildOnPrevious(Member& member);
  absl::Status Build(Member& member, std::shared_ptr<Table> table, const TableHead& head,
                     bool roll_back);
  absl::Status GoOn(Member& member);
  absl::Status Pause(Member& member);
  absl::Status Discard(Member& member);
  void Offer(Member& member);
  // By the thread that follows for what is served.
  void Switch(Member& member, Run& run);
  // Whether what was built may take its place; says in `build` what was compared.
  bool MayReplace(Member& member, BuildState* build) const;
  void SetBuild(Member& member, const BuildState& build);
  void EndBuilding(Member& member, BuildEnd end, const absl::Status& why);
  void DropTrack(Member& member);
  bool IsUnderWay(const Member& member) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Says which of the register's tables is what.
  absl::Status Arrange(Member& member, const RegisterTables& tables);

  bool HaveApplied(const std::vector<absl::string_view>& names, ledger::TreeSize size) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Member* Find(absl::string_view name) const;
  RegisterState StateOf(const Member& member) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(std::string event) const;

  ledger::EntrySource& source_;
  const EngineOptions options_;
  std::unique_ptr<Store> store_;
  // By name; the list does not change after Open.
  std::vector<std::unique_ptr<Member>> members_;

  mutable ledger::Mutex mutex_;
  mutable ledger::CondVar changed_;  // positions, lanes, requests, the ledger's size, closing
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  ledger::TreeSize ledger_size_ ABSL_GUARDED_BY(mutex_);
  uint64_t unflushed_ ABSL_GUARDED_BY(mutex_) = 0;  // entries folded since the last flush
  uint64_t listener_ = 0;
  std::thread level_thread_;
  std::thread behind_thread_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ENGINE_H_
